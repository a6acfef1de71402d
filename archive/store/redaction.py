"""Taking an article's words and pages out of both files for good; that it was there, and when, stays told.

What is blanked is linked anew, so that the chain proves the blank row too; the digest of what it was stays in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.clock import stamp
from archive.errors import ArchiveError, EvidenceLost
from archive.evidence import chain
from archive.models import Event
from archive.store import articles, captures, events, index, packing, pages
from archive.store.connection import empty_log, plain_errors, rows, transaction

TITLE = "〔已隐去 redacted〕"
_BLANK = """title = :title, title_original = :title, text = '', text_original = '', source = '', source_title = '',
    author = '', editor = '', flags = ''"""
# What is blanked beside the article's own row: the rows, and how.
_ROWS = {
    "reading": (
        "SELECT r.id FROM readings r JOIN version_rows v ON v.id = r.version_id WHERE v.article_id = :article",
        f"UPDATE readings SET {_BLANK}, keywords = '', image = NULL, attachments = '[]' WHERE id = :id",
    ),
    "attachment": (
        "SELECT id FROM attachments WHERE article_id = :article",
        "UPDATE attachments SET name = '' WHERE id = :id",
    ),
    "event": (
        "SELECT id FROM events WHERE article_id = :article AND kind = 'details'",
        "UPDATE events SET detail = '{}' WHERE id = :id",
    ),
}
_LISTED = "SELECT value FROM json_each(?)"
_DROP = """UPDATE captures SET payload = x'', headers = '[]', key_id = NULL, dictionary_id = NULL,
    dropped_at = coalesce(dropped_at, ?) WHERE id = ?"""
_NEVER = "9999"


def every(db: Database) -> list[dict]:
    """The redacted articles, the first redacted first: `article_id`, `url`, `at` and `why`."""
    sql = """SELECT a.id AS article_id, a.url, e.at, json_extract(e.detail, '$.why') AS why
        FROM events e JOIN articles a ON a.id = e.article_id WHERE e.kind = 'redacted' ORDER BY e.id"""
    return rows(db, sql)


def of_article(db: Database, article_id: int) -> dict | None:
    """When (`at`) and `why` an article was redacted; None where it was not."""
    return next((one for one in every(db) if one["article_id"] == article_id), None)


def article_at(db: Database, *urls: str | None) -> int | None:
    """The redacted article met at one of these addresses."""
    for article_id in {articles.find(db, url) for url in urls}:
        sql = "SELECT 1 FROM articles WHERE id = ? AND status = 'redacted'"
        if db.conn.execute(sql, (article_id,)).fetchone():
            return article_id
    return None


def blank(db: Database, article_id: int, why: str, now: datetime) -> None:
    """Take the words out of archive.db and its indexes, in the caller's transaction, and leave a tombstone."""
    if index.words_differ(db):  # what is deleted has to be cut as it was when it was indexed
        index.renew(db)
    title, text = db.conn.execute("SELECT title, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    versions = [row[0] for row in db.conn.execute("SELECT id FROM version_rows WHERE article_id = ?", (article_id,))]
    older = [version_id for version_id in versions if index.remove_version(db, version_id)]
    index.remove(db, article_id, title, text)
    values = {"article": article_id, "title": TITLE}
    db.conn.execute(f"UPDATE articles SET {_BLANK}, status = 'redacted' WHERE id = :article", values)
    for kind, (select, update) in _ROWS.items():
        for (item,) in db.conn.execute(select, values).fetchall():
            db.conn.execute(update, {**values, "id": item})
            chain.link(db, kind, item)
    index.add(db, article_id, TITLE, "")
    for version_id in older:
        index.add_version(db, version_id)
    pages.clear_suspicion(db, article_id)
    events.add(db, article_id, None, now, [Event("redacted", {"why": why})])
    for table in ("articles_fts", "articles_words", "versions_fts"):
        db.conn.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # else what was deleted stays in it


def items(db: Database) -> set[tuple[str, str]]:
    """The items that were blanked: they are in the chain as they were and as they are."""
    found = set()
    for redacted in every(db):
        for kind, (select, _) in _ROWS.items():
            rows_of = db.conn.execute(select, {"article": redacted["article_id"]})
            found |= {(kind, str(item)) for (item,) in rows_of}
    return found


def responses(db: Database, evidence: Database) -> set[str]:
    """The responses of redacted articles: of their fetches, with the same bytes, and at their addresses, unless they
    are another article's."""
    redacted = "(SELECT id FROM articles WHERE status = 'redacted')"
    fetched = f"FROM captures WHERE article_id IN {redacted}"
    addresses = f"SELECT url {fetched} UNION SELECT url FROM articles WHERE id IN {redacted}"
    found = _stored(db, evidence, "id", f"SELECT id {fetched}")
    found |= _stored(db, evidence, "digest", f"SELECT DISTINCT digest {fetched} AND digest IS NOT NULL")
    at = _stored(db, evidence, "url", f"{addresses} UNION SELECT url FROM aliases WHERE article_id IN {redacted}")
    others = "SELECT id FROM captures WHERE article_id IS NOT NULL AND id IN"
    return found | at - {row[0] for row in db.conn.execute(f"{others} ({_LISTED})", (json.dumps(sorted(at)),))}


def digests(db: Database, evidence: Database) -> set[str]:
    """The digests of what was redacted."""
    ids = json.dumps(sorted(responses(db, evidence)))
    return {row[0] for row in evidence.conn.execute(f"SELECT digest FROM captures WHERE id IN ({_LISTED})", (ids,))}


def _stored(db: Database, evidence: Database, column: str, sql: str) -> set[str]:
    """The ids of the responses whose `column` is among what a query of archive.db finds."""
    values = json.dumps([value for (value,) in db.conn.execute(sql)])
    stored = evidence.conn.execute(f"SELECT id FROM captures WHERE {column} IN ({_LISTED})", (values,))
    return {capture_id for (capture_id,) in stored}


def drop(evidence: Database, ids: Iterable[str], now: datetime) -> int:
    """Take responses' payloads and headers out of captures.db. Returns how many.

    What was packed against one of them, or with a dictionary that may have been trained on one, is packed anew.
    """
    sql = f"SELECT id, fetched_at FROM captures WHERE id IN ({_LISTED}) AND (headers <> '[]' OR dropped_at IS NULL)"
    with transaction(evidence):
        left = evidence.conn.execute(sql, (json.dumps(sorted(ids)),)).fetchall()
        since = min((at for _, at in left), default=_NEVER)
        _pack_anew(evidence, [capture_id for capture_id, _ in left], since)
        for capture_id, _ in left:
            evidence.conn.execute(_DROP, (stamp(now), capture_id))
            chain.link(evidence, "response", capture_id)
            chain.link(evidence, "dropped", capture_id)
        evidence.conn.execute("DELETE FROM dictionaries WHERE made_at >= ?", (since,))
    return len(left)


def _pack_anew(evidence: Database, gone: list[str], since: str) -> None:
    listed = json.dumps(gone)
    found = evidence.conn.execute(
        "SELECT id, digest FROM captures WHERE dropped_at IS NULL AND (dictionary_id IN"
        f" (SELECT id FROM dictionaries WHERE made_at >= ?) OR key_id IN ({_LISTED})) AND id NOT IN ({_LISTED})",
        (since, listed, listed),
    )
    for capture_id, digest in found.fetchall():
        packed = None
        with suppress(EvidenceLost):  # what is lost already, as `yiwen verify` says, must not keep the rest here
            packed = packing.pack(captures.payload(evidence, capture_id, digest))
        sql = "UPDATE captures SET payload = coalesce(?, x''), key_id = NULL, dictionary_id = NULL WHERE id = ?"
        evidence.conn.execute(sql, (packed, capture_id))


def purge(db: Database, path: Path) -> None:
    """Write a file anew, so that nothing is left of what was deleted, and empty its log.

    Raises ArchiveError where another program holds the old state: then it has to be done again.
    """
    with plain_errors(path):
        db.conn.execute("VACUUM")
        empty = empty_log(db.conn)
    if not empty:
        raise ArchiveError(f"{path}: another program is reading what was redacted; end it and redact again to finish")
