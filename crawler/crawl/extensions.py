"""The end of each spider closes its run in the archive; meanwhile a terminal sees it advance."""

from __future__ import annotations

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.errors import YiwenError
from crawler.crawl.session import Session, session_of
from crawler.service.schedule import next_due


class RunKeeper:
    """Finishes the run of its spider, whatever the reason for its end."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self.advanced, signals.item_scraped)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def advanced(self) -> None:
        """One more page was recorded."""
        session = session_of(self._crawler)
        session.desk.board.advance(session.site.id, session.tally.recordings, session.asked)

    async def closed(self, reason: str) -> None:
        """Write the run's counts and its end down, and confirm withdrawals."""
        session, desk = session_of(self._crawler), session_of(self._crawler).desk
        ending = session.tally.ending(reason, lists_expected=not session.task.urls)
        after, expect = session.site.confirm_withdrawal_after, session.site.expect
        try:
            session.row = await desk.ask(desk.archive.finish_run, session.run_id, desk.clock(), ending, after, expect)
            await desk.ask(self._plan, session)
        except YiwenError as error:
            session.error = session.error or error

    def _plan(self, session: Session) -> None:
        """Keep when the site is next to be crawled, where it has a schedule."""
        site, archive, now = session.site, session.desk.archive, session.desk.clock()
        scheduled = site.enabled and site.lists
        archive.plan_site(site.id, next_due(site, archive.latest_runs().get(site.id), now).at if scheduled else None)
