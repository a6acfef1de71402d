"""Checking that an archive is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Set
from contextlib import contextmanager

from sqlite_utils import Database

from archive.errors import EvidenceLost
from archive.history.compare import fingerprint
from archive.store import chain_faults, dictionaries, events, index, redaction
from archive.store.captures import payload
from archive.store.connection import EVIDENCE, count_of, was_interrupted
from archive.watching import Watch, watched


def optimize(db: Database, watch: Watch) -> None:
    """Let SQLite look at its statistics, and merge what the indexes have gathered in small pieces."""
    for index_name in ("articles_fts", "versions_fts", "articles_words"):
        watch(index_name, 0, None)
        db.conn.execute(f"INSERT INTO {index_name} ({index_name}, rank) VALUES ('merge', 2000)")
    db.conn.execute("PRAGMA optimize")


def index_faults(db: Database) -> Iterator[str]:
    """Whether the indexes are whole in themselves. It is a command that is written, so no snapshot can hold it."""
    try:
        index.check(db)
    except sqlite3.DatabaseError as error:
        if was_interrupted(error):
            raise
        yield f"archive.db: the full-text index is damaged ({error}); write it anew: `yiwen reindex`"


def faults(db: Database, watch: Watch) -> Iterator[str]:
    """What is wrong with archive.db, a line each; nothing where it is whole. Reads everything."""
    with _any_text(db):
        yield from _file_faults(db, "archive.db", watch)
        yield from chain_faults.of_archive(db, watch)
        yield from _word_faults(db, watch)
        yield from _link_faults(db, watch)
        yield from _version_faults(db, watch)
        yield from _count_faults(db)


def evidence_faults(db: Database, evidence: Database, watch: Watch) -> Iterator[str]:
    """What is wrong with captures.db, in itself or by what archive.db cites. Reads everything."""
    with _any_text(db), _any_text(evidence):
        yield from _file_faults(evidence, EVIDENCE, watch)
        missing = yield from chain_faults.of_evidence(db, evidence, watch)
        yield from _payload_faults(db, evidence, missing, watch)


@contextmanager
def _any_text(db: Database) -> Iterator[None]:
    """Read text that is no UTF-8 any more as what it is not, instead of failing on it."""
    usual, db.conn.text_factory = db.conn.text_factory, lambda raw: raw.decode("utf-8", "backslashreplace")
    try:
        yield
    finally:
        db.conn.text_factory = usual


def _file_faults(db: Database, name: str, watch: Watch) -> Iterator[str]:
    watch(name, 0, None)
    for (line,) in db.conn.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"{name}: {line}"
    for table, rowid, parent, _ in db.conn.execute("PRAGMA foreign_key_check"):
        yield f"{name}: row {rowid} of {table} names a row of {parent} that is not there"


def _word_faults(db: Database, watch: Watch) -> Iterator[str]:
    if different := index.texts_differ(db, watch):
        yield (
            f"archive.db: the full-text index does not match the articles ({different} tokens differ);"
            " write it anew: `yiwen reindex`"
        )
    if different := index.words_differ(db, watch):
        yield (
            f"archive.db: the index of words does not match the articles ({different} words differ);"
            " write it anew: `yiwen reindex`"
        )


_REDACTED = "SELECT id FROM articles WHERE status = 'redacted'"
_LINKS = {
    "has no current version": "SELECT id FROM articles a WHERE NOT EXISTS"
    " (SELECT 1 FROM version_rows v WHERE v.id = a.current_version_id AND v.article_id = a.id)",
    "has another version_count than versions": "SELECT id FROM articles a WHERE version_count <>"
    " (SELECT count(*) FROM version_rows v WHERE v.article_id = a.id AND v.superseded_by IS NULL)",
    "has a version without a reading": "SELECT article_id FROM version_rows v WHERE NOT EXISTS"
    " (SELECT 1 FROM readings r WHERE r.id = v.current_reading_id AND r.version_id = v.id)",
    "has a version without a capture": "SELECT article_id FROM version_rows v WHERE NOT EXISTS"
    " (SELECT 1 FROM version_captures c JOIN captures k ON k.id = c.capture_id WHERE c.version_id = v.id)",
    "has a version that is not shown by its newest reading": "SELECT article_id FROM version_rows v"
    " WHERE current_reading_id <> (SELECT max(id) FROM readings r WHERE r.version_id = v.id)",
    "has another status than its events tell": "SELECT id FROM articles a WHERE status <> "
    + events.told_status("a.id"),
    "has a version that was seen first when none of its captures was fetched": "SELECT article_id FROM version_rows v"
    " WHERE superseded_by IS NULL AND first_seen_at NOT IN (SELECT fetched_at FROM captures c"
    " WHERE c.article_id = v.article_id AND c.version_id = v.id)",
    "was seen first when none of its versions was": "SELECT id FROM articles a WHERE first_seen_at NOT IN"
    " (SELECT first_seen_at FROM version_rows v WHERE v.article_id = a.id)",
    "has versions with other numbers than 1 to their count": "SELECT article_id FROM version_rows WHERE number > 0"
    " OR superseded_by IS NULL GROUP BY article_id HAVING min(number) <> 1 OR max(number) <> count(*)"
    " OR count(superseded_by) > 0",
    "has a version that is shown or replaces another, and is superseded": "SELECT v.article_id FROM version_rows v"
    " WHERE superseded_by IS NOT NULL AND (EXISTS (SELECT 1 FROM captures c WHERE c.article_id ="
    " v.article_id AND c.version_id = v.id) OR EXISTS (SELECT 1 FROM version_rows w WHERE w.superseded_by = v.id))",
    "has an event that no event took back, and is superseded": "SELECT article_id FROM events e"
    " WHERE superseded_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM events r, json_each(r.detail, '$.replaces') x"
    " WHERE r.id = e.superseded_by AND r.kind = 'reread' AND x.value = e.id)",
    "has a capture that shows another article's version": "SELECT c.article_id FROM captures c JOIN version_rows v"
    " ON v.id = c.version_id WHERE v.article_id IS NOT c.article_id",
    "shows another text than its current version": "SELECT a.id FROM articles a JOIN versions v"
    " ON v.id = a.current_version_id WHERE a.text <> v.text OR a.title <> v.title",
}


def _link_faults(db: Database, watch: Watch) -> Iterator[str]:
    for what, sql in watched(_LINKS.items(), watch, "links between rows", len(_LINKS)):
        for (article_id,) in db.conn.execute(sql):
            yield f"archive.db: article {article_id} {what}"


def _version_faults(db: Database, watch: Watch) -> Iterator[str]:
    sql = f"SELECT id, fingerprint, title, text FROM versions WHERE article_id NOT IN ({_REDACTED})"
    versions = watched(db.conn.execute(sql), watch, "versions", count_of(db, "version_rows"))
    for version_id, mark, title, text in versions:
        if title is not None and fingerprint(title, text) != mark:
            yield f"archive.db: version {version_id} does not have the fingerprint of its text"


def _count_faults(db: Database) -> Iterator[str]:
    sql = """SELECT site, month, status, sum(there), sum(counted) FROM (
        SELECT site, coalesce(substr(published_at, 1, 7), '') AS month, status, 1 AS there, 0 AS counted FROM articles
        UNION ALL SELECT site, month, status, 0, articles FROM article_counts
    ) GROUP BY site, month, status HAVING sum(there) <> sum(counted)"""
    for *of, there, counted in db.conn.execute(sql):
        yield f"archive.db: of {' '.join(filter(None, of))} there are {there} articles, counted are {counted}"


def _payload_faults(db: Database, evidence: Database, missing: Set[str], watch: Watch) -> Iterator[str]:
    """Payloads that cannot be read, and those that versions cite and that are not there, unless named `missing`."""
    unread = yield from _dictionary_faults(evidence)
    digests = redaction.digests(db, evidence)
    sql = "SELECT c.id, c.digest, coalesce(c.dictionary_id, k.dictionary_id) FROM captures c"
    stored = evidence.conn.execute(f"{sql} LEFT JOIN captures k ON k.id = c.key_id WHERE c.dropped_at IS NULL")
    total = count_of(evidence, "captures WHERE dropped_at IS NULL")
    for capture_id, digest, dictionary_id in watched(stored, watch, "payloads", total):
        digests.add(digest)
        try:
            if dictionary_id not in unread:
                payload(evidence, capture_id, digest)
        except EvidenceLost as error:
            yield f"{error} (capture {capture_id})"
    cited = "SELECT k.id, k.digest FROM version_captures c JOIN captures k ON k.id = c.capture_id"
    cited += " UNION ALL SELECT capture_id, digest FROM attachments"
    for capture_id, digest in db.conn.execute(cited):
        if digest not in digests and capture_id not in missing:
            yield f"captures.db: the evidence of capture {capture_id} is missing"


def _dictionary_faults(evidence: Database) -> Generator[str, None, set[int]]:
    """One line for each dictionary that is missing or altered. Returns their numbers."""
    sql = "SELECT dictionary_id, count(*) FROM captures WHERE dictionary_id IS NOT NULL GROUP BY 1"
    unread = set()
    for number, captures in evidence.conn.execute(sql).fetchall():
        try:
            dictionaries.content(evidence, number)
        except EvidenceLost as error:
            unread.add(number)
            yield f"{error} ({captures} key frames)"
    return unread
