"""Bringing archive.db up to what the journal of captures.db knows: all of it where archive.db was lost, the last of it
where a copy was restored, or a power cut took back the last commits.

The linked rows are put back as they were; what follows from them is worked out by `archive.store.derived`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlite_utils import Database

from archive.evidence import chain
from archive.store import derived, index, journal
from archive.store.connection import insert, transaction
from archive.store.journal import Item
from archive.watching import Watch

AT_ONCE = 2_000  # items in a transaction, and on to the end of a recorded page
MOST_AT_ONCE = 10_000  # a replay records no page
# The columns that are not linked and may not be empty: what they hold is worked out when all rows are there.
_LATER: Mapping[str, Mapping[str, object]] = {
    "article": {
        **dict.fromkeys(("status", "title", "text", "title_original", "text_original"), ""),
        **dict.fromkeys(("source", "source_title", "author", "editor", "language", "flags"), ""),
        **dict.fromkeys(("first_seen_at", "last_seen_at", "last_checked_at", "last_changed_at"), ""),
        **dict.fromkeys(("version_count", "current_version_id"), 0),
    },
    "version": {"first_seen_at": "", "last_seen_at": "", "fingerprint": "", "current_reading_id": 0},
    "attachment": {"last_seen_at": ""},
}


def bring_up(db: Database, evidence: Database, watch: Watch) -> int:
    """Put back what archive.db lacks, some pages in each transaction. Returns how many items that were.

    Where it is cut off, it goes on the next time. Raises ArchiveError where the files do not belong together.
    """
    missing = max(journal.check(db, evidence), 0)
    if missing:
        with transaction(db):
            _put_back_runs(db, evidence)
    done = 0
    for batch in _batches(journal.items(evidence, chain.head(db)[1])):
        with transaction(db):
            db.conn.execute("PRAGMA defer_foreign_keys = ON")
            known = chain.head(db)[1]  # another process may be at the same
            _put_back(db, evidence, [item for item in batch if item.seq > known])
        done += len(batch)
        watch("items", done, missing)
    return done


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in batches that end, where they can, when a page had been recorded: after the last of its captures."""
    batch: list[Item] = []
    for item in items:
        whole = len(batch) >= AT_ONCE and batch[-1].kind == "capture" and item.kind != "capture"
        if whole or len(batch) >= MOST_AT_ONCE:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _put_back_runs(db: Database, evidence: Database) -> None:
    for _, row in journal.states(evidence, "site"):
        insert(db, "sites", row, anew=row)
    for _, tables in journal.states(evidence, "run"):
        for table in ("runs", *journal.RUN_TABLES):
            for row in tables[table]:
                insert(db, table, row, anew=row)


def _put_back(db: Database, evidence: Database, batch: Sequence[Item]) -> None:
    known = _articles_of(db, batch)
    for article_id in known:
        index.forget(db, article_id)
    for item in batch:
        _put(db, item)
    links = [(item.seq, item.kind, item.item, item.digest, item.link) for item in batch]
    db.conn.executemany("INSERT INTO chain VALUES (?, ?, ?, ?, ?)", links)
    articles = _articles_of(db, batch)
    derived.settle(db, evidence, articles, _addresses_of(db, batch))
    for article_id in articles:
        index.learn(db, article_id)


def _put(db: Database, item: Item) -> None:
    """One item's row as it was linked; none where this file has it in its chain only."""
    if item.kind == "showing":
        chain.show(db, json.loads(item.item))
    if item.facts is None:
        return
    row, table = dict(item.facts), chain.ARCHIVE[item.kind].table
    if item.kind == "version":
        parts = enumerate(json.loads(row.pop("captures")), 1)
        values = [(row["id"], part, capture_id) for part, capture_id in parts]
        db.conn.executemany("INSERT OR IGNORE INTO version_captures VALUES (?, ?, ?)", values)
        row["number"] = -row["id"]
    insert(db, table, {**row, **_LATER.get(item.kind, {})}, anew=row)


_ARTICLES = """
SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:article))
UNION SELECT article_id FROM version_rows WHERE id IN (SELECT value FROM json_each(:version))
UNION SELECT v.article_id FROM readings r JOIN version_rows v ON v.id = r.version_id
    WHERE r.id IN (SELECT value FROM json_each(:reading))
UNION SELECT article_id FROM captures WHERE id IN (SELECT value FROM json_each(:capture))
UNION SELECT article_id FROM events WHERE id IN (SELECT value FROM json_each(:event))
UNION SELECT article_id FROM attachments WHERE id IN (SELECT value FROM json_each(:attachment))
"""


def _articles_of(db: Database, batch: Sequence[Item]) -> list[int]:
    """The articles that these items are about, of those that are there."""
    named: dict[str, list[object]] = {kind: [] for kind in chain.ARCHIVE}
    for item in batch:
        if item.kind == "showing":
            named["capture"].append(json.loads(item.item)["capture_id"])
        elif item.kind == "capture":
            named["capture"].append(item.item)
            named["article"].append(item.facts and item.facts["article_id"])
        elif item.kind in named:
            named[item.kind].append(int(item.item))
            named["article"].append(item.facts and item.facts.get("article_id"))
    values = {kind: json.dumps(ids) for kind, ids in named.items()}
    return [row[0] for row in db.conn.execute(_ARTICLES, values) if row[0] is not None]


def _addresses_of(db: Database, batch: Sequence[Item]) -> set[str]:
    return {item.facts["url"] for item in batch if item.kind == "capture" and item.facts}
