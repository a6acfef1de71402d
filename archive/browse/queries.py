"""What the pages ask of an archive. Every query takes parameters; none of a page opened often reads all texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.store import articles, read
from archive.store.attachments import of_version
from archive.store.connection import rows

Row = dict  # one row, its keys the column names

_CHANGES = """SELECT c.id, c.at, c.site, c.article_id, c.title, c.kinds, c.kind, c.size, c.from_version, c.to_version
FROM changes c"""
_HAPPENED = """SELECT e.at, a.id, a.site, a.title, a.url FROM events e JOIN articles a ON a.id = e.article_id
WHERE e.kind = ? AND e.superseded_by IS NULL ORDER BY e.at DESC, e.id DESC LIMIT ?"""
_NEW = """SELECT id, site, title, source, published_at, first_seen_at, status, version_count FROM articles
ORDER BY first_seen_at DESC, id DESC LIMIT ?"""
_ATTENTION = """SELECT site, name, CASE last_outcome WHEN 'complete' THEN 'alarm' ELSE last_outcome END AS outcome,
coalesce(alarm, last_reason) AS reason, coalesce(broken_since, last_run_at) AS since FROM site_health
WHERE enabled AND (broken_since IS NOT NULL OR last_outcome <> 'complete') ORDER BY site"""


def named(db: Database, sql: str, values: Mapping[str, Any]) -> list[Row]:
    """The rows of a query with named parameters."""
    cursor = db.conn.execute(sql, dict(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def home(db: Database, size: int = 6) -> Row:
    """What the home page shows."""
    sites = site_names(db)
    return {
        "totals": {**read.totals(db), "sites": len(sites)},
        "sites": sites,
        "changes": rows(db, f"{_CHANGES} LIMIT ?", size),
        "withdrawn": rows(db, _HAPPENED, "withdrawn", size),
        "new": rows(db, _NEW, size),
        "attention": rows(db, _ATTENTION),
    }


def site_names(db: Database) -> dict[str, Row]:
    """Every site that a run has noted, by its id."""
    return {str(row["id"]): row for row in rows(db, "SELECT id, name, name_en, home, jurisdiction FROM sites")}


def article(db: Database, article_id: int, number: int | None, as_of: datetime | None) -> Row | None:
    """An article, its newest state or that of a version or a time, with all that happened to it.

    None where there is none. Raises NotInArchive where there is no such version, or none yet at that time.
    """
    found = rows(db, "SELECT * FROM articles WHERE id = ?", article_id)
    if not found:
        return None
    known = versions(db, article_id)
    state = _state(db, found[0], number, as_of)
    return {
        "article": found[0],
        "state": state,
        "shown": next((one for one in known if one["number"] == state["number"]), state),
        "versions": known,
        "events": events(db, article_id),
        "captures": cited_captures(db, article_id),
        "files": of_version(db, int(str(state.get("id") or found[0]["current_version_id"]))),
        "sites": site_names(db),
    }


def _state(db: Database, found: Row, number: int | None, as_of: datetime | None) -> Row:
    """What is to be shown of an article, as a row of `versions`."""
    if number:
        return read.version(db, found["id"], number)
    if as_of:
        return read.as_of(db, found["id"], as_of)
    current = rows(db, "SELECT * FROM versions WHERE id = ?", found["current_version_id"])
    return {**(current[0] if current else {"number": None, "fingerprint": ""}), **_own(found)}


def _own(found: Row) -> Row:
    """What the article's own row says of its newest state."""
    told = ("title", "text", "title_original", "text_original", "source", "source_title", "author", "editor")
    return {name: found[name] for name in (*told, "published_at", "language")}


def cited_captures(db: Database, article_id: int) -> dict[int, Row]:
    """The capture that each version was read from, by the version's id."""
    sql = """SELECT c.version_id, k.id, k.fetched_at, k.digest FROM version_rows v
        JOIN version_captures c ON c.version_id = v.id AND c.part = 1 JOIN captures k ON k.id = c.capture_id
        WHERE v.article_id = ?"""
    return {int(str(row["version_id"])): row for row in rows(db, sql, article_id)}


def capture(db: Database, article_id: int, capture_id: str) -> Row | None:
    """One capture of an article, with the article's headline."""
    sql = """SELECT k.*, a.title FROM captures k JOIN articles a ON a.id = k.article_id
        WHERE k.id = ? AND k.article_id = ?"""
    found = rows(db, sql, capture_id, article_id)
    return found[0] if found else None


def versions(db: Database, article_id: int) -> list[Row]:
    """The versions of an article without their texts, oldest first."""
    sql = """SELECT id, number, first_seen_at, last_seen_at, fingerprint, superseded_by, title, title_original
        FROM versions WHERE article_id = ? AND superseded_by IS NULL ORDER BY number"""
    return rows(db, sql, article_id)


def events(db: Database, article_id: int) -> list[Row]:
    """The events of an article, oldest first, `detail` as data; `other` is the id of the article that one names."""
    return [{**event, "other": _other(db, event["detail"])} for event in read.history(db, article_id)]


def _other(db: Database, detail: Row) -> int | None:
    return articles.find(db, detail.get("claims") or detail.get("claimed_by"))


def two_versions(db: Database, article_id: int, a: int | None, b: int | None) -> Row | None:
    """Versions `a` and `b` of an article with its row; without numbers the newest two. None where one is missing."""
    found = rows(db, "SELECT id, url, title, language, version_count FROM articles WHERE id = ?", article_id)
    if not found:
        return None
    known = versions(db, article_id)
    last = int(str(known[-1]["number"]))
    second = b or last
    first = a or max(second - 1, 1)
    sql = "SELECT * FROM versions WHERE article_id = ? AND number = ?"
    old, new = (rows(db, sql, article_id, number) for number in (first, second))
    return {"article": found[0], "versions": known, "old": old[0], "new": new[0]} if old and new else None


def indexed_columns(db: Database, table: str) -> dict[str, bool]:
    """The columns of a table with which an index begins, and whether one consists of the column alone."""
    sql = """SELECT c.name, (SELECT count(*) FROM pragma_index_info(i.name)) = 1 AS alone
        FROM pragma_index_list(:table) i, pragma_index_info(i.name) c
        WHERE c.seqno = 0 AND NOT i.partial AND c.name IS NOT NULL
        UNION SELECT name, 1 FROM pragma_table_info(:table) WHERE pk = 1 ORDER BY 1, 2"""
    return {str(row["name"]): bool(row["alone"]) for row in named(db, sql, {"table": table})}
