"""The benchmark measures what it says: its crawls do what they should, every row is printed. No time is asserted."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from benchmarks.pages import LAYOUTS, page, texts_of, title_of
from benchmarks.readers import FETCHED
from benchmarks.reading_room import PAGES
from benchmarks.revisits import ALLOWED, crawl, fixed, ours
from benchmarks.withdrawals import TOWNS, simulate
from crawler.reading.article import read
from tests.conftest import HARD_LIMIT


def test_the_generated_pages_are_read_right_in_every_layout_and_edition() -> None:
    for number in range(2 * len(LAYOUTS)):
        for edition in (1, 2):
            reading = read(page(number, edition), url="https://www.example.cn/1.html", fetched_at=FETCHED)
            assert reading.title == title_of(number), number
            assert reading.text == "\n".join(texts_of(number)), number


def test_a_small_run_prints_every_row_and_target() -> None:
    command = [sys.executable, "-m", "benchmarks", "--pages", "30", "--articles", "300"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT, cwd=root)
    assert done.returncode == 0, done.stderr
    rows = ("Scrapy, bare", "Scrapy, trafilatura", "Yiwen, first", "Yiwen, 304", "Yiwen, same bytes", "Yiwen, sidebars")
    rows += ("first captures, with the trained dictionary", "edited pages", "pages with another sidebar and feed")
    assert [row for row in rows if f"\n{row} " not in done.stdout] == []
    assert done.stdout.count("met    ") + done.stdout.count("MISSED ") == 16
    exact = ("recall against a scan: 1.0000", "precision against a scan: 1.0000")
    assert [row for row in exact if row not in done.stdout] == []


def test_the_chain_is_measured() -> None:
    command = [sys.executable, "-m", "benchmarks.chain", "--articles", "2"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT, cwd=root)
    assert done.returncode == 0, done.stderr
    assert "checking the chains of 80 items" in done.stdout


def test_the_pages_of_the_reading_room_are_measured() -> None:
    command = [sys.executable, "-m", "benchmarks.reading_room", "--articles", "60"]
    root = Path(__file__).parent.parent
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT, cwd=root)
    assert done.returncode == 0, done.stderr
    assert [name for name in PAGES if f"\n{name} " not in done.stdout] == []
    assert "inf" not in done.stdout  # every page was answered


@pytest.mark.parametrize("name", ["404 to articles for a day, lists stand", "four articles, two withdrawn"])
def test_every_simulated_withdrawal_is_found_and_none_is_false(tmp_path: Path, name: str) -> None:
    town = next(town for town in TOWNS if town.name == name)
    found = simulate(town, tmp_path, days=110, seed=1)
    assert 0 < found.true == found.found
    assert found.false == 0


def test_the_crawlers_revisits_miss_fewer_edits_than_a_fixed_interval_with_more_requests() -> None:
    own, daily = crawl(4, ours), crawl(4, partial(fixed, 1.5, None))
    assert own.requests < daily.requests
    assert own.missed < ALLOWED * daily.missed
