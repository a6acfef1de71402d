"""What people were told of, so that they are told once. Internal; not in the contract."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import stamp

KEPT = timedelta(days=90)
_LOOK = "look"  # that it was asked what to tell, also where there was nothing


def keys(db: Database) -> set[str]:
    """What was told; empty only where nobody ever asked."""
    return {what for (what,) in db.conn.execute("SELECT what FROM told")}


def add(db: Database, told: Iterable[str], now: datetime) -> None:
    """Remember that this was told, and forget what is too old to come up again."""
    db.conn.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", [(key, stamp(now)) for key in (_LOOK, *told)])
    db.conn.execute("DELETE FROM told WHERE at < ?", (stamp(now - KEPT),))
