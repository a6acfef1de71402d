"""A site: one place we crawl, described by one TOML file. Frozen values; `load_site` is strict.

What a file may say is in docs/sites.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Listing:
    """One place where a site announces its articles.

    `kind` is `html`, `feed` or `sitemap`. `link` is a CSS selector of the links to look at in an HTML list (all links
    where it is empty). `pages` is the address of a further page with `{n}` in it, counted from `first_page` (the number
    that stands for page two), `max_pages` pages in all.
    """

    url: str
    kind: str = "html"
    link: str = ""
    pages: str = ""
    first_page: int = 2
    max_pages: int = 1


@dataclass(frozen=True)
class Site:
    """One site file. `named_hosts` are the loopback or private host and port pairs that the file itself names."""

    id: str
    name: str
    home: str
    jurisdiction: str
    article: re.Pattern[str]
    lists: tuple[Listing, ...] = ()
    deny: re.Pattern[str] | None = None
    name_en: str = ""
    script: str = ""
    enabled: bool = True
    reason: str = ""
    schedule: str = "0 */6 * * *"
    delay: float = 2.0
    concurrency: int = 1
    confirm_withdrawal_after: timedelta = timedelta(hours=6)
    named_hosts: frozenset[tuple[str, int]] = field(default_factory=frozenset)
