"""What people want to be told of: sites that broke or work again, withdrawals, changed figures, articles with a term.

What was told is remembered in the archive, so that nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.clock import local, stamp
from archive.search import matching
from archive.store import changes, jobs
from archive.store import told as already
from archive.store.connection import rows

LOOK_BACK = timedelta(days=7)  # so long may nobody be told; what is older then is left to `yiwen changes`
FIRST_LOOK = timedelta(days=1)
MOST = 200  # of each kind, that a flood is no larger


def looked_at_since(db: Database, now: datetime) -> str:
    """From when on it is looked at what happened; never at what is older than the first time that anybody asked."""
    return max(stamp(now - LOOK_BACK), already.began(db) or stamp(now - FIRST_LOOK))


@dataclass(frozen=True)
class News:
    """One thing to tell. `key` is its own for ever; `kind` is one of KINDS."""

    key: str
    kind: str
    text: str
    url: str = ""


KINDS = {
    "job": "maintenance failed",
    "broken": "sites broken",
    "recovered": "sites working again",
    "withdrawn": "withdrawn",
    "figures": "figures changed",
    "term": "articles with a term",
}


def untold(db: Database, now: datetime, terms: Sequence[str] = ()) -> list[News]:
    """What happened lately that was not told yet; `terms` are queries as for search. By kind, then oldest first."""
    told, since = already.keys(db), looked_at_since(db, now)
    lately = (*_jobs(db, since), *_sites(db, since), *_withdrawn(db, since), *_figures(db, since))
    return [news for news in (*lately, *_terms(db, since, terms)) if news.key not in told]


def _jobs(db: Database, since: str) -> Iterator[News]:
    for job in jobs.troubles(db):
        if job["finished_at"] > since:
            yield News(f"{job['name']} {job['finished_at']}", "job", f"{job['name']}: {job['said']}")


def _sites(db: Database, since: str) -> Iterator[News]:
    sql = """SELECT id, site, standing, reason, finished_at FROM runs
        WHERE finished_at > ? AND standing IN ('broke', 'recovered') ORDER BY standing, id LIMIT ?"""
    for run in rows(db, sql, since, MOST):
        kind = "broken" if run["standing"] == "broke" else "recovered"
        why = f": {run['reason']}" if run["reason"] else ""
        yield News(f"run {run['id']}", kind, f"{run['site']} since {local(str(run['finished_at']))}{why}")


def _withdrawn(db: Database, since: str) -> Iterator[News]:
    sql = """SELECT e.id, a.site, a.title, a.url FROM events e JOIN articles a ON a.id = e.article_id
        WHERE e.kind = 'withdrawn' AND e.at > ? ORDER BY e.id LIMIT ?"""
    for event in rows(db, sql, since, MOST):
        yield News(f"event {event['id']}", "withdrawn", f"{event['site']}: {event['title']}", str(event["url"]))


def _figures(db: Database, since: str) -> Iterator[News]:
    sql = "SELECT * FROM changes WHERE at > ? AND ' ' || kinds || ' ' LIKE '% figures %' LIMIT ?"
    for row in reversed(rows(db, sql, since, MOST)):
        pairs = changes.with_words(db, row)["figures"]
        figures = ", ".join(f"{pair.old or '-'} → {pair.new or '-'}" for pair in pairs)
        yield News(f"event {row['id']}", "figures", f"{row['site']}: {row['title']}: {figures}", str(row["url"]))


def _terms(db: Database, since: str, terms: Sequence[str]) -> Iterator[News]:
    for term in terms:
        ids = matching(db, term)
        sql = f"""SELECT id, site, title, url FROM articles WHERE first_seen_at > ? AND id IN ({ids.sql})
            ORDER BY id LIMIT {MOST}"""
        for row in rows(db, sql, since, *ids.values):
            yield News(f"term {term} {row['id']}", "term", f"{term}: {row['site']}: {row['title']}", str(row["url"]))


def digest(news: Sequence[News]) -> tuple[str, str]:
    """A headline and a text that tell it all: each kind with its number, then its lines."""
    parts = [(name, [one for one in news if one.kind == kind]) for kind, name in KINDS.items()]
    headline = ", ".join(f"{len(found)} {name}" for name, found in parts if found)
    sections = [
        "\n".join([f"{name}:", *(f"- {one.text}" + (f"\n  {one.url}" if one.url else "") for one in found)])
        for name, found in parts
        if found
    ]
    return f"医闻 Yiwen: {headline or 'nothing new'}", "\n\n".join(sections)
