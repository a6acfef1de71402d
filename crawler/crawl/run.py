"""One crawl: chosen sites in one Scrapy process, each under its lock and with a run of its own in the archive."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from archive.commands.board import Board
from archive.store import Archive
from crawler.crawl.desk import Desk, Log
from crawler.crawl.locks import locked
from crawler.crawl.session import Session, Task, site_row
from crawler.crawl.tally import Tally
from crawler.fetch.browser import HANDLER, require_browser
from crawler.site.model import Site
from crawler.spiders.news import NewsSpider

CUT_SHORT = "told to end at once: its run stays open, what was recorded stays, and the next run goes on from there"


@dataclass(frozen=True)
class Report:
    """What came of a crawl: a run's row for each site, sites that another process is crawling, and errors.

    `ends` tells for each site how far its lists were read and why no further, `remarks` what else is worth knowing.
    """

    rows: tuple[dict, ...]
    busy: tuple[str, ...]
    errors: tuple[str, ...]
    ends: tuple[tuple[str, dict[str, str]], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything of it needs attention."""
        return bool(self.errors) or any(row["outcome"] != "complete" for row in self.rows)

    @property
    def worse(self) -> bool:
        """Whether something is wrong that was not before: a site broke, a run was stopped, an error."""
        return bool(self.errors) or any(row["outcome"] == "stopped" or row["standing"] == "broke" for row in self.rows)


def crawl(
    tasks: Sequence[Task],
    archive_path: Path,
    clock: Callable[[], datetime],
    *,
    known: Sequence[Site] = (),
    verbose: bool = False,
    log: Log | None = None,
) -> Report:
    """Carry the tasks out. `known` are the sites by whose rules links to other hosts may be followed.

    `log` is told of each page that was recorded.
    Raises ArchiveError where the archive cannot be opened, UsageError where a site needs a browser that is not there.
    """
    require_browser(task.site for task in tasks)
    with (
        locked([task.site.id for task in tasks], archive_path) as held,
        Archive.open(archive_path, write=True) as archive,
        Board() as board,
    ):
        # One worker reads what politeness lets a site send; another would take 100 MB and a second to start.
        desk = Desk(archive, clock, board, known, log, readers=len(held))
        free = [task for task in tasks if task.site.id in held]
        try:
            sessions = _run(free, desk, verbose) if free else []
        finally:
            desk.close()
    rows = tuple(session.row for session in sessions if session.row)
    errors = tuple(f"{s.site.id}: {s.error or CUT_SHORT}" for s in sessions if s.error or not s.row)
    ends = tuple((session.site.id, session.ends) for session in sessions)
    remarks = tuple(f"{session.site.id}: {remark}" for session in sessions for remark in session.remarks)
    return Report(rows, tuple(task.site.id for task in tasks if task not in free), errors, ends, remarks)


def _run(tasks: Sequence[Task], desk: Desk, verbose: bool) -> list[Session]:
    """Crawl until every spider has ended. Returns the sessions, each with the row of its run."""
    sessions = [_session(task, desk) for task in tasks]
    named = frozenset[tuple[str, int]]().union(*(session.named_hosts for session in sessions))
    process = AsyncCrawlerProcess(_settings(named, verbose))
    if not verbose:  # it prints a traceback for each robots.txt that cannot be had; the page's own failure is recorded
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    for session in sessions:
        crawler = Crawler(NewsSpider, _site_settings(session.site, named, verbose))
        process.crawl(crawler, session=session)
    process.start()
    return sessions


def _session(task: Task, desk: Desk) -> Session:
    now = desk.clock()
    run_id = desk.archive.start_run(site_row(task.site), now)
    return Session(task, desk, run_id, Tally(task.site.script))


def _settings(named: frozenset[tuple[str, int]], verbose: bool) -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.set("YIWEN_NAMED_HOSTS", named)
    if verbose:
        settings.set("LOG_LEVEL", "INFO")
    return settings


def _site_settings(site: Site, named: frozenset[tuple[str, int]], verbose: bool) -> Settings:
    settings = _settings(named, verbose)
    if site.render:  # the process lays its own settings over these, so they need a higher priority than a project's
        settings.set("DOWNLOAD_HANDLERS", {"http": HANDLER, "https": HANDLER}, priority="spider")
    settings.set("CLOSESPIDER_TIMEOUT", site.time_limit.total_seconds(), priority="spider")
    return settings
