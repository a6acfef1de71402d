"""Runs: one crawl of one site, with its counts, what it skipped and why, and the withdrawals it confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.health import Expect, ListRun, PagesRun
from archive.history.compare import GONE
from archive.store import health, withdrawals
from archive.store.connection import insert, rows

COUNTS = ("discovered", "fetched", "new", "changed", "unchanged", "withdrawn", "challenged", "skipped", "failed")


@dataclass(frozen=True)
class SiteRow:
    """What a site file says, as the table `sites` keeps it."""

    id: str
    name: str
    name_en: str
    home: str
    jurisdiction: str
    script: str
    enabled: bool
    reason: str
    schedule: str


def note_site(db: Database, site: SiteRow, now: datetime) -> None:
    """Keep what the site file says now."""
    values = {**asdict(site), "seen_at": stamp(now)}
    insert(db, "sites", values, anew=values)


def plan_site(db: Database, site: str, next_at: datetime | None) -> None:
    """Keep when a site is next to be crawled."""
    db.conn.execute("UPDATE sites SET next_at = ? WHERE id = ?", (stamp(next_at) if next_at else None, site))


def unfinished(db: Database, site: str) -> list[int]:
    """The runs of a site that look as if they were going on."""
    return [row[0] for row in db.conn.execute("SELECT id FROM runs WHERE site = ? AND outcome = 'running'", (site,))]


def start(db: Database, site: str, now: datetime) -> int:
    """A new run's id. The caller holds the site's lock, so a run that still looks running was killed."""
    db.conn.execute(
        "UPDATE runs SET outcome = 'stopped', reason = 'its process ended without finishing it'"
        " WHERE site = ? AND outcome = 'running'",
        (site,),
    )
    cursor = db.conn.execute("INSERT INTO runs (site, started_at) VALUES (?, ?)", (site, stamp(now)))
    return int(cursor.lastrowid or 0)


@dataclass(frozen=True)
class Latest:
    """The newest run of a site, or of a job of maintenance, and how many failed in a row up to it."""

    started_at: datetime
    outcome: str = ""
    failures: int = 0


# The newest is the last that was begun, whatever the clock said then. A run that was stopped says nothing of its site.
_LATEST = """
SELECT r.site, r.started_at, r.outcome, (SELECT count(*) FROM runs f WHERE f.site = r.site AND f.outcome = 'failed'
    AND f.id > coalesce((SELECT max(id) FROM runs g WHERE g.site = r.site AND g.outcome IN ('complete', 'alarm')), 0))
FROM runs r WHERE r.id IN (SELECT max(id) FROM runs GROUP BY site)"""


def latest(db: Database) -> dict[str, Latest]:
    """Each site's newest run."""
    return {site: Latest(unstamp(at), outcome, failures) for site, at, outcome, failures in db.conn.execute(_LATEST)}


@dataclass(frozen=True)
class Ending:
    """How a run ended: `outcome` is complete, alarm, failed or stopped; `skips` counts by reason.

    `lists` is what came of the site's lists; a run that asked none says nothing of its site.
    """

    outcome: str
    reason: str
    counts: Mapping[str, int]
    skips: Mapping[str, int]
    lists: tuple[ListRun, ...] = ()
    pages: PagesRun = field(default_factory=PagesRun)


def finish(db: Database, run_id: int, now: datetime, ending: Ending, confirm_after: timedelta, expect: Expect) -> dict:
    """Confirm withdrawals, judge the run and close it.

    Returns its row, with `skips` by reason, and `broken_since` where its site is broken or just recovered.
    """
    site = db.conn.execute("SELECT site FROM runs WHERE id = ?", (run_id,)).fetchone()[0]
    outcome, reasons, skips, withdrawn = ending.outcome, [ending.reason], dict(ending.skips), 0
    if outcome != "stopped":
        day = withdrawals.weigh(db, run_id, failed=outcome == "failed")
        withdrawn = withdrawals.settle(db, run_id, now, confirm_after, day)
        skips[GONE] = skips.get(GONE, 0) - withdrawn
        reasons += day.troubles()
    if outcome not in ("stopped", "failed"):
        reasons += health.wrong(db, site, now, ending, expect)
    reason = "; ".join(filter(None, reasons))
    if outcome == "complete" and reason:
        outcome = "alarm"
    skips = {why: count for why, count in skips.items() if count > 0}
    counts = {**ending.counts, "withdrawn": withdrawn, "skipped": sum(skips.values())}
    _close(db, run_id, now, outcome, reason, counts, skips)
    health.keep(db, site, run_id, outcome, ending)
    row = rows(db, "SELECT * FROM runs WHERE id = ?", run_id)[0]
    return {**row, "skips": skips, "broken_since": health.broken_since(db, site, run_id)}


def _close(
    db: Database,
    run_id: int,
    now: datetime,
    outcome: str,
    reason: str,
    counts: Mapping[str, int],
    skips: Mapping[str, int],
) -> None:
    assignments = ", ".join(f"{name} = ?" for name in COUNTS)
    db.conn.execute(
        f"UPDATE runs SET finished_at = ?, outcome = ?, reason = ?, {assignments} WHERE id = ?",
        (stamp(now), outcome, reason, *(counts.get(name, 0) for name in COUNTS), run_id),
    )
    db.conn.executemany("INSERT INTO skips VALUES (?, ?, ?)", [(run_id, why, count) for why, count in skips.items()])
