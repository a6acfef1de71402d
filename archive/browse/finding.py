"""Search results: the articles that match, narrowed by site, status and year, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.browse.queries import named
from archive.browse.shaping import snippet
from archive.search import count, match_expression, search
from archive.store.connection import rows

Row = dict
PAGE = 20
MOST = 1000  # results are paged and counted up to here; beyond it is "1,000+"


@dataclass(frozen=True)
class Wanted:
    """A search: what was typed, and what it is narrowed to; "" where it is not."""

    typed: str
    site: str = ""
    status: str = ""
    year: str = ""

    @property
    def narrowed(self) -> dict[str, str]:
        """The conditions that there are, by the name of the address's argument."""
        return {name: value for name in ("site", "status", "year") if (value := getattr(self, name))}


_COLUMNS = "a.id, a.site, a.url, a.status, a.title, a.source, a.published_at, a.first_seen_at, a.version_count"
# Each is answered by an index: published_at stands behind the texts in a row, so that reading it costs pages.
_CONDITIONS = {
    "site": "a.id IN (SELECT id FROM articles WHERE site = :site)",
    "status": "a.id IN (SELECT id FROM articles WHERE status = :status)",
    "year": "a.id IN (SELECT id FROM articles WHERE published_at >= :year AND published_at < :year || '~')",
}


def _where(wanted: Wanted) -> tuple[str, dict[str, str]]:
    conditions = ["articles_fts MATCH :match", *(_CONDITIONS[name] for name in wanted.narrowed)]
    sql = f"FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid WHERE {' AND '.join(conditions)}"
    return sql, {"match": match_expression(wanted.typed), **wanted.narrowed}


def results(db: Database, wanted: Wanted, page: int) -> list[Row]:
    """One page of articles, best first, each with a `snippet`; one more than a page where there is another."""
    first, last = (page - 1) * PAGE, min(page * PAGE + 1, MOST)
    if not wanted.narrowed:
        return search(db, wanted.typed, last)[first:]
    sql, values = _where(wanted)
    paged = f"SELECT {_COLUMNS}, a.text {sql} ORDER BY rank LIMIT :limit OFFSET :offset"
    found = named(db, paged, {**values, "limit": last - first, "offset": first})
    return [{**row, "snippet": snippet(str(row["text"]), wanted.typed)} for row in found]


def total(db: Database, wanted: Wanted) -> int:
    """How many articles match, counted to one more than MOST."""
    if not wanted.narrowed:
        return count(db, wanted.typed)
    sql, values = _where(wanted)
    return int(named(db, f"SELECT count(*) AS n FROM (SELECT 1 {sql} LIMIT {MOST + 1})", values)[0]["n"])


def newest(db: Database, wanted: Wanted, limit: int) -> list[Row]:
    """The matching articles that were kept last, for a feed; all articles where nothing was typed."""
    columns = f"{_COLUMNS}, a.text, a.author, a.last_changed_at"
    if wanted.typed.strip():
        sql, values = _where(wanted)
        sql = f"SELECT {columns} {sql} ORDER BY articles_fts.rowid DESC LIMIT :limit"
        return named(db, sql, {**values, "limit": limit})
    conditions = [_CONDITIONS[name] for name in wanted.narrowed] or ["1"]
    sql = f"SELECT {columns} FROM articles a WHERE {' AND '.join(conditions)} ORDER BY a.id DESC LIMIT :limit"
    return named(db, sql, {**wanted.narrowed, "limit": limit})


def facets(db: Database, typed: str) -> Mapping[str, list[tuple[str, int]]]:
    """How many of all matches there are by site, status and year, or of all articles where nothing was typed.

    From indexes: no article is read.
    """
    expression = [match_expression(typed)] if typed.strip() else []
    matching = "id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)" if expression else "1"
    dated = f"""SELECT site, substr(published_at, 1, 4) AS year, count(*) AS n
        FROM articles INDEXED BY articles_by_site WHERE {matching} GROUP BY site, year"""
    stated = (
        f"SELECT status, count(*) AS n FROM articles INDEXED BY articles_by_status WHERE {matching} GROUP BY status"
    )
    by_site_and_year = rows(db, dated, *expression)
    return {
        "site": _summed(by_site_and_year, "site"),
        "status": _summed(rows(db, stated, *expression), "status"),
        "year": sorted(_summed(by_site_and_year, "year"), reverse=True),
    }


def _summed(found: list[dict[str, Any]], name: str) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for row in found:
        if row[name]:
            sums[row[name]] = sums.get(row[name], 0) + row["n"]
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
