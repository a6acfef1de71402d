"""captures.db: its schema as ordered migrations."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.evidence import chain
from archive.schema.script import CHAIN, run

captures_migrations = Migrations("yiwen.captures")

FIRST_CAPTURES = """
-- The evidence: every response that differs from the one before it, with its address, time and headers (JSON: pairs of
-- name and value). payload is what the server sent after transfer and content decoding, compressed with zstd.
CREATE TABLE captures (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, final_url TEXT NOT NULL, fetched_at TEXT NOT NULL, http_status INTEGER,
    headers TEXT NOT NULL, digest TEXT NOT NULL, bytes INTEGER NOT NULL, payload BLOB NOT NULL
);
CREATE INDEX captures_by_digest ON captures (digest);
CREATE INDEX captures_by_url ON captures (url, fetched_at);
"""

PACKING = """
-- What pages have in common, trained on this file's own: pages is how many key frames there were then.
CREATE TABLE dictionaries (
    id INTEGER PRIMARY KEY, made_at TEXT NOT NULL, pages INTEGER NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL
);

-- A payload stands by itself (a key frame), packed with the dictionary that dictionary_id names, if it names one; or it
-- is what differs from the key frame key_id, the same address's. dropped_at is when retention took the payload out.
ALTER TABLE captures ADD COLUMN key_id TEXT REFERENCES captures;
ALTER TABLE captures ADD COLUMN dictionary_id INTEGER REFERENCES dictionaries;
ALTER TABLE captures ADD COLUMN dropped_at TEXT;
CREATE INDEX captures_by_key ON captures (key_id) WHERE key_id IS NOT NULL;
CREATE INDEX captures_key_frames ON captures (url, fetched_at) WHERE key_id IS NULL AND dropped_at IS NULL;
"""

JOURNAL = """
-- What archive.db recorded for good, item for item of its chain, so that it can be made again from this file. facts is
-- the row as it was linked, JSON packed with zstd; null where this file has it anyway, or it lost its words for good.
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, item TEXT NOT NULL, digest TEXT NOT NULL, link TEXT NOT NULL,
    facts BLOB
);

-- The newest state of what is not linked and does not follow from what is: sites, runs, and of articles what a replay,
-- a redaction or a changed detail made of them.
CREATE TABLE states (
    kind TEXT NOT NULL, item TEXT NOT NULL, facts BLOB NOT NULL, PRIMARY KEY (kind, item)
) WITHOUT ROWID;
"""


@captures_migrations()
def m001_captures(db: Database) -> None:
    run(db, FIRST_CAPTURES)


@captures_migrations()
def m002_packing(db: Database) -> None:
    run(db, PACKING)


@captures_migrations()
def m003_captures_chain(db: Database) -> None:
    run(db, CHAIN)
    chain.build(db, chain.EVIDENCE)


@captures_migrations()
def m004_journal(db: Database) -> None:
    run(db, JOURNAL)
