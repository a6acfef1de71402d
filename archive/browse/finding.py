"""Search results: the articles that match, narrowed by site, status and year, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.search import MOST, count, matching, search
from archive.search.sets import ALL
from archive.store.connection import rows

Row = dict
PAGE = 20


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


def query(wanted: Wanted) -> str:
    """The search as one query: what it is narrowed to stands first, where no open quotation mark can reach it."""
    narrowed = {"site": wanted.site, "status": wanted.status, "since": wanted.year, "until": wanted.year}
    filters = [f'{name}:"{value.replace(chr(34), "")}"' for name, value in narrowed.items() if value]
    return " ".join([*filters, wanted.typed])


def results(db: Database, wanted: Wanted, page: int) -> list[Row]:
    """One page of articles, best first, each with a `snippet`; one more than a page where there is another."""
    first = (page - 1) * PAGE
    return search(db, query(wanted), max(0, min(PAGE + 1, MOST - first)), first)


def total(db: Database, wanted: Wanted) -> int:
    """How many articles match, counted to one more than MOST."""
    return count(db, query(wanted))


def newest(db: Database, wanted: Wanted, limit: int) -> list[Row]:
    """The matching articles that were kept last, for a feed; all articles where nothing was typed."""
    found = matching(db, query(wanted)) if query(wanted).strip() else ALL
    sql = f"""SELECT {_COLUMNS}, a.text, a.author, a.last_changed_at FROM articles a WHERE a.id IN ({found.sql})
        ORDER BY a.id DESC LIMIT ?"""
    return rows(db, sql, *found.values, limit)


def facets(db: Database, typed: str) -> Mapping[str, list[tuple[str, int]]]:
    """How many of all matches there are by site, status and year, or of all articles where nothing was typed.

    From indexes: no article is read.
    """
    counted = _counted(db, typed) if typed.strip() else rows(db, _ALL)
    return {
        "site": _summed(counted, "site"),
        "status": _summed(counted, "status"),
        "year": sorted(_summed(counted, "year"), reverse=True),
    }


_ALL = "SELECT site, status, substr(month, 1, 4) AS year, articles AS n FROM article_counts WHERE articles > 0"


def _counted(db: Database, typed: str) -> list[Row]:
    found = matching(db, typed)
    sql = f"""SELECT site, status, substr(published_at, 1, 4) AS year, count(*) AS n
        FROM articles INDEXED BY articles_by_facets WHERE id IN ({found.sql}) GROUP BY 1, 2, 3"""
    return rows(db, sql, *found.values)


def _summed(found: list[dict[str, Any]], name: str) -> list[tuple[str, int]]:
    sums: dict[str, int] = {}
    for row in found:
        if row[name]:
            sums[row[name]] = sums.get(row[name], 0) + row["n"]
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
