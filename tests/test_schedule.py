"""The scheduler: what is due, and a long-running process that crawls on time and stops cleanly."""

from __future__ import annotations

import re
import signal
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.schedule import due, next_run
from crawler.site import Site
from tests.conftest import HARD_LIMIT, Desk, until

SITE = Site("dawn", "晨光", "https://a.example/", "CN", re.compile("x"), schedule="30 6 * * mon")
MONDAY = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


def test_a_schedule_is_in_shanghai_and_its_week_begins_on_monday() -> None:
    moment = next_run(SITE, datetime(2026, 11, 20, tzinfo=UTC))
    assert moment is not None
    assert moment.isoformat() == "2026-11-23T06:30:00+08:00"


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-20T00:00", True),
        ("2026-11-20T00:00", "2026-11-22T22:29", False),
        ("2026-11-20T00:00", "2026-11-22T22:30", True),
        ("2026-11-22T22:31", "2026-11-22T22:40", False),
        ("2026-10-01T00:00", "2026-11-22T22:40", True),
    ],
)
def test_a_missed_time_is_made_up_once(last: str | None, now: str, is_due: bool) -> None:
    started = {"dawn": datetime.fromisoformat(last).replace(tzinfo=UTC)} if last else {}
    found = due([SITE], started, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert bool(found) is is_due


def test_a_disabled_site_is_never_due() -> None:
    assert due([replace(SITE, enabled=False, reason="gate")], {}, MONDAY) == ()


def test_due_crawls_a_site_once_in_its_period(desk: Desk) -> None:
    assert [row["site"] for row in desk.crawl(1, "--due").data] == ["dawn", "harbour"]
    assert desk.crawl(1, "--due", hours=1).data == []
    assert [row["site"] for row in desk.crawl(1, "--due", hours=12).data] == ["dawn", "harbour"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_scheduler_crawls_on_time_and_stops_cleanly(desk: Desk, number: signal.Signals) -> None:
    command = desk.command("schedule", *desk.places)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: desk.recorded() >= 1)
        process.send_signal(number)
        out, err = process.communicate(timeout=HARD_LIMIT)
    assert process.returncode == 0, err
    assert "dawn: next" in out
    assert all(outcome in ("complete", "stopped") for (outcome,) in desk.sql("SELECT outcome FROM runs"))
    assert desk.ask("verify").data["faults"] == []
