"""`Archive`: the one door to both files. Everything that is written goes through it; one transaction a fetch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, Self, TypeVar

from sqlite_utils import Database

from archive.models import Capture, Outcome
from archive.schema import archive_migrations, captures_migrations
from archive.store import (
    articles,
    backup,
    captures,
    dictionaries,
    index,
    maintenance,
    pages,
    recording,
    retention,
    runs,
)
from archive.store.connection import open_database, plain_errors, require, rows, transaction
from archive.store.pages import Page
from archive.store.recording import Fetch, Policy
from archive.store.retention import Plan
from archive.store.runs import Ending, SiteRow

P = ParamSpec("P")
T = TypeVar("T")


class Archive:
    """An open archive: `archive.db`, what people read, and `captures.db` beside it, the evidence.

    One thread uses it at a time. Every method that fails raises ArchiveError, and then nothing of it was written but,
    at worst, a capture that no version cites yet.
    """

    def __init__(self, path: Path, db: Database, evidence: Database) -> None:
        self.path, self.db, self.evidence = path, db, evidence

    @classmethod
    def open(cls, path: Path, *, write: bool = False, create: bool = True) -> Self:
        """Open an archive; with `write` its files are upgraded, with `create` made. Raises ArchiveError."""
        if not create:
            require(path)
        db = open_database(path, archive_migrations, write=write, durable=False)
        evidence = open_database(path.with_name("captures.db"), captures_migrations, write=write, durable=True)
        return cls(path, db, evidence)

    def close(self) -> None:
        """Close both files."""
        self.db.close()
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

    def start_run(self, site: SiteRow, now: datetime) -> int:
        """Begin a run of a site and keep what its file says. The caller holds the site's lock."""

        def work() -> int:
            runs.note_site(self.db, site, now)
            return runs.start(self.db, site.id, now)

        return self._write(work)

    def note_site(self, site: SiteRow, now: datetime) -> None:
        """Keep what a site's file says, where it is not crawled itself."""
        self._write(runs.note_site, self.db, site, now)

    def finish_run(self, run_id: int, now: datetime, ending: Ending, confirm_after: timedelta) -> dict:
        """Confirm this run's withdrawals and close it. Returns its row with `skips`."""
        row = self._write(runs.finish, self.db, run_id, now, ending, confirm_after)
        with plain_errors(self.path.with_name("captures.db")):
            dictionaries.renew(self.evidence, now, lambda digest: captures.load(self.evidence, digest).payload)
        return row

    def page(self, url: str) -> Page | None:
        """What is known of an address."""
        return self._read(pages.find, self.db, url)

    def pages(self, urls: Iterable[str]) -> dict[str, Page]:
        """What is known of those addresses that are known at all."""
        return {page.url: page for url in urls if (page := self.page(url))}

    def due(self, site: str, now: datetime, *, all_known: bool = False) -> list[Page]:
        """The known addresses of a site that are due; `all_known` takes every article's as due."""
        return self._read(pages.due, self.db, site, now, all_known=all_known)

    def record(self, fetch: Fetch, policy: Policy) -> Outcome:
        """Write one fetch down: first its payload as evidence, then everything else in one transaction."""
        for capture in (fetch.capture, *fetch.further):
            self._keep(capture)
        return self._write(recording.record, self.db, fetch, policy)

    def record_unmodified(self, site: str, run_id: int | None, capture: Capture, page: Page, policy: Policy) -> Outcome:
        """Write down a fetch that brought what the address of an article showed before: a 304, or the same bytes."""
        return self._write(recording.record_unmodified, self.db, site, run_id, capture, page, policy)

    def record_list(self, run_id: int, capture: Capture, verdict: str, reason: str = "") -> None:
        """Write down the fetch of a list; its payload is not kept."""
        digest = capture.digest if capture.payload else None
        sighting = captures.Sighting(verdict, reason, None, None, run_id, digest)
        self._write(captures.note, self.db, capture, sighting)

    def _keep(self, capture: Capture) -> None:
        if not capture.payload:
            return
        with plain_errors(self.path.with_name("captures.db")):
            if captures.latest_digest(self.evidence, capture.url) != capture.digest:
                with transaction(self.evidence):
                    captures.keep(self.evidence, capture)

    def to_read_again(self, page: Page, reader: str) -> tuple[Capture, ...]:
        """The stored captures of the article's current version, where its current reading is not by `reader`."""

        def work() -> tuple[Capture, ...]:
            if page.article_id is None:
                return ()
            version_id, by = articles.current_version(self.db, page.article_id)
            return () if by == reader else self._cited(version_id)

        return self._read(work)

    def stored(self, digest: str) -> Capture:
        """The stored capture with this digest. Raises ArchiveError where there is none, or it was altered."""
        return self._read(captures.load, self.evidence, digest)

    def article(self, article_id: int) -> dict:
        """One article as the contract's row."""
        return self._read(rows, self.db, "SELECT * FROM articles WHERE id = ?", article_id)[0]

    def last_started(self) -> dict[str, datetime]:
        """When each site was last begun to be crawled."""
        return self._read(runs.last_started, self.db)

    def _cited(self, version_id: int) -> tuple[Capture, ...]:
        cited = self.db.conn.execute(
            "SELECT k.digest FROM version_captures c JOIN captures k ON k.id = c.capture_id"
            " WHERE c.version_id = ? ORDER BY c.part",
            (version_id,),
        )
        return tuple(captures.load(self.evidence, digest) for (digest,) in cited.fetchall())

    def leave_alone(self, host: str, until: datetime, reason: str) -> None:
        """Do not ask this host for anything until then, in any later run."""
        self._write(pages.leave_alone, self.db, host, until, reason)

    def left_alone(self, now: datetime) -> dict[str, str]:
        """The hosts to leave alone now, each with the reason."""
        return self._read(pages.left_alone, self.db, now)

    def reindex(self) -> int:
        """Write the full-text indexes anew. Returns how many articles they have."""
        return self._write(index.renew, self.db)

    def droppable(self, before: datetime | None, most: int | None) -> Plan:
        """The payloads that retention may drop: fetched before a time, or beyond so many bytes in all."""
        return self._read(retention.plan, self.db, self.evidence, before, most)

    def drop(self, plan: Plan, now: datetime) -> int:
        """Take those payloads out of captures.db; their rows stay. Returns how many they were."""
        with plain_errors(self.path.with_name("captures.db")):
            return retention.drop(self.evidence, plan.dropped, now)

    def copy_to(self, folder: Path) -> tuple[Path, Path]:
        """Copy both files into a folder, also while another process writes. Returns the copies' paths."""
        return backup.copy(self.path, self.db, self.evidence, folder)

    def faults(self) -> Iterator[str]:
        """What is wrong with the two files, a line each; nothing where both are whole."""
        with plain_errors(self.path):
            yield from maintenance.faults(self.db, self.evidence)
