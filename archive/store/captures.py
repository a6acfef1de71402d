"""Captures: the payloads as evidence in captures.db, and one row a fetch in archive.db."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.errors import ArchiveError
from archive.models import Capture

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9


def keep(evidence: Database, capture: Capture) -> None:
    """Store a capture with its payload, for good. The caller has seen that its digest is not there yet."""
    evidence.conn.execute(
        "INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            capture.id,
            capture.url,
            capture.final_url,
            stamp(capture.fetched_at),
            capture.status,
            json.dumps(capture.headers, ensure_ascii=False),
            capture.digest,
            len(capture.payload),
            zstd.compress(capture.payload, LEVEL),
        ),
    )


def latest_digest(evidence: Database, url: str) -> str | None:
    """The digest of the newest stored capture of an address."""
    row = evidence.conn.execute(
        "SELECT digest FROM captures WHERE url = ? ORDER BY fetched_at DESC, rowid DESC LIMIT 1", (url,)
    ).fetchone()
    return row[0] if row else None


def load(evidence: Database, digest: str) -> Capture:
    """The stored capture with this digest, its payload checked against it. Raises ArchiveError."""
    row = evidence.conn.execute(
        "SELECT id, url, final_url, fetched_at, http_status, headers, payload FROM captures WHERE digest = ?"
        " ORDER BY fetched_at LIMIT 1",
        (digest,),
    ).fetchone()
    if row is None:
        raise ArchiveError(f"captures.db holds no capture with digest {digest}")
    payload = decompress(row[6], digest)
    headers = tuple((name, value) for name, value in json.loads(row[5]))
    return Capture(row[0], row[1], row[2], unstamp(row[3]), row[4], headers, payload)


def decompress(packed: bytes, digest: str) -> bytes:
    """A stored payload, byte for byte. Raises ArchiveError where it does not have its digest."""
    try:
        payload = zstd.decompress(packed)
    except zstd.ZstdError as error:
        raise ArchiveError(f"captures.db: the payload with digest {digest} cannot be unpacked: {error}") from error
    if hashlib.sha256(payload).hexdigest() != digest:
        raise ArchiveError(f"captures.db: a payload was altered: it no longer has its digest {digest}")
    return payload


@dataclass(frozen=True)
class Sighting:
    """What a fetch showed: the columns of the contract's table captures beside those of the Capture itself."""

    verdict: str
    reason: str = ""
    article_id: int | None = None
    version_id: int | None = None
    run_id: int | None = None
    digest: str | None = None


def note(archive: Database, capture: Capture, sighting: Sighting) -> None:
    """One row for one fetch."""
    archive.conn.execute(
        "INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            capture.id,
            sighting.article_id,
            sighting.version_id,
            sighting.run_id,
            capture.url,
            capture.final_url,
            stamp(capture.fetched_at),
            capture.status,
            sighting.verdict,
            sighting.reason,
            sighting.digest,
            capture.header("etag"),
            capture.header("last-modified"),
            len(capture.payload) if capture.payload else None,
        ),
    )


# The addresses of an article's further pages: what was fetched there is a part of a sighting.
_FURTHER = """SELECT k.url FROM version_rows v JOIN version_captures c ON c.version_id = v.id AND c.part > 1
    JOIN captures k ON k.id = c.capture_id WHERE v.article_id = :article"""


def sightings_around(archive: Database, article_id: int, moment: datetime) -> tuple[dict | None, dict | None]:
    """The last capture that showed a version of the article at or before `moment`, and the first fetch after it.

    Of an article of several pages it is the capture of the first.
    """
    columns = "id, fetched_at, verdict, version_id, digest, url, bytes"
    values = {"article": article_id, "at": stamp(moment)}
    before = archive.conn.execute(
        f"SELECT {columns} FROM captures WHERE article_id = :article AND version_id IS NOT NULL AND fetched_at <= :at"
        f" AND url NOT IN ({_FURTHER}) ORDER BY fetched_at DESC, rowid DESC LIMIT 1",
        values,
    ).fetchone()
    after = archive.conn.execute(
        f"SELECT {columns} FROM captures WHERE article_id = :article AND fetched_at > :at"
        " ORDER BY fetched_at, rowid LIMIT 1",
        values,
    ).fetchone()
    names = columns.split(", ")
    return tuple(dict(zip(names, row, strict=True)) if row else None for row in (before, after))  # type: ignore[return-value]


def parts(archive: Database, article_id: int, capture_id: str) -> list[str]:
    """The digests of a sighting, that of its first page first; `capture_id` is the first page's capture.

    The captures of one fetch are written in one transaction, so they follow each other.
    """
    values = {"article": article_id, "id": capture_id}
    found = archive.conn.execute(
        f"SELECT digest, id = :id OR url IN ({_FURTHER}) FROM captures WHERE article_id = :article"
        " AND rowid >= (SELECT rowid FROM captures WHERE id = :id) ORDER BY rowid",
        values,
    )
    first = next(found)[0]
    return [first, *(digest for digest, _ in takewhile(lambda row: row[1], found))]
