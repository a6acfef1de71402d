"""Which page answers which address: ours, and those of Datasette that an archive needs otherwise than it makes them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_encode
from datasette.utils.asgi import Request, Response

from archive.browse import guard, reading, surveys
from archive.browse.archives import alone, archives
from archive.browse.room import UNSAID, Room

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette

Page = Callable[[Room], Awaitable[Response]]


PAGES: dict[str, Page] = {
    r"/-/home": reading.home,
    r"/-/search": reading.search,
    r"/-/search\.atom": reading.search_feed,
    r"/-/changes": surveys.changes,
    r"/-/figures": surveys.figures_of,
    r"/-/sites": surveys.sites,
    r"/-/over-time": surveys.over_time,
    r"/articles/(?P<id>\d{1,18})": reading.article,
    r"/articles/(?P<id>\d{1,18})/compare": reading.compare,
    r"/articles/(?P<id>\d{1,18})/captures/(?P<capture>[\w-]+)": reading.capture,
}


def routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our routes; they come before Datasette's own, and only an archive's addresses are among them."""
    found: list[tuple[str, Any]] = []
    if alone(datasette):
        found += [(r"/$", _view(reading.home)), (r"/-/threads(\.(?P<format>json))?$", _threads(datasette))]
    for name in archives(datasette):
        base = f"/(?P<database>{re.escape(tilde_encode(datasette.databases[name].route))})"
        found += [(f"{base}{path}$", _view(page)) for path, page in PAGES.items()]
        found.append((base + r"/(?P<table>[^\/\.]+)(\.(?P<format>\w+))?$", _table(datasette)))
    if archives(datasette):
        found.append((r"/-/databases(\.(?P<format>json))?$", _databases(datasette)))
    return found


def _view(page: Page) -> Any:
    async def view(datasette: Datasette, request: Request) -> Response:
        return await page(Room.at(datasette, request))

    return view


def _table(datasette: Datasette) -> Any:
    """Datasette's own page of a table, asked for in a way that 100,000 articles bear."""
    from datasette.views.table import TableView  # not above: Datasette loads its plugins while it loads this

    own = TableView.as_view(datasette)

    async def view(request: Request, send: Any) -> Response:
        unsaid = _unsaid(request.url_vars["table"], request.args)
        query = "&".join(filter(None, (request.query_string, *unsaid)))
        added = {"query_string": query.encode("latin-1"), UNSAID: [one.partition("=")[0] for one in unsaid]}
        return await own(Request({**request.scope, **added}, request.receive), send)

    return view


def _unsaid(table: str, asked: Any) -> list[str]:
    """What is added to the arguments of a table, as a page or as data: suggested facets cost seconds.

    What a search finds comes in the order in which it was kept, and events of a kind in that of their times: another
    order would first read all that is found.
    """
    added = [] if "_nosuggest" in asked else ["_nosuggest=1"]
    if any(name in asked for name in ("_sort", "_sort_desc", "_sort_by_desc")):
        return added
    if table == "articles" and asked.get("_search"):
        return [*added, "_sort_desc=id"]
    return [*added, "_sort_desc=at"] if table == "events" and "kind" in asked else added


def _databases(datasette: Datasette) -> Any:
    def told() -> list[dict]:
        return guard.without_paths(datasette._connected_databases(), archives(datasette))

    return _told(datasette, "databases.json", told)


def _threads(datasette: Datasette) -> Any:
    def told() -> dict:
        found = datasette._threads()
        return {**found, "tasks": [guard.without_folders(task) for task in found.get("tasks", [])]}

    return _told(datasette, "threads.json", told)


def _told(datasette: Datasette, name: str, told: Callable[[], object]) -> Any:
    from datasette.views.special import JsonDataView  # as above

    return JsonDataView.as_view(datasette, name, told)
