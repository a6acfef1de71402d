"""One crawl of one site: what it is to do, what it shares with others, and what has come of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from scrapy.crawler import Crawler

from archive.errors import YiwenError
from crawler.desk import Desk
from crawler.site import Site
from crawler.tally import Tally


@dataclass(frozen=True)
class Task:
    """What one crawl of one site is to do: its lists and what is due, or just `urls`, where some are given.

    `recheck` takes every known article as due; `limit` is the most articles to fetch.
    """

    site: Site
    urls: tuple[str, ...] = ()
    recheck: bool = False
    limit: int | None = None


@dataclass
class Session:
    """Carried by the spider, so that middlewares, pipeline and extension find it. `row` is the closed run's.

    `left_alone` maps hosts (as they stand in addresses) to the reason for asking them nothing.
    """

    task: Task
    desk: Desk
    run_id: int
    left_alone: dict[str, str]
    tally: Tally = field(default_factory=Tally)
    asked: int = 0
    challenges: int = 0
    error: YiwenError | None = None
    row: dict | None = None

    @property
    def site(self) -> Site:
        return self.task.site


def session_of(crawler: Crawler) -> Session:
    """The session of a crawler's spider."""
    return cast(Session, crawler.spider.session)  # type: ignore[union-attr]
