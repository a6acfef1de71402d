"""Captures: the payloads as evidence in captures.db, and one row a fetch in archive.db."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.errors import EvidenceLost
from archive.evidence import chain
from archive.models import Capture
from archive.store import dictionaries, journal, packing
from archive.store.connection import insert, transaction

MOST_DIFFERENCE = 1 / 5  # of the key frame as it is packed; what differs more becomes a key frame itself


@dataclass(frozen=True)
class Packed:
    """A payload as it is stored: against a key frame, with a dictionary, or by itself."""

    payload: bytes
    key_id: str | None = None
    dictionary_id: int | None = None


def keep(evidence: Database, capture: Capture) -> None:
    """Store a capture with its payload, for good. The caller has seen that its digest is not there yet."""
    packed = _against_key_frame(evidence, capture) or _by_itself(evidence, capture)
    values = {
        "id": capture.id,
        "url": capture.url,
        "final_url": capture.final_url,
        "fetched_at": stamp(capture.fetched_at),
        "http_status": capture.status,
        "headers": json.dumps(capture.headers, ensure_ascii=False),
        "digest": capture.digest,
        "bytes": len(capture.payload),
        **packed.__dict__,
    }
    insert(evidence, "captures", values)
    chain.link(evidence, "response", capture.id)


def keep_new(archive: Database, evidence: Database, capture: Capture) -> bool:
    """Store a response that differs from the one recorded before it. Returns whether it did.

    One that a crash left unrecorded does not stand for a later one with the same bytes.
    """
    if not capture.payload:
        return False
    before = latest(evidence, capture.url)
    if before == (capture.id, capture.digest):  # it was stored, and then not recorded
        return True
    noted = "SELECT 1 FROM captures WHERE id = ?"
    if before and before[1] == capture.digest and archive.conn.execute(noted, (before[0],)).fetchone():
        return False
    with transaction(evidence):
        journal.follow(archive, evidence)
        keep(evidence, capture)
    return True


def _by_itself(evidence: Database, capture: Capture) -> Packed:
    number, dictionary = dictionaries.newest(evidence) or (None, None)
    return Packed(packing.pack(capture.payload, dictionary), None, number)


def _against_key_frame(evidence: Database, capture: Capture) -> Packed | None:
    """What differs from the newest key frame of the same address; None where there is none, or it differs too much."""
    key = evidence.conn.execute(
        "SELECT id, digest, length(payload) FROM captures WHERE url = ? AND key_id IS NULL AND dropped_at IS NULL"
        " ORDER BY fetched_at DESC, rowid DESC LIMIT 1",
        (capture.url,),
    ).fetchone()
    if key is None:
        return None
    key_id, digest, size = key
    with suppress(EvidenceLost):  # a damaged key frame, which `yiwen verify` names, is none
        packed = packing.pack_against(capture.payload, payload(evidence, key_id, digest))
        return Packed(packed, key_id) if len(packed) <= size * MOST_DIFFERENCE else None
    return None


def latest(evidence: Database, url: str) -> tuple[str, str] | None:
    """The id and digest of the newest stored capture of an address that still has its payload."""
    return evidence.conn.execute(
        "SELECT id, digest FROM captures WHERE url = ? AND dropped_at IS NULL"
        " ORDER BY fetched_at DESC, rowid DESC LIMIT 1",
        (url,),
    ).fetchone()


def holds(evidence: Database, digest: str) -> bool:
    """Whether a capture with this digest is stored."""
    return evidence.conn.execute("SELECT 1 FROM captures WHERE digest = ?", (digest,)).fetchone() is not None


class Dropped(EvidenceLost):
    """The payload was taken out by retention; the rest of the capture is there."""


_COLUMNS = "id, url, final_url, fetched_at, http_status, headers, digest"


def load(evidence: Database, digest: str) -> Capture:
    """The stored capture with this digest, its payload checked against it. Raises EvidenceLost."""
    row = evidence.conn.execute(
        f"SELECT {_COLUMNS} FROM captures WHERE digest = ? ORDER BY dropped_at IS NOT NULL, fetched_at LIMIT 1",
        (digest,),
    ).fetchone()
    if row is None:
        raise EvidenceLost(f"captures.db holds no capture with digest {digest}")
    return _capture(evidence, row)


def load_one(evidence: Database, capture_id: str) -> Capture | None:
    """The stored capture with this id, checked as by `load`; None where it brought what was stored already."""
    row = evidence.conn.execute(f"SELECT {_COLUMNS} FROM captures WHERE id = ?", (capture_id,)).fetchone()
    return _capture(evidence, row) if row else None


def _capture(evidence: Database, row: tuple) -> Capture:
    headers = tuple((name, value) for name, value in json.loads(row[5]))
    return Capture(row[0], row[1], row[2], unstamp(row[3]), row[4], headers, payload(evidence, row[0], row[6]))


def first_with(evidence: Database, digest: str, url: str) -> tuple[str, str, str] | None:
    """Id, final address and time of the first stored capture with this digest, preferably of this address."""
    return evidence.conn.execute(
        "SELECT id, final_url, fetched_at FROM captures WHERE digest = ? AND dropped_at IS NULL"
        " ORDER BY url <> ?, fetched_at LIMIT 1",
        (digest, url),
    ).fetchone()


def payload(evidence: Database, capture_id: str, digest: str) -> bytes:
    """A stored payload, byte for byte. Raises EvidenceLost where it was dropped, or does not have its digest."""
    packed, key_id, dictionary_id, dropped_at = evidence.conn.execute(
        "SELECT payload, key_id, dictionary_id, dropped_at FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    if dropped_at:
        raise Dropped(f"captures.db: the payload with digest {digest} was dropped by retention at {dropped_at}")
    try:
        found = _unpacked(evidence, packed, key_id, dictionary_id)
    except packing.PackingError as error:
        raise EvidenceLost(f"captures.db: the payload with digest {digest} cannot be unpacked: {error}") from error
    if hashlib.sha256(found).hexdigest() != digest:
        raise EvidenceLost(f"captures.db: a payload was altered: it no longer has its digest {digest}")
    return found


def _unpacked(evidence: Database, packed: bytes, key_id: str | None, dictionary_id: int | None) -> bytes:
    """A payload against its key frame, which is never itself against another."""
    if key_id is None:
        return packing.unpack(packed, dictionaries.content(evidence, dictionary_id) if dictionary_id else None)
    sql = "SELECT payload, dictionary_id FROM captures WHERE id = ? AND key_id IS NULL"
    key = evidence.conn.execute(sql, (key_id,)).fetchone()
    if key is None:
        raise EvidenceLost(f"captures.db: the key frame {key_id} is missing, and with it what was packed against it")
    return packing.unpack_against(packed, _unpacked(evidence, key[0], None, key[1]))


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
    chain.link(archive, "capture", capture.id)


# The addresses of an article's further pages: what was fetched there is a part of a sighting.
FURTHER = """SELECT k.url FROM version_rows v JOIN version_captures c ON c.version_id = v.id AND c.part > 1
    JOIN captures k ON k.id = c.capture_id WHERE v.article_id = :article"""


def sightings_around(archive: Database, article_id: int, moment: datetime) -> tuple[dict | None, dict | None]:
    """The last capture that showed a version of the article at or before `moment`, and the first fetch after it.

    Of an article of several pages it is the capture of the first.
    """
    columns = "id, fetched_at, verdict, version_id, digest, url, bytes"
    values = {"article": article_id, "at": stamp(moment)}
    before = archive.conn.execute(
        f"SELECT {columns} FROM captures WHERE article_id = :article AND version_id IS NOT NULL AND fetched_at <= :at"
        f" AND url NOT IN ({FURTHER}) ORDER BY fetched_at DESC, rowid DESC LIMIT 1",
        values,
    ).fetchone()
    after = archive.conn.execute(
        f"SELECT {columns} FROM captures WHERE article_id = :article AND fetched_at > :at"
        " AND verdict <> 'attachment' ORDER BY fetched_at, rowid LIMIT 1",
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
        f"SELECT digest, id = :id OR url IN ({FURTHER}) FROM captures WHERE article_id = :article"
        " AND rowid >= (SELECT rowid FROM captures WHERE id = :id) ORDER BY rowid",
        values,
    )
    first = next(found)[0]
    return [first, *(digest for digest, _ in takewhile(lambda row: row[1], found))]
