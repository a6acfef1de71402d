"""What follows from the rows that are linked: the columns of articles and versions that change with each fetch, an
article's other addresses, and what was answered last. Worked out anew where archive.db is rebuilt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from archive.history.compare import ABOUT, TEXTS, fingerprint
from archive.store import articles, captures, events, journal
from archive.store.connection import insert, rows

_LISTED = "(SELECT value FROM json_each(:articles))"


def _further(article: str) -> str:
    """The addresses of further pages, of the article that an expression of SQL names."""
    return f"({captures.FURTHER.replace(':article', article)})"


_SHOWN = f"""FROM captures c WHERE c.article_id = version_rows.article_id AND c.version_id = version_rows.id
    AND c.url NOT IN {_further("version_rows.article_id")}"""

# A run whose row was lost with the file, as it had just begun.
_RUNS = """
INSERT OR IGNORE INTO runs (id, site, started_at, outcome, reason)
SELECT c.run_id, coalesce(a.site, ''), min(c.fetched_at), 'stopped', 'its record was lost with archive.db'
FROM captures c LEFT JOIN articles a ON a.id = c.article_id
WHERE c.url IN (SELECT value FROM json_each(:urls)) AND c.run_id IS NOT NULL
    AND c.run_id NOT IN (SELECT id FROM runs) GROUP BY c.run_id"""

_VERSIONS = f"""
UPDATE version_rows SET superseded_by = NULL,
    current_reading_id = coalesce((SELECT max(id) FROM readings r WHERE r.version_id = version_rows.id), 0),
    first_seen_at = coalesce((SELECT min(c.fetched_at) {_SHOWN}), first_seen_at),
    last_seen_at = coalesce((SELECT max(c.fetched_at) {_SHOWN}), last_seen_at)
WHERE article_id IN {_LISTED}"""

_UNNUMBERED = f"UPDATE version_rows SET number = -id WHERE article_id IN {_LISTED}"
_NUMBERED = f"""
UPDATE version_rows SET number = (SELECT count(*) FROM version_rows w
    WHERE w.article_id = version_rows.article_id AND w.superseded_by IS NULL
    AND (w.first_seen_at, w.id) <= (version_rows.first_seen_at, version_rows.id))
WHERE article_id IN {_LISTED} AND superseded_by IS NULL"""

_EVENTS = f"""
UPDATE events SET superseded_by = (SELECT r.id FROM events r, json_each(r.detail, '$.replaces') x
    WHERE r.article_id = events.article_id AND r.kind = 'reread' AND x.value = events.id ORDER BY r.id DESC LIMIT 1)
WHERE article_id IN {_LISTED}"""

_ATTACHMENTS = f"""
UPDATE attachments SET last_seen_at = (SELECT max(c.fetched_at) FROM captures c
    WHERE c.article_id = attachments.article_id AND c.verdict = 'attachment'
    AND c.url = attachments.url AND c.digest = attachments.digest)
WHERE article_id IN {_LISTED}"""

# What an article shows is what its newest sighting showed; what it is, its last event of the kind tells.
_CURRENT = f"""
UPDATE articles SET version_count =
        (SELECT count(*) FROM version_rows v WHERE v.article_id = articles.id AND v.superseded_by IS NULL),
    current_version_id = coalesce((SELECT c.version_id FROM captures c WHERE c.article_id = articles.id
        AND c.version_id IS NOT NULL ORDER BY c.fetched_at DESC, c.rowid DESC LIMIT 1), 0),
    status = {events.told_status("articles.id")},
    first_seen_at = coalesce((SELECT min(first_seen_at) FROM version_rows v WHERE v.article_id = articles.id
        AND v.superseded_by IS NULL), ''),
    last_seen_at = coalesce((SELECT max(last_seen_at) FROM version_rows v WHERE v.article_id = articles.id), ''),
    last_checked_at = coalesce((SELECT max(fetched_at) FROM captures c WHERE c.article_id = articles.id
        AND c.verdict NOT IN ('attachment', 'redacted') AND c.url NOT IN {_further("articles.id")}), ''),
    last_changed_at = coalesce((SELECT max(at) FROM events e WHERE e.article_id = articles.id AND e.kind = 'changed'
        AND e.superseded_by IS NULL), (SELECT min(first_seen_at) FROM version_rows v
        WHERE v.article_id = articles.id AND v.superseded_by IS NULL), '')
WHERE id IN {_LISTED}"""

_READ = (*TEXTS, *ABOUT, "flags")
_SHOW = f"""
UPDATE articles SET ({", ".join(_READ)}) = (SELECT {", ".join(f"r.{name}" for name in _READ)}
    FROM version_rows v JOIN readings r ON r.id = v.current_reading_id WHERE v.id = articles.current_version_id)
WHERE id IN {_LISTED} AND EXISTS (SELECT 1 FROM version_rows v JOIN readings r ON r.id = v.current_reading_id
    WHERE v.id = articles.current_version_id)"""


def settle(db: Database, evidence: Database, found: Sequence[int], urls: Iterable[str]) -> None:
    """Work out what follows from the rows of these articles, and of the fetches of these addresses."""
    listed = {"articles": json.dumps(found)}
    db.conn.execute(_RUNS, {"urls": json.dumps(sorted(urls))})
    for sql in (_VERSIONS, _UNNUMBERED, _EVENTS, _ATTACHMENTS):
        db.conn.execute(sql, listed)
    for article_id in found:
        _fingerprints(db, article_id)
        _replayed(db, evidence, article_id)
    for sql in (_NUMBERED, _CURRENT, _SHOW):
        db.conn.execute(sql, listed)
    for article_id in found:
        _details(db, evidence, article_id)
        _aliases(db, article_id)
    for url in urls:
        _page(db, url)
    db.conn.execute(_SUSPECTED, listed)


def _fingerprints(db: Database, article_id: int) -> None:
    found = db.conn.execute("SELECT id, title, text FROM versions WHERE article_id = ?", (article_id,)).fetchall()
    marks = [(fingerprint(title, text), version_id) for version_id, title, text in found if title is not None]
    db.conn.executemany("UPDATE version_rows SET fingerprint = ? WHERE id = ?", marks)


def _replayed(db: Database, evidence: Database, article_id: int) -> None:
    """What a replay or a redaction made of the versions."""
    for row in journal.state(evidence, "versions", article_id) or ():
        db.conn.execute(
            "UPDATE version_rows SET first_seen_at = :first_seen_at, last_seen_at = :last_seen_at,"
            " fingerprint = :fingerprint, superseded_by = :superseded_by WHERE id = :id",
            row,
        )


def _details(db: Database, evidence: Database, article_id: int) -> None:
    """Details that the page showed after its version was recorded."""
    if row := journal.state(evidence, "article", article_id):
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        db.conn.execute(f"UPDATE articles SET {assignments} WHERE id = :id", {**row, "id": article_id})


def _aliases(db: Database, article_id: int) -> None:
    """The addresses at which the article was met, and those that its page said it moved to."""
    met = db.conn.execute(
        "SELECT DISTINCT url FROM captures WHERE article_id = :article"
        " AND verdict IN ('article', 'unmodified', 'redacted')"
        f" AND url NOT IN {_further(':article')} UNION SELECT detail ->> '$.to' FROM events"
        " WHERE article_id = :article AND kind = 'moved'",
        {"article": article_id},
    )
    for (url,) in met.fetchall():
        if articles.find(db, url) is None:
            db.conn.execute("INSERT INTO aliases VALUES (?, ?)", (url, article_id))


_FAILED = ("failed", "challenged", "error", "undecodable")
_FETCHES = """SELECT c.id, c.article_id, c.fetched_at, c.verdict, c.digest, c.etag, c.last_modified, c.bytes,
    c.version_id,
    coalesce(a.site, r.site) AS site, (SELECT reader FROM versions v WHERE v.id = a.current_version_id) AS reader
FROM captures c LEFT JOIN articles a ON a.id = c.article_id LEFT JOIN runs r ON r.id = c.run_id
WHERE c.url = ? AND c.verdict NOT IN ('attachment', 'redacted') ORDER BY c.fetched_at, c.rowid"""
_NO_PAGE = """SELECT EXISTS (SELECT 1 FROM run_lists WHERE url = :url) OR EXISTS (SELECT 1 FROM captures c
    JOIN version_captures p ON p.capture_id = c.id AND p.part > 1 WHERE c.url = :url)"""


def _page(db: Database, url: str) -> None:
    """What was answered last at an address, and that it is due; a list's is none, nor that of a further page."""
    fetches = rows(db, _FETCHES, url)
    no_page = db.conn.execute(_NO_PAGE, {"url": url}).fetchone()[0]
    if not fetches or no_page or any(fetch["verdict"] == "list" and not fetch["article_id"] for fetch in fetches):
        return
    last = fetches[-1]
    if last["site"] is None:  # an imported page that shows no article: nobody asks for it again
        return
    answered = next((fetch for fetch in reversed(fetches) if fetch["verdict"] != "failed"), {})
    whole = next((fetch for fetch in reversed(fetches) if fetch["bytes"] and fetch["verdict"] != "failed"), {})
    good = [number for number, fetch in enumerate(fetches, 1) if fetch["verdict"] not in _FAILED]
    row = {
        "url": url,
        "site": last["site"],
        "article_id": last["article_id"],
        "first_seen_at": fetches[0]["fetched_at"],
        "fetched_at": last["fetched_at"],
        "due_at": last["fetched_at"],
        "suspected_at": None,
        "suspected_run_id": None,
        "fetches": len(fetches),
        "failures": len(fetches) - max(good, default=0),
        "verdict": "article" if last["version_id"] else last["verdict"],
        "capture_id": last["id"],
        "digest": answered.get("digest"),
        "etag": whole.get("etag"),
        "last_modified": whole.get("last_modified"),
        "reader": last["reader"],
    }
    insert(db, "pages", row, anew=row)


# An article whose last word of itself is that it may be gone: the next healthy run begins to confirm it.
_SUSPECTED = f"""
UPDATE pages SET suspected_at = (SELECT e.at FROM events e WHERE e.article_id = pages.article_id
    AND e.kind = 'suspected' AND e.superseded_by IS NULL ORDER BY e.id DESC LIMIT 1)
WHERE article_id IN {_LISTED} AND verdict = 'gone' AND (SELECT kind FROM events e WHERE e.article_id = pages.article_id
    AND e.kind IN ('new', 'suspected', 'withdrawn', 'restored', 'redacted') AND e.superseded_by IS NULL
    ORDER BY e.id DESC LIMIT 1) = 'suspected'"""
