"""Copying an archive while it is in use."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.store import rebuilding
from archive.store.connection import copy_file
from archive.watching import Watch

_NAME = re.compile(r"\d{8}T\d{6}Z")


def copy(path: Path, db: Database, evidence: Database, folder: Path, watch: Watch) -> tuple[Path, Path]:
    """Copy both files of the archive at `path` into `folder`. Returns the copies' paths. Raises ArchiveError.

    The articles are copied first: a capture is committed before the page that cites it, so the evidence, copied later,
    has all that the copied articles cite, and at worst some that none cites yet. The copies take their names only when
    both are whole, the articles last: where this is stopped, nothing of them is left.
    """
    targets = folder / path.name, folder / "captures.db"
    _make(folder)
    for target in targets:
        if target.exists():
            raise ArchiveError(f"{target}: exists already and is not overwritten; name another folder")
    parts = tuple(target.with_name(f"{target.name}.part") for target in targets)
    try:
        for source, part, target in zip((db, evidence), parts, targets, strict=True):
            copy_file(source.conn, part, watch, f"{target.name}, pages")
        _bring_together(parts, watch)
        for part, target in reversed(list(zip(parts, targets, strict=True))):
            part.rename(target)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return targets


def _bring_together(parts: Iterable[Path], watch: Watch) -> None:
    """What was recorded between the two copies is in the later one's journal, and so gets into both."""
    db, evidence = (sqlite3.connect(part, isolation_level=None) for part in parts)
    with closing(db), closing(evidence):
        rebuilding.bring_up(Database(db), Database(evidence), watch)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Drop all but the newest `keep` copies of `folder`, and what was left of copies that were cut off.

    Only folders with names as `copy_name` gives them are looked at, and only an archive's files are taken out of them.
    """
    copies = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    whole = [path for path in copies if any(path.glob("*.db"))]
    dropped = [path for path in copies if path not in whole[-keep:]]
    for path in dropped:
        for file in (*path.glob("*.db"), *path.glob("*.db.part")):
            file.unlink()
        with suppress(OSError):  # somebody keeps something else there
            path.rmdir()
    return dropped


def copy_name(now: datetime) -> str:
    """The name of a copy among others: its time in UTC."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{folder}: the folder cannot be made ({error.strerror}); name another one") from error
