"""Answers about articles: the newest state, a version, a day's state, the whole history."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlite_utils import Database

from archive.clock import local, stamp
from archive.errors import NotInArchive
from archive.store import articles, captures, events, redaction
from archive.store import attachments as files
from archive.store.connection import rows

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


def article(db: Database, url: str) -> dict:
    """The article met at this address, as the contract's row. Raises NotInArchive."""
    article_id = articles.find(db, url)
    if article_id is None:
        raise NotInArchive(f"{url}: no article of the archive has this address; `yiwen add` keeps it now")
    return rows(db, "SELECT * FROM articles WHERE id = ?", article_id)[0]


def unredacted(db: Database, url: str) -> dict:
    """The article met at this address, for those who need its words. Raises NotInArchive where it was redacted."""
    found = article(db, url)
    if told := redaction.of_article(db, found["id"]):
        raise NotInArchive(f"{url}: was redacted at {local(told['at'])}: {told['why']}")
    return found


def versions(db: Database, article_id: int) -> list[dict]:
    """The versions of an article, oldest first, as the contract's rows; those that were a reader's error left out."""
    return rows(db, "SELECT * FROM versions WHERE article_id = ? AND superseded_by IS NULL ORDER BY number", article_id)


def version(db: Database, article_id: int, number: int) -> dict:
    """One version by its number. Raises NotInArchive with the numbers there are."""
    found = rows(db, "SELECT * FROM versions WHERE article_id = ? AND number = ?", article_id, number)
    if not found:
        last = len(versions(db, article_id))
        raise NotInArchive(f"the article has no version {number}; it has 1 to {last}")
    return found[0]


def as_of(db: Database, article_id: int, moment: datetime) -> dict:
    """The version that the page showed at `moment`, or last before it, with what the archive knew by then.

    `status` is the article's then, `status_now` its status today. `seen_before` is the last fetch that showed it,
    `gone_since` the first one after that which found it gone, if any did by then, and `seen_after` the next fetch.
    Raises NotInArchive where the archive had not seen the article by then.
    """
    before, after = captures.sightings_around(db, article_id, moment)
    now, first = db.conn.execute("SELECT status, first_seen_at FROM articles WHERE id = ?", (article_id,)).fetchone()
    if before is None:
        raise NotInArchive(f"the archive had not seen this article by then; it saw it first at {local(first)} (UTC+8)")
    found = rows(db, "SELECT * FROM versions WHERE id = ?", before["version_id"])[0]
    return {
        **found,
        "status": now if now == "redacted" else events.status_at(db, article_id, moment),
        "status_now": now,
        "seen_before": before,
        "gone_since": _first_gone(db, article_id, before["fetched_at"], moment),
        "seen_after": after,
    }


def _first_gone(db: Database, article_id: int, seen_at: str, moment: datetime) -> dict | None:
    """The first fetch after `seen_at` and until `moment` that found the article gone."""
    found = rows(
        db,
        "SELECT id, fetched_at, reason, url FROM captures WHERE article_id = ? AND verdict = 'gone'"
        " AND fetched_at > ? AND fetched_at <= ? ORDER BY fetched_at, rowid LIMIT 1",
        article_id,
        seen_at,
        stamp(moment),
    )
    return found[0] if found else None


def attachments(db: Database, state: dict) -> list[dict]:
    """The files that an article, or a version of it, links to, as `archive.store.attachments` tells of them."""
    return files.of_version(db, state["id"] if "number" in state else state["current_version_id"])


def cited_parts(db: Database, article_id: int, number: int) -> list[str]:
    """The digests of the captures that a version was read from, in the order of their pages. Raises NotInArchive."""
    return articles.evidence(db, version(db, article_id, number)["id"])


def sighted_parts(db: Database, article_id: int, moment: datetime) -> list[str]:
    """The digests of the captures that showed the article last at or before `moment`. Raises NotInArchive."""
    return captures.parts(db, article_id, as_of(db, article_id, moment)["seen_before"]["id"])


def last_parts(db: Database, article_id: int, version_id: int) -> list[str]:
    """The digests of the captures that showed a version last; nothing where no fetch did."""
    sql = f"""SELECT id FROM captures WHERE version_id = :version AND digest IS NOT NULL
        AND url NOT IN ({captures.FURTHER}) ORDER BY fetched_at DESC, rowid DESC LIMIT 1"""
    found = db.conn.execute(sql, {"article": article_id, "version": version_id}).fetchone()
    return captures.parts(db, article_id, found[0]) if found else []


def has_fetch(db: Database, url: str, moment: datetime) -> bool:
    """Whether a fetch of this address at this time was recorded."""
    return bool(rows(db, "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ?", url, stamp(moment)))


def history(db: Database, article_id: int) -> list[dict]:
    """The events of an article, oldest first."""
    return events.of_article(db, article_id)


def runs(db: Database, limit: int) -> list[dict]:
    """The newest runs, newest first, with their counts as data."""
    found = rows(db, "SELECT * FROM runs ORDER BY id DESC LIMIT ?", limit)
    return [{**run, "counts": json.loads(str(run["counts"]))} for run in found]


def reasons(db: Database, run_id: int) -> dict[str, str]:
    """Why each address that a run fetched is no article, "" where it is one, by address."""
    found = rows(db, "SELECT url, reason FROM captures WHERE run_id = ? ORDER BY fetched_at, id", run_id)
    return {str(row["url"]): str(row["reason"]) for row in found}


def totals(db: Database) -> dict:
    """How much the archive holds; no count reads a table's own rows."""
    sql = """SELECT (SELECT coalesce(sum(articles), 0) FROM article_counts) AS articles,
        (SELECT coalesce(sum(articles), 0) FROM article_counts WHERE status = 'withdrawn') AS withdrawn,
        (SELECT count(*) FROM version_rows)
            - (SELECT count(*) FROM version_rows WHERE superseded_by IS NOT NULL) AS versions,
        (SELECT count(*) FROM captures) AS captures,
        (SELECT fetched_at FROM captures ORDER BY rowid DESC LIMIT 1) AS last_fetch_at"""
    return rows(db, sql)[0]


def site_name(db: Database, site: str) -> str:
    """What a site calls itself; its id where no run has noted it."""
    found = rows(db, "SELECT name FROM sites WHERE id = ?", site)
    return str(found[0]["name"]) if found else site


def site_ids(db: Database) -> list[str]:
    """The sites that runs have noted or that have articles, by id."""
    found = rows(db, "SELECT id FROM sites UNION SELECT site FROM articles ORDER BY 1")
    return [str(row["id"]) for row in found]


def health(db: Database) -> list[dict]:
    """The view site_health, by site."""
    return rows(db, "SELECT * FROM site_health ORDER BY site")
