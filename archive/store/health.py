"""The health of a site: what each run showed is kept, and judged by `archive.health` against the runs before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlite_utils import Database

from archive.clock import CHINA
from archive.health import Before, Expect, PagesRun, age_of, alarms, standing

if TYPE_CHECKING:  # runs are closed by what is decided here
    from archive.store.runs import Ending

LOOKED_AT = 30  # runs that read a page; what has been so for longer is what is usual
_PAGES = ("tried", "bad", "read", "articles", "titled", "dated", "in_script", "characters")


def wrong(db: Database, site: str, now: datetime, ending: Ending, expect: Expect) -> tuple[str, ...]:
    """What is wrong with a run that is about to be closed; a run that asked no list is not judged."""
    if not ending.lists:
        return ()
    return alarms(expect, ending.lists, ending.pages, _history(db, site), _age(db, site, now))


def _history(db: Database, site: str) -> list[Before]:
    found = db.conn.execute(
        f"SELECT r.outcome = 'complete', {', '.join(f'p.{name}' for name in _PAGES)}, p.unmatched"
        " FROM runs r JOIN run_pages p ON p.run_id = r.id WHERE r.site = ? AND r.standing <> '' AND p.read"
        " ORDER BY r.id DESC LIMIT ?",
        (site, LOOKED_AT),
    )
    return [
        Before(PagesRun(**dict(zip(_PAGES, counts, strict=True)), unmatched=tuple(rules.split())), bool(fine))
        for fine, *counts, rules in found
    ]


def _age(db: Database, site: str, now: datetime) -> timedelta | None:
    today = now.astimezone(CHINA).date()
    sql = "SELECT max(published_at) FROM articles WHERE site = ? AND published_at < ?"
    tomorrow = (today + timedelta(days=1)).isoformat()
    return age_of(db.conn.execute(sql, (site, tomorrow)).fetchone()[0], today)


def keep(db: Database, site: str, run_id: int, outcome: str, ending: Ending) -> None:
    """Write down what the run showed and what it says of its site."""
    db.conn.executemany(
        "INSERT INTO run_lists VALUES (?, ?, ?, ?, ?)",
        [(run_id, one.url, one.links, one.articles, one.problem) for one in ending.lists],
    )
    if not ending.lists:
        return
    pages = ending.pages
    values = (run_id, *(getattr(pages, name) for name in _PAGES), " ".join(pages.unmatched))
    db.conn.execute(f"INSERT INTO run_pages VALUES ({', '.join('?' * len(values))})", values)
    db.conn.execute("UPDATE runs SET standing = ? WHERE id = ?", (standing(_last(db, site), outcome), run_id))


def _last(db: Database, site: str) -> str | None:
    """What the site's last run that said something said."""
    sql = "SELECT standing FROM runs WHERE site = ? AND standing <> '' ORDER BY id DESC LIMIT 1"
    found = db.conn.execute(sql, (site,)).fetchone()
    return found[0] if found else None


def broken_since(db: Database, site: str, run_id: int) -> str | None:
    """When the site broke, where this run found it broken or just recovered; as the archive writes times."""
    sql = """SELECT b.finished_at FROM runs r JOIN runs b ON b.site = r.site AND b.standing = 'broke' AND b.id <= r.id
        WHERE r.id = ? AND r.standing IN ('broke', 'broken', 'recovered') ORDER BY b.id DESC LIMIT 1"""
    found = db.conn.execute(sql, (run_id,)).fetchone()
    return found[0] if found else None
