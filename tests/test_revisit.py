"""When a page is due again, and which hosts are left alone: tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.models import Capture
from archive.store.pages import Visit
from crawler.restraint import restraint
from crawler.revisit import next_due

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ARTICLE = Visit("unchanged", "article", NOW, NOW - 9 * DAY, NOW - 9 * DAY, None, 5, 0, False)

CASES = [
    (
        "seen first just now, published today",
        {"fetches": 1, "first_seen_at": NOW, "changed_at": NOW},
        timedelta(hours=6),
    ),
    ("new to us though old: one look soon", {"fetches": 1, "published_at": "2020-01-01"}, DAY),
    ("nine days old", {}, 7 * DAY),
    (
        "two months old",
        {"published_at": "2026-09-20", "first_seen_at": NOW - 60 * DAY, "changed_at": NOW - 60 * DAY},
        30 * DAY,
    ),
    ("old, but changed yesterday", {"published_at": "2020-01-01", "changed_at": NOW - DAY}, timedelta(hours=6)),
    ("published in the future by mistake", {"published_at": "2036-01-01"}, 7 * DAY),
    ("said to be gone", {"outcome": "suspected", "verdict": "gone"}, timedelta(hours=6)),
    ("withdrawn", {"withdrawn": True, "verdict": "gone"}, 30 * DAY),
    ("failed once", {"outcome": "failed", "verdict": "failed", "failures": 1}, timedelta(hours=1)),
    ("failed four times", {"outcome": "failed", "verdict": "failed", "failures": 4}, timedelta(hours=8)),
    ("never an article", {"verdict": "list", "changed_at": None, "fetches": 3}, 4 * DAY),
    ("unchanged by its bytes", {"verdict": "unmodified"}, 7 * DAY),
]


@pytest.mark.parametrize(("case", "facts", "wait"), CASES, ids=[case for case, _, _ in CASES])
def test_next_due(case: str, facts: dict, wait: timedelta) -> None:
    assert next_due(replace(ARTICLE, **facts)) - NOW == wait


def answer(status: int, retry_after: str | None = None) -> Capture:
    headers = (("retry-after", retry_after),) if retry_after else ()
    return Capture("c", "https://a.example/", "https://a.example/", NOW, status, headers)


@pytest.mark.parametrize(
    ("capture", "challenges", "wait"),
    [
        (answer(200), 0, None),
        (answer(503), 0, None),
        (answer(503, "120"), 0, timedelta(seconds=120)),
        (answer(429), 0, timedelta(hours=1)),
        (answer(429, "9999999"), 0, DAY),
        (answer(429, "Wed, 21 Oct 2026 07:28:00 GMT"), 0, timedelta(hours=1)),
        (answer(412), 2, None),
        (answer(412), 3, timedelta(hours=12)),
    ],
)
def test_restraint(capture: Capture, challenges: int, wait: timedelta | None) -> None:
    found = restraint(capture, challenges)
    assert (found[0] if found else None) == wait
