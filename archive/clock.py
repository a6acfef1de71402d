"""Times as the archive writes them. The real clock is read here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone

from archive.errors import UsageError

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


def real_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


def clock(now: datetime | None) -> Callable[[], datetime]:
    """The clock that goes by `now`, or without it the real one."""
    return (lambda: now) if now else real_now


def stamp(moment: datetime) -> str:
    """An aware time as the archive writes what it saw: `2026-11-24T08:30:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unstamp(text: str) -> datetime:
    """The aware time that `stamp` wrote."""
    return datetime.fromisoformat(text)


def local(text: str | None) -> str:
    """A time of the archive as people in China read it."""
    if not text:
        return ""
    return unstamp(text).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def parse_moment(text: str, *, end_of_day: bool) -> datetime:
    """What a person means by `text`, as an aware time.

    A date alone is the end (or the beginning) of that day in Asia/Shanghai; a time without an offset is in
    Asia/Shanghai. Raises UsageError for anything else.
    """
    try:
        if len(text.strip()) <= 10:
            at = time(23, 59, 59, 999999) if end_of_day else time(0)
            return datetime.combine(date.fromisoformat(text.strip()), at, CHINA)
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text!r} is no date or time: write 2026-11-24 or 2026-11-24T08:30+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
