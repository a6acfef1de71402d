"""The pages that there are to import, in the order of their captures: an index in a temporary file, not in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.clock import stamp, unstamp
from archive.warc import Record

_TABLE = """CREATE TABLE items (
    id INTEGER PRIMARY KEY, path TEXT, offset INTEGER, address TEXT, url TEXT, at TEXT, unmodified INTEGER,
    revisit INTEGER, digest TEXT, refers_url TEXT, refers_at TEXT, taken INTEGER NOT NULL DEFAULT 0)"""
_INDEXES = ("(at, id)", "(address, at)", "(digest)", "(url, at)")


@dataclass(frozen=True)
class Item:
    """A page in a file: `address` is the one it is kept under, `url` the one that answered; `offset` is of its record.

    A saved page is a file of its own, at offset None. A revisit has no payload: it refers to another record's.
    """

    id: int
    path: Path
    offset: int | None
    address: str
    url: str
    at: datetime
    unmodified: bool = False
    revisit: bool = False
    digest: str = ""
    refers_url: str = ""
    refers_at: str = ""


class Stock:
    """Filled first, then gone through. The temporary file is SQLite's own and goes with the process."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute(_TABLE)
        for number, columns in enumerate(_INDEXES):
            self._db.execute(f"CREATE INDEX items_{number} ON items {columns}")

    def close(self) -> None:
        self._db.close()

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM items").fetchone()[0])

    def add_record(self, path: Path, record: Record, address: str, at: datetime) -> None:
        """A record of a WARC file."""
        about = (record.unmodified, record.kind == "revisit", record.digest, record.refers_url, record.refers_at)
        self._add(str(path), record.offset, address, record.url, stamp(at), *about)

    def add_saved(self, path: Path, address: str, at: datetime) -> None:
        """A saved page."""
        self._add(str(path), None, address, address, stamp(at), False, False, "", "", "")

    def _add(self, *values: object) -> None:
        self._db.execute(f"INSERT INTO items VALUES (NULL, {', '.join('?' * len(values))}, 0)", values)

    def in_order(self) -> Iterator[Item]:
        """All that is not taken, the oldest first; what is taken meanwhile is left out."""
        last: tuple[str, int] = ("", 0)
        while item := self._one("(at, id) > (?, ?) AND NOT taken ORDER BY at, id", *last):
            last = (stamp(item.at), item.id)
            yield item

    def take_near(self, address: str, at: datetime) -> Item | None:
        """The capture of an address that was made nearest to a time; it is taken then."""
        item = self._one("address = ? ORDER BY abs(julianday(at) - julianday(?)), id", address, stamp(at))
        if item:
            self._db.execute("UPDATE items SET taken = 1 WHERE id = ?", (item.id,))
        return item

    def referred(self, item: Item) -> Item | None:
        """The page that a revisit refers to, by its digest or its address and time, if it is here."""
        by_digest = self._one("digest = ? AND NOT revisit ORDER BY id", item.digest) if item.digest else None
        return by_digest or self._one("url = ? AND at = ? AND NOT revisit", item.refers_url, item.refers_at)

    def _one(self, condition: str, *values: object) -> Item | None:
        row = self._db.execute(f"SELECT * FROM items WHERE {condition} LIMIT 1", values).fetchone()
        if row is None:
            return None
        id, path, offset, address, url, at, unmodified, revisit, *rest, _ = row
        return Item(id, Path(path), offset, address, url, unstamp(at), bool(unmodified), bool(revisit), *rest)
