"""Everything that an archive holds, to compare it with what is made of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

WHOLE = (
    "articles",
    "version_rows",
    "version_captures",
    "readings",
    "captures",
    "attachments",
    "events",
    "aliases",
    "runs",
    "skips",
    "run_lists",
    "run_pages",
    "chain",
)
SITES = """SELECT id, name, name_en, home, jurisdiction, script, enabled, reason, schedule, seen_at FROM sites
ORDER BY id"""
# What a page answered last; when it is due is forgotten, and who read what is no article.
PAGES = """SELECT url, site, article_id, fetched_at, fetches, failures, verdict, capture_id, digest, etag,
    last_modified, CASE verdict WHEN 'article' THEN reader END FROM pages WHERE fetches > 0 ORDER BY url"""


def contents(path: Path) -> dict[str, list[tuple]]:
    """Everything that an archive has recorded, by table."""
    with closing(sqlite3.connect(path)) as db:
        found = {table: sorted(db.execute(f"SELECT * FROM {table}"), key=repr) for table in WHOLE}
        return {**found, "sites": db.execute(SITES).fetchall(), "pages": db.execute(PAGES).fetchall()}


def copy(path: Path, folder: Path) -> Path:
    """Copy both files into a folder. Returns the copy's path."""
    folder.mkdir(exist_ok=True)
    for name in (path.name, "captures.db"):
        with closing(sqlite3.connect(path.with_name(name))) as source, closing(sqlite3.connect(folder / name)) as there:
            source.backup(there)
    return folder / path.name


def lose(path: Path) -> None:
    """Take archive.db away, and leave the evidence."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
