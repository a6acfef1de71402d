"""What a later run is to ask for, and which hosts nothing: the part of `Archive` that only the crawler needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from sqlite_utils import Database

from archive.store import hosts, pages, places, runs
from archive.store.connection import plain_errors, transaction
from archive.store.runs import SiteRow

P = ParamSpec("P")
T = TypeVar("T")


class Plans:
    """Over archive.db. Every method that fails raises ArchiveError, and then nothing of it was written."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path, self.db = path, db

    def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with plain_errors(self.path), transaction(self.db):
            return work(*args, **kwargs)

    def _read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        with plain_errors(self.path):
            return work(*args, **kwargs)

    def announce(self, site: SiteRow, urls: Iterable[str], now: datetime) -> None:
        """Keep addresses of a site that a list gave, due at once, so that a run which ends before them loses none."""

        def work() -> None:
            runs.note_site(self.db, site, now)
            pages.announce(self.db, site.id, urls, now)

        self._write(work)

    def forget(self, url: str) -> None:
        """An announced address that is never to be fetched; what was fetched stays."""
        self._write(pages.forget, self.db, url)

    def places(self, site: str, *, deep: bool) -> dict[str, int]:
        """The page at which each unfinished list of a site is to be read on."""
        return self._read(places.of_site, self.db, site, deep=deep)

    def keep_place(self, site: str, name: str, page: int, *, deep: bool) -> None:
        """A site's list is being read at this page; 0 where it has been read."""
        self._write(places.keep, self.db, site, name, page, deep=deep)

    def leave_alone(self, host: str, until: datetime, reason: str) -> None:
        """Do not ask this host for anything until then, in any later run."""
        self._write(hosts.leave_alone, self.db, host, until, reason)

    def left_alone(self, now: datetime) -> dict[str, str]:
        """The hosts to leave alone now, each with the reason."""
        return self._read(hosts.left_alone, self.db, now)

    def strikes(self) -> dict[str, int]:
        """How often each host was left alone since it last answered well."""
        return self._read(hosts.strikes, self.db)

    def forgive(self, host: str) -> None:
        """A host answers well again."""
        self._write(hosts.forgive, self.db, host)
