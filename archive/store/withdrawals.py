"""Withdrawals at the end of a run: which suspicions it confirms, and what the next run should look at."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.history.withdrawal import RETURNS_WITHIN, Day, Look, Missing, day_of, is_withdrawn, witnesses
from archive.models import Event
from archive.store import events

DOUBTED = timedelta(days=1)  # how soon a page is asked again that is gone while its site is in trouble
_CANDIDATES = 1_000


def weigh(db: Database, run_id: int, *, failed: bool) -> Day:
    """How the site did in a run; `failed` where none of its lists could be had."""
    looks = db.conn.execute(
        """SELECT p.url, c.verdict IN ('article', 'unmodified')
        FROM captures c JOIN pages p ON p.url = c.url AND p.capture_id = c.id
        LEFT JOIN articles a ON a.id = p.article_id
        WHERE c.run_id = :run AND (a.id IS NOT NULL OR c.verdict IN ('gone', 'challenged', 'failed', 'error'))
        AND (c.verdict <> 'gone'
            OR coalesce(a.status, '') <> 'withdrawn' AND coalesce(p.suspected_run_id, :run) = :run)""",
        {"run": run_id},
    )
    site = "(SELECT site FROM runs WHERE id = ?)"
    living = db.conn.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM articles WHERE status = 'live' AND site = {site} LIMIT 2)", (run_id,)
    ).fetchone()[0]
    return day_of((Look(url, bool(shown)) for url, shown in looks), lone=living < 2, failed=failed)


def settle(db: Database, run_id: int, now: datetime, after: timedelta, day: Day) -> int:
    """Take the word of pages that are gone in this run, where it may be taken. Returns how many were withdrawn."""
    missing = _missing(db, run_id)
    gone = [page for page in missing if is_withdrawn(page, after, day)]
    for page in gone:
        _withdraw(db, run_id, now, page)
    suspects = [page for page in missing if page not in gone]
    for page in suspects:
        if not day.doubts(page.url):
            _set(db, page.url, "suspected_run_id = coalesce(suspected_run_id, ?)", run_id)
        elif page.sure is None:
            _set(db, page.url, "due_at = max(due_at, ?)", stamp(now + DOUBTED))
    new = [page for page in suspects if page.sure is None]
    if new and not day.failed:
        _call_witnesses(db, run_id, min(page.now for page in new) + after, [page.url for page in new])
    return len(gone)


def _missing(db: Database, run_id: int) -> list[Missing]:
    """The pages of living articles that were gone in a run; of an article's addresses the one that was missed first."""
    found = db.conn.execute(
        """SELECT p.url, min(p.suspected_at),
            (SELECT min(f.fetched_at) FROM captures f WHERE f.run_id = p.suspected_run_id AND f.url = p.url),
            c.fetched_at,
            (SELECT count(DISTINCT substr(f.fetched_at, 1, 10)) FROM captures f WHERE f.article_id = p.article_id
                AND f.url = p.url AND f.verdict = 'gone' AND f.fetched_at >= p.suspected_at),
            (SELECT count(*) FROM events e WHERE e.article_id = p.article_id AND e.kind = 'restored'
                AND e.at >= strftime('%Y-%m-%dT%H:%M:%SZ', c.fetched_at, ?)),
            c.reason
        FROM captures c JOIN pages p ON p.url = c.url AND p.capture_id = c.id
        JOIN articles a ON a.id = p.article_id AND a.status = 'live'
        WHERE c.run_id = ? AND c.verdict = 'gone' AND p.suspected_at IS NOT NULL GROUP BY p.article_id""",
        (f"-{RETURNS_WITHIN.days} days", run_id),
    ).fetchall()
    return [
        Missing(url, unstamp(first), unstamp(sure) if sure else None, unstamp(at), days, returns, reason)
        for url, first, sure, at, days, returns, reason in found
    ]


def _withdraw(db: Database, run_id: int, now: datetime, page: Missing) -> None:
    article_id, site = db.conn.execute(
        "SELECT a.id, a.site FROM pages p JOIN articles a ON a.id = p.article_id WHERE p.url = ?", (page.url,)
    ).fetchone()
    detail = {"suspected_at": stamp(page.first), "reason": page.reason}
    if twin := _same_elsewhere(db, article_id, site):
        detail["moved_to"] = twin
    db.conn.execute("UPDATE articles SET status = 'withdrawn' WHERE id = ?", (article_id,))
    events.add(db, article_id, run_id, now, [Event("withdrawn", detail)])
    db.conn.execute("UPDATE pages SET suspected_at = NULL, suspected_run_id = NULL WHERE article_id = ?", (article_id,))


def _same_elsewhere(db: Database, article_id: int, site: str) -> str | None:
    """The address of a living article of the site that says the same: a section may have moved."""
    row = db.conn.execute(
        "SELECT a.url FROM version_rows v JOIN articles a ON a.current_version_id = v.id WHERE v.fingerprint ="
        " (SELECT w.fingerprint FROM articles b JOIN version_rows w ON w.id = b.current_version_id WHERE b.id = ?)"
        " AND a.id <> ? AND a.site = ? AND a.status = 'live' LIMIT 1",
        (article_id, article_id, site),
    ).fetchone()
    return str(row[0]) if row else None


def _set(db: Database, url: str, assignment: str, value: object) -> None:
    db.conn.execute(f"UPDATE pages SET {assignment} WHERE url = ?", (value, url))


def _call_witnesses(db: Database, run_id: int, due: datetime, missed: list[str]) -> None:
    """Let the next run look at some other articles of the site beside those that were missed."""
    candidates = db.conn.execute(
        "SELECT url FROM pages WHERE site = (SELECT site FROM runs WHERE id = ?) AND verdict = 'article'"
        " AND article_id IS NOT NULL AND suspected_at IS NULL ORDER BY fetched_at DESC LIMIT ?",
        (run_id, _CANDIDATES),
    ).fetchall()
    for url in witnesses(missed, [url for (url,) in candidates]):
        _set(db, url, "due_at = min(due_at, ?)", stamp(due))
