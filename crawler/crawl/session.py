"""One crawl of one site: what it is to do, what it shares with others, and what has come of it so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from scrapy.crawler import Crawler

from archive.errors import YiwenError
from archive.models import Capture
from archive.store import SiteRow
from crawler.crawl.desk import Desk
from crawler.crawl.tally import Tally
from crawler.site.model import Listing, Site


@dataclass(frozen=True)
class Task:
    """What one crawl of one site is to do: its lists and what is due, or just `urls`, where some are given.

    `recheck` takes every known article as due; `limit` is the most articles to fetch. `backfill` reads the lists deep,
    back to the day `since` where it is given. `watch` is shown every answer, with its list where it is one's, and may
    name further addresses to fetch.
    """

    site: Site
    urls: tuple[str, ...] = ()
    recheck: bool = False
    limit: int | None = None
    backfill: bool = False
    since: date | None = None
    watch: Callable[[Listing | None, Capture], Iterable[str]] | None = None


@dataclass
class Session:
    """Carried by the spider, so that middlewares, pipeline and extension find it. `row` is the closed run's.

    `errors` maps hosts (as they stand in addresses) to how often they have failed in a row, `ends` lists to how far
    they were read and why no further. `remarks` are for the one who looks at the run.
    """

    task: Task
    desk: Desk
    run_id: int
    tally: Tally
    asked: int = 0
    challenges: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    ends: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    error: YiwenError | None = None
    row: dict | None = None

    @property
    def site(self) -> Site:
        return self.task.site

    def shown(self, listing: Listing | None, capture: Capture) -> Iterable[str]:
        """Show an answer to whoever watches the task. Returns the further addresses that they name."""
        return self.task.watch(listing, capture) if self.task.watch else ()

    @property
    def named_hosts(self) -> frozenset[tuple[str, int]]:
        """The private hosts that may be asked: those of the site's file, and of the files that its links may follow."""
        others = self.desk.sites if self.site.offsite == "follow" else ()
        return self.site.named_hosts.union(*(other.named_hosts for other in others))


def site_row(site: Site) -> SiteRow:
    """What the archive keeps of a site's file."""
    return SiteRow(
        site.id,
        site.name,
        site.name_en,
        site.home,
        site.jurisdiction,
        site.script,
        site.enabled,
        site.reason,
        site.schedule,
    )


def session_of(crawler: Crawler) -> Session:
    """The session of a crawler's spider."""
    return cast(Session, crawler.spider.session)  # type: ignore[union-attr]
