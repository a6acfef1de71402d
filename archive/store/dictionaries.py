"""The trained dictionaries of captures.db: what the pages of this archive have in common, packed once.

A capture that was packed with one names it; a later, better one is for later captures. Nothing is packed anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp
from archive.errors import EvidenceLost
from archive.store import packing
from archive.store.connection import transaction

FIRST_AT = 100  # key frames; fewer pages show too little of what they have in common
AGAIN_AT = 10  # times as many key frames as the newest dictionary was trained at
SAMPLES = 200
_SAMPLE_BYTES = (1_000, 200_000)


def content(evidence: Database, number: int) -> bytes:
    """A dictionary. Raises EvidenceLost where it is missing or was altered."""
    row = evidence.conn.execute("SELECT content, digest FROM dictionaries WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise EvidenceLost(f"captures.db: dictionary {number} is missing, and with it what was packed with it")
    if hashlib.sha256(row[0]).hexdigest() != row[1]:
        raise EvidenceLost(f"captures.db: dictionary {number} was altered, and what was packed with it cannot be read")
    return bytes(row[0])


def newest(evidence: Database) -> tuple[int, bytes] | None:
    """The number and content of the dictionary to pack with; None where there is none that is whole."""
    number = evidence.conn.execute("SELECT max(id) FROM dictionaries").fetchone()[0]
    with suppress(EvidenceLost):  # a capture is kept all the same; `yiwen verify` names the dictionary
        return (number, content(evidence, number)) if number else None
    return None


def renew(evidence: Database, now: datetime, load: Callable[[str], bytes]) -> bool:
    """Train a dictionary where there are enough pages for a first or a better one. Returns whether there were.

    `load` gives the payload with a digest. Digests are random, so the first ones are a sample of all pages.
    """
    if not (pages := _enough(evidence)):
        return False
    found = evidence.conn.execute(
        "SELECT digest FROM captures INDEXED BY captures_by_digest WHERE key_id IS NULL AND dropped_at IS NULL"
        " AND bytes BETWEEN ? AND ? ORDER BY digest LIMIT ?",
        (*_SAMPLE_BYTES, SAMPLES),
    )
    samples = []
    for (digest,) in found.fetchall():
        with suppress(EvidenceLost):
            samples.append(load(digest))
    try:
        trained = packing.train(samples)
    except packing.PackingError:  # pages too small or too much alike; more of them may do
        return False
    values = (stamp(now), pages, hashlib.sha256(trained).hexdigest(), trained)
    with transaction(evidence):
        if not _enough(evidence):  # another process was quicker
            return False
        evidence.conn.execute("INSERT INTO dictionaries (made_at, pages, digest, content) VALUES (?, ?, ?, ?)", values)
    return True


def _enough(evidence: Database) -> int:
    """How many key frames there are, if they are enough for a new dictionary; else 0."""
    responses = evidence.conn.execute("SELECT max(rowid) FROM captures").fetchone()[0] or 0
    trained_at = evidence.conn.execute("SELECT max(pages) FROM dictionaries").fetchone()[0]
    enough = trained_at * AGAIN_AT if trained_at else FIRST_AT
    if responses < enough:  # asked at every run's end, so the key frames are counted only where they may be enough
        return 0
    sql = "SELECT count(*) FROM captures WHERE key_id IS NULL AND dropped_at IS NULL"
    pages = evidence.conn.execute(sql).fetchone()[0]
    return pages if pages >= enough else 0
