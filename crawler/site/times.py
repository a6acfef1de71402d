"""The times of a site file and of maintenance.toml: each function is as those of `crawler.site.values`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from crawler.site.values import cron, duration, text

SHORTEST = timedelta(minutes=5)
_EVERY = re.compile(r"every (\d{1,4}[mhd])")


def schedule(value: object) -> str:
    """A cron expression, or `every 2h`, in lower case."""
    written = text(value).lower()
    if not written.startswith("every"):
        return cron(value)
    found = _EVERY.fullmatch(written)
    if found is None:
        raise ValueError(f'is {value!r}: write every and a number of m, h or d, such as "every 90m" or "every 2h"')
    if duration(found[1]) < SHORTEST:
        raise ValueError(f'is {value!r}, too often to be polite: write "every 5m" or more')
    return written


def interval(schedule: str) -> timedelta | None:
    """How long to wait between two times of a schedule `every 2h`; None for a cron expression."""
    found = _EVERY.fullmatch(schedule)
    return duration(found[1]) if found else None


def time_zone(value: object) -> str:
    """A name of the time zone database."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f'is {value!r}, no time zone: write a name such as "Asia/Shanghai"') from error
    return name


def between(least: timedelta, most: timedelta) -> Callable[[object], timedelta]:
    """A duration from `least` to `most`."""

    def convert(value: object) -> timedelta:
        found = duration(value)
        if not least <= found <= most:
            raise ValueError(f"is {value!r}: write at least {_minutes(least)} and at most {_minutes(most)}")
        return found

    return convert


def _minutes(length: timedelta) -> str:
    return f'"{length // timedelta(minutes=1)}m"'
