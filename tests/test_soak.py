"""Long trials, `make soak`: what must also hold the twentieth time."""

from __future__ import annotations

import random
import signal
import subprocess
import time

import pytest

from crawler.demo.truth import expected
from tests.conftest import Desk


@pytest.mark.soak
def test_crawls_killed_at_twenty_moments_lose_nothing(desk: Desk) -> None:
    moments = random.Random(7)
    for hour in range(20):
        before = desk.recorded()
        command = desk.command("crawl", *desk.places, "--now", desk.now(1, hour))
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(moments.uniform(0.5, 6))
            process.send_signal(signal.SIGKILL)
        assert desk.recorded() >= before
        if desk.archive.exists():
            desk.ask("verify")
    desk.crawl(1, hours=24)
    desk.ask("verify")
    assert desk.sql("SELECT count(*) FROM articles")[0][0] == len(expected(1))


@pytest.mark.soak
def test_thirty_days_of_sidebars_make_no_version(desk: Desk) -> None:
    desk.crawl(3)
    for day in range(4, 34):
        assert sum(row["changed"] for row in desk.crawl(day, "--recheck").data) == 0
    desk.ask("verify")
