"""Captures that others made, read and recorded as those of a crawl are: by the same reader and through the same door.

What an import says is of its time: where the archive has looked at an article since, a capture is kept as evidence and
changes nothing. A page that shows no article is not kept, so an import never withdraws one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

from archive.clock import stamp
from archive.errors import EvidenceLost, Unreadable, UsageError
from archive.models import Capture, Outcome, new_capture_id
from archive.store import Page, read
from archive.warc import Record, payload_at, records
from crawler.addresses import registrable
from crawler.crawl.adding import belonging, own_site
from crawler.crawl.desk import Desk, unmodified
from crawler.crawl.session import site_row
from crawler.crawl.tally import Tally
from crawler.imports.saved import saved_from
from crawler.imports.stock import Item, Stock
from crawler.reading.links import first_address
from crawler.revisit import next_due_after_import
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.site.model import Site

NO_SITE = "-"  # under which is counted what belongs to no site
IMPORTED = "x-yiwen-imported"  # a header of every imported capture: the name of its file
FURTHER = "a further page of an article, which is taken with its first one"
_HTML = ("text/html", "application/xhtml+xml", "")
_GZIP, _WARC = b"\x1f\x8b", b"WARC/"


class Import:
    """One run of `yiwen import`. `tallies` are by the site's id; `faults` are of files, a line each."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        self.desk, self.now, self.stock = desk, now, Stock()
        self.tallies: dict[str, Tally] = {}
        self.faults: list[str] = []
        self._policy = partial(next_due_after_import, now=now)

    async def run(self, files: tuple[Path, ...], url: str | None, saved_at: datetime | None) -> None:
        """Import what is in the files, the oldest captures first. `url` and `saved_at` are those of saved pages."""
        for path in files:
            await self._add_file(path, url, saved_at)
        total = len(self.stock)
        for number, item in enumerate(self.stock.in_order(), 1):
            await self._import(item)
            self.desk.board.advance("import", number, total)
        for site in self.tallies:
            await self.desk.ask(self.desk.archive.follow, site)
        await self.desk.ask(self.desk.archive.renew_dictionary, self.now)

    async def _add_file(self, path: Path, url: str | None, saved_at: datetime | None) -> None:
        """Put a file's pages into stock; what is wrong with it is a fault, and what stood before that is imported."""
        try:
            with path.open("rb") as file:
                head = file.read(len(_WARC))
            if head.startswith((_GZIP, _WARC)):
                for record in records(path):
                    self._add_record(path, record)
            else:
                await self._add_saved(path, url, saved_at)
        except OSError as error:
            self.faults.append(f"{path}: cannot be read ({error.strerror})")
        except (Unreadable, UsageError) as error:
            self.faults.append(str(error))

    def _add_record(self, path: Path, record: Record) -> None:
        if record.kind not in ("response", "resource", "revisit"):
            return
        if why := _objection(record, self.now):
            self._tally(NO_SITE).skipped(why)
            return
        site, address = belonging(record.requested, self.desk.sites)
        if site not in self.desk.sites and (ours := self._of_domain(address)):
            self._tally(ours.id).skipped("no article")
        elif record.at:
            self.stock.add_record(path, record, address, record.at)

    def _of_domain(self, address: str) -> Site | None:
        """The site with a file whose domain the address is of, though it is no article's there."""
        return next((site for site in self.desk.sites if registrable(address) in site.domains), None)

    async def _add_saved(self, path: Path, url: str | None, saved_at: datetime | None) -> None:
        payload = path.read_bytes()
        if not payload or b"\0" in payload:
            raise Unreadable(f"{path}: {'is neither a WARC file nor a page' if payload else 'is empty'}")
        if saved_at is None:
            raise UsageError(f"{path}: say when this page was saved: --fetched-at TIME")
        if not (address := url or saved_from(payload) or await self._claimed(payload, saved_at)):
            raise UsageError(f"{path}: nothing in this page says where it is from: --url ADDRESS")
        self.stock.add_saved(path, belonging(address, self.desk.sites)[1], saved_at)

    async def _claimed(self, payload: bytes, at: datetime) -> str | None:
        """The address that a page itself says is its own."""
        capture = Capture(new_capture_id(at), "", "", at, HTTPStatus.OK, (), payload)
        part = await self.desk.look(own_site("https://saved.invalid/"), capture)
        return part.reading.canonical_url

    def _tally(self, site: str) -> Tally:
        return self.tallies.setdefault(site, Tally())

    async def _import(self, item: Item) -> None:
        site, _ = belonging(item.address, self.desk.sites)
        if site.id not in self.tallies:
            await self.desk.ask(self.desk.archive.announce, site_row(site), (), self.now)
        try:
            outcome = await self._take(site, item)
        except Unreadable as error:
            outcome = Outcome("failed", reason=str(error))
        if outcome.kind == "failed":
            self.faults.append(f"{item.address}: {outcome.reason}")
        self._tally(site.id).recorded(outcome)

    async def _take(self, site: Site, item: Item) -> Outcome:
        """Record one capture."""
        archive, ask = self.desk.archive, self.desk.ask
        if await ask(read.has_fetch, archive.db, item.address, item.at):
            return Outcome("skipped", reason="in the archive already")
        page = await ask(archive.page, item.address)
        newest = page if page and await self._is_newest(page, item.at) else None
        if newest and item.unmodified and item.digest == f"sha256:{newest.digest}":
            capture: Capture | str = _capture(item, HTTPStatus.NOT_MODIFIED, b"")
        else:
            capture = await self._whole(item)
        if isinstance(capture, str):
            return Outcome("skipped", reason=capture)
        if first_address(item.address) and (await self.desk.look(site, capture)).first_page:
            return Outcome("skipped", reason=FURTHER)
        if newest and unmodified(site, capture, newest):
            return await ask(archive.record_unmodified, site.id, None, capture, newest, self._policy)
        fetch = await self.desk.read(site, None, capture, page, partial(self._further, item))
        if fetch.reading.verdict != "article":
            failed = fetch.reading.verdict == "failed"
            return Outcome("failed" if failed else "skipped", reason=fetch.reading.reason or fetch.reading.verdict)
        return await ask(archive.record, replace(fetch, past=True), self._policy)

    async def _is_newest(self, page: Page, at: datetime) -> bool:
        """Whether the archive has not looked at the address's article since that time, and has one of a single page."""
        if page.article_id is None or page.parts > 1:
            return False
        article = await self.desk.ask(self.desk.archive.article, page.article_id)
        return str(article["last_checked_at"]) <= stamp(at)

    async def _whole(self, item: Item) -> Capture | str:
        """A capture with its payload, that of a revisit from where it refers to; or why there is none."""
        source = self.stock.referred(item) if item.revisit else item
        if source is None:
            return await self._from_archive(item)
        payload, headers = _content(source)
        if len(payload) > DOWNLOAD_MAXSIZE:
            return "larger than 5 MB"
        return _capture(item, HTTPStatus.OK, payload, headers) if payload else "without content"

    async def _from_archive(self, item: Item) -> Capture | str:
        kind, _, digest = item.digest.partition(":")
        try:
            stored = await self.desk.ask(self.desk.archive.stored, digest if kind == "sha256" else "")
        except EvidenceLost:
            return "a revisit of a page that is neither in the files nor in the archive"
        return _capture(item, HTTPStatus.OK, stored.payload, stored.headers)

    async def _further(self, first: Item, url: str) -> Capture:
        """A further page of an article: of the captures of its address, the one nearest in time."""
        _, address = belonging(url, self.desk.sites)
        item = self.stock.take_near(address, first.at)
        capture = await self._whole(item) if item else "not among the files"
        if isinstance(capture, str):
            return Capture(new_capture_id(first.at), url, url, first.at, None, reason=capture)
        return capture


def _objection(record: Record, now: datetime) -> str:
    """Why a record is no page of the web to import, whatever it says."""
    if not record.url.startswith(("http://", "https://")):
        return "not a web address"
    if record.kind != "revisit" and record.media not in _HTML:
        return "not HTML"
    if record.kind == "response" and record.status != HTTPStatus.OK:
        return f"HTTP {record.status}"
    if record.at is None or record.at > now:
        return "dated in the future" if record.at else "without a date"
    return ""


def _content(item: Item) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Payload and headers as they stand in the file. Raises Unreadable."""
    if item.offset is not None:
        return payload_at(item.path, item.offset, DOWNLOAD_MAXSIZE)
    try:
        with item.path.open("rb") as file:
            return file.read(DOWNLOAD_MAXSIZE + 1), ()
    except OSError as error:
        raise Unreadable(f"{item.path}: cannot be read ({error.strerror})") from error


def _capture(item: Item, status: HTTPStatus, payload: bytes, headers: tuple[tuple[str, str], ...] = ()) -> Capture:
    noted = (*(pair for pair in headers if pair[0] != IMPORTED), (IMPORTED, item.path.name))
    return Capture(new_capture_id(item.at), item.address, item.url, item.at, int(status), noted, payload)
