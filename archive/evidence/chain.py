"""The chain: what was recorded, in order of recording, as digests that follow from each other; see evidence.proof.

archive.db has the chain of everything that is recorded for good. captures.db has one of its own responses, which tells
one that a crash left unrecorded from one that was put there; archive.db's chain names those that were recorded.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.evidence.proof import START, digest_of, link_of


@dataclass(frozen=True)
class Kind:
    """A kind of row that is linked: its table, the columns that never change, and the one that says when it was.

    Only rows for which `where` is true are of this kind.
    """

    table: str
    columns: str
    time: str
    where: str = "1"


# What is not among the columns may change later (the time of the last sighting, the current reading and its
# fingerprint, superseded_by; of a version its number, and when it was seen first) and follows from the rest.
ARCHIVE = {
    "article": Kind("articles", "id, site, url", "first_seen_at"),
    "version": Kind(
        "version_rows",
        "id, article_id, (SELECT json_group_array(capture_id) FROM (SELECT capture_id FROM"
        " version_captures WHERE version_id = version_rows.id ORDER BY part)) AS captures",
        "first_seen_at",
    ),
    "reading": Kind(
        "readings",
        "id, version_id, capture_id, reader, read_at, title, text, title_original, text_original, source, source_title,"
        " author, editor, published_at, updated_at, language, flags, keywords, image, attachments",
        "read_at",
    ),
    "capture": Kind(
        "captures",
        "id, article_id, version_id, run_id, url, final_url, fetched_at, http_status, verdict, reason, digest, etag,"
        " last_modified, bytes",
        "fetched_at",
    ),
    "attachment": Kind(
        "attachments",
        "id, article_id, version_id, name, url, capture_id, digest, bytes, first_seen_at",
        "first_seen_at",
    ),
    "event": Kind("events", "id, at, article_id, run_id, kind, detail", "at"),
}
EVIDENCE = {
    "response": Kind("captures", "id, url, final_url, fetched_at, http_status, headers, digest, bytes", "fetched_at"),
    "dropped": Kind("captures", "id, dropped_at", "dropped_at", "dropped_at IS NOT NULL"),
}


def facts(db: Database, kind: str, item: object) -> dict[str, object] | None:
    """What is linked of a row, by column name; None where there is no such row."""
    place = (ARCHIVE | EVIDENCE)[kind]
    cursor = db.conn.execute(f"SELECT {place.columns} FROM {place.table} WHERE id = ? AND {place.where}", (item,))
    row = cursor.fetchone()
    return dict(zip((column[0] for column in cursor.description), row, strict=True)) if row else None


def head(db: Database) -> tuple[str, int]:
    """The last link of a file's chain, and how many items it has."""
    row = db.conn.execute("SELECT link, seq FROM chain ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (START, 0)


def items_since(db: Database, noted: str) -> int | None:
    """How many items were recorded since the chain had the head `noted`; None where it never had it."""
    if noted == START:
        return head(db)[1]
    row = db.conn.execute("SELECT (SELECT max(seq) FROM chain) - seq FROM chain WHERE link = ?", (noted,)).fetchone()
    return row[0] if row else None


def link(db: Database, kind: str, item: object, *, of: Database | None = None) -> None:
    """Link a row that was just inserted, in the transaction that inserted it; `of` is its file where that is another.

    Every row of the kinds above is linked, once.
    """
    found = facts(of or db, kind, item)
    if found is None:
        raise ValueError(f"there is no {kind} {item} to link")
    _append(db, kind, str(item), digest_of(kind, found))


def show_other(db: Database, capture_id: str, version_id: int | None) -> None:
    """Say from now on that a capture showed another version than was recorded, and link that; the version's article
    becomes the capture's."""
    was, of = db.conn.execute("SELECT version_id, article_id FROM captures WHERE id = ?", (capture_id,)).fetchone()
    row = db.conn.execute("SELECT article_id FROM version_rows WHERE id = ?", (version_id,)).fetchone()
    item = {"capture_id": capture_id, "was": was, "version_id": version_id}
    if row and row[0] != of:
        item["article_was"] = of
    show(db, item)
    _append(db, "showing", json.dumps(item), digest_of("showing", item))


def show(db: Database, showing: Mapping[str, Any]) -> None:
    """Do what an item `showing` says."""
    db.conn.execute(
        "UPDATE captures SET version_id = :version_id, article_id = coalesce("
        "(SELECT article_id FROM version_rows WHERE id = :version_id), article_id) WHERE id = :capture_id",
        showing,
    )


def _append(db: Database, kind: str, item: str, digest: str) -> None:
    before, count = head(db)
    _write(db, [(count + 1, kind, item, digest, link_of(before, digest))])


def _write(db: Database, items: Iterator[tuple] | list[tuple]) -> None:
    db.conn.executemany("INSERT INTO chain VALUES (?, ?, ?, ?, ?)", items)


@dataclass(frozen=True)
class Showing:
    """What a capture was said to show: its columns as they were first, and the version that the last item says."""

    first: Mapping[str, int | None]
    last: int | None


def showings(db: Database, after: int = 0) -> dict[str, Showing]:
    """The captures that were later said to show another version, by id; `after` an item of the chain."""
    found: dict[str, Showing] = {}
    sql = "SELECT item FROM chain WHERE kind = 'showing' AND seq > ? ORDER BY seq"
    for (item,) in db.conn.execute(sql, (after,)):
        told = json.loads(item)
        before = {"version_id": told["was"]}
        if "article_was" in told:
            before["article_id"] = told["article_was"]
        known = found.get(told["capture_id"])
        found[told["capture_id"]] = Showing({**before, **(known.first if known else {})}, told["version_id"])
    return found


def build(db: Database, kinds: Mapping[str, Kind]) -> None:
    """Link all rows of a file that had no chain, in order of recording as far as it can be told: the rows of a table in
    their own order, the tables by the times that their rows say."""
    streams = [_digests(db.conn, name, kind, rank) for rank, (name, kind) in enumerate(kinds.items())]
    file = db.conn.execute("PRAGMA database_list").fetchone()[2]  # nothing where it is in memory
    captures = Path(file).with_name("captures.db") if file else None
    recorded = db.conn.execute("SELECT 1 FROM captures LIMIT 1").fetchone()
    if kinds is ARCHIVE and recorded and captures and captures.exists():
        with closing(sqlite3.connect(f"{captures.as_uri()}?mode=ro", uri=True)) as evidence:
            responses = _digests(evidence, "response", EVIDENCE["response"], len(streams))
            _write(db, _linked(merge(*streams, responses)))
    else:
        _write(db, _linked(merge(*streams)))


def _digests(db: sqlite3.Connection, name: str, kind: Kind, rank: int) -> Iterator[tuple[str, int, int, str, str, str]]:
    """The rows of a kind as they are linked, in the order of the table, each with the latest time up to it."""
    cursor = db.execute(f"SELECT {kind.columns}, {kind.time} FROM {kind.table} WHERE {kind.where} ORDER BY rowid")
    columns = [column[0] for column in cursor.description[:-1]]
    latest = ""
    for number, (*values, at) in enumerate(cursor):
        latest = max(latest, at)
        digest = digest_of(name, dict(zip(columns, values, strict=True)))
        yield latest, rank, number, name, str(values[0]), digest


def _linked(rows: Iterator[tuple]) -> Iterator[tuple]:
    before = START
    for seq, (*_, kind, item, digest) in enumerate(rows, 1):
        before = link_of(before, digest)
        yield seq, kind, item, digest, before
