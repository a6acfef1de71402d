"""The one spider: it asks a site's lists for links, fetches what is new or due, and hands every answer on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from functools import partial
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.health import ListRun
from archive.models import Capture
from archive.store import Page
from crawler.browser import request_meta
from crawler.captures import capture_of, missing, validators
from crawler.discover import Ask, first_page, further_pages, links_of, nested_sitemaps, sort_links, why_none
from crawler.failures import explain, was_refused
from crawler.pipelines import Fetched
from crawler.session import Session, site_row
from crawler.site import Listing, Site

NESTED_SITEMAPS = 50
LISTS_FIRST = 10


class NewsSpider(Spider):
    """Driven by its session; everything it decides by is in the site file and the archive."""

    name = "news"

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._considered: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        session = self.session
        if session.task.urls:
            for request in await self._requests(self._own(session.task.urls), forced=True):
                yield request
            return
        for listing in session.site.lists:
            for ask in (first_page(listing), *further_pages(listing)):
                yield self._list_request(listing, ask)
        for request in await self._requests(self._own(await self._due()), forced=True):
            yield request

    async def _due(self) -> list[str]:
        desk, task = self.session.desk, self.session.task
        pages = await desk.ask(desk.archive.due, task.site.id, desk.clock(), all_known=task.recheck)
        return [page.url for page in pages]

    def _list_request(self, listing: Listing, ask: Ask) -> Request:
        self._note(listing, ask, "was not fetched")
        return Request(
            ask.url,
            partial(self.parse_list, listing, ask),
            method="POST" if ask.body else "GET",
            headers={"Content-Type": ask.media} if ask.body else None,
            body=ask.body,
            errback=partial(self.list_failed, listing, ask),
            meta=request_meta(self.session.site) if listing.kind == "html" and not ask.body else {},
            dont_filter=True,
            priority=LISTS_FIRST,
        )

    async def parse_list(self, listing: Listing, ask: Ask, response: Response) -> AsyncIterator[Request]:
        """Requests for a list's links that are to be fetched; a list that gives none is an alarm of this run."""
        capture = self._capture(ask.url, response)
        if response.status != 200:
            self._note(listing, ask, f"HTTP {response.status}")
            await self._record_list(ask, capture, "error")
            return
        links = links_of(listing, capture.payload, response.url, capture.header("content-type"))
        nested = self._nested(listing, capture.payload)
        found = sort_links(self.session.site, listing, links, self.session.desk.sites)
        self._note(listing, ask, "" if links or nested else why_none(listing, capture), len(links), found.articles)
        await self._record_list(ask, capture, "list")
        for sitemap in nested:
            yield self._list_request(listing, Ask(sitemap))
        for reason, times in found.skipped.items():
            if reason != "duplicate":  # a link that stands twice is followed once: nothing is left out
                self.session.tally.skipped(reason, times)
        addresses = {link.url: site for site, link in found.wanted}
        await self._note_others(addresses.values())
        for request in await self._requests(addresses, forced=self.session.task.recheck):
            yield request

    async def _note_others(self, sites: Iterable[Site]) -> None:
        """Write down what the files of other sites say whose articles are followed from here."""
        desk = self.session.desk
        for site in {site.id: site for site in sites if site is not self.session.site}.values():
            await desk.ask(desk.archive.note_site, site_row(site), desk.clock())

    def _nested(self, listing: Listing, payload: bytes) -> list[str]:
        if listing.kind != "sitemap":
            return []
        return [url for url in nested_sitemaps(payload) if url not in self.session.tally.lists][:NESTED_SITEMAPS]

    def _note(self, listing: Listing, ask: Ask, problem: str, links: int = 0, articles: int = 0) -> None:
        self.session.tally.lists[ask.name] = ListRun(listing.url, links, articles, problem)

    async def _record_list(self, ask: Ask, capture: Capture, verdict: str) -> None:
        session = self.session
        session.tally.counts["fetched"] += capture.status is not None
        problem = session.tally.lists[ask.name].problem
        await session.desk.ask(session.desk.archive.record_list, session.run_id, capture, verdict, problem)

    async def list_failed(self, listing: Listing, ask: Ask, failure: Failure) -> None:
        """A list that could not be fetched is an alarm; a refused one too."""
        why = explain(failure)
        self._note(listing, ask, why)
        if not was_refused(failure):
            await self._record_list(ask, self._missing(ask.url, why), "failed")

    def _own(self, urls: Iterable[str]) -> dict[str, Site]:
        return dict.fromkeys(urls, self.session.site)

    async def _requests(self, addresses: Mapping[str, Site], *, forced: bool = False) -> list[Request]:
        """Requests for those addresses that are new or due, or `forced`, each with the site whose rules it is read by.

        Each address is considered once in a run.
        """
        fresh = {url: site for url, site in addresses.items() if url not in self._considered}
        self._considered.update(fresh)
        known = await self.session.desk.ask(self.session.desk.archive.pages, fresh)
        requests = (self._request(site, url, known.get(url), forced) for url, site in fresh.items())
        return list(filter(None, requests))

    def _request(self, site: Site, url: str, page: Page | None, forced: bool) -> Request | None:
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
            meta=request_meta(session.site),
            dont_filter=True,
        )

    async def parse_page(self, site: Site, url: str, page: Page | None, response: Response) -> AsyncIterator[Fetched]:
        """One answer as an item, whatever it is: every answer is evidence."""
        self.session.tally.counts["fetched"] += 1
        yield Fetched(site, self._capture(url, response), page)

    async def page_failed(self, site: Site, url: str, page: Page | None, failure: Failure) -> AsyncIterator[Fetched]:
        """An address that was refused is counted as skipped; one that could not be fetched is recorded as failed."""
        if was_refused(failure):
            self.session.tally.skipped(explain(failure))
        else:
            yield Fetched(site, self._missing(url, explain(failure)), page)

    def _capture(self, url: str, response: Response) -> Capture:
        return capture_of(url, response, self.session.desk.clock())

    def _missing(self, url: str, why: str) -> Capture:
        return missing(url, self.session.desk.clock(), why)


def _validators(page: Page | None) -> dict[str, str]:
    """The headers of a conditional request, for an article of one page that showed itself when it was last asked."""
    if page is None or page.verdict != "article" or page.parts > 1:
        return {}
    return validators(page)
