"""The one item pipeline: every fetched page goes to the desk, and what becomes of it is counted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.python.failure import Failure

from archive.errors import YiwenError
from archive.models import Capture
from archive.store import Page
from crawler.captures import capture_of, missing
from crawler.failures import explain
from crawler.restraint import restraint
from crawler.session import Session, session_of
from crawler.site import Site


@dataclass(frozen=True)
class Fetched:
    """Scrapy's item: a capture, the site by whose rules it is read, and what was known of its address before."""

    site: Site
    capture: Capture
    page: Page | None


class Record:
    """Reads and records each fetched page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Fetched) -> None:
        session = session_of(self._crawler)
        try:
            further = partial(self._further, session)
            outcome, reading = await session.desk.record(item.site, session.run_id, item.capture, item.page, further)
            session.tally.recorded(outcome, reading if item.site is session.site else None)
            session.challenges += outcome.kind == "challenged"
            await self._spare(item.capture, session)
        except YiwenError as error:
            self._stop(session, error)

    async def _further(self, session: Session, url: str) -> Capture:
        """A further page of an article, past the same guards as any other."""
        request = Request(url)

        def came(response: Response) -> Capture:
            session.tally.counts["fetched"] += 1
            return capture_of(url, response, session.desk.clock())

        def failed(failure: Failure) -> Capture:
            failure.request = request  # type: ignore[attr-defined]
            return missing(url, session.desk.clock(), explain(failure))

        download = deferred_from_coro(self._crawler.engine.download_async(request))
        return await maybe_deferred_to_future(download.addCallbacks(came, failed))

    async def _spare(self, capture: Capture, session: Session) -> None:
        """Leave a host alone that asks for it, or that challenges us again and again."""
        if found := restraint(capture, session.challenges):
            wait, why = found
            host = urlsplit(capture.final_url).netloc
            session.left_alone[host] = why
            await session.desk.ask(session.desk.archive.leave_alone, host, session.desk.clock() + wait, why)

    def _stop(self, session: Session, error: YiwenError) -> None:
        """What cannot be recorded must not be fetched: end this crawl, and let its last words say why."""
        if session.error is None and self._crawler.engine:
            session.error = error
            closing = self._crawler.engine.close_spider_async(reason="the archive cannot be written")
            self._closing = asyncio.get_running_loop().create_task(closing)
