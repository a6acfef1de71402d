"""`Archive`: the one door to both files. Everything that is written goes through it; one transaction a fetch."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from archive.errors import ArchiveError, EvidenceLost
from archive.evidence import chain
from archive.health import Expect
from archive.models import Capture, Outcome
from archive.store import (
    articles,
    attachments,
    backup,
    captures,
    dictionaries,
    index,
    journal,
    maintenance,
    pages,
    read,
    recording,
    redaction,
    retention,
    runs,
    tombstones,
)
from archive.store.attachments import Wanted
from archive.store.connection import empty_log, plain_errors, rows, snapshot, transaction
from archive.store.files import P, T
from archive.store.pages import Page
from archive.store.plans import Plans
from archive.store.recording import Fetch, Policy
from archive.store.retention import Plan
from archive.store.runs import Ending, SiteRow
from archive.watching import Watch, unwatched


class Archive(Plans):
    """An open archive: `archive.db`, what people read, and `captures.db` beside it, the evidence.

    One thread uses it at a time. Every method that fails raises ArchiveError, and then nothing of it was written but,
    at worst, a capture that no version cites yet.
    """

    def start_run(self, site: SiteRow, now: datetime) -> int:
        """Begin a run of a site and keep what its file says. The caller holds the site's lock."""

        def work() -> list[int]:
            runs.note_site(self.db, site, now)
            return [*runs.unfinished(self.db, site.id), runs.start(self.db, site.id, now)]

        begun = self._write(work)
        self.follow(site.id, begun)
        return begun[-1]

    def finish_run(self, run_id: int, now: datetime, ending: Ending, confirm_after: timedelta, expect: Expect) -> dict:
        """Confirm this run's withdrawals, judge and close it. Returns its row with `skips` and `broken_since`."""
        row = self._write(runs.finish, self.db, run_id, now, ending, confirm_after, expect)
        self.follow(row["site"], [run_id])
        self.renew_dictionary(now)
        return row

    def follow(self, site: str | None = None, run_ids: Iterable[int] = ()) -> None:
        """Let the journal of captures.db follow what was recorded, with the rows of a site and of some of its runs."""
        with plain_errors(self._beside), transaction(self.evidence):
            journal.follow(self.db, self.evidence)
            if site:
                journal.note_site(self.db, self.evidence, site, run_ids)

    def renew_dictionary(self, now: datetime) -> None:
        """Train a dictionary for later captures, where there are enough pages for a first or a better one."""
        with plain_errors(self._beside):
            dictionaries.renew(self.evidence, now, lambda digest: captures.load(self.evidence, digest).payload)

    def page(self, url: str) -> Page | None:
        """What is known of an address; no validators where its stored page is lost, so that it is fetched whole."""
        page = self._read(pages.find, self.db, url)
        if page is None or not (page.etag or page.last_modified) or self._holds(page.digest):
            return page
        return replace(page, etag=None, last_modified=None)

    def _holds(self, digest: str | None) -> bool:
        with plain_errors(self._beside):
            return digest is not None and captures.holds(self.evidence, digest)

    def pages(self, urls: Iterable[str]) -> dict[str, Page]:
        """What is known of those addresses that are known at all."""
        return {page.url: page for url in urls if (page := self.page(url))}

    def due(self, site: str, now: datetime, *, all_known: bool = False) -> list[Page]:
        """The known addresses of a site that are due; `all_known` takes every article's as due."""
        return self._read(pages.due, self.db, site, now, all_known=all_known)

    def redacted(self, urls: Iterable[str]) -> set[str]:
        """Those of these addresses whose article was redacted: they are not to be asked for."""
        return {url for url in urls if self._read(redaction.article_at, self.db, url)}

    def redact(self, article_id: int, why: str, now: datetime) -> int:
        """Take an article's words and pages out of both files; again, to finish it. Returns how many responses."""
        if not redaction.of_article(self.db, article_id):
            self._write(redaction.blank, self.db, article_id, why, now)
        self.follow()
        with plain_errors(self._beside):
            dropped = redaction.drop(self.evidence, redaction.responses(self.db, self.evidence), now)
            with transaction(self.evidence):
                journal.forget(self.evidence, redaction.items(self.db))
        for db, path in ((self.db, self.path), (self.evidence, self._beside)):
            redaction.purge(db, path)
        return dropped

    def record(self, fetch: Fetch, policy: Policy) -> Outcome:
        """Write one fetch down: first its payload as evidence, then everything else in one transaction."""
        if article_id := self._read(tombstones.met, self.db, fetch):
            return self._write(tombstones.record_meeting, self.db, article_id, fetch, policy)
        kept = self._keep(fetch.capture, *fetch.further)
        return self._write(self._linked, kept, recording.record, self.db, fetch, policy)

    def record_unmodified(self, site: str, run_id: int | None, capture: Capture, page: Page, policy: Policy) -> Outcome:
        """Write down a fetch that brought what the address of an article showed before: a 304, or the same bytes."""
        if article_id := self._read(redaction.article_at, self.db, capture.url):
            return self._write(tombstones.note, self.db, article_id, run_id, capture)
        kept = [] if self._holds(capture.digest) else self._keep(capture)
        work = recording.record_unmodified
        return self._write(self._linked, kept, work, self.db, site, run_id, capture, page, policy)

    def record_list(self, run_id: int, capture: Capture, verdict: str, reason: str = "") -> None:
        """Write down the fetch of a list; its payload is not kept."""
        digest = capture.digest if capture.payload else None
        sighting = captures.Sighting(verdict, reason, None, None, run_id, digest)
        self._write(captures.note, self.db, capture, sighting)

    def wanted_attachments(self, article_id: int) -> list[Wanted]:
        """The files to ask for, now that the article that links to them was seen."""
        return self._read(attachments.wanted, self.db, article_id)

    def record_attachment(self, run_id: int | None, file: Wanted, capture: Capture, reason: str = "") -> None:
        """Write down that a file was asked for, and keep it where nothing (`reason`) speaks against it."""
        kept = [] if reason else self._keep(capture)
        self._write(self._linked, kept, attachments.record, self.db, run_id, file, capture, reason)

    def _keep(self, *fetched: Capture) -> list[str]:
        """Store what is not there yet. Returns the ids of what was stored."""
        with plain_errors(self._beside):
            return [capture.id for capture in fetched if captures.keep_new(self.db, self.evidence, capture)]

    def _linked(self, kept: list[str], work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work`, and link the responses that were stored for it."""
        done = work(*args, **kwargs)
        for capture_id in kept:
            chain.link(self.db, "response", capture_id, of=self.evidence)
        return done

    def to_read_again(self, urls: Sequence[str | None], reader: str) -> tuple[Capture, ...]:
        """The stored captures of the current version of the article met at one of these addresses, the first deciding.

        Nothing where `reader` has read it already, or they are lost: then `decide` tells a change from a reading.
        """
        article_id = self._read(articles.find, self.db, *urls)
        if article_id is None:
            return ()
        _, by = self._read(articles.current_version, self.db, article_id)
        return () if by == reader else self.cited(article_id)

    def cited(self, article_id: int) -> tuple[Capture, ...]:
        """The stored captures of the article's current version, its first page's first; nothing where they are lost.

        They are those that the version was read from or, where these are lost, those that showed it last.
        """
        version_id, _ = self._read(articles.current_version, self.db, article_id)
        read_from = self._read(articles.evidence, self.db, version_id)
        for digests in (read_from, self._read(read.last_parts, self.db, article_id, version_id)):
            with suppress(EvidenceLost):
                return tuple(map(self.stored, digests))
        return ()

    def stored(self, digest: str) -> Capture:
        """The stored capture with this digest. Raises ArchiveError where there is none, or it was altered."""
        with plain_errors(self._beside):
            return captures.load(self.evidence, digest)

    def article(self, article_id: int) -> dict:
        """One article as the contract's row."""
        return self._read(rows, self.db, "SELECT * FROM articles WHERE id = ?", article_id)[0]

    def reindex(self, watch: Watch = unwatched) -> int:
        """Write the full-text indexes anew, in one transaction. Returns how many articles they have."""
        return self._write(index.renew, self.db, watch)

    def droppable(self, before: datetime | None, most: int | None) -> Plan:
        """The payloads that retention may drop: fetched before a time, or beyond so many bytes in all."""
        return self._read(retention.plan, self.db, self.evidence, before, most)

    def drop(self, plan: Plan, now: datetime, watch: Watch = unwatched) -> int:
        """Take those payloads out of captures.db; their rows stay. Returns how many they were."""
        with plain_errors(self._beside):
            return retention.drop(self.evidence, plan.dropped, now, watch)

    def optimize(self, watch: Watch = unwatched) -> None:
        """Keep the indexes quick, and give the room of the write-ahead logs back."""
        self._write(maintenance.optimize, self.db, watch)
        for db, path in ((self.db, self.path), (self.evidence, self._beside)):
            watch(f"{path.name}-wal", 0, None)
            with plain_errors(path):
                empty_log(db.conn)

    def copy_to(self, folder: Path, watch: Watch = unwatched) -> tuple[Path, Path]:
        """Copy both files into a folder, also while another process writes. Returns the copies' paths."""
        return backup.copy(self.path, self.db, self.evidence, folder, watch)

    def faults(self, watch: Watch = unwatched) -> Iterator[str]:
        """What is wrong with the two files, a line each; nothing where both are whole, also while others write.

        What archive.db cites is committed before it, so the moment of captures.db that is looked at is the later one.
        """
        with plain_errors(self.path):
            watch("full-text index", 0, None)
            yield from maintenance.index_faults(self.db)
            with snapshot(self.db.conn):
                yield from maintenance.faults(self.db, watch)
                readable = yield from self._told(self._evidence_faults(watch))
            if readable:  # the journal follows archive.db, so it is compared with what that has now
                yield from self._told(journal.faults(self.db, self.evidence, watch))

    def _evidence_faults(self, watch: Watch) -> Iterator[str]:
        with snapshot(self.evidence.conn):
            yield from maintenance.evidence_faults(self.db, self.evidence, watch)

    def _told(self, faults: Iterator[str]) -> Generator[str, None, bool]:
        """Faults of captures.db; where it cannot be read, that is one, and the last. Returns whether it can."""
        try:
            with plain_errors(self._beside):
                yield from faults
        except ArchiveError as error:
            yield str(error)
            return False
        return True
