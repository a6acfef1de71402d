"""Checking the chain: every row against the item that names it, every link against the one before."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Set
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

from archive.evidence import chain
from archive.evidence.chain import ARCHIVE, EVIDENCE, Kind, Showing
from archive.evidence.proof import START, digest_of, link_of
from archive.store import captures, redaction
from archive.store.connection import count_of
from archive.watching import Watch, unwatched, watched

_RESPONSES = "SELECT item, digest, seq FROM chain WHERE kind = 'response'"


def of_archive(db: Database, watch: Watch = unwatched) -> Iterator[str]:
    """What of archive.db was altered, taken out or put in since it was recorded, a line each."""
    showings, redacted = chain.showings(db), redaction.items(db)
    yield from _broken_links(db, "archive.db", watch)
    for name, kind in ARCHIVE.items():
        yield from _altered(db, "archive.db", name, kind, redacted, showings if name == "capture" else {}, watch)
        yield from _put_in(db, "archive.db", name, kind)
    yield from _others(db)


def of_evidence(db: Database, evidence: Database, watch: Watch = unwatched) -> Generator[str, None, set[str]]:
    """The same of captures.db, by its own chain and by that of archive.db. Returns the responses that are missing."""
    redacted = {("response", item) for item in redaction.responses(db, evidence)}
    yield from _broken_links(evidence, "captures.db", watch)
    yield from _left(evidence, redacted)
    for name, kind in EVIDENCE.items():
        yield from _altered(evidence, "captures.db", name, kind, redacted, {}, watch)
        yield from _put_in(evidence, "captures.db", name, kind)
    return (yield from _responses(db, evidence))


def _broken_links(db: Database, file: str, watch: Watch) -> Iterator[str]:
    """Where one link was altered, the next follows from what it should be: only the first is named."""
    last, before, due = 0, START, START
    items = db.conn.execute("SELECT seq, digest, link FROM chain ORDER BY seq")
    for seq, digest, link in watched(items, watch, f"{file}, chain", count_of(db, "chain")):
        if seq != last + 1:
            yield f"{file}: items {last + 1} to {seq - 1} of the chain are missing"
        elif link not in (link_of(before, digest), link_of(due, digest)):
            yield f"{file}: item {seq} of the chain was altered or put in: it does not follow from the one before"
        last, before, due = seq, link, link_of(before, digest)


def _left(evidence: Database, redacted: Set[tuple[str, str]]) -> Iterator[str]:
    """Responses of redacted articles that still have their payloads: redacting was cut off."""
    for (item,) in evidence.conn.execute("SELECT id FROM captures WHERE dropped_at IS NULL ORDER BY id"):
        if ("response", item) in redacted:
            yield f"captures.db: response {item} is redacted and still there: `yiwen redact` finishes it"


def _altered(
    db: Database,
    file: str,
    name: str,
    kind: Kind,
    redacted: Set[tuple[str, str]],
    showings: Mapping[str, Showing],
    watch: Watch,
) -> Iterator[str]:
    """Items of one kind whose rows are not as they were recorded; of redacted ones the last item counts."""
    blanked: dict[str, tuple[int, bool]] = {}
    rows = f"SELECT {kind.columns} FROM {kind.table} WHERE {kind.where}"
    sql = f"SELECT c.seq, c.item, c.digest, t.* FROM chain c LEFT JOIN ({rows}) t ON t.id = c.item WHERE c.kind = ?"
    cursor = db.conn.execute(f"{sql} ORDER BY c.seq", (name,))
    columns = [column[0] for column in cursor.description[3:]]
    total = db.conn.execute("SELECT count(*) FROM chain WHERE kind = ?", (name,)).fetchone()[0]
    for seq, item, digest, *values in watched(cursor, watch, f"{file}, {name}", total):
        facts = dict(zip(columns, values, strict=True))
        if facts["id"] is None:
            yield f"{file}: {name} {item} is missing (item {seq} of the chain)"
            continue
        if showing := showings.get(item):
            if facts["version_id"] != showing.last:
                yield f"{file}: {name} {item} shows another version than the chain says"
            facts |= showing.first
        same = digest_of(name, facts) == digest
        if (name, item) in redacted:
            blanked[item] = (seq, same)
        elif not same:
            yield f"{file}: {name} {item} was altered (item {seq} of the chain)"
    for item, (seq, same) in blanked.items():
        if not same:
            yield f"{file}: {name} {item} was altered since it was redacted (item {seq} of the chain)"


def _put_in(db: Database, file: str, name: str, kind: Kind) -> Iterator[str]:
    """Rows of one kind that no item names."""
    linked = "SELECT item FROM chain WHERE kind = ?"
    sql = f"SELECT id FROM {kind.table} WHERE {kind.where} AND CAST(id AS TEXT) NOT IN ({linked})"
    for (item,) in db.conn.execute(sql, (name,)):
        yield f"{file}: {name} {item} was put in: the chain does not name it"


def _responses(db: Database, evidence: Database) -> Generator[str, None, set[str]]:
    """Responses that archive.db's chain names and that are gone, or others. Returns those that are gone.

    Where captures.db was lost and a page was fetched anew with the same bytes, its evidence is there again.
    """
    gone = set()
    own = _digests_by_item(evidence)
    kept, digests = next(own, ("", {""}))
    for item, digest, seq in db.conn.execute(f"{_RESPONSES} ORDER BY item"):
        while kept and kept < item:
            kept, digests = next(own, ("", {""}))
        if kept == item:
            if digest not in digests:
                yield f"captures.db: response {item} was altered (item {seq} of archive.db's chain)"
        elif not _there_again(db, evidence, item):
            gone.add(item)
            yield f"captures.db: the evidence of capture {item} is missing (item {seq} of archive.db's chain)"
    return gone


def _digests_by_item(evidence: Database) -> Iterator[tuple[str, set[str]]]:
    """A response that was redacted has two: as it was, and blank."""
    for item, linked in groupby(evidence.conn.execute(f"{_RESPONSES} ORDER BY item"), key=itemgetter(0)):
        yield item, {digest for _, digest, _ in linked}


def _there_again(db: Database, evidence: Database, capture_id: str) -> bool:
    row = db.conn.execute("SELECT digest FROM captures WHERE id = ?", (capture_id,)).fetchone()
    return row is not None and captures.holds(evidence, row[0])


def _others(db: Database) -> Iterator[str]:
    """Items that are no rows, and those of no known kind."""
    known = ", ".join(f"'{name}'" for name in (*ARCHIVE, *EVIDENCE))
    sql = f"SELECT seq, kind, item, digest FROM chain WHERE kind NOT IN ({known})"
    for seq, kind, item, digest in db.conn.execute(sql):
        if kind != "showing":
            yield f"archive.db: item {seq} of the chain is of no known kind ({kind})"
        elif digest_of(kind, json.loads(item)) != digest:
            yield f"archive.db: item {seq} of the chain was altered"
