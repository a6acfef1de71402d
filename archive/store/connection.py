"""Opening the two files: pragmas, migrations, write transactions, and errors that a person can act on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.errors import ArchiveError
from archive.watching import Watch, unwatched

WAIT_SECONDS = 300  # for another writer: `yiwen verify` holds a large archive for minutes
_TURN = 0.1  # seconds
_READERS_SECONDS = 5  # for those who read a page; an export or `yiwen verify` may take an hour
EVIDENCE = "captures.db"
_STEPS = 100_000  # of SQLite's machine, a few milliseconds
_PAGES = 1_000  # of a file, copied at once
_ANEW = "let `yiwen crawl --recheck` fetch and keep the pages anew"


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Any error of SQLite as an ArchiveError of one clear line; where a signal ended a statement, that signal's own."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from error
        raise ArchiveError(_explain(path, str(error))) from error


def was_interrupted(error: sqlite3.DatabaseError) -> bool:
    """Whether a signal ended the statement: its exception is lost in SQLite, which says only this."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


def _explain(path: Path, message: str) -> str:
    if "locked" in message or "busy" in message:
        return f"{path}: another program is writing to it and did not finish in time; try again when it has ended"
    if "not a database" in message:
        way_out = _way_out(path, "name another file with --archive")
        return f"{path}: not a Yiwen archive (SQLite cannot read it); {way_out}"
    if "malformed" in message:
        again = f"move it away, with its -wal and -shm, and let `yiwen rebuild` make it again from {EVIDENCE}"
        return f"{path}: damaged ({message}); {_way_out(path, again)}"
    if "disk is full" in message or "disk I/O" in message:
        return f"{path}: cannot write ({message}); nothing of the page in hand was kept, free some space and run again"
    if "readonly" in message or "unable to open" in message:
        return f"{path}: cannot be opened ({message}); check the folder and its permissions"
    return f"{path}: {message}"


def _way_out(path: Path, otherwise: str) -> str:
    return f"restore it from a backup, or move it away and {_ANEW}" if path.name == EVIDENCE else otherwise


def open_database(path: Path, migrations: Migrations, *, write: bool, durable: bool) -> Database:
    """The file as a database at today's schema. Raises ArchiveError where it is missing, foreign or of a newer schema.

    `durable` waits for the disk at every commit; without it a power cut may take back the last commits, never tear one.
    """
    if not write:
        require(path)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
    with plain_errors(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{'mode=rwc' if write else _read_only(path)}",
            uri=True,
            timeout=WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.set_progress_handler(_let_signals_in, _STEPS)
        database = Database(connection)
        _prepare(database, path, migrations, write=write, durable=durable)
    return database


def _let_signals_in() -> None:
    """Python takes signals between its own steps: without one, a statement of a minute would not hear Ctrl-C."""


def _read_only(path: Path) -> str:
    """How to open a file for reading: where nothing can be written beside it, and nothing waits there, as it lies.

    SQLite reads a file in WAL mode with two files beside it, which a read-only medium has not.
    """
    as_it_lies = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return "immutable=1" if as_it_lies else "mode=ro"


def require(path: Path) -> None:
    """Raise ArchiveError where there is no such file."""
    if path.name == EVIDENCE and not path.exists():
        raise ArchiveError(
            f"{path}: the stored pages are missing; what archive.db tells is whole: restore {EVIDENCE} from a backup,"
            f" or {_ANEW}"
        )
    if not path.exists() and path.with_name(EVIDENCE).exists():
        raise ArchiveError(f"{path}: is missing, while {EVIDENCE} is there: `yiwen rebuild` makes it again from that")
    if not path.exists():
        raise ArchiveError(f"{path}: there is no archive yet; make one with `yiwen crawl`, or name one with --archive")


def _prepare(database: Database, path: Path, migrations: Migrations, *, write: bool, durable: bool) -> None:
    _check_origin(database, path, migrations)
    if not write:
        if pending := migrations.pending(database):
            raise ArchiveError(
                f"{path}: made by an older Yiwen (it lacks {pending[0].name}); `yiwen verify` copies and upgrades it"
            )
        return
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    database.execute("PRAGMA foreign_keys = ON")
    if migrations.pending(database):
        _upgrade(database, path, migrations)


def _upgrade(database: Database, path: Path, migrations: Migrations) -> None:
    """Bring a file to today's schema, all of it or nothing, after copying it as it is. Other writers wait."""
    with transaction(database):
        pending = migrations.pending(database)  # another process may have been quicker
        if pending and migrations.applied(database):
            _copy_before(path, pending[0].name)
        migrations.apply(database)


def _copy_before(path: Path, migration: str) -> None:
    """Copy a file as it was before a migration, beside it. Raises ArchiveError where the disk has no room for that."""
    target = path.with_name(f"{path.name}.before-{migration}")
    size, free = path.stat().st_size, shutil.disk_usage(path.parent).free
    if free < 2 * size:  # what the migration writes comes on top of the copy
        raise ArchiveError(
            f"{path}: to be upgraded it is copied first, which needs {2 * size / 1e6:,.0f} MB free beside it;"
            f" there are {free / 1e6:,.0f}: free some, or move both files to another disk"
        )
    part = target.with_name(f"{target.name}.part")
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
        copy_file(source, part)
    part.replace(target)


def copy_file(source: sqlite3.Connection, part: Path, watch: Watch = unwatched, what: str = "") -> None:
    """Copy what is committed at this moment.

    It is read in one transaction, so that no writer makes SQLite begin again, and none has to wait.
    """

    def tell(_: int, left: int, total: int) -> None:
        watch(what, total - left, total)

    with plain_errors(part):
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as copied, snapshot(source):
            source.backup(copied, pages=_PAGES, progress=tell)
            copied.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from a read-only medium


def _check_origin(database: Database, path: Path, migrations: Migrations) -> None:
    tables = database.table_names()
    applied = {migration.name for migration in migrations.applied(database)}
    if tables and not applied:
        raise ArchiveError(f"{path}: a database of another program, not a Yiwen archive; name another file")
    if unknown := applied - {migration.name for migration in migrations._migrations}:
        raise ArchiveError(f"{path}: made by a newer Yiwen (it has {', '.join(sorted(unknown))}); upgrade this one")


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """One write transaction, begun at once: a deferred one fails where another writer comes between."""
    _begin(database.conn)
    try:
        yield
    except BaseException:
        if database.conn.in_transaction:
            database.conn.execute("ROLLBACK")
        raise
    database.conn.execute("COMMIT")


def _begin(connection: sqlite3.Connection) -> None:
    """Begin to write once no other program does. SQLite waits in short turns: in a long one Ctrl-C is not heard."""
    end = time.monotonic() + WAIT_SECONDS
    _wait_for(connection, _TURN)
    try:
        while not _begun(connection, last=time.monotonic() >= end):
            pass
    finally:
        _wait_for(connection, WAIT_SECONDS)


def _begun(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _wait_for(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {seconds * 1_000:.0f}")


def empty_log(connection: sqlite3.Connection) -> bool:
    """Give the room of the write-ahead log back, unless somebody goes on reading in it. Returns whether it is empty.

    Nobody can write while a reader is waited for.
    """
    _wait_for(connection, _READERS_SECONDS)
    try:
        return not connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        _wait_for(connection, WAIT_SECONDS)


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One read transaction: all that is read in it is of one moment, whatever others write meanwhile."""
    connection.execute("BEGIN")
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # the moment is that of the first read
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def count_of(database: Database, table: str) -> int:
    """How many rows a table has; a condition may follow its name."""
    return int(database.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def insert(database: Database, table: str, row: Mapping[str, object], anew: Collection[str] = ()) -> int:
    """A new row's id; where there is one with its key, the columns `anew` of that one are written instead.

    Its id is not: even where it stays the same, SQLite would look through every table for what refers to it.
    """
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
    if anew:
        sql += f" ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in anew if name != 'id')}"
    return int(database.conn.execute(sql, tuple(row.values())).lastrowid or 0)


def rows(database: Database, sql: str, *values: object) -> list[dict[str, object]]:
    """The rows of a query as dictionaries."""
    cursor = database.conn.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
