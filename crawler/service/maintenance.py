"""The jobs of maintenance that the scheduler does, and maintenance.toml, which says when; loaded strictly.

Each job is a command of its own, which can be called by hand or from cron as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from crawler.site.times import schedule, time_zone
from crawler.site.values import boolean, did_you_mean, text, texts, whole

FILE = "maintenance.toml"
_PREFIX = "job:"
LIMIT = timedelta(hours=12)


@dataclass(frozen=True)
class Job:
    """One job: a command of `yiwen` with its arguments, and when it is done. Its id has a colon, so it is no site's."""

    name: str
    schedule: str
    time_zone: str = "Asia/Shanghai"
    jitter: timedelta = timedelta(0)
    arguments: tuple[str, ...] = field(default=())

    @property
    def id(self) -> str:
        return f"{_PREFIX}{self.name}"


def is_job(name: str) -> bool:
    """Whether this is the id of a job of maintenance, not of a site."""
    return name.startswith(_PREFIX)


@dataclass(frozen=True)
class _Kind:
    """What a table of the file may hold beside its times: keys, each with its reader and the option that it becomes."""

    schedule: str
    always: bool = False  # done also where the file does not name it
    required: tuple[str, ...] = ()
    options: Mapping[str, tuple[Callable[[object], object], str]] = field(default_factory=dict)


_COUNT = whole(1, 1_000_000)
_TIMES: Mapping[str, Callable[[object], object]] = {"schedule": schedule, "time_zone": time_zone, "enabled": boolean}
KINDS = {
    "optimize": _Kind("30 4 * * *", always=True),
    "verify": _Kind("0 5 * * sun", always=True),
    "backup": _Kind("0 4 * * *", False, ("folder", "keep"), {"folder": (text, ""), "keep": (_COUNT, "--keep")}),
    "retain": _Kind("0 3 * * sun", options={"days": (_COUNT, "--days"), "megabytes": (_COUNT, "--megabytes")}),
    "notify": _Kind("every 1h", options={"terms": (texts, "--term")}),
}


def load_jobs(archive_path: Path) -> tuple[Job, ...]:
    """The jobs that maintenance.toml beside the archive asks for; without it, those done always. Raises UsageError."""
    path = archive_path.with_name(FILE)
    tables = _read(path) if path.exists() else {}
    faults = [f"{path}: {key}: is not a job{did_you_mean(key, tuple(KINDS))}" for key in tables if key not in KINDS]
    wanted = {name: tables.get(name, {}) for name, kind in KINDS.items() if kind.always or name in tables}
    values = {name: _convert(f"{path}: {name}", KINDS[name], table, faults) for name, table in wanted.items()}
    if faults:
        raise UsageError("\n".join(faults))
    return tuple(_job(name, values[name]) for name in values if values[name].get("enabled", True))


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}") from error


def _convert(where: str, kind: _Kind, table: object, faults: list[str]) -> dict:
    """The values of one job's table; what is wrong with it is added to `faults`."""
    if not isinstance(table, dict):
        faults.append(f"{where}: is no table: write its name in single brackets, such as [backup]")
        return {}
    readers = {**_TIMES, **{key: reader for key, (reader, _) in kind.options.items()}}
    missing = [key for key in kind.required if key not in table]
    faults += [f"{where}: {key}: is missing: this job needs {' and '.join(kind.required)}" for key in missing]
    values = {}
    for key, value in table.items():
        try:
            values[key] = readers[key](value)
        except KeyError:
            hint = did_you_mean(key, tuple(readers))
            faults.append(f"{where}: {key}: is not a known key{hint}: use {', '.join(readers)}")
        except ValueError as error:
            faults.append(f"{where}: {key}: {error}")
    return values


def _job(name: str, values: Mapping[str, Any]) -> Job:
    kind = KINDS[name]
    given = [(option, values[key]) for key, (_, option) in kind.options.items() if key in values]
    each = [(option, str(one)) for option, value in given for one in (value if isinstance(value, tuple) else [value])]
    arguments = tuple(part for pair in each for part in pair if part)
    times = {key: values[key] for key in ("schedule", "time_zone") if key in values}
    return Job(name, **{"schedule": kind.schedule, **times}, arguments=arguments)
