"""The one item pipeline: every fetched page goes to the desk, and what becomes of it is counted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.python.failure import Failure

from archive.clock import stamp
from archive.errors import YiwenError
from archive.models import Capture, Outcome
from archive.store import Page
from crawler.crawl import attaching
from crawler.crawl.captures import capture_of, missing, validators
from crawler.crawl.session import Session, session_of
from crawler.fetch.browser import request_meta
from crawler.fetch.failures import explain
from crawler.fetch.sparing import heed_challenge
from crawler.site.model import Site


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
            if session.desk.log:
                session.desk.log(_logged(item, session.run_id, outcome))
            if outcome.kind == "challenged":
                await heed_challenge(session, item.capture)
            if item.site.attachments and outcome.version_id is not None and outcome.article_id is not None:
                await self._attach(session, outcome.article_id)
        except YiwenError as error:
            self._stop(session, error)

    async def _further(self, session: Session, url: str) -> Capture:
        """A further page of an article."""
        return await self._fetch(session, Request(url, meta=request_meta(session.site)))

    async def _attach(self, session: Session, article_id: int) -> None:
        """Ask for the files that an article links to, where that is due; what does not come is counted by reason."""
        desk = session.desk
        files = await desk.ask(desk.archive.wanted_attachments, article_id)
        if len(files) > attaching.MOST:
            session.tally.skipped("attachment: too many of one article", len(files) - attaching.MOST)
        for file in files[: attaching.MOST]:
            meta = {"download_maxsize": attaching.LARGEST, "download_timeout": attaching.WITHIN}
            capture = await self._fetch(session, Request(file.url, headers=validators(file), meta=meta))
            reason = attaching.objection(file, capture)
            if reason:
                session.tally.skipped(f"attachment: {reason}")
            await desk.ask(desk.archive.record_attachment, session.run_id, file, capture, reason)

    async def _fetch(self, session: Session, request: Request) -> Capture:
        """The answer to a request that belongs to an article, past the same guards as any other."""

        def came(response: Response) -> Capture:
            session.tally.counts["fetched"] += 1
            return capture_of(request.url, response, session.desk.clock())

        def failed(failure: Failure) -> Capture:
            failure.request = request  # type: ignore[attr-defined]
            return missing(request.url, session.desk.clock(), explain(failure))

        download = deferred_from_coro(self._crawler.engine.download_async(request))
        return await maybe_deferred_to_future(download.addCallbacks(came, failed))

    def _stop(self, session: Session, error: YiwenError) -> None:
        """What cannot be recorded must not be fetched: end this crawl, and let its last words say why."""
        if session.error is None and self._crawler.engine:
            session.error = error
            closing = self._crawler.engine.close_spider_async(reason="the archive cannot be written")
            self._closing = asyncio.get_running_loop().create_task(closing)


def _logged(item: Fetched, run_id: int, outcome: Outcome) -> dict[str, object]:
    """What the log has of a page, in words of the contract."""
    capture = item.capture
    return {
        "at": stamp(capture.fetched_at),
        "run_id": run_id,
        "site": item.site.id,
        "url": capture.url,
        "http_status": capture.status,
        "bytes": len(capture.payload),
        "outcome": outcome.kind,
        "reason": outcome.reason or capture.reason,
        "article_id": outcome.article_id,
        "events": [event.kind for event in outcome.events],
    }
