"""When a page is due again. Pure: plain age bands, kept in one table."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.clock import CHINA
from archive.store.pages import Visit

# (younger than, check again after). News is edited mostly within its first two days, seldom after a month.
AGE_BANDS = (
    (timedelta(days=2), timedelta(hours=6)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(days=30), timedelta(days=7)),
    (timedelta(days=365), timedelta(days=30)),
)
OLDEST = timedelta(days=90)
# An address new to us is checked once more soon, whatever its age: that shows whether its page is steady.
SECOND_LOOK = timedelta(days=1)
WITHDRAWN = timedelta(days=30)
NO_ARTICLE = timedelta(days=1)
FAILURE = timedelta(hours=1)
LONGEST_BACK_OFF = timedelta(days=30)


def next_due(visit: Visit, confirm_withdrawal_after: timedelta = timedelta(hours=6)) -> datetime:
    """When the address of this visit is to be fetched again."""
    return visit.now + _interval(visit, confirm_withdrawal_after)


def _interval(visit: Visit, confirm_withdrawal_after: timedelta) -> timedelta:
    if visit.outcome == "suspected":
        return confirm_withdrawal_after
    if visit.withdrawn:
        return WITHDRAWN
    if visit.changed_at is None:
        return _backed_off(FAILURE, visit.failures) if visit.failures else _backed_off(NO_ARTICLE, visit.fetches)
    interval = age_band(visit.now - _last_news(visit))
    if visit.failures:  # an outage must not keep an article out of sight for longer than its age would
        return min(_backed_off(FAILURE, visit.failures), max(interval, NO_ARTICLE))
    if visit.verdict not in ("article", "unmodified"):
        return _backed_off(NO_ARTICLE, visit.fetches)
    return min(interval, SECOND_LOOK) if visit.fetches == 1 else interval


def age_band(age: timedelta) -> timedelta:
    """How long to wait before an article of this age is checked again."""
    return next((wait for limit, wait in AGE_BANDS if age < limit), OLDEST)


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
