"""What Yiwen is measured against: Scrapy that keeps nothing, and Scrapy that reads inline with trafilatura.

`python -m benchmarks.spiders bare|trafilatura PORT LISTS` prints how many pages came. The settings that cost time are
Yiwen's: robots.txt, the same concurrency, no delay, no cookies.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

CONCURRENCY = 8
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS_PER_DOMAIN": CONCURRENCY,
    "DOWNLOAD_DELAY": 0,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


class Bare(Spider):
    """Fetches every page that the lists name."""

    lists: int
    port: int
    name = "bare"
    pages = 0

    async def start(self) -> AsyncIterator[Request]:
        for number in range(self.lists):
            yield Request(f"http://127.0.0.1:{self.port}/list_{number}.html", self.parse_list)

    def parse_list(self, response: Response) -> Iterator[Request]:
        for link in response.css("ul.news a::attr(href)").getall():
            yield response.follow(link, self.parse_page)

    def parse_page(self, response: Response) -> None:
        type(self).pages += 1


class Inline(Bare):
    """Reads each page in the callback."""

    def parse_page(self, response: Response) -> Any:
        from trafilatura import bare_extraction  # bare Scrapy shall not load it

        type(self).pages += bare_extraction(response.body, with_metadata=True) is not None


if __name__ == "__main__":
    spider = {"bare": Bare, "trafilatura": Inline}[sys.argv[1]]
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(spider, port=int(sys.argv[2]), lists=int(sys.argv[3]))
    process.start()
    print(spider.pages)
