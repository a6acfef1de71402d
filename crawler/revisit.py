"""When a page is due again, and which due pages come first. Pure.

An article is looked at again after a quarter of the time for which nothing new is known of it: soon after it was
published or changed, ever later where nothing happens. That is how news is edited: of the changes that GDELT found in
articles within a week, by looking again after a day and after a week, some 82 % were there after the first day (Kalev
Leetaru, Global Trends in the Ephemerality of Online News, 2020).

The published way to do better is to estimate each page's own rate from the changes found (Cho and Garcia-Molina,
Estimating Frequency of Change, 2003). An estimate of the article's rate, with or without its site's, misses hardly
fewer edits with the same requests (.127 of them, against .133): an article is seldom edited often enough to tell. So
the plain rule stands. `python -m benchmarks.revisits` prints the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from archive.clock import CHINA
from archive.store.pages import Page, Visit

OF_AGE = 0.25
# A little less than six hours, so that a run every six hours finds due what was fetched some minutes into the last one.
SOONEST, LATEST = timedelta(hours=5), timedelta(days=90)
# An address new to us is checked once more soon, whatever its age: that shows whether its page is steady.
SECOND_LOOK = timedelta(days=1)
WITHDRAWN = (timedelta(days=1), timedelta(days=30))
NO_ARTICLE = timedelta(days=1)
FAILURE = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=30)


def next_due(visit: Visit, confirm_withdrawal_after: timedelta = timedelta(hours=6)) -> datetime:
    """When the address of this visit is to be fetched again."""
    return visit.now + _interval(visit, confirm_withdrawal_after)


def next_due_after_import(visit: Visit, now: datetime) -> datetime:
    """When a page that was imported now is to be fetched: by its age, so that they do not all come due at once."""
    return now + by_age(now - _last_news(visit))


def _interval(visit: Visit, confirm_withdrawal_after: timedelta) -> timedelta:
    if visit.outcome == "suspected":
        return confirm_withdrawal_after
    if visit.withdrawn:
        return _within(OF_AGE * (visit.now - (visit.last_seen_at or visit.first_seen_at)), *WITHDRAWN)
    if visit.changed_at is None:
        return _backed_off(FAILURE, visit.failures) if visit.failures else _backed_off(NO_ARTICLE, visit.fetches)
    interval = by_age(visit.now - _last_news(visit))
    if visit.failures:  # an outage must not keep an article out of sight for longer than its age would
        return min(_backed_off(FAILURE, visit.failures), max(interval, NO_ARTICLE))
    if visit.verdict not in ("article", "unmodified"):
        return _backed_off(NO_ARTICLE, visit.fetches)
    return min(interval, SECOND_LOOK) if visit.fetches == 1 else interval


def by_age(age: timedelta) -> timedelta:
    """How long to wait before an article is checked again of which nothing new is known for so long."""
    return _within(OF_AGE * age, SOONEST, LATEST)


def _within(interval: timedelta, least: timedelta, most: timedelta) -> timedelta:
    return min(max(interval, least), most)


def _backed_off(base: timedelta, times: int) -> timedelta:
    return min(base * 2 ** min(times - 1, 16), LONGEST_BACK_OFF)


def _last_news(visit: Visit) -> datetime:
    """The latest time at which the article is known to have been written or changed."""
    published = _published(visit.published_at)
    if published is None or published > visit.now:
        return visit.changed_at or visit.first_seen_at
    changed = visit.changed_at if visit.changed_at and visit.changed_at > visit.first_seen_at else published
    return max(published, changed)


def _published(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def most_urgent_first(pages: Iterable[Page], now: datetime) -> list[Page]:
    """Due pages in the order in which a run that cannot ask for all of them should ask.

    First those that were never fetched; then by how many of its own intervals each is overdue: a day is much for a page
    that is looked at every six hours, and nothing for one that is looked at every month. So a site whose budget is too
    small is looked at evenly more seldom.
    """
    return sorted(pages, key=lambda page: (-_overdue(page, now), page.url))


def _overdue(page: Page, now: datetime) -> float:
    if page.fetched_at is None:
        return float("inf")
    return (now - page.due_at) / max(page.due_at - page.fetched_at, timedelta(minutes=1))
