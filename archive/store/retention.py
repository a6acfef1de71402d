"""Which stored payloads retention takes out of captures.db, and how. The rows stay, with address, times and digest.

Never taken: what a version was read from, an attachment, what an address showed last, and a key frame that a kept
payload needs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp
from archive.evidence import chain
from archive.store.connection import transaction
from archive.watching import Watch

CITED = "read for a version, attached to one, or what its address showed last"
NEEDED = "others are packed against it"
_AT_ONCE = 500  # payloads in one transaction, so that a crawl that is writing does not wait long


@dataclass(frozen=True)
class Stored:
    """A payload of captures.db: `size` as it is packed, in bytes; `dependents` are packed against it."""

    id: str
    digest: str
    fetched_at: str
    size: int
    key_id: str | None
    dependents: int


@dataclass(frozen=True)
class Plan:
    """What to drop: ids, their bytes as packed, and of what is old or too much, how many are kept, by reason."""

    dropped: tuple[str, ...]
    size: int
    kept: Mapping[str, int]


def choose(stored: Iterable[Stored], cited: Set[str], before: str, excess: int) -> Plan:
    """What to drop of payloads in the order of `stored_payloads`: those fetched before `before`, and then until
    `excess` bytes are free. Pure. `cited` are the digests that stay.
    """
    dropped, kept, released, size = list[str](), Counter[str](), Counter[str](), 0
    for one in stored:
        if one.fetched_at >= before and size >= excess:
            continue
        if one.digest in cited:
            kept[CITED] += 1
        elif one.dependents > released[one.id]:
            kept[NEEDED] += 1
        else:
            dropped.append(one.id)
            size += one.size
            released[one.key_id or ""] += 1
    return Plan(tuple(dropped), size, kept)


def plan(db: Database, evidence: Database, before: datetime | None, most: int | None) -> Plan:
    """What to drop so that no payload is of before `before` and all together take `most` bytes, as far as possible."""
    total = evidence.conn.execute("SELECT coalesce(sum(length(payload)), 0) FROM captures").fetchone()[0]
    excess = 0 if most is None else total - most
    return choose(stored_payloads(evidence), _cited(db), stamp(before) if before else "", excess)


def stored_payloads(evidence: Database) -> Iterator[Stored]:
    """Every payload, the oldest first, but a key frame after all that is packed against it."""
    sql = """SELECT c.id, c.digest, c.fetched_at, length(c.payload), c.key_id, coalesce(d.number, 0) FROM captures c
        LEFT JOIN (SELECT key_id, count(*) AS number, max(fetched_at) AS last FROM captures
            WHERE key_id IS NOT NULL GROUP BY key_id) d ON d.key_id = c.id
        WHERE c.dropped_at IS NULL ORDER BY max(c.fetched_at, coalesce(d.last, '')), c.key_id IS NULL, c.rowid"""
    return (Stored(*row) for row in evidence.conn.execute(sql))


def _cited(db: Database) -> set[str]:
    sql = """SELECT k.digest FROM version_captures c JOIN captures k ON k.id = c.capture_id WHERE k.digest IS NOT NULL
        UNION SELECT digest FROM pages WHERE digest IS NOT NULL UNION SELECT digest FROM attachments"""
    return {digest for (digest,) in db.conn.execute(sql)}


def drop(evidence: Database, ids: tuple[str, ...], now: datetime, watch: Watch) -> int:
    """Take payloads out, in the order given. Returns how many: one that was packed against meanwhile stays."""
    sql = """UPDATE captures SET payload = x'', key_id = NULL, dictionary_id = NULL, dropped_at = ?
        WHERE id = ? AND NOT EXISTS (SELECT 1 FROM captures d WHERE d.key_id = captures.id)"""
    dropped = 0
    for begin in range(0, len(ids), _AT_ONCE):
        watch("payloads dropped", begin, len(ids))
        with transaction(evidence):
            for capture_id in ids[begin : begin + _AT_ONCE]:
                if evidence.conn.execute(sql, (stamp(now), capture_id)).rowcount:
                    chain.link(evidence, "dropped", capture_id)
                    dropped += 1
    return dropped
