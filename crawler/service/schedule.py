"""When a site is to be crawled, or another job to be done. Pure. The only module that imports APScheduler.

Whether something is due is asked again and again, of the archive's own record of runs: so a time that was missed is
made up once, whoever asks, and a clock that jumps does no harm. APScheduler's triggers say when a cron expression comes
next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from archive.clock import stamp
from archive.store.runs import Latest
from crawler.site.times import interval

FIRST_BACK_OFF = timedelta(hours=1)  # after the second failure in a row, doubled by each further one
LONGEST_BACK_OFF = timedelta(days=1)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Timed(Protocol):
    """A site, or a job of maintenance."""

    @property
    def id(self) -> str: ...
    @property
    def schedule(self) -> str: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def jitter(self) -> timedelta: ...


@dataclass(frozen=True)
class Due:
    """When a job is to be done next, `at` (aware), and why not by its schedule, where it is so."""

    at: datetime
    why: str = ""


def next_time(job: Timed, after: datetime) -> datetime:
    """The first time after `after` at which a job's own schedule asks for it."""
    if wait := interval(job.schedule):
        return after + wait + _delay(job, after)
    trigger = CronTrigger.from_crontab(job.schedule, timezone=ZoneInfo(job.time_zone))
    moment = after - job.jitter
    while (at := moment + _delay(job, moment)) <= after:
        if (found := trigger.get_next_fire_time(moment, moment)) is None:  # on the 31st of a month that has none
            return NEVER
        moment = found
    return at


def _delay(job: Timed, moment: datetime) -> timedelta:
    """How long after `moment`: by chance from 0 to `jitter`, but the same for the same job and time, whoever asks."""
    chance = sha256(f"{job.id} {stamp(moment)}".encode()).digest()
    return job.jitter * (int.from_bytes(chance[:4], "big") / 2**32)


def back_off(failures: int) -> timedelta:
    """How long to leave a site alone after so many failed runs in a row."""
    return min(FIRST_BACK_OFF * 2 ** min(failures - 2, 16), LONGEST_BACK_OFF) if failures > 1 else timedelta(0)


def next_due(job: Timed, latest: Latest | None, now: datetime) -> Due:
    """When a job is to be done next, by when it was begun last."""
    if latest is None:
        return Due(now, "it was never done")
    if latest.started_at > now:
        return Due(now, "its last time lies in the future: the clock was set back")
    wait = back_off(latest.failures)
    at, late = next_time(job, latest.started_at), latest.started_at + wait
    if at >= late:
        return Due(at)
    later = late if interval(job.schedule) else next_time(job, late - timedelta(seconds=1))
    return Due(later, f"{latest.failures} failed runs in a row")


def due(jobs: Iterable[Timed], latest: Mapping[str, Latest], now: datetime) -> tuple[str, ...]:
    """The ids of the jobs that are due, the longest overdue first: a time that was missed is made up once."""
    found = ((next_due(job, latest.get(job.id), now).at, job.id) for job in jobs)
    return tuple(name for at, name in sorted(found) if at <= now)
