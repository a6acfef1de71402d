"""`yiwen schedule`: the long-running scheduler, and what it does when."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock, local, stamp
from archive.commands.options import archive_option, json_option, now_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.store import Archive
from archive.store.runs import Latest
from crawler.commands.options import log_option, sites_option, warn_of_proxy
from crawler.service.keeper import Agenda, Keeper, Tried, Work
from crawler.service.maintenance import FILE, LIMIT, Job, is_job, load_jobs
from crawler.service.schedule import due, next_due
from crawler.site.folder import read_folder
from crawler.site.model import Site


@click.command("schedule")
@click.option("--list", "listing", is_flag=True, help="Show what is done when, and end.")
@archive_option
@sites_option
@now_option
@json_option
@log_option
@plain_failures
def schedule(
    listing: bool, archive_path: Path, sites_folder: Path, now: datetime | None, as_json: bool, log_json: bool
) -> None:
    """Crawl every enabled site by its own schedule, and look after the archive, until SIGTERM or Ctrl-C.

    A time that was missed is made up once; a site that fails again and again is asked less often, a day apart at most.
    What is done to look after the archive, and when, is in maintenance.toml beside it (docs/operations.md).
    """
    roster = Roster(sites_folder, archive_path, ("--quiet", *(["--log-json"] if log_json else [])))
    if listing or as_json:
        _print(roster.rows(clock(now)()), as_json)
        return
    warn_of_proxy()
    _print(roster.rows(clock(now)()), as_json=False)
    sys.stdout.flush()
    Keeper(roster, clock(now)).run()


_USUAL_ZONE = "Asia/Shanghai"


def _print(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    if as_json:
        print_json(list(rows))
        return
    printer = Printer()
    zone = ("time_zone",) if {row["time_zone"] for row in rows} - {_USUAL_ZONE, None} else ()
    columns = ("job", "schedule", *zone, "last", "outcome", "next")
    times = ("last", "next")
    printer.table(columns, [[local(str(row[c] or "")) if c in times else row[c] for c in columns] for row in rows])
    for row in rows:
        if row["why"]:
            printer.line(f"{row['job']}: {row['why']}", "dim")


def latest_runs(archive_path: Path) -> dict[str, Latest]:
    """Each site's and job's newest run; none where there is no archive yet."""
    if not archive_path.exists():
        return {}
    with Archive.open(archive_path) as archive:
        return archive.latest_runs()


class Roster:
    """What there is to do: the sites' files and the jobs of maintenance, read anew each time, so that edits count."""

    def __init__(self, sites_folder: Path, archive_path: Path, options: tuple[str, ...] = ()) -> None:
        self._folder, self._archive, self._options = sites_folder, archive_path, options

    def _all(self) -> tuple[dict[str, Site | Job], dict[str, str]]:
        """What there is, by id; and what cannot be done, since its file is wrong: that file's faults."""
        folder = read_folder(self._folder)
        jobs, faults = self._jobs()
        entries: list[Site | Job] = [*folder.enabled(), *jobs]
        return {entry.id: entry for entry in entries}, {**folder.faults, **faults}

    def _jobs(self) -> tuple[tuple[Job, ...], dict[str, str]]:
        try:
            jobs = load_jobs(self._archive)
        except UsageError as error:
            return (), {FILE: str(error)}
        return (jobs if self._archive.exists() else ()), {}

    def rows(self, now: datetime) -> list[dict[str, object]]:
        """Every site and job, the next first; last those whose file is wrong."""
        (entries, faults), known = self._all(), latest_runs(self._archive)
        rows = [_row(entry, known.get(entry.id), now) for entry in entries.values()]
        left_out = [_left_out(name, fault, known.get(name)) for name, fault in faults.items()]
        return [*sorted(rows, key=lambda row: str(row["next"])), *left_out]

    def ask(self, now: datetime, tried: Tried) -> Agenda:
        """What is due, the longest overdue first."""
        (entries, faults), known = self._all(), latest_runs(self._archive)
        latest = {name: found for name in entries if (found := _later(known.get(name), tried.get(name)))}
        wanted = [self._work(entries[name], known.get(name)) for name in due(entries.values(), latest, now)]
        return Agenda(wanted, faults)

    def _work(self, entry: Site | Job, latest: Latest | None) -> Work:
        program = (sys.executable, "-m", "crawler")
        place = ("--archive", str(self._archive))
        if isinstance(entry, Job):
            return Work(entry.id, (*program, entry.name, *entry.arguments, *place), LIMIT, latest)
        crawl = ("crawl", entry.id, "--sites", str(self._folder), *self._options)
        return Work(entry.id, (*program, *crawl, *place), entry.time_limit, latest)

    def claim(self, work: Work, now: datetime) -> bool:
        """Take a job of maintenance; False where a second scheduler has. A site has its lock instead."""
        if not is_job(work.name):
            return True
        with Archive.open(self._archive, write=True, create=False) as archive:
            return archive.claim_job(work.name, work.latest.started_at if work.latest else None, now)

    def ended(self, work: Work, now: datetime, code: int, said: str) -> None:
        """Keep how a job of maintenance ended. A crawl has written its run itself."""
        if is_job(work.name):
            with Archive.open(self._archive, write=True, create=False) as archive:
                archive.end_job(work.name, now, code, said)


def _later(latest: Latest | None, tried: datetime | None) -> Latest | None:
    """What was begun last: as the archive has it, or by what was tried and left no run, as where a lock was held."""
    if tried is None or (latest and latest.started_at >= tried):
        return latest
    return Latest(tried, failures=latest.failures if latest else 0)


def _row(entry: Site | Job, latest: Latest | None, now: datetime) -> dict[str, object]:
    found = next_due(entry, latest, now)
    return {
        "job": entry.id,
        "schedule": entry.schedule,
        "time_zone": entry.time_zone,
        **_last(latest),
        "next": stamp(max(found.at, now)),
        "why": found.why or ("it is overdue" if found.at < now else ""),
    }


def _left_out(name: str, fault: str, latest: Latest | None) -> dict[str, object]:
    why = "; ".join(fault.splitlines())
    return {"job": name, "schedule": None, "time_zone": None, **_last(latest), "next": None, "why": why}


def _last(latest: Latest | None) -> dict[str, object]:
    return {"last": stamp(latest.started_at) if latest else None, "outcome": latest.outcome if latest else None}
