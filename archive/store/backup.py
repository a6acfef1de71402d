"""Copying an archive while it is in use."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.store.connection import copy_file


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
        copy_file(source.conn, part)
    for part, target in reversed(list(zip(parts, targets, strict=True))):
        part.rename(target)
    return targets


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArchiveError(f"{folder}: the folder cannot be made ({error.strerror}); name another one") from error
