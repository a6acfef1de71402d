"""What all crawls of one process share: the archive in its own thread, the readers in their own processes, the clock.

The Scrapy shell awaits these; Twisted's thread never reads a page and never waits for the disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from archive.commands.board import Board
from archive.history.withdrawal import EMPTIED
from archive.models import Capture, Outcome, Reading
from archive.store import Archive, Page
from archive.store.recording import Fetch
from crawler.crawl.readers import LIST_WITHIN, Readers, Unread
from crawler.discover import Found, read_list
from crawler.fetch.turns import Turns
from crawler.interpret import Part, interpret, is_emptied, is_lost, look, replaced_by
from crawler.reading.article import reader_id
from crawler.reading.joining import MOST_PAGES
from crawler.revisit import next_due
from crawler.site.model import Listing, Site

P = ParamSpec("P")
T = TypeVar("T")
Further = Callable[[str], Awaitable[Capture]]
Log = Callable[[Mapping[str, object]], None]
Recorded = tuple[Outcome, Reading | None]


class Desk:
    """Shared by the spiders of one process; `close` it when they have ended.

    `sites` are those that have files, `asked` the addresses of pages that any of the spiders has asked for.
    `left_alone` maps hosts (as they stand in addresses) to the reason for asking them nothing, `strikes` to how often
    that was so. `log`, if there is one, is told of each page that was recorded. At most so many workers read as
    `readers` says, where it does.
    """

    def __init__(
        self,
        archive: Archive,
        clock: Callable[[], datetime],
        board: Board,
        sites: Sequence[Site] = (),
        log: Log | None = None,
        readers: int | None = None,
    ) -> None:
        self.archive, self.clock, self.board, self.sites, self.log = archive, clock, board, sites, log
        self.asked: set[str] = set()
        self.turns = Turns()
        self.left_alone, self.strikes = archive.left_alone(clock()), archive.strikes()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._readers = Readers(readers)

    def close(self) -> None:
        """Let what is under way finish, and end the workers."""
        self._readers.close()
        self._writer.shutdown()

    async def ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of the archive in the archive's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(work, *args, **kwargs))

    async def record(self, site: Site, run_id: int, capture: Capture, page: Page | None, further: Further) -> Recorded:
        """Read a capture and write it down. What the archive has seen already is not read again: its reading is None.

        `further` fetches a further page of the same article.
        """
        policy = partial(next_due, confirm_withdrawal_after=site.confirm_withdrawal_after)
        if page and unmodified(site, capture, page):
            return await self.ask(self.archive.record_unmodified, site.id, run_id, capture, page, policy), None
        fetch = await self.read(site, run_id, capture, page, further)
        return await self.ask(self.archive.record, fetch, policy), fetch.reading

    async def read(
        self, site: Site, run_id: int | None, capture: Capture, page: Page | None, further: Further
    ) -> Fetch:
        """What is to be recorded of a capture: read, with its article's further pages and the state to compare with."""
        part = await self.look(site, capture)
        others = [other async for other in self._others(site, capture, part, further)]
        reading = await self._read(site, (capture, *others)) if others else part.reading
        reading = await self._unless_lost(site, page, capture, reading)
        earlier = await self._earlier(site, capture, reading) if reading.verdict == "article" else None
        if earlier and earlier.verdict == "failed":  # without it a better reader would be taken for a change
            reading = replace(earlier, reason=f"the stored capture to compare with: {earlier.reason}")
        return Fetch(site.id, run_id, capture, reading, earlier, tuple(others))

    async def read_list(self, listing: Listing, capture: Capture) -> Found:
        """What a list's answer holds, read in a worker. Raises Unread."""
        return await self._readers.run(read_list, listing, capture, within=LIST_WITHIN)

    async def _others(self, site: Site, first: Capture, part: Part, further: Further) -> AsyncIterator[Capture]:
        """The captures of the article's further pages, in their order, until one is no article."""
        for _ in range(MOST_PAGES - 1):
            if part.next_page is None or part.reading.verdict != "article":
                return
            capture = await further(part.next_page)
            yield capture
            part = await self.look(site, capture, first.final_url)

    async def _earlier(self, site: Site, capture: Capture, reading: Reading) -> Reading | None:
        """The article's current version as today's reader reads it, where the archive has only an older reading."""
        urls = (capture.url, capture.final_url, reading.canonical_url)
        stored = await self.ask(self.archive.to_read_again, urls, reader_id(site.rules))
        return await self._read(site, stored) if stored else None

    async def _unless_lost(self, site: Site, page: Page | None, capture: Capture, reading: Reading) -> Reading:
        """`reading`; `gone` where a known article's page is there without it, or its address leads to another's."""
        if page is None or page.article_id is None:
            return reading
        article = await self.ask(self.archive.article, page.article_id)
        if not is_lost(article["text_original"], reading):
            return reading
        if other := replaced_by(site, capture, reading, article["url"]):
            return Reading("gone", reading.reader, reason=f"redirected to another article, {other}")
        before = await self.ask(self.archive.cited, page.article_id)
        if not before:
            return reading
        emptied = await self._in_a_worker(is_emptied, before[0], article["text_original"], capture, reading)
        return Reading("gone", reading.reader, reason=EMPTIED) if emptied is True else reading

    async def look(self, site: Site, capture: Capture, first: str = "") -> Part:
        """What one capture shows; `first` is the address of its article's first page, where this is another."""
        found = await self._in_a_worker(look, site, capture, first)
        return Part(found) if isinstance(found, Reading) else found

    async def _read(self, site: Site, captures: Sequence[Capture]) -> Reading:
        return await self._in_a_worker(interpret, site, captures)

    async def _in_a_worker(self, work: Callable[..., T], *args: object) -> T | Reading:
        """Read in a worker; a page that cannot be read there is `failed`."""
        try:
            return await self._readers.run(work, *args)
        except Unread as error:
            return Reading("failed", reader_id(), reason=str(error))


def unmodified(site: Site, capture: Capture, page: Page) -> bool:
    """Whether an article's address answered 304, or with the very bytes that today's reader has read already.

    Of an article over several pages the first page alone does not tell.
    """
    if page.verdict != "article" or page.article_id is None or page.parts > 1:
        return False
    same = capture.status == 200 and capture.digest == page.digest and page.reader == reader_id(site.rules)
    return capture.status == 304 or same
