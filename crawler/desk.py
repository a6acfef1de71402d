"""What all crawls of one process share: the archive in its own thread, the readers in their own processes, the clock.

The Scrapy shell awaits these; Twisted's thread never reads a page and never waits for the disk.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.models import Capture, Outcome, Reading
from archive.store import Archive, Page
from archive.store.recording import Fetch
from crawler.board import Board
from crawler.interpret import interpret
from crawler.reading.article import reader_id
from crawler.revisit import next_due
from crawler.site import Site

P = ParamSpec("P")
T = TypeVar("T")

READ_WITHIN = 20.0  # seconds for one page, after which its worker is replaced
TASKS_OF_A_WORKER = 5_000  # then it is replaced too: libxml2 does not give all memory back


class Desk:
    """Shared by the spiders of one process; `close` it when they have ended."""

    def __init__(self, archive: Archive, clock: Callable[[], datetime], board: Board) -> None:
        self.archive, self.clock, self.board = archive, clock, board
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self._readers = ProcessPool(
            max_workers=os.cpu_count() or 1, max_tasks=TASKS_OF_A_WORKER, context=get_context("spawn")
        )

    def close(self) -> None:
        """Let what is under way finish, and end the workers."""
        self._readers.close()
        self._readers.join()
        self._writer.shutdown()

    async def ask(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a method of the archive in the archive's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(work, *args, **kwargs))

    async def record(self, site: Site, run_id: int, capture: Capture, page: Page | None) -> Outcome:
        """Read a capture and write it down. What the archive has seen already is not read again."""
        policy = partial(next_due, confirm_withdrawal_after=site.confirm_withdrawal_after)
        if page and _unmodified(capture, page):
            return await self.ask(self.archive.record_unmodified, site.id, run_id, capture, page, policy)
        reading = await self.read(site, capture)
        earlier = await self._earlier(site, page) if reading.verdict == "article" else None
        return await self.ask(self.archive.record, Fetch(site.id, run_id, capture, reading, earlier), policy)

    async def _earlier(self, site: Site, page: Page | None) -> Reading | None:
        """The article's current version as today's reader reads it, where the archive has only an older reading."""
        stored = await self.ask(self.archive.to_read_again, page, reader_id()) if page else None
        return await self.read(site, stored) if stored else None

    async def read(self, site: Site, capture: Capture) -> Reading:
        """Read a capture in a worker. A page that hangs or kills its worker is `failed`; the worker is replaced."""
        future = self._readers.schedule(interpret, args=[site, capture], timeout=READ_WITHIN)
        try:
            return await asyncio.wrap_future(future)
        except TimeoutError:
            reason = f"the page could not be read within {READ_WITHIN:.0f} s"
        except ProcessExpired as error:
            reason = f"the page ended its reader (exit code {error.exitcode})"
        except Exception as error:  # the one broad catch: a page may break the reader, never the crawl
            reason = f"the page broke the reader ({type(error).__name__}: {error})"[:300]
        return Reading("failed", reader_id(), reason=reason)


def _unmodified(capture: Capture, page: Page) -> bool:
    """Whether an article's address answered 304, or with the very bytes that today's reader has read already."""
    if page.verdict != "article" or page.article_id is None:
        return False
    same = capture.status == 200 and capture.digest == page.digest and page.reader == reader_id()
    return capture.status == 304 or same
