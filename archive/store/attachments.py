"""The files that articles link to: which are to be asked for, and which states of each were seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.clock import stamp
from archive.evidence import chain
from archive.models import Capture
from archive.store import captures
from archive.store.captures import Sighting
from archive.store.connection import rows


@dataclass(frozen=True)
class Wanted:
    """A file to ask for: a link of the version that an article shows, and what its address answered last, if it did."""

    article_id: int
    version_id: int
    name: str
    url: str
    digest: str | None = None
    bytes: int | None = None
    etag: str | None = None
    last_modified: str | None = None


_LAST = """SELECT t.version_id, t.digest, t.bytes, k.etag, k.last_modified FROM attachments t
JOIN captures k ON k.id = t.capture_id WHERE t.url = ? ORDER BY t.last_seen_at DESC, t.id DESC LIMIT 1"""


def wanted(db: Database, article_id: int) -> list[Wanted]:
    """The files to ask for now that the article was seen.

    These are the ones that its version has not shown yet, and those whose server gave a validator: it alone can tell
    for the price of a header that a file was replaced behind an unchanged page.
    """
    sql = """SELECT v.id, v.attachments FROM articles a JOIN versions v ON v.id = a.current_version_id WHERE a.id = ?"""
    version_id, pairs = db.conn.execute(sql, (article_id,)).fetchone()
    found = []
    for name, url in json.loads(pairs):
        last = db.conn.execute(_LAST, (url,)).fetchone()
        of_version, *answer = last or (None,)
        if of_version != version_id or any(answer[2:]):
            found.append(Wanted(article_id, version_id, name, url, *answer))
    return found


def record(db: Database, run_id: int | None, file: Wanted, capture: Capture, reason: str) -> None:
    """Write down that a file was asked for; where there is no `reason` against it, also which state of it was seen."""
    unchanged = capture.status == 304
    digest, size = (file.digest, file.bytes) if unchanged else (capture.digest, len(capture.payload))
    sighting = Sighting("attachment", reason, file.article_id, None, run_id, None if reason else digest)
    captures.note(db, capture, sighting)
    if reason:
        return
    at = stamp(capture.fetched_at)
    known = db.conn.execute(
        "UPDATE attachments SET last_seen_at = ? WHERE version_id = ? AND url = ? AND digest = ?",
        (at, file.version_id, file.url, digest),
    )
    if not known.rowcount:
        cursor = db.conn.execute(
            "INSERT INTO attachments (article_id, version_id, name, url, capture_id, digest, bytes, first_seen_at,"
            " last_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (file.article_id, file.version_id, file.name, file.url, capture.id, digest, size, at, at),
        )
        chain.link(db, "attachment", cursor.lastrowid)


def of_version(db: Database, version_id: int) -> list[dict]:
    """Every file that a version links to, in the page's order, each of its states that were seen, the newest first.

    `digest`, `bytes`, `first_seen_at` and `last_seen_at` are null where the file itself is not in the archive.
    """
    pairs = db.conn.execute("SELECT attachments FROM versions WHERE id = ?", (version_id,)).fetchone()[0]
    columns = "name, url, digest, bytes, first_seen_at, last_seen_at"
    sql = f"SELECT {columns} FROM attachments WHERE version_id = ? ORDER BY last_seen_at DESC, id DESC"
    seen = rows(db, sql, version_id)
    return [row for name, url in json.loads(pairs) for row in _states(seen, name, url)]


def _states(seen: Sequence[Mapping[str, object]], name: str, url: str) -> list[dict]:
    unseen = dict.fromkeys(("digest", "bytes", "first_seen_at", "last_seen_at"))
    return [{**row, "name": name} for row in seen if row["url"] == url] or [{"name": name, "url": url, **unseen}]
