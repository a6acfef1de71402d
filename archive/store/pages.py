"""Addresses and when they are due: also of pages that are no articles. Internal to the crawler; not in the contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import stamp, unstamp
from archive.models import Capture


@dataclass(frozen=True)
class Page:
    """An address that was fetched before, and what its last answer was; or one that a list announced (0 `fetches`)."""

    url: str
    site: str
    article_id: int | None
    first_seen_at: datetime
    due_at: datetime
    fetched_at: datetime | None
    fetches: int
    failures: int
    verdict: str
    digest: str | None
    etag: str | None
    last_modified: str | None
    reader: str | None
    parts: int = 1  # pages of its site over which its article goes


@dataclass(frozen=True)
class Visit:
    """A fetch that was just recorded: what a policy of revisits decides by. Times are aware."""

    outcome: str
    verdict: str
    now: datetime
    first_seen_at: datetime
    changed_at: datetime | None
    published_at: str | None
    fetches: int
    failures: int
    withdrawn: bool
    last_seen_at: datetime | None = None


_COLUMNS = (
    "url, site, article_id, first_seen_at, due_at, fetched_at, fetches, failures, coalesce(verdict, 'not fetched'),"
    " digest, etag, last_modified, reader, (SELECT count(*) FROM version_captures c"
    " JOIN articles a ON a.current_version_id = c.version_id WHERE a.id = pages.article_id)"
)


def find(db: Database, url: str) -> Page | None:
    """What is known of an address."""
    row = db.conn.execute(f"SELECT {_COLUMNS} FROM pages WHERE url = ?", (url,)).fetchone()
    return _page(row) if row else None


def _page(row: tuple) -> Page:
    url, site, article_id, first_seen_at, due_at, fetched_at, *answer = row
    fetched = unstamp(fetched_at) if fetched_at else None
    return Page(url, site, article_id, unstamp(first_seen_at), unstamp(due_at), fetched, *answer)


def due(db: Database, site: str, now: datetime, *, all_known: bool) -> list[Page]:
    """The known addresses of a site that are due, longest overdue first; `all_known` takes every article's as due."""
    condition = "(due_at <= ? OR (? AND article_id IS NOT NULL))"
    sql = f"SELECT {_COLUMNS} FROM pages WHERE site = ? AND {condition} ORDER BY due_at, url"
    return [_page(row) for row in db.conn.execute(sql, (site, stamp(now), all_known))]


def announce(db: Database, site: str, urls: Iterable[str], now: datetime) -> None:
    """Keep addresses that nobody has asked for yet, as due now. Those that are known stay as they are."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO pages (url, site, first_seen_at, due_at) VALUES (?, ?, ?, ?)",
        [(url, site, stamp(now), stamp(now)) for url in urls],
    )


def forget(db: Database, url: str) -> None:
    """Drop an address that was announced and never fetched."""
    db.conn.execute("DELETE FROM pages WHERE url = ? AND fetches = 0", (url,))


def visited(
    db: Database, site: str, capture: Capture, visit: Visit, facts: dict[str, object], due_at: datetime
) -> None:
    """Write down that an address was fetched: `facts` are further columns of pages to set."""
    values = {
        "fetched_at": stamp(visit.now),
        "due_at": stamp(due_at),
        "fetches": visit.fetches,
        "failures": visit.failures,
        "capture_id": capture.id,
        **facts,
    }
    assignments = ", ".join(f"{name} = ?" for name in values)
    update = f"UPDATE pages SET {assignments} WHERE url = ?"
    if not db.conn.execute(update, (*values.values(), capture.url)).rowcount:
        # Not as ON CONFLICT of one statement: before such a one SQLite makes the indexes write what they gathered.
        names = ("url", "site", "first_seen_at", "replayed", *values)
        db.conn.execute(
            f"INSERT INTO pages ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            (capture.url, site, stamp(visit.first_seen_at), facts.get("reader"), *values.values()),
        )


def read_again(db: Database, article_id: int) -> None:
    """What is stored of the article has grown by something old: replay has to go through it anew."""
    db.conn.execute("UPDATE pages SET replayed = NULL WHERE article_id = ?", (article_id,))


def suspect(db: Database, url: str, now: datetime) -> None:
    """The page answered that its article is gone; later runs have to confirm it, see `archive.store.withdrawals`."""
    db.conn.execute("UPDATE pages SET suspected_at = ? WHERE url = ? AND suspected_at IS NULL", (stamp(now), url))


_OTHERS = "article_id = ? AND url <> ? AND verdict = 'article' AND due_at >= ?"
FORGOTTEN = timedelta(days=14)  # an address so long overdue is no longer asked, and shows nothing


def shown_elsewhere(db: Database, article_id: int, url: str, now: datetime) -> bool:
    """Whether another address of the article showed it when it was last asked; these are then due, to be sure."""
    values = (article_id, url, stamp(now - FORGOTTEN))
    found = db.conn.execute(f"SELECT 1 FROM pages WHERE {_OTHERS}", values).fetchone()
    db.conn.execute(f"UPDATE pages SET due_at = min(due_at, ?) WHERE {_OTHERS}", (stamp(now), *values))
    return found is not None


def clear_suspicion(db: Database, article_id: int) -> None:
    """The article showed itself."""
    db.conn.execute("UPDATE pages SET suspected_at = NULL, suspected_run_id = NULL WHERE article_id = ?", (article_id,))
