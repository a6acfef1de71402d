"""A site: one place we crawl, described by one TOML file. Frozen values; `crawler.site.file` loads them strictly.

What a file may say is in docs/sites.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from archive.health import Expect
from crawler.addresses import canonical, registrable
from crawler.reading.rules import Rules


@dataclass(frozen=True)
class Listing:
    """One place where a site announces its articles.

    `kind` is `html`, `feed`, `sitemap` or `json`. `link` is an expression, as in `crawler.reading.rules`, of the
    links to look at in an HTML list, or of what holds them (all links where it is empty); `title` and `date` are
    looked for in a link's row, or from the link where they are XPath. Of JSON, `items` is the path to the entries,
    and within an entry `address` (a path, or a template with paths in braces), `title`, `date` and `summary` are
    paths. `extract` finds in a script first what is then read as JSON or HTML; `items` of an HTML list is where
    JSON holds the HTML.

    `form` or `body` is posted. `pages` is the address of a further page with `{n}` in it (which may stand in `form`
    or `body` instead), counted from `first_page` (the number that stands for page two), `max_pages` pages in all,
    `backfill_pages` in a backfill. Where `{date:...}` stands in an address, each of `days` has its page. `{key}` is
    what `key` finds in the page at `key_url`.

    A link that is dated longer than `max_age` ago is too old. Of a list that carries other topics too, those links
    are wanted that are about `topics` (a file of terms in crawler/topics) or have one of the terms of `include`,
    and none of `exclude`.
    """

    url: str
    kind: str = "html"
    link: str = ""
    items: str = ""
    address: str = ""
    title: str = ""
    date: str = ""
    summary: str = ""
    extract: re.Pattern[str] | None = None
    form: tuple[tuple[str, str], ...] = ()
    body: str = ""
    pages: str = ""
    first_page: int = 2
    days: int = 2
    key_url: str = ""
    key: re.Pattern[str] | None = None
    max_pages: int = 1
    backfill_pages: int = 200
    max_age: timedelta | None = None
    topics: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def posts_its_pages(self) -> bool:
        """Whether the page's number stands in what is posted."""
        return "{n}" in self.body or any("{n}" in value for _, value in self.form)


@dataclass(frozen=True)
class Site:
    """One site file.

    `offsite` is `skip`, or `follow` for links to articles of other sites that have files. `keep_query` are all the
    parameters that its addresses need (None where no file says so), `drop_query` some that they do not need;
    `same_host` are pairs of hosts with the same articles under the same paths, the second of which is asked. `delay` is
    in seconds between requests to a host, `budget` the most requests that a run makes. `schedule` is a cron expression
    in `time_zone`, or `every 2h`; each time is delayed by up to `jitter`, and a run is stopped after `time_limit`.
    `examples` are addresses of articles, to prove `article` by. `attachments` says whether the files that articles link
    to are kept too, `render` whether pages are rendered by a browser before they are read. `named_hosts` are the
    loopback or private host and port pairs that the file itself names.
    """

    id: str
    name: str
    home: str
    jurisdiction: str
    article: re.Pattern[str]
    lists: tuple[Listing, ...] = ()
    deny: re.Pattern[str] | None = None
    offsite: str = "skip"
    keep_query: tuple[str, ...] | None = None
    drop_query: tuple[str, ...] = ()
    same_host: tuple[tuple[str, str], ...] = ()
    name_en: str = ""
    script: str = ""
    enabled: bool = True
    reason: str = ""
    schedule: str = "0 */6 * * *"
    time_zone: str = "Asia/Shanghai"
    jitter: timedelta = timedelta(0)
    time_limit: timedelta = timedelta(hours=2)
    delay: float = 2.0
    concurrency: int = 1
    budget: int = 3_000
    confirm_withdrawal_after: timedelta = timedelta(hours=6)
    examples: tuple[str, ...] = ()
    attachments: bool = False
    render: bool = False
    rules: Rules = field(default_factory=Rules)
    expect: Expect = field(default_factory=Expect)
    named_hosts: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    @cached_property
    def domains(self) -> frozenset[str]:
        """The registrable domains of the home page and the lists."""
        return frozenset(map(registrable, (self.home, *(listing.url for listing in self.lists))))

    def canonical(self, url: str) -> str:
        """The one spelling of an address of this site."""
        found = canonical(url, self.keep_query, self.drop_query)
        scheme, mark, rest = found.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}{mark}{dict(self.same_host).get(host, host)}{slash}{path}"

    def objection(self, url: str) -> str | None:
        """Why `url` is no article of this site: `no article`, `off site` or `denied`; None for an article."""
        found = self.article.search(url)
        ours = registrable(url) in self.domains
        # A link that shares an article elsewhere has our article's address in its query (2026-11), so on a foreign
        # host the pattern must name that host.
        if found is None or not (ours or _names_host(found)):
            return "no article" if ours else "off site"
        return "denied" if self.deny and self.deny.search(url) else None


_HOST = re.compile(r"\w+://([^/?#]*)")


def _names_host(found: re.Match[str]) -> bool:
    """Whether what was found in an address begins with its host, or with a label of it."""
    host = _HOST.match(found.string)
    if host is None or found.start() >= host.end():
        return False
    return found.start() <= host.start(1) or found.string[found.start() - 1] == "."
