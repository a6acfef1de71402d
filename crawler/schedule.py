"""The long-running scheduler, and what is due for cron. The only module that imports APScheduler.

A Twisted reactor cannot start twice, so each run is a process of its own. The site files are the only truth: nothing of
the schedule is stored.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from archive.clock import real_now
from crawler.site import Site

ZONE = ZoneInfo("Asia/Shanghai")
AT_ONCE = 4  # sites crawled at the same time; one process each


def trigger(site: Site) -> CronTrigger:
    """When a site is to be crawled, by the schedule of its file."""
    return CronTrigger.from_crontab(site.schedule, timezone=ZONE)


def next_run(site: Site, after: datetime) -> datetime | None:
    """The first time after `after` at which the site is to be crawled."""
    return trigger(site).get_next_fire_time(after, after)


def due(sites: Sequence[Site], last_started: Mapping[str, datetime], now: datetime) -> tuple[Site, ...]:
    """The sites that should have been crawled since they were last: a missed time is made up once."""

    def is_due(site: Site) -> bool:
        last = last_started.get(site.id)
        moment = next_run(site, last) if last else now
        return moment is not None and moment <= now

    return tuple(site for site in sites if site.enabled and is_due(site))


class Keeper:
    """Runs each site's crawls as processes, until it is told to stop; those that are overdue at once."""

    def __init__(self, sites: Sequence[Site], overdue: Sequence[Site], sites_folder: Path, archive_path: Path) -> None:
        self._folder, self._archive = sites_folder, archive_path
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": {"type": "threadpool", "max_workers": AT_ONCE}},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for site in sites:
            at_once = {"next_run_time": real_now()} if site in overdue else {}
            self._scheduler.add_job(self._crawl, trigger(site), args=[site.id], id=site.id, **at_once)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then let the crawls under way finish the pages in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        self._scheduler.start()
        self._stopping.wait()
        with self._lock:
            for process in self._running:
                process.terminate()
        self._scheduler.shutdown(wait=True)

    def _crawl(self, site: str) -> None:
        command = [sys.executable, "-m", "crawler", "crawl", site]
        options = ["--sites", str(self._folder), "--archive", str(self._archive)]
        with self._lock:
            if self._stopping.is_set():
                return
            process = subprocess.Popen([*command, *options])
            self._running.add(process)
        process.wait()
        with self._lock:
            self._running.discard(process)
