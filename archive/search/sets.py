"""Sets of articles as SQL, and the filters of a query as such sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.search.query import Filter
from archive.text import fold, simplify

DATE = "coalesce(published_at, strftime('%Y-%m-%dT%H:%M', first_seen_at, '+8 hours'))"


@dataclass(frozen=True)
class Ids:
    """A set of articles: SQL that gives their ids and ends in a condition, with its values."""

    sql: str
    values: tuple[object, ...] = ()

    def within(self, other: Ids) -> Ids:
        """Those of this set that are in the other too."""
        return self._narrowed("IN", other)

    def without(self, other: Ids) -> Ids:
        """Those of this set that are not in the other."""
        return self._narrowed("NOT IN", other)

    def _narrowed(self, word: str, other: Ids) -> Ids:
        # The plus: else SQLite may ask FTS5 for every id of the other set by itself, a thousand times slower.
        return Ids(f"{self.sql} AND +rowid {word} ({other.sql})", (*self.values, *other.values))


ALL = Ids("SELECT id FROM articles WHERE 1")
NONE = Ids("SELECT id FROM articles WHERE 0")


# By its id, its name, or its host with or without what stands before.
_OF_SITE = """SELECT id FROM articles WHERE site IN (SELECT ? UNION SELECT id FROM sites WHERE name = ?
    OR name_en = ? COLLATE NOCASE OR instr(replace(home || '/', '//', '.'), '.' || lower(?) || '/'))"""


def listed(ids: Sequence[int]) -> Ids:
    """These articles."""
    return Ids("SELECT value FROM json_each(?) WHERE 1", (json.dumps(ids),))


def passing(db: Database, one: Filter) -> Ids:
    """The articles that a filter of site, source or status names, wanted or not."""
    if one.field == "site":
        return Ids(_OF_SITE, (one.value,) * 4)
    if one.field == "source":
        sources = _sources(db, one.value)
        return Ids(f"SELECT id FROM articles WHERE source IN ({', '.join('?' * len(sources))})", sources)
    if one.field == "status":  # an index that has the ids in order: nearly all articles are of one status
        return Ids("SELECT id FROM articles INDEXED BY articles_by_status WHERE status = ?", (one.value,))
    raise ValueError(f"{one.field} is no set of articles by itself")


def between(dates: Sequence[Filter]) -> Ids:
    """The articles of the span that all these `since` and `until` leave; one set, as each alone may be nearly all."""
    bounds = [(f"{DATE} >= ?", one.value) for one in dates if one.field == "since"]
    bounds += [
        (f"{DATE} <= ?", f"{one.value}~") for one in dates if one.field == "until"
    ]  # ~ sorts after all of a time
    conditions = " AND ".join(condition for condition, _ in bounds)
    return Ids(f"SELECT id FROM articles WHERE {conditions}", tuple(value for _, value in bounds))


_DISTINCT = """WITH RECURSIVE names (name) AS (
    SELECT min(source) FROM articles
    UNION ALL SELECT (SELECT min(source) FROM articles WHERE source > name) FROM names WHERE name IS NOT NULL
) SELECT name FROM names WHERE name <> ''"""


def _sources(db: Database, part: str) -> tuple[str, ...]:
    """The sources, as written, in which `part` stands, in either script."""
    wanted = _plain(part)
    return tuple(name for (name,) in db.conn.execute(_DISTINCT) if wanted in _plain(name))


def _plain(name: str) -> str:
    return simplify(fold(name)).lower()
