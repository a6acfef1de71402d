"""The full-text index of the articles' current state: kept by hand, since triggers in SQL are fifteen times slower."""

from __future__ import annotations

from sqlite_utils import Database

from archive.text import separate


def add(db: Database, article_id: int, title: str, text: str) -> None:
    """Index a new article."""
    db.conn.execute(
        "INSERT INTO articles_fts (rowid, title, text) VALUES (?, ?, ?)",
        (article_id, separate(title), separate(text)),
    )


def remove(db: Database, article_id: int, title: str, text: str) -> None:
    """Take an article out of the index; `title` and `text` must be what it was indexed with."""
    db.conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', ?, ?, ?)",
        (article_id, separate(title), separate(text)),
    )


def check(db: Database) -> None:
    """Compare the index with the articles. Raises sqlite3.DatabaseError where they differ."""
    db.conn.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
