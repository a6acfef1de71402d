"""A version is a publisher's change of headline or text, nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.history import compare
from archive.text import fold
from benchmarks import history as benchmark
from benchmarks.history import FORMS, count
from benchmarks.pages import LAYOUTS
from tests.conftest import Desk
from tests.test_replay import WORSE, history


def test_every_edit_of_ten_days_is_a_version_and_nothing_else_is(tmp_path: Path) -> None:
    counted = count(tmp_path / "archive.db", articles=2 * len(LAYOUTS))
    assert counted.exact, counted
    assert counted.edits > 15
    assert len({encoding for encoding, _ in FORMS}) == 3


def test_the_count_tells_a_comparison_that_deletes_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "fold", lambda text: fold(text).replace(".", "").replace("⁵", "5"))
    monkeypatch.setattr(benchmark, "EDITS", (benchmark._sign,))
    counted = count(tmp_path / "archive.db", articles=12, days=4)
    assert counted.missed > 0


SECOND = "2026-11-21T01:00:00Z"


def crawl_by_two_readers(desk: Desk, *, lost: bool = False) -> None:
    """Crawl on two days, by a better reader on the second; `lost` takes the first day's evidence away before."""
    files = {file: file.read_text(encoding="utf-8") for file in desk.sites.glob("*.toml")}
    for file, text in files.items():
        file.write_text(text + WORSE[file.stem], encoding="utf-8")
    desk.crawl(1)
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    if lost:
        desk.archive.with_name("captures.db").unlink()
    desk.crawl(2, "--recheck")


def test_a_reader_that_gets_better_between_two_fetches_makes_no_version(desk: Desk, three_days: Desk) -> None:
    crawl_by_two_readers(desk)
    assert history(desk, "changes") == [change for change in history(three_days, "changes") if change[1] == SECOND]
    assert desk.sql("SELECT count(*) > 10 FROM events WHERE kind = 'reread'") == [(1,)]


def test_a_better_reader_makes_no_version_either_where_the_evidence_is_lost(desk: Desk, three_days: Desk) -> None:
    crawl_by_two_readers(desk, lost=True)
    told = {change[0] for change in history(desk, "changes")}
    true = {change[0] for change in history(three_days, "changes") if change[1] == SECOND}
    assert true >= told > set()
    lost = "SELECT a.url, e.kind FROM events e JOIN articles a ON a.id = e.article_id WHERE e.at = ?"
    rows = desk.sql(f"{lost} AND json_extract(e.detail, '$.lost')", SECOND)
    flagged = {re.sub(r"127\.0\.0\.1:\d+", "host", url) for url, _ in rows}
    assert flagged > true  # no change is lost: what is no version is told as read again, in figures
    assert {kind for _, kind in rows} == {"changed", "reread"}
    desk.crawl(2, "--recheck", hours=6)
    assert desk.sql(
        "SELECT count(*) FROM events WHERE at > ? AND kind IN ('changed', 'reread', 'details')", SECOND
    ) == [(0,)]
