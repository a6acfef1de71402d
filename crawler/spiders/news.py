"""The one spider: it asks a site's lists for links, fetches what is new or due, and hands every answer on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.models import Capture
from archive.store import Page
from archive.store.tombstones import REDACTED
from crawler.crawl.captures import capture_of, missing, validators
from crawler.crawl.pipelines import Fetched
from crawler.crawl.session import Session, site_row
from crawler.discover import Sorted
from crawler.fetch.browser import request_meta
from crawler.fetch.failures import explain, for_good, was_refused
from crawler.fetch.middlewares import BUDGETED
from crawler.revisit import most_urgent_first
from crawler.site.model import Site
from crawler.spiders.lists import ListReader


class NewsSpider(Spider):
    """Driven by its session; everything it decides by is in the site file and the archive."""

    name = "news"

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._considered: set[str] = set()
        self._later: list[Request] = []

    async def start(self) -> AsyncIterator[Request]:
        session = self.session
        if session.task.urls:
            for request in await self._own_requests(session.task.urls):
                yield request
            return
        for request in await ListReader(session, self.follow).requests():
            yield request
        self._later = await self._own_requests(await self._due())
        self.crawler.signals.connect(self.go_on, signals.spider_idle)

    def go_on(self) -> None:
        """When lists and what is new have been fetched: ask for what is due, with what is left of the budget."""
        later, self._later = self._later, []
        for request in later:
            self.crawler.engine.crawl(request)
        if later:
            raise DontCloseSpider

    async def _due(self) -> list[str]:
        desk, task = self.session.desk, self.session.task
        pages = await desk.ask(desk.archive.due, task.site.id, desk.clock(), all_known=task.recheck)
        return [page.url for page in most_urgent_first(pages, desk.clock())]

    async def follow(self, found: Sorted, known: Mapping[str, Page]) -> list[Request]:
        """Keep what a list announces, and ask for what of it is new or due."""
        session, desk = self.session, self.session.desk
        for reason, times in found.skipped.items():
            if reason != "duplicate":  # a link that stands twice is followed once: nothing is left out
                session.tally.skipped(reason, times)
        addresses = {link.url: site for site, link in found.wanted}
        for site in {site.id: site for site in addresses.values()}.values():
            if new := [url for url, owner in addresses.items() if owner is site and url not in known]:
                await desk.ask(desk.archive.announce, site_row(site), new, desk.clock())
        return await self._requests(addresses, known, forced=session.task.recheck)

    async def _own_requests(self, urls: Sequence[str]) -> list[Request]:
        """Requests for addresses of the site itself that are to be asked for now."""
        known = await self.session.desk.ask(self.session.desk.archive.pages, urls)
        return await self._requests(dict.fromkeys(urls, self.session.site), known, forced=True)

    async def _requests(
        self, addresses: Mapping[str, Site], known: Mapping[str, Page], *, forced: bool = False
    ) -> list[Request]:
        """Requests for those addresses that are new or due, or `forced`, each with the site whose rules it is read by.

        Each address is considered once in a run.
        """
        fresh = {url: site for url, site in addresses.items() if url not in self._considered}
        self._considered.update(fresh)
        redacted = await self.session.desk.ask(self.session.desk.archive.redacted, fresh)
        self.session.tally.skipped(REDACTED, len(redacted))
        ranked = enumerate((url, site) for url, site in fresh.items() if url not in redacted)
        requests = (self._request(site, url, known.get(url), forced, rank) for rank, (url, site) in ranked)
        return list(filter(None, requests))

    def _request(self, site: Site, url: str, page: Page | None, forced: bool, rank: int) -> Request | None:
        session = self.session
        if url in session.desk.asked:
            session.tally.skipped("fetched for another site")
            return None
        if page and not forced and page.due_at > session.desk.clock():
            session.tally.skipped("not due")
            return None
        if session.task.limit is not None and session.asked >= session.task.limit:
            session.tally.skipped("over the limit")
            return None
        session.asked += 1
        session.desk.asked.add(url)
        return Request(
            url,
            partial(self.parse_page, site, url, page),
            errback=partial(self.page_failed, site, url, page),
            headers={} if session.site.render else _validators(page),
            meta={**request_meta(session.site), BUDGETED: not session.task.urls},
            dont_filter=True,
            priority=-rank,
        )

    async def parse_page(
        self, site: Site, url: str, page: Page | None, response: Response
    ) -> AsyncIterator[Fetched | Request]:
        """One answer as an item, whatever it is: every answer is evidence."""
        self.session.tally.counts["fetched"] += 1
        capture = self._capture(url, response)
        yield Fetched(site, capture, page)
        for request in await self._own_requests(tuple(self.session.shown(None, capture))):
            yield request

    async def page_failed(self, site: Site, url: str, page: Page | None, failure: Failure) -> AsyncIterator[Fetched]:
        """An address that was refused is counted as skipped; one that could not be fetched is recorded as failed."""
        capture = self._missing(url, explain(failure))
        self.session.shown(None, capture)
        if was_refused(failure):
            self.session.tally.skipped(capture.reason)
            if for_good(failure):
                await self.session.desk.ask(self.session.desk.archive.forget, url)
        else:
            yield Fetched(site, capture, page)

    def _capture(self, url: str, response: Response) -> Capture:
        return capture_of(url, response, self.session.desk.clock())

    def _missing(self, url: str, why: str) -> Capture:
        return missing(url, self.session.desk.clock(), why)


def _validators(page: Page | None) -> dict[str, str]:
    """The headers of a conditional request, for an article of one page that showed itself when it was last asked."""
    if page is None or page.verdict != "article" or page.parts > 1:
        return {}
    return validators(page)
