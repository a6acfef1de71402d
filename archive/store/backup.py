"""Copying an archive while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.store.connection import plain_errors


def copy(path: Path, db: Database, evidence: Database, folder: Path) -> tuple[Path, Path]:
    """Copy both files of the archive at `path` into `folder`. Returns the copies' paths. Raises ArchiveError.

    The articles are copied first: a capture is committed before the page that cites it, so the evidence, copied later,
    has all that the copied articles cite, and at worst some that none cites yet. The copies take their names only when
    both are whole, the articles last: where this is cut off, there is no archive in the folder but files to begin anew.
    """
    targets = folder / path.name, folder / "captures.db"
    _make(folder)
    for target in targets:
        if target.exists():
            raise ArchiveError(f"{target}: exists already and is not overwritten; name another folder")
    parts = tuple(target.with_name(f"{target.name}.part") for target in targets)
    for source, part in zip((db, evidence), parts, strict=True):
        _copy_file(source, part)
    for part, target in reversed(list(zip(parts, targets, strict=True))):
        part.rename(target)
    return targets


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{folder}: the folder cannot be made ({error.strerror}); name another one") from error


def _copy_file(source: Database, part: Path) -> None:
    """Copy what is committed at this moment: in one step, so that no writer makes SQLite begin again or has to wait."""
    with plain_errors(part):
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(part)) as copied:
            source.conn.backup(copied, pages=-1)
            copied.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from a read-only medium
