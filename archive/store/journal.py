"""The journal: what archive.db recorded, item for item of its chain, kept in captures.db so that this file alone can
tell the whole history again; see `archive.store.rebuilding`.

It follows archive.db: by the next page that is stored at the latest, and at the end of each run.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.evidence import chain
from archive.evidence.chain import ARCHIVE, Showing
from archive.evidence.proof import START, digest_of
from archive.history.compare import ABOUT
from archive.store import packing
from archive.store.connection import rows, snapshot
from archive.watching import Watch, watched

AT_ONCE = 5_000  # items in memory
RUN_TABLES = ("skips", "run_lists", "run_pages")
DETAILS = (*ABOUT, "flags")  # of an article, where they are newer than its version's reading


@dataclass(frozen=True)
class Item:
    """One item of archive.db's chain; `facts` is its row as it was linked, None where it is not kept here."""

    seq: int
    kind: str
    item: str
    digest: str
    link: str
    facts: Mapping[str, Any] | None = None


def head(evidence: Database) -> tuple[str, int]:
    """The link of the journal's last item, and its number."""
    row = evidence.conn.execute("SELECT link, seq FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (START, 0)


def check(db: Database, evidence: Database) -> int:
    """How many items the journal is ahead of archive.db, which has lost them; not above 0 as a rule.

    Raises ArchiveError where the two files do not tell one history.
    """
    _, kept = head(evidence)  # read first: archive.db is written first
    _, known = chain.head(db)
    both = "SELECT link FROM {} WHERE seq = ?"
    last = (min(kept, known),)
    if (
        db.conn.execute(both.format("chain"), last).fetchone()
        != evidence.conn.execute(both.format("journal"), last).fetchone()
    ):
        raise ArchiveError(
            "archive.db and captures.db do not belong together: they tell two histories; restore both from one backup,"
            " or move captures.db away and let `yiwen crawl --recheck` fetch and keep the pages anew"
        )
    return kept - known


def follow(db: Database, evidence: Database) -> None:
    """Write down what archive.db has recorded since, in the caller's transaction of captures.db."""
    with snapshot(db.conn):
        _, last = head(evidence)
        if not last:
            _note_all(db, evidence)
        showings = chain.showings(db, last)
        while found := _new(db, last):
            for item in found:
                facts = _facts(db, item, showings)
                packed = packing.pack(_json(facts)) if facts else None
                values = (item.seq, item.kind, item.item, item.digest, item.link, packed)
                evidence.conn.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)", values)
            _note_articles(db, evidence, found)
            last = found[-1].seq


def _new(db: Database, last: int) -> list[Item]:
    sql = "SELECT seq, kind, item, digest, link FROM chain WHERE seq > ? ORDER BY seq LIMIT ?"
    return [Item(*row) for row in db.conn.execute(sql, (last, AT_ONCE))]


def _facts(db: Database, item: Item, showings: Mapping[str, Showing]) -> Mapping[str, Any] | None:
    """An item's row as it was linked; None where it is another now, and a later item tells of that."""
    facts = chain.facts(db, item.kind, item.item) if item.kind in ARCHIVE else None
    if facts and item.kind == "capture" and item.item in showings:
        facts |= showings[item.item].first
    return facts if facts and digest_of(item.kind, facts) == item.digest else None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def items(evidence: Database, after: int) -> Iterator[Item]:
    """The journal's items beyond the number `after`."""
    found = evidence.conn.execute("SELECT * FROM journal WHERE seq > ? ORDER BY seq", (after,))
    for seq, kind, item, digest, link, packed in found:
        yield Item(seq, kind, item, digest, link, None if packed is None else _unpacked(packed))


def _unpacked(packed: bytes) -> Any:
    try:
        return json.loads(packing.unpack(packed).decode("utf-8", "surrogatepass"))
    except (packing.PackingError, ValueError) as error:
        raise ArchiveError(f"captures.db: the journal is damaged ({error}); restore it from a backup") from error


# What is not linked, in its newest state.


def note_site(db: Database, evidence: Database, site: str, runs: Iterable[int] = ()) -> None:
    """Keep the row of a site and of some of its runs, with what belongs to them."""
    for row in rows(db, "SELECT * FROM sites WHERE id = ?", site):
        _note(evidence, "site", site, {**row, "next_at": None})  # what is due when is not kept
    for run_id in runs:
        _note(evidence, "run", run_id, _run(db, run_id))


def _run(db: Database, run_id: int) -> dict[str, object]:
    row = rows(db, "SELECT * FROM runs WHERE id = ?", run_id)[0]
    row.pop("counts")  # generated
    beside = {table: rows(db, f"SELECT * FROM {table} WHERE run_id = ?", run_id) for table in RUN_TABLES}
    return {"runs": [row], **beside}


def _note_all(db: Database, evidence: Database) -> None:
    for (site,) in db.conn.execute("SELECT id FROM sites").fetchall():
        found = db.conn.execute("SELECT id FROM runs WHERE site = ?", (site,)).fetchall()
        note_site(db, evidence, site, [run_id for (run_id,) in found])


def _note_articles(db: Database, evidence: Database, found: Iterable[Item]) -> None:
    """Of the articles that these items are about, what does not follow from their rows."""
    kinds = {"capture": "captures", "event": "events"}
    changed = {(kinds[item.kind], item.item) for item in found if item.kind in kinds}
    changed |= {("captures", json.loads(item.item)["capture_id"]) for item in found if item.kind == "showing"}
    articles = {
        article_id
        for table, item in changed
        for (article_id,) in db.conn.execute(f"SELECT article_id FROM {table} WHERE id = ?", (item,))
        if article_id is not None
    }
    for article_id in sorted(articles):
        _note_details(db, evidence, article_id)
        _note_versions(db, evidence, article_id)


def _note_details(db: Database, evidence: Database, article_id: int) -> None:
    """The details that a page showed after its version was recorded."""
    names = ", ".join(f"a.{name}, r.{name}" for name in DETAILS)
    row = db.conn.execute(
        f"SELECT {names} FROM articles a JOIN version_rows v ON v.id = a.current_version_id"
        " JOIN readings r ON r.id = v.current_reading_id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    now, read = row[::2], row[1::2]
    _note(evidence, "article", article_id, dict(zip(DETAILS, now, strict=True)) if now != read else None)


def _note_versions(db: Database, evidence: Database, article_id: int) -> None:
    """The versions that were a reader's error, and those that have lost their words."""
    found = rows(
        db,
        "SELECT id, first_seen_at, last_seen_at, fingerprint, superseded_by FROM version_rows WHERE article_id = ?"
        " AND (superseded_by IS NOT NULL OR (SELECT status FROM articles WHERE id = ?) = 'redacted')",
        article_id,
        article_id,
    )
    _note(evidence, "versions", article_id, found or None)


def _note(evidence: Database, kind: str, item: object, facts: object | None) -> None:
    """Keep the newest state of something; without facts there is nothing to keep."""
    if facts is None:
        evidence.conn.execute("DELETE FROM states WHERE kind = ? AND item = ?", (kind, str(item)))
        return
    values = (kind, str(item), packing.pack(_json(facts)))
    evidence.conn.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", values)


def states(evidence: Database, kind: str) -> Iterator[tuple[str, Any]]:
    """What is kept of a kind, by item."""
    for item, packed in evidence.conn.execute("SELECT item, facts FROM states WHERE kind = ?", (kind,)):
        yield item, _unpacked(packed)


def state(evidence: Database, kind: str, item: object) -> Any:
    """What is kept of one thing; None where nothing is."""
    row = evidence.conn.execute("SELECT facts FROM states WHERE kind = ? AND item = ?", (kind, str(item))).fetchone()
    return _unpacked(row[0]) if row else None


def forget(evidence: Database, redacted: Iterable[tuple[str, str]]) -> None:
    """Take the words of redacted rows, named by kind and item, out of the journal; their blank rows stay."""
    named = "(kind, item) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
    found = evidence.conn.execute(
        f"SELECT kind, item, seq FROM journal WHERE {named} ORDER BY seq", (json.dumps(sorted(redacted)),)
    ).fetchall()
    newest = {(kind, item): seq for kind, item, seq in found}
    old = [(seq,) for kind, item, seq in found if seq < newest[kind, item]]
    evidence.conn.executemany("UPDATE journal SET facts = NULL WHERE seq = ?", old)


def faults(db: Database, evidence: Database, watch: Watch) -> Iterator[str]:
    """What of the journal is not what archive.db's chain says, a line each."""
    try:
        ahead = check(db, evidence)
    except ArchiveError as error:
        yield str(error)
        return
    if ahead > 0:
        yield f"archive.db: lacks {ahead:,} items that captures.db's journal has: `yiwen rebuild` brings them back"
    last = min(head(evidence)[1], chain.head(db)[1])
    pairs = zip(_rows(db, "chain", last), _rows(evidence, "journal", last), strict=False)
    for ours, theirs in watched(pairs, watch, "journal", last):
        if ours != theirs:
            yield f"captures.db: item {ours[0]} of the journal was altered or is missing"
            return
    try:
        yield from _altered(evidence, watch)
    except ArchiveError as error:
        yield str(error)


def _rows(db: Database, table: str, last: int) -> Iterator[tuple]:
    yield from db.conn.execute(
        f"SELECT seq, kind, item, digest, link FROM {table} WHERE seq <= ? ORDER BY seq", (last,)
    )


def _altered(evidence: Database, watch: Watch) -> Iterator[str]:
    for item in watched(items(evidence, 0), watch, "rows in the journal", head(evidence)[1]):
        if item.facts is not None and digest_of(item.kind, item.facts) != item.digest:
            yield f"captures.db: item {item.seq} of the journal was altered"
