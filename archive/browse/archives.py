"""Which of the databases that a Datasette serves are archives, and what its connections to them may do."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.utils import sqlite_timelimit
from sqlite_utils import Database

from archive.browse import figures
from archive.contract import contract
from archive.search import match_expression
from archive.text import fold

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette

T = TypeVar("T")
_known: WeakKeyDictionary[Any, dict[str, bool]] = WeakKeyDictionary()


def is_archive(connection: sqlite3.Connection) -> bool:
    """Whether this is an archive's file, whatever its name."""
    try:
        sql = "SELECT 1 FROM _sqlite_migrations WHERE migration_set = 'yiwen.archive' LIMIT 1"
        return connection.execute(sql).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def archives(datasette: Datasette) -> tuple[str, ...]:
    """The names of the databases that are archives, in the order in which they are served."""
    known = _known.setdefault(datasette, {})
    for name, database in datasette.databases.items():
        if name not in known:
            known[name] = not database.is_memory and _recognised(database)
    return tuple(name for name in datasette.databases if known[name])


def _recognised(database: Any) -> bool:
    connection = database.connect()
    try:
        return is_archive(connection)
    finally:
        connection.close()


def alone(datasette: Datasette) -> bool:
    """Whether an archive is all that this Datasette serves, so that the whole of it may be the reading room."""
    return len(archives(datasette)) == 1 == len([name for name in datasette.databases if name != "_internal"])


def prepare(connection: sqlite3.Connection) -> None:
    """Let Datasette's search box search in both scripts, and let nobody write or ask where the file lies."""
    functions: dict[str, tuple[int, Callable[..., str]]] = {
        "escape_fts": (1, lambda query: match_expression(_text(query))),
        "figure_sentences": (2, lambda text, term: json.dumps(figures.sentences(_text(text), _text(term)))),
        "folded": (1, lambda text: fold(_text(text))),
    }
    for name, (arguments, function) in functions.items():
        connection.create_function(name, arguments, function, deterministic=True)
    connection.execute("PRAGMA query_only = 1")
    connection.set_authorizer(_authorize)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _authorize(action: int, first: str | None, *_: str | None) -> int:
    # pragma_database_list, which Datasette lets anyone select from, names the file with its path.
    hidden = action == sqlite3.SQLITE_PRAGMA and first == "database_list"
    return sqlite3.SQLITE_IGNORE if hidden else sqlite3.SQLITE_OK


def name_foreign_keys(database: Any) -> None:
    """Let Datasette follow our foreign keys: it fails on one that names no column (Datasette's issue 1995).

    Those of the archive all mean the primary key, `id`.
    """
    unnamed = database.foreign_keys_for_table

    async def named(table: str) -> list[dict]:
        return [{**key, "other_column": key["other_column"] or "id"} for key in await unnamed(table)]

    database.foreign_keys_for_table = named


# How Datasette asks for what comes after a row, the last column's values first.
_FOLLOWING = re.compile(r"\(([^\s()]+) < (:p\d+) or \1 is null or \(\1 = \2 and ")


def follow_indexes(database: Any) -> None:
    """Let SQLite find the second page of a sorted table along the index, as it finds the first.

    Asked as Datasette asks, it would look up each of the three conditions by itself, then read and sort all that
    follows. A plus leaves it no index for one of them.
    """
    asked = database.execute

    async def execute(sql: str, *arguments: Any, **options: Any) -> Any:
        return await asked(_FOLLOWING.sub(r"(\1 < \2 or +\1 is null or (\1 = \2 and ", sql), *arguments, **options)

    database.execute = execute


def count_what_is_shown(database: Any) -> None:
    """Let the page of all tables count those that it shows: to count what the indexes consist of can take seconds."""

    async def table_counts(limit: int = 10) -> dict[str, int | None]:
        shown = {relation.what.name for relation in contract()}
        names = await database.table_names()
        return {name: await _counted(database, name, limit) if name in shown else None for name in names}

    database.table_counts = table_counts


async def _counted(database: Any, table: str, milliseconds: int) -> int | None:
    try:
        found = await database.execute(f"select count(*) from [{table}]", custom_time_limit=milliseconds)
    except QueryInterrupted:
        return None
    return int(found.single_value())


async def ask(datasette: Datasette, database: str, work: Callable[[Database], T]) -> T:
    """What `work` answers from an archive, in one of Datasette's threads and within its time limit."""

    def limited(connection: sqlite3.Connection) -> T:
        with sqlite_timelimit(connection, datasette.setting("sql_time_limit_ms")):
            return work(Database(connection, recursive_triggers=False, execute_plugins=False))

    return await datasette.databases[database].execute_fn(limited)


def interrupted(exception: Exception) -> bool:
    """Whether a query went over the time limit."""
    stopped = isinstance(exception, sqlite3.OperationalError) and "interrupted" in str(exception)
    return stopped or isinstance(exception, QueryInterrupted)
