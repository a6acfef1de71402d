"""When a page is due again, and which hosts are left alone: tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from archive.models import Capture
from archive.store.pages import Page, Visit
from crawler.fetch.restraint import restraint
from crawler.revisit import most_urgent_first, next_due

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ARTICLE = Visit("unchanged", "article", NOW, NOW - 9 * DAY, NOW - 9 * DAY, None, 5, 0, False)

CASES = [
    (
        "seen first just now, published today",
        {"fetches": 1, "first_seen_at": NOW, "changed_at": NOW},
        timedelta(hours=5),
    ),
    ("new to us though old: one look soon", {"fetches": 1, "published_at": "2020-01-01"}, DAY),
    ("nine days old", {}, 2.25 * DAY),
    (
        "two months old",
        {"published_at": "2026-09-21T20:00+08:00", "first_seen_at": NOW - 60 * DAY, "changed_at": NOW - 60 * DAY},
        15 * DAY,
    ),
    ("old, but changed yesterday", {"published_at": "2020-01-01", "changed_at": NOW - DAY}, timedelta(hours=6)),
    ("very old", {"published_at": "2020-01-01"}, 90 * DAY),
    ("published in the future by mistake", {"published_at": "2036-01-01"}, 2.25 * DAY),
    ("said to be gone", {"outcome": "suspected", "verdict": "gone"}, timedelta(hours=6)),
    ("withdrawn just now", {"withdrawn": True, "verdict": "gone", "last_seen_at": NOW - DAY}, DAY),
    ("withdrawn a while ago", {"withdrawn": True, "verdict": "gone", "last_seen_at": NOW - 40 * DAY}, 10 * DAY),
    ("withdrawn long ago", {"withdrawn": True, "verdict": "gone", "last_seen_at": NOW - 400 * DAY}, 30 * DAY),
    ("failed once", {"outcome": "failed", "verdict": "failed", "failures": 1}, timedelta(hours=1)),
    ("failed four times", {"outcome": "failed", "verdict": "failed", "failures": 4}, timedelta(hours=8)),
    ("failed for a week", {"outcome": "failed", "verdict": "failed", "failures": 12}, 2.25 * DAY),
    (
        "no article, failed for a week",
        {"outcome": "failed", "verdict": "failed", "failures": 12, "changed_at": None},
        30 * DAY,
    ),
    ("never an article", {"verdict": "list", "changed_at": None, "fetches": 3}, 4 * DAY),
    ("unchanged by its bytes", {"verdict": "unmodified"}, 2.25 * DAY),
]


@pytest.mark.parametrize(("case", "facts", "wait"), CASES, ids=[case for case, _, _ in CASES])
def test_next_due(case: str, facts: dict, wait: timedelta) -> None:
    assert next_due(replace(ARTICLE, **facts)) - NOW == wait


def page(name: str, due: timedelta, interval: timedelta | None) -> Page:
    """A known address that was due so long ago, after it was fetched an interval before."""
    fetched = NOW - due - interval if interval else None
    return Page(name, "dawn", 1, NOW, NOW - due, fetched, 1, 0, "article", None, None, None, None)


def test_what_is_most_overdue_by_its_own_measure_comes_first() -> None:
    pages = [
        page("monthly, a day late", DAY, 30 * DAY),
        page("not due", -DAY, 2 * DAY),
        page("every six hours, three hours late", timedelta(hours=3), timedelta(hours=6)),
        page("never fetched", timedelta(hours=1), None),
        page("daily, two days late", 2 * DAY, DAY),
    ]
    assert [one.url for one in most_urgent_first(pages, NOW)] == [
        "never fetched",
        "daily, two days late",
        "every six hours, three hours late",
        "monthly, a day late",
        "not due",
    ]


def answer(status: int, retry_after: str | None = None) -> Capture:
    headers = (("retry-after", retry_after),) if retry_after else ()
    return Capture("c", "https://a.example/", "https://a.example/", NOW, status, headers)


HOUR = timedelta(hours=1)
IN_TWO_HOURS = format_datetime(NOW.astimezone(UTC) + 2 * HOUR, usegmt=True)


@pytest.mark.parametrize(
    ("capture", "told", "wait"),
    [
        (answer(200), {}, None),
        (answer(503), {}, None),
        (answer(503, "120"), {}, timedelta(seconds=120)),
        (answer(429), {}, HOUR),
        (answer(429, "9999999"), {}, DAY),
        (answer(429, IN_TWO_HOURS), {}, 2 * HOUR),
        (answer(503, IN_TWO_HOURS), {"strikes": 1}, 4 * HOUR),
        (answer(429, "Wed, 21 Oct 2015 07:28:00 GMT"), {}, HOUR),  # a date that has passed
        (answer(429, "soon"), {}, HOUR),
        (answer(429), {"strikes": 3}, 8 * HOUR),
        (answer(429), {"strikes": 500}, 7 * DAY),
        (answer(412), {"challenges": 2}, None),
        (answer(412), {"challenges": 3}, 12 * HOUR),
        (answer(412), {"challenges": 3, "strikes": 1}, DAY),
        (answer(500), {"errors": 4}, None),
        (answer(500), {"errors": 5}, HOUR),
    ],
)
def test_restraint(capture: Capture, told: dict[str, int], wait: timedelta | None) -> None:
    found = restraint(capture, **{"challenges": 0, **told})
    assert (found[0] if found else None) == wait
