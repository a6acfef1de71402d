"""The two files of an archive, open: what `Archive` does everything else with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.schema.articles import archive_migrations
from archive.schema.evidence import captures_migrations
from archive.store import journal, rebuilding
from archive.store.connection import EVIDENCE, open_database, plain_errors, require, transaction
from archive.watching import Watch, unwatched

P = ParamSpec("P")
T = TypeVar("T")


def _not_lost(path: Path, evidence: Database) -> None:
    """Raise ArchiveError where an archive was here: what is recorded beside its evidence must go on from it."""
    if items := journal.head(evidence)[1]:
        raise ArchiveError(
            f"{path}: is missing, and {EVIDENCE} beside it knows {items:,} items of it: `yiwen rebuild` makes it again;"
            f" to begin a new archive, move {EVIDENCE} away"
        )


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
            beside = open_database(path.with_name(EVIDENCE), captures_migrations, write=True, durable=True)
            with closing(beside):
                _not_lost(path, beside)
        db = open_database(path, archive_migrations, write=write, durable=False)
        archive = cls(path, db, write=write, create=create)
        if write and create:  # what cannot be kept must not be fetched
            archive.bring_together()
        return archive

    @classmethod
    def remake(cls, path: Path) -> Self:
        """Open an archive, or an empty one beside the evidence that is there, for `bring_together`."""
        if not path.with_name(EVIDENCE).exists():
            raise ArchiveError(f"{path}: there is no {EVIDENCE} beside it to make it from; restore a backup")
        db = open_database(path, archive_migrations, write=True, durable=False)
        return cls(path, db, write=True, create=False)

    def bring_together(self, watch: Watch = unwatched) -> int:
        """Put back what archive.db lacks of what the journal of captures.db has, as after a power cut, and let the
        journal follow. Returns how many items came back."""
        with plain_errors(self.path):
            returned = rebuilding.bring_up(self.db, self.evidence, watch)
        with plain_errors(self._beside), transaction(self.evidence):
            journal.follow(self.db, self.evidence)
        return returned

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
