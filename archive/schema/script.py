"""What the schemas of both files share."""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

# The digests of what was recorded for good, in order of recording, each link following from the one before; the
# same table stands in both files. archive.evidence says how digests and links are made, and of what.
CHAIN = """
CREATE TABLE chain (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, item TEXT NOT NULL, digest TEXT NOT NULL, link TEXT NOT NULL
);
"""


def run(db: Database, script: str) -> None:
    """Each statement by itself: executescript would commit the migration's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
