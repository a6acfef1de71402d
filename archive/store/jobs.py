"""Jobs of maintenance, such as a backup: when each was last begun, and how it ended. Internal; not in the contract."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.store.connection import rows
from archive.store.runs import Latest


def latest(db: Database) -> dict[str, Latest]:
    """When each job was last begun."""
    found = db.conn.execute("SELECT name, started_at, exit_code FROM jobs")
    return {name: Latest(unstamp(at), _outcome(code)) for name, at, code in found}


def _outcome(code: int | None) -> str:
    if code is None:
        return "running"
    return "failed" if code else "complete"


def claim(db: Database, name: str, known: datetime | None, now: datetime) -> bool:
    """Begin a job that was last begun at `known`. False where another process has begun it since."""
    if known is None:
        sql = "INSERT OR IGNORE INTO jobs (name, started_at) VALUES (?, ?)"
        return db.conn.execute(sql, (name, stamp(now))).rowcount == 1
    anew = "started_at = ?, finished_at = NULL, exit_code = NULL, said = ''"
    sql = f"UPDATE jobs SET {anew} WHERE name = ? AND started_at = ?"
    return db.conn.execute(sql, (stamp(now), name, stamp(known))).rowcount == 1


def end(db: Database, name: str, now: datetime, code: int, said: str) -> None:
    """Write down how a job ended."""
    sql = "UPDATE jobs SET finished_at = ?, exit_code = ?, said = ? WHERE name = ?"
    db.conn.execute(sql, (stamp(now), code, said, name))


def troubles(db: Database) -> list[dict]:
    """The jobs that failed when they were last done."""
    return rows(db, "SELECT name, finished_at, said FROM jobs WHERE exit_code > 0 ORDER BY name")
