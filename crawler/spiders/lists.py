"""A site's lists, read from page to page: what they announce is handed to the spider, what came of each is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from functools import partial

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.clock import CHINA
from archive.health import ListRun
from archive.models import Capture
from archive.store import Page
from crawler.crawl.captures import capture_of, missing
from crawler.crawl.readers import Unread
from crawler.crawl.session import Session
from crawler.discover import (
    BEYOND_THE_END,
    Ask,
    Course,
    Found,
    Leaf,
    Link,
    Sorted,
    day_of,
    extracted,
    sort_links,
)
from crawler.fetch.browser import request_meta
from crawler.fetch.failures import explain, was_refused
from crawler.fetch.middlewares import BUDGETED, OVER_BUDGET
from crawler.fetch.sparing import heed_challenge
from crawler.reading.page import decode

DEEPEST_INDEX = 3  # an index of sitemaps may name indexes
NESTED_SITEMAPS = 50  # of one index
MOST_SITEMAPS = 500  # of one run, since an index may name a hundred others
LISTS_FIRST = 10

Follow = Callable[[Sorted, Mapping[str, Page]], Awaitable[list[Request]]]


class ListReader:
    """Reads the lists of a session's site; `follow` gives the requests for what a page of them announces."""

    def __init__(self, session: Session, follow: Follow) -> None:
        self.session, self._follow = session, follow
        self._sitemaps = 0
        self._started = session.desk.clock().replace(microsecond=0)  # as exact as the archive's times are

    async def requests(self) -> list[Request]:
        """A request for each list's first page."""
        task, desk = self.session.task, self.session.desk
        places = await desk.ask(desk.archive.places, task.site.id, deep=task.backfill)
        today = desk.clock().astimezone(CHINA).date()
        course = partial(Course.of, today=today, deep=task.backfill, since=task.since, places=places)
        courses = [course(listing) for listing in task.site.lists]
        return [self._key_request(one) if one.listing.key_url else self._request(one, 1) for one in courses]

    def _key_request(self, course: Course) -> Request:
        """A request for the page that tells what to put into the address of a list."""
        ask = Ask(course.listing.key_url)
        self._note(course, ask, "was not fetched")
        return Request(
            ask.url,
            partial(self.parse_key, course, ask),
            errback=partial(self.list_failed, course, ask),
            dont_filter=True,
            priority=LISTS_FIRST,
        )

    async def parse_key(self, course: Course, ask: Ask, response: Response) -> AsyncIterator[Request]:
        """A request for the list, where its key was found; else an alarm."""
        capture = capture_of(ask.url, response, self.session.desk.clock())
        text = decode(capture.payload, capture.header("content-type")) or ""
        course.key = extracted(course.listing.key, text) if response.status == 200 else ""
        if not course.key:
            await self._answered_otherwise(course, ask, capture, f"HTTP {response.status}, and key was not found in it")
            return
        self._note(course, ask, "")
        await self._record(ask, capture, "list")
        yield self._request(course, 1)

    def _request(self, course: Course, number: int) -> Request:
        ask = course.ask(number)
        self._note(course, ask, "was not fetched")
        browsed = request_meta(self.session.site) if course.listing.kind == "html" and not ask.body else {}
        return Request(
            ask.url,
            partial(self.parse_list, course, number),
            method="POST" if ask.body else "GET",
            headers={"Content-Type": ask.media} if ask.body else None,
            body=ask.body,
            errback=partial(self.list_failed, course, ask),
            meta={**browsed, BUDGETED: number > 1},
            dont_filter=True,
            priority=LISTS_FIRST,
        )

    async def parse_list(self, course: Course, number: int, response: Response) -> AsyncIterator[Request]:
        """Requests for a list's links that are to be fetched, and for its next page; one without links is an alarm."""
        session, ask = self.session, course.ask(number)
        capture = capture_of(ask.url, response, session.desk.clock())
        session.shown(course.listing, capture)
        ended = (number > 1 or course.by_day) and response.status in BEYOND_THE_END
        if response.status != 200 and not ended:
            await self._answered_otherwise(course, ask, capture, f"HTTP {response.status}")
            return
        try:
            held = Found() if ended else await session.desk.read_list(course.listing, capture)
        except Unread as error:
            await self._not_had(course, ask, capture, "failed", str(error))
            return
        links, nested = held.links, self._nested(course, held.nested)
        found = sort_links(session.site, course.listing, links, session.desk.sites, self._is_old(course))
        if not (ended or nested or found.articles) and (gate := await self._gate(capture)):
            await self._not_had(course, ask, capture, "challenged", gate)
            return
        known = await session.desk.ask(session.desk.archive.pages, [link.url for _, link in found.wanted])
        following, why = course.after(Leaf(number, frozenset(link.url for link in links), found, self._before(known)))
        empty = number == 1 and not (links or nested or course.by_day)
        problem = held.problem or (held.why_none if empty else "")
        self._note(course, ask, problem, len(links), found.articles)
        await self._record(ask, capture, "list", why)
        requests = await self._follow(found, known)
        await self._keep_place(course, number, following, why)
        further = [self._request(course, following)] if following else []
        for request in (*further, *(self._request(sitemap, 1) for sitemap in nested), *requests):
            yield request

    async def _answered_otherwise(self, course: Course, ask: Ask, capture: Capture, why: str) -> None:
        """What answered is no list: an anti-bot page, or an error."""
        gate = await self._gate(capture)
        await self._not_had(course, ask, capture, "challenged" if gate else "error", gate or why)

    async def _gate(self, capture: Capture) -> str:
        """What to say of an anti-bot page that answered instead of a list; "" where it is none."""
        reading = (await self.session.desk.look(self.session.site, capture)).reading
        if reading.verdict != "challenged":
            return ""
        await heed_challenge(self.session, capture)
        return f"challenged: {reading.reason}"

    async def _not_had(self, course: Course, ask: Ask, capture: Capture, verdict: str, why: str) -> None:
        """A page of a list that could not be read is an alarm; the list keeps its place, to be read on from there."""
        self._note(course, ask, why)
        self.session.ends[course.name] = f"a page that was not had: {why}"
        await self._record(ask, capture, verdict)

    def _before(self, known: Mapping[str, Page]) -> frozenset[str]:
        """The addresses that earlier runs have fetched: what this one came upon in another list is new all the same."""
        return frozenset(url for url, page in known.items() if page.fetches and page.first_seen_at < self._started)

    def _is_old(self, course: Course) -> Callable[[Link], bool]:
        now, place = self.session.desk.clock(), self.session.site.jurisdiction
        return lambda link: course.is_old(day_of(link.date, now, place))

    def _nested(self, course: Course, sitemaps: Sequence[str]) -> list[Course]:
        """The sitemaps of an index that are new to this run, while they are not too many of it."""
        fresh = [url for url in sitemaps if url not in self.session.tally.lists]
        most = course.listing.backfill_pages if course.deep else NESTED_SITEMAPS
        room = min(most, MOST_SITEMAPS - self._sitemaps) if course.depth < DEEPEST_INDEX else 0
        taken = fresh[:room]
        self._sitemaps += len(taken)
        if over := len(fresh) - len(taken):
            self.session.tally.skipped("sitemap: too many, or too deep", over)
        return [course.into(url) for url in taken]

    async def _keep_place(self, course: Course, number: int, following: int, why: str) -> None:
        """Where a list of several pages is to be read on, once its links are kept; and how far it was read."""
        session, desk = self.session, self.session.desk
        if course.limit > 1:
            place = max(following, course.left_at) if following else 0
            await desk.ask(desk.archive.keep_place, session.site.id, course.name, place, deep=course.deep)
            desk.board.tell(session.site.id, f"page {number} of {course.listing.url}")
        if not following and not course.nested:
            session.ends[course.name] = f"page {number}: {why}"

    def _note(self, course: Course, ask: Ask, problem: str, links: int = 0, articles: int = 0) -> None:
        self.session.tally.lists[ask.name] = ListRun(course.listing.url, links, articles, problem)

    async def _record(self, ask: Ask, capture: Capture, verdict: str, remark: str = "") -> None:
        session = self.session
        session.tally.counts["fetched"] += capture.status is not None
        reason = session.tally.lists[ask.name].problem or remark
        await session.desk.ask(session.desk.archive.record_list, session.run_id, capture, verdict, reason)

    async def list_failed(self, course: Course, ask: Ask, failure: Failure) -> None:
        """A list that could not be fetched is an alarm, a refused one too; a further page may wait for the next run."""
        why = explain(failure)
        capture = missing(ask.url, self.session.desk.clock(), why)
        self.session.shown(course.listing, capture)
        if not was_refused(failure):
            await self._not_had(course, ask, capture, "failed", why)
            return
        self._note(course, ask, "" if why == OVER_BUDGET else why)
        self.session.ends[course.name] = f"a page that was not had: {why}"
