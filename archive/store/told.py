"""What people were told of, so that they are told once. Internal; not in the contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import stamp

KEPT = timedelta(days=90)
_BEGAN = "began"  # not news: from when on people are told of what happens


def keys(db: Database) -> set[str]:
    """What was told."""
    return {what for (what,) in db.conn.execute("SELECT what FROM told")}


def began(db: Database) -> str | None:
    """From when on people are told of what happens; None before the first time."""
    row = db.conn.execute("SELECT at FROM told WHERE what = ?", (_BEGAN,)).fetchone()
    return row[0] if row else None


def add(db: Database, told: Iterable[str], now: datetime, since: str) -> None:
    """Remember that this was told, the first time since when, and forget what is too old to come up again."""
    db.conn.execute("INSERT OR IGNORE INTO told VALUES (?, ?)", (_BEGAN, since))
    db.conn.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", [(key, stamp(now)) for key in told])
    db.conn.execute("DELETE FROM told WHERE at < ? AND what <> ?", (stamp(now - KEPT), _BEGAN))
