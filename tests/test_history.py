"""A version is a publisher's change of headline or text, nothing else."""

from __future__ import annotations

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


def test_a_reader_that_gets_better_between_two_fetches_makes_no_version(desk: Desk, three_days: Desk) -> None:
    files = {file: file.read_text(encoding="utf-8") for file in desk.sites.glob("*.toml")}
    for file, text in files.items():
        file.write_text(text + WORSE[file.stem], encoding="utf-8")
    desk.crawl(1)
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    desk.crawl(2, "--recheck")
    second = "2026-11-21T01:00:00Z"
    assert history(desk, "changes") == [change for change in history(three_days, "changes") if change[1] == second]
    assert desk.sql("SELECT count(*) > 10 FROM events WHERE kind = 'reread'") == [(1,)]
