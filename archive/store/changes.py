"""The publishers' changes across the archive, newest first, with what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from archive.history.excerpt import what_changed
from archive.store.connection import rows

_CHANGES = """
SELECT c.id, c.at, c.site, c.url, c.article_id, c.title, c.kinds, c.size, c.from_version, c.to_version
FROM changes c WHERE {} LIMIT ? OFFSET ?"""
_CONDITIONS = {"site": "c.site = ?", "kind": "' ' || c.kinds || ' ' LIKE '% ' || ? || ' %'", "size": "c.size >= ?"}


def newest(db: Database, wanted: Mapping[str, Any], limit: int, offset: int = 0) -> list[dict]:
    """The changes by `site`, `kind` and smallest `size` where these are given, each with `figures` and `excerpt`."""
    narrowed = {name: wanted[name] for name in _CONDITIONS if wanted.get(name)}
    conditions = " AND ".join(_CONDITIONS[name] for name in narrowed) or "1"
    found = rows(db, _CHANGES.format(conditions), *narrowed.values(), limit, offset)
    return [with_words(db, row) for row in found]


def with_words(db: Database, change: Mapping[str, Any]) -> dict:
    """A row of `changes` with its `figures` and `excerpt`; none where one of its versions is missing."""
    sql = "SELECT title, text FROM versions WHERE article_id = ? AND number = ?"
    numbers = (change["from_version"], change["to_version"])
    states = [row for number in numbers for row in rows(db, sql, change["article_id"], number)]
    if len(states) < 2:
        return {**change, "figures": [], "excerpt": []}
    return {**change, **what_changed(states[0], states[1], str(change["kinds"]).split())}
