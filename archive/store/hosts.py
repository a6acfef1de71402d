"""Hosts that are to be left alone until a time. Internal to the crawler."""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp


def leave_alone(db: Database, host: str, until: datetime, reason: str) -> None:
    """Do not ask this host for anything until then; one strike more against it."""
    db.conn.execute(
        "INSERT INTO hosts VALUES (?, ?, ?, 1) ON CONFLICT (host) DO UPDATE SET until = max(until, excluded.until),"
        " reason = excluded.reason, strikes = strikes + 1",
        (host, stamp(until), reason),
    )


def left_alone(db: Database, now: datetime) -> dict[str, str]:
    """The hosts to leave alone now, each with the reason."""
    return dict(db.conn.execute("SELECT host, reason FROM hosts WHERE until > ?", (stamp(now),)))


def strikes(db: Database) -> dict[str, int]:
    """How often each host was left alone since it last answered well."""
    return dict(db.conn.execute("SELECT host, strikes FROM hosts WHERE strikes > 0"))


def forgive(db: Database, host: str) -> None:
    """The host answers well again."""
    db.conn.execute("UPDATE hosts SET strikes = 0 WHERE host = ?", (host,))
