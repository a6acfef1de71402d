"""The two files of an archive, open: what `Archive` does everything else with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.schema import archive_migrations, captures_migrations
from archive.store.connection import EVIDENCE, open_database, plain_errors, require, transaction

P = ParamSpec("P")
T = TypeVar("T")


class Files:
    """`archive.db`, what people read, and `captures.db` beside it, the evidence."""

    def __init__(self, path: Path, db: Database, *, write: bool, create: bool) -> None:
        self.path, self.db, self._for_writing, self._create = path, db, write, create
        self._beside = path.with_name(EVIDENCE)

    @classmethod
    def open(cls, path: Path, *, write: bool = False, create: bool = True) -> Self:
        """Open an archive; with `write` its files are upgraded, with `create` made. Raises ArchiveError."""
        if not create:
            require(path)
        elif write and not path.exists():  # the evidence first, so that no crash leaves an archive without it
            open_database(path.with_name(EVIDENCE), captures_migrations, write=True, durable=True).close()
        db = open_database(path, archive_migrations, write=write, durable=False)
        archive = cls(path, db, write=write, create=create)
        if write and create:  # what cannot be kept must not be fetched
            _ = archive.evidence
        return archive

    @cached_property
    def evidence(self) -> Database:
        """captures.db, opened when it is asked for: what archive.db tells can be read without it."""
        if not self._create:
            require(self._beside)
        return open_database(self._beside, captures_migrations, write=self._for_writing, durable=True)

    def missing(self) -> str:
        """What is to be said of captures.db where it cannot be opened, else nothing."""
        try:
            _ = self.evidence
        except ArchiveError as error:
            return str(error)
        return ""

    def close(self) -> None:
        """Close both files."""
        self.db.close()
        if "evidence" in self.__dict__:
            self.evidence.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with plain_errors(self.path), transaction(self.db):
            return work(*args, **kwargs)

    def _read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with plain_errors(self.path):
            return work(*args, **kwargs)
