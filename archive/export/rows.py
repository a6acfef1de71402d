"""The articles of a query, and their versions, row by row: never all at once in memory."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from archive.contract import contract
from archive.search import matching
from archive.search.sets import ALL, Ids

Row = dict[str, object]


def chosen(db: Database, query: str) -> Ids:
    """The articles that a query of `yiwen search` means; all for ""."""
    return matching(db, query) if query else ALL


def count(db: Database, query: str, *, versions: bool = False) -> int:
    """How many rows there are."""
    ids = chosen(db, query)
    table = f"version_rows WHERE article_id IN ({ids.sql})" if versions else f"({ids.sql})"
    return int(db.conn.execute(f"SELECT count(*) FROM {table}", ids.values).fetchone()[0])


def newest_change(db: Database, query: str) -> str | None:
    """When the newest version of any of the articles was first seen."""
    ids = chosen(db, query)
    sql = f"SELECT max(last_changed_at) FROM articles WHERE id IN ({ids.sql})"
    return db.conn.execute(sql, ids.values).fetchone()[0]


def articles(db: Database, query: str) -> Iterator[Row]:
    """The articles with all columns of the contract, in the order in which they came into the archive."""
    ids = chosen(db, query)
    return _rows(db, f"SELECT {_columns('articles')} FROM articles WHERE id IN ({ids.sql}) ORDER BY id", ids)


def versions(db: Database, query: str) -> Iterator[Row]:
    """Every version of the articles with all columns of the contract, after its article's `site` and `url`."""
    ids = chosen(db, query)
    sql = f"""SELECT a.site, a.url, {_columns("versions", "v.")} FROM articles a JOIN versions v ON v.article_id = a.id
        WHERE a.id IN ({ids.sql}) ORDER BY a.id, v.number"""
    return _rows(db, sql, ids)


def _columns(relation: str, prefix: str = "") -> str:
    columns = next(one.columns for one in contract() if one.what.name == relation)
    return ", ".join(prefix + column.name for column in columns)


def _rows(db: Database, sql: str, ids: Ids) -> Iterator[Row]:
    cursor = db.conn.execute(sql, ids.values)
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)
