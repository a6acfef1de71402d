"""Articles, their versions and readings: how the newest state is written, and what is known of an article."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.evidence import chain
from archive.history.compare import ABOUT, TEXTS, Known, fingerprint
from archive.models import Reading
from archive.store import connection, index

# The columns that an article, a version and a reading share, as attributes of Reading; flags are parted by a blank.
_BOTH = (*TEXTS, *ABOUT)


def find(db: Database, *addresses: str | None) -> int | None:
    """The article met at one of these addresses (with either scheme), the first address that is known deciding."""
    for address in addresses:
        for url in _either_scheme(address) if address else ():
            row = db.conn.execute(
                "SELECT id FROM articles WHERE url = ? UNION ALL SELECT article_id FROM aliases WHERE url = ?",
                (url, url),
            ).fetchone()
            if row:
                return int(row[0])
    return None


def _either_scheme(address: str) -> tuple[str, ...]:
    scheme, mark, rest = address.partition("://")
    return (address, f"{'http' if scheme == 'https' else 'https'}://{rest}") if mark else (address,)


def known(db: Database, article_id: int) -> Known:
    """What the archive knows of an article, for `archive.history.compare.decide`."""
    columns = ", ".join(f"a.{name}" for name in _BOTH)
    row = db.conn.execute(
        f"SELECT a.status, v.fingerprint, r.reader, {columns} FROM articles a"
        " JOIN version_rows v ON v.id = a.current_version_id JOIN readings r ON r.id = v.current_reading_id"
        " WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    current = Reading("article", row[2], **dict(zip(_BOTH, row[3:], strict=True)))
    versions = dict(
        db.conn.execute(
            "SELECT fingerprint, number FROM version_rows WHERE article_id = ? AND superseded_by IS NULL"
            " ORDER BY number DESC",
            (article_id,),
        )
    )
    return Known(row[0], current, row[1], versions, standing(db, article_id)[1])


def standing(db: Database, article_id: int) -> tuple[str, datetime | None]:
    """An article's status, and since when it is suspected to be gone."""
    row = db.conn.execute(
        "SELECT a.status, (SELECT min(suspected_at) FROM pages WHERE article_id = a.id) FROM articles a WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return row[0], unstamp(row[1]) if row[1] else None


def insert(db: Database, site: str, url: str, reading: Reading, now: datetime) -> int:
    """A new article's row, without its first version yet."""
    at = stamp(now)
    values = {
        "site": site,
        "url": url,
        "status": "live",
        **{name: getattr(reading, name) for name in _BOTH},
        "flags": " ".join(reading.flags),
        **dict.fromkeys(("first_seen_at", "last_seen_at", "last_checked_at", "last_changed_at"), at),
        "version_count": 0,
        "current_version_id": 0,
    }
    article_id = connection.insert(db, "articles", values)
    chain.link(db, "article", article_id)
    index.add(db, article_id, reading.title, reading.text)
    return article_id


def add_version(db: Database, article_id: int, reading: Reading, captures: Sequence[str], now: datetime) -> int:
    """The article's next version, with its first reading and the ids of the captures, its parts, it was read from."""
    at = stamp(now)
    number = db.conn.execute(
        "SELECT coalesce(max(number), 0) + 1 FROM version_rows WHERE article_id = ?", (article_id,)
    ).fetchone()[0]
    version_id = connection.insert(
        db,
        "version_rows",
        {
            "article_id": article_id,
            "number": number,
            "first_seen_at": at,
            "last_seen_at": at,
            "fingerprint": fingerprint(reading.title, reading.text),
            "current_reading_id": 0,
        },
    )
    parts = [(version_id, part, capture_id) for part, capture_id in enumerate(captures, 1)]
    db.conn.executemany("INSERT INTO version_captures VALUES (?, ?, ?)", parts)
    chain.link(db, "version", version_id)
    add_reading(db, version_id, reading, captures[0], now)
    db.conn.execute("UPDATE articles SET version_count = version_count + 1 WHERE id = ?", (article_id,))
    return version_id


def add_reading(db: Database, version_id: int, reading: Reading, capture_id: str, now: datetime) -> None:
    """One more reading of a version; it is the current one from now on and decides the version's fingerprint."""
    older = index.remove_version(db, version_id)
    reading_id = connection.insert(
        db,
        "readings",
        {
            "version_id": version_id,
            "capture_id": capture_id,
            "reader": reading.reader,
            "read_at": stamp(now),
            **{name: getattr(reading, name) for name in _BOTH},
            "updated_at": reading.updated_at,
            "flags": " ".join(reading.flags),
            "keywords": "\n".join(reading.keywords),
            "image": reading.image,
            "attachments": json.dumps(reading.attachments, ensure_ascii=False),
        },
    )
    chain.link(db, "reading", reading_id)
    db.conn.execute(
        "UPDATE version_rows SET current_reading_id = ?, fingerprint = ? WHERE id = ?",
        (reading_id, fingerprint(reading.title, reading.text), version_id),
    )
    if older:
        index.add_version(db, version_id)


def current_version(db: Database, article_id: int) -> tuple[int, str]:
    """The id of the version that the article shows now, and the reader of its current reading."""
    row = db.conn.execute(
        "SELECT v.id, r.reader FROM articles a JOIN version_rows v ON v.id = a.current_version_id"
        " JOIN readings r ON r.id = v.current_reading_id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return int(row[0]), row[1]


def evidence(db: Database, version_id: int) -> list[str]:
    """The digests of the captures that a version was read from, in the order of their pages."""
    cited = db.conn.execute(
        "SELECT k.digest FROM version_captures c JOIN captures k ON k.id = c.capture_id WHERE c.version_id = ?"
        " ORDER BY c.part",
        (version_id,),
    )
    return [digest for (digest,) in cited.fetchall()]


def version_with(db: Database, article_id: int, mark: str) -> int | None:
    """The article's version with this fingerprint, if it was seen before."""
    row = db.conn.execute(
        "SELECT id FROM version_rows WHERE article_id = ? AND fingerprint = ? AND superseded_by IS NULL"
        " ORDER BY number DESC LIMIT 1",
        (article_id, mark),
    ).fetchone()
    return int(row[0]) if row else None


def as_first_written(db: Database, version_id: int, reading: Reading) -> Reading:
    """`reading` with the version's own text: blanks and forms of punctuation may differ without being a change."""
    columns = ", ".join(TEXTS)
    row = db.conn.execute(f"SELECT {columns} FROM versions WHERE id = ?", (version_id,)).fetchone()
    return replace(reading, **dict(zip(TEXTS, row, strict=True)))


def show_version(db: Database, article_id: int, version_id: int, reading: Reading, now: datetime) -> None:
    """Make `version_id` what the article shows, as `reading` reads it, with its rows in the indexes."""
    sql = "SELECT current_version_id, title, text FROM articles WHERE id = ?"
    shown, *old = db.conn.execute(sql, (article_id,)).fetchone()
    if old != [reading.title, reading.text]:
        index.remove(db, article_id, *old)
        index.add(db, article_id, reading.title, reading.text)
    if shown not in (0, version_id):
        index.remove_version(db, version_id)
        index.add_version(db, shown)
    assignments = ", ".join(f"{name} = ?" for name in (*_BOTH, "flags", "current_version_id"))
    values = (*(getattr(reading, name) for name in _BOTH), " ".join(reading.flags), version_id)
    db.conn.execute(f"UPDATE articles SET {assignments} WHERE id = ?", (*values, article_id))


def touch(db: Database, article_id: int, version_id: int, now: datetime, *, changed: bool) -> None:
    """The article was fetched and showed this version."""
    at = stamp(now)
    db.conn.execute("UPDATE version_rows SET last_seen_at = ? WHERE id = ?", (at, version_id))
    db.conn.execute(
        "UPDATE articles SET status = 'live', last_seen_at = ?, last_checked_at = ? WHERE id = ?", (at, at, article_id)
    )
    if changed:
        db.conn.execute("UPDATE articles SET last_changed_at = ? WHERE id = ?", (at, article_id))


def checked(db: Database, article_id: int, now: datetime) -> None:
    """The article was asked for and did not show itself."""
    db.conn.execute("UPDATE articles SET last_checked_at = ? WHERE id = ?", (stamp(now), article_id))
