"""The reading room as one request sees it: which archive, which language and script, and links that keep them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from datasette.utils import tilde_decode, tilde_encode
from datasette.utils.asgi import Request, Response
from sqlite_utils import Database

from archive.browse import language, shaping
from archive.browse.archives import alone, archives, ask, interrupted
from archive.browse.guard import OWN_POLICY
from archive.browse.speaker import Speaker
from archive.contract import Described, Relation, contract

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette

T = TypeVar("T")
UNSAID = "yiwen.unsaid"  # names the arguments that we added to a request, which no link should show
KEPT = ("_lang", "_script")  # what a reader chose stays in every link, so that no cookie is needed


class Room(Speaker):
    """One request to an archive. The templates know it as `room`."""

    def __init__(self, datasette: Datasette, request: Request, database: str) -> None:
        self.datasette, self.request, self.database = datasette, request, database
        arguments = request.args
        super().__init__(language.choose(arguments.get("_lang"), request.headers.get("accept-language", "")))
        self.original = arguments.get("_script") == "original"
        self._kept = {name: arguments.get(name) for name in KEPT if arguments.get(name)}

    @classmethod
    def at(cls, datasette: Datasette, request: Request) -> Room:
        """The room of the archive that the address names, or of the first."""
        route = tilde_decode(request.url_vars.get("database") or "")
        named = [name for name in archives(datasette) if datasette.databases[name].route == route]
        return cls(datasette, request, (named or archives(datasette))[0])

    def argument(self, name: str, default: str = "") -> str:
        """One argument of the address."""
        return str(self.request.args.get(name) or default)

    def link(self, path: str, **arguments: object) -> str:
        """An address of ours with these arguments and with what the reader chose."""
        asked = {name: value for name, value in {**self._kept, **arguments}.items() if value not in (None, "")}
        return f"{path}?{urlencode(asked)}" if asked else path

    def home(self) -> str:
        """The home page."""
        urls = self.datasette.urls
        return self.link(urls.instance() if alone(self.datasette) else f"{urls.database(self.database)}/-/home")

    def tables(self) -> str:
        """Datasette's own page: the tables, and SQL."""
        return self.link(self.datasette.urls.database(self.database))

    def table(self, name: str, **arguments: object) -> str:
        """A table, view or canned query."""
        return self.link(self.datasette.urls.table(self.database, name), **arguments)

    def article(self, article_id: int, part: str = "", **arguments: object) -> str:
        """An article, or one of the pages about it."""
        return self.link(f"{self.datasette.urls.table(self.database, 'articles')}/{article_id}{part}", **arguments)

    def raw(self, table: str, key: str) -> str:
        """The row of a table."""
        return f"{self.datasette.urls.table(self.database, table)}/{tilde_encode(key)}"

    def described(self) -> tuple[Relation, ...]:
        """The tables and views that people may rely on."""
        return contract()

    def in_words(self, what: Described) -> str:
        """What a table, view or column is."""
        return (what.zh if self.lang == "zh" else what.en).replace("`", "")

    def search_address(self, table: bool = False) -> str:
        """Where a search form leads: to our search, or to Datasette's table of articles."""
        urls = self.datasette.urls
        return str(urls.table(self.database, "articles") if table else f"{urls.database(self.database)}/-/search")

    def absolute(self, path: str) -> str:
        """A path of ours with scheme and host, for feeds and citations."""
        return str(self.datasette.absolute_url(self.request, path))

    def lasting(self, article_id: int, number: int | None) -> str:
        """The address of a version that a citation gives: without what this reader chose."""
        article = f"{self.datasette.urls.table(self.database, 'articles')}/{article_id}"
        return f"{article}?version={number}" if number else article

    def page(self, name: str, **arguments: object) -> str:
        """One of our own pages."""
        return self.link(f"{self.datasette.urls.database(self.database)}/-/{name}", **arguments)

    def here(self, **changes: object) -> str:
        """This page with other arguments; None leaves one out."""
        unsaid = self.request.scope.get(UNSAID, ())
        given = {name: self.request.args.get(name) for name in self.request.args if name not in unsaid}
        asked = {name: value for name, value in {**given, **changes}.items() if value not in (None, "")}
        return f"{self.request.path}?{urlencode(asked)}" if asked else self.request.path

    def site_titles(self, sites: Mapping[str, Mapping], ids: Iterable[str]) -> list[str]:
        """The names of these sites, the id where no run has noted one."""
        return [str(sites[one]["name"]) if one in sites else one for one in ids]

    def site_names(self, sites: Mapping[str, Mapping], ids: Collection[str]) -> dict[str, str]:
        """The same by id."""
        return dict(zip(ids, self.site_titles(sites, ids), strict=True))

    def kind_names(self, kinds: Iterable[str]) -> dict[str, str]:
        """What kinds of change are called, by kind."""
        return {kind: self.label("kind", kind) for kind in kinds}

    def asset(self, name: str) -> str:
        """A static file of ours."""
        return str(self.datasette.urls.static_plugins("yiwen", name))

    def kept(self) -> Mapping[str, str]:
        """What the reader chose, for the hidden fields of a form."""
        return self._kept

    def script(self, of: str) -> str:
        """The `lang` attribute of a text in that language of the archive, in the script that the reader chose."""
        return shaping.script_of(of, original=self.original)

    async def ask(self, work: Callable[[Database], T]) -> T:
        """What the archive answers."""
        return await ask(self.datasette, self.database, work)

    async def ask_in_time(self, work: Callable[[Database], T]) -> T | None:
        """The same; None where it would take longer than a page may."""
        try:
            return await self.ask(work)
        except sqlite3.OperationalError as error:
            if interrupted(error):
                return None
            raise

    async def render(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page of ours, under our own policy."""
        values = {**context, "room": self, "database": self.database}
        html = await self.datasette.render_template(f"yiwen_{template}.html", values, request=self.request)
        headers = {"Content-Security-Policy": OWN_POLICY, "Content-Language": self.lang, "Vary": "Accept-Language"}
        return Response.html(html, status=status, headers=headers)
