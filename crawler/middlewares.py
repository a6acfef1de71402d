"""Before each request, redirects and robots.txt included: may it be made at all, and does its host want to be asked?"""

from __future__ import annotations

from collections import Counter
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.addresses import endpoint, refusal
from crawler.browser import Unrendered
from crawler.session import session_of


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


BUDGETED = "yiwen_budgeted"


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
            raise Refused("over the budget")
        self._made += 1


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
        if reason := session_of(self._crawler).left_alone.get(host):
            raise Refused(f"host left alone: {reason}")
        if self._failures[host] >= UNREACHABLE_AFTER:
            raise Refused("host cannot be reached")

    async def process_response(self, request: Request, response: Response) -> Response:
        self._failures[urlsplit(request.url).netloc] = 0
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest | Unrendered):
            self._failures[urlsplit(request.url).netloc] += 1
