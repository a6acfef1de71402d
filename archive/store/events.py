"""Events: what happened to an article, in order."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp
from archive.evidence import chain
from archive.models import Event
from archive.store.connection import rows


def told_status(article: str) -> str:
    """SQL of the status that events tell of an article; `article` is an expression of its id."""
    return f"""coalesce((SELECT CASE kind WHEN 'withdrawn' THEN kind WHEN 'redacted' THEN kind ELSE 'live' END
        FROM events e WHERE e.article_id = {article} AND e.superseded_by IS NULL
        AND kind IN ('new', 'withdrawn', 'restored', 'redacted') ORDER BY e.at DESC, e.id DESC LIMIT 1), 'live')"""


def add(db: Database, article_id: int, run_id: int | None, now: datetime, events: Iterable[Event]) -> None:
    """Append events of an article."""
    for event in events:
        cursor = db.conn.execute(
            "INSERT INTO events (at, article_id, run_id, kind, detail) VALUES (?, ?, ?, ?, ?)",
            (stamp(now), article_id, run_id, event.kind, json.dumps(event.detail, ensure_ascii=False)),
        )
        chain.link(db, "event", cursor.lastrowid)


def replace(db: Database, article_id: int, ids: Iterable[int], now: datetime, event: Event) -> None:
    """Append an event by which others, by id, no longer stand."""
    add(db, article_id, None, now, [event])
    by = db.conn.execute("SELECT max(id) FROM events WHERE article_id = ?", (article_id,)).fetchone()[0]
    db.conn.executemany("UPDATE events SET superseded_by = ? WHERE id = ?", [(by, replaced) for replaced in ids])


def of_article(db: Database, article_id: int) -> list[dict]:
    """The events of an article that stand, oldest first, as the contract's columns with `detail` as data."""
    found = rows(
        db,
        "SELECT id, at, article_id, run_id, kind, detail FROM events WHERE article_id = ? AND superseded_by IS NULL"
        " ORDER BY at, id",
        article_id,
    )
    return [{**event, "detail": json.loads(str(event["detail"]))} for event in found]


def status_at(db: Database, article_id: int, moment: datetime) -> str:
    """Whether an article was `withdrawn` at a time, or `live`."""
    row = db.conn.execute(
        "SELECT kind FROM events WHERE article_id = ? AND kind IN ('withdrawn', 'restored') AND at <= ?"
        " ORDER BY id DESC LIMIT 1",
        (article_id, stamp(moment)),
    ).fetchone()
    return "withdrawn" if row and row[0] == "withdrawn" else "live"
