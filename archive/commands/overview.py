"""How an archive does, in one screen: what `yiwen status` says, and what of it needs attention."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.clock import local, stamp
from archive.evidence import chain
from archive.store import Archive, jobs, read
from archive.store.connection import EVIDENCE, rows

LATE = timedelta(hours=1)  # after the time of a site's schedule
DAY = timedelta(days=1)


def overview(archive: Archive, now: datetime) -> dict[str, Any]:
    """What it holds, articles `new` and `changed` in the last day, last and next run, room, `alarms` and `sites`."""
    head, items = chain.head(archive.db)
    sites = read.health(archive.db)
    return {
        **read.totals(archive.db),
        **lately(archive.db, now),
        **room(archive.path),
        "items": items,
        "head": head,
        "alarms": [*_alarms(archive, now, sites)],
        "sites": sites,
    }


def lately(db: Database, now: datetime) -> dict[str, Any]:
    """Events of the last day, the last run's end, and the next run."""
    sql = """SELECT
        (SELECT count(*) FROM events WHERE kind = 'new' AND at > :day) AS new,
        (SELECT count(*) FROM events WHERE kind = 'changed' AND at > :day) AS changed,
        (SELECT max(finished_at) FROM runs) AS last_run_at,
        (SELECT min(next_at) FROM sites WHERE enabled) AS next_run_at"""
    cursor = db.conn.execute(sql, {"day": stamp(now - DAY)})
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def room(path: Path) -> dict[str, Any]:
    """Bytes of both files with what waits in their logs, and what is free on their disk."""
    found = {}
    for name, file in (("archive_bytes", path), ("captures_bytes", path.with_name(EVIDENCE))):
        parts = (file, file.with_name(f"{file.name}-wal"))
        found[name] = sum(part.stat().st_size for part in parts if part.exists())
    return {**found, "free_bytes": shutil.disk_usage(path.parent).free}


def _alarms(archive: Archive, now: datetime, sites: list[dict]) -> list[str]:
    """What needs attention beside the sites' own alarms, a line each."""
    alarms = [missing] if (missing := archive.missing()) else []
    space = room(archive.path)
    if space["free_bytes"] < space["archive_bytes"] + space["captures_bytes"]:
        alarms.append(f"{space['free_bytes'] / 1e6:,.0f} MB are free on the disk, less than the archive has")
    late = rows(archive.db, "SELECT id, next_at FROM sites WHERE enabled AND next_at < ?", stamp(now - LATE))
    if late:
        first = min(str(site["next_at"]) for site in late)
        alarms.append(f"{len(late)} sites are overdue, the first since {local(first)}: does the scheduler run?")
    for job in jobs.troubles(archive.db):
        alarms.append(f"{job['name']} failed {local(job['finished_at'])}: {job['said'] or 'it said nothing'}")
    broken = [str(site["site"]) for site in sites if site["enabled"] and site["broken_since"]]
    if broken:
        alarms.append(f"{len(broken)} sites are broken: {', '.join(broken)}")
    return alarms
