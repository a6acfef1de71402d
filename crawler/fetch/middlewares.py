"""Before each request, redirects and robots.txt included: may it be made at all, and does its host want to be asked?"""

from __future__ import annotations

from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.robotstxt import RobotParser

from archive.errors import YiwenError
from crawler.addresses import endpoint, refusal
from crawler.crawl.captures import capture_of
from crawler.crawl.session import session_of
from crawler.fetch.browser import Unrendered
from crawler.fetch.sparing import heed


class Refused(IgnoreRequest):
    """A request that is not made; its text is the reason that is counted."""


class Forbidden(Refused):
    """A request that is never made."""


class Guard:
    """Refuses addresses that must not be requested, and hosts that only another site's file names."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._named = frozenset(crawler.settings.get("YIWEN_NAMED_HOSTS", ()))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        own = session_of(self._crawler).named_hosts
        if refusal(request.url, own):
            raise Forbidden("not a public address of the web")
        if endpoint(request.url) in self._named - own:
            raise Forbidden("a private host that only another site's file names")


BUDGETED, OVER_BUDGET = "yiwen_budgeted", "over the budget"


class Budget:
    """Counts the requests of a run, robots.txt and lists too; over the site's budget no further page is asked for.

    What belongs to a page already asked for, such as its further pages, is not refused.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._made = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(BUDGETED) and self._made >= session_of(self._crawler).site.budget:
            raise Refused(OVER_BUDGET)
        self._made += 1


def _refuse_left_alone(crawler: Crawler, host: str) -> None:
    if reason := session_of(crawler).desk.left_alone.get(host):
        raise Refused(f"host left alone: {reason}")


UNREACHABLE_AFTER = 3


class LeaveAlone:
    """Spares hosts that asked for it, in this run or an earlier one, and those that cannot be reached."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._failures: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        host = urlsplit(request.url).netloc
        _refuse_left_alone(self._crawler, host)
        if self._failures[host] >= UNREACHABLE_AFTER:
            raise Refused("host cannot be reached")

    async def process_response(self, request: Request, response: Response) -> Response:
        self._failures[urlsplit(request.url).netloc] = 0
        session = session_of(self._crawler)
        try:
            await heed(session, capture_of(request.url, response, session.desk.clock()))
        except YiwenError as error:
            session.error = session.error or error
            raise Refused(f"the archive cannot be written: {error}") from error
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest | Unrendered):
            self._failures[urlsplit(request.url).netloc] += 1


class Turn:
    """Keeps the site's pause and number of requests at each host, together with all other sites of this process."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self.robots_read, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def robots_read(self, robotparser: RobotParser, request: Request) -> None:
        """Where robots.txt asks for a longer pause than the site's file, that one is kept, up to a limit."""
        session, host = session_of(self._crawler), urlsplit(request.url).netloc
        asked = robotparser.crawl_delay(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        if asked and asked > session.site.delay:
            kept = session.desk.turns.slow(host, asked)
            session.remarks.append(f"{host}: robots.txt asks for {asked:g} s between requests; {kept:g} s are kept")

    async def process_request(self, request: Request) -> None:
        session, host = session_of(self._crawler), urlsplit(request.url).netloc
        await session.desk.turns.take(host, session.site.delay, session.site.concurrency)
        request.meta["turn"] = host
        _refuse_left_alone(self._crawler, host)  # it may have asked for it meanwhile

    async def process_response(self, request: Request, response: Response) -> Response:
        self._give_back(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        self._give_back(request)

    def _give_back(self, request: Request) -> None:
        if host := request.meta.pop("turn", None):
            session_of(self._crawler).desk.turns.give_back(host)
