"""`yiwen changes`: the newest changes across the archive."""

from __future__ import annotations

import pytest

from archive.history.diff import KINDS
from tests.conftest import Desk


def changes(desk: Desk, *options: str) -> list[dict]:
    return desk.ask("changes", *options).data


def test_every_change_is_listed_newest_first(three_days: Desk) -> None:
    found = changes(three_days)
    counted = three_days.sql("SELECT count(*) FROM events WHERE kind = 'changed'")[0][0]
    assert len(found) == counted > 3
    assert [change["at"] for change in found] == sorted((change["at"] for change in found), reverse=True)
    assert [change["id"] for change in changes(three_days, "--limit", "2")] == [change["id"] for change in found[:2]]


def test_a_corrected_figure_is_shown_old_and_new(three_days: Desk) -> None:
    corrected = [change for change in changes(three_days) if {"old": "96.6%", "new": "69.6%"} in change["figures"]]
    assert corrected
    shown = three_days.run("changes", "--kind", "figures", "--archive", str(three_days.archive)).out
    assert "96.6% → 69.6%" in shown
    assert corrected[0]["title"] in shown
    assert corrected[0]["url"] in shown


def test_site_kind_and_size_narrow(three_days: Desk) -> None:
    found = changes(three_days)
    sizes = sorted(change["size"] for change in found)
    least = sizes[len(sizes) // 2]
    for options, holds in (
        (("--site", "dawn"), lambda change: change["site"] == "dawn"),
        (("--least", str(least)), lambda change: change["size"] >= least),
        (
            ("--site", "dawn", "--least", str(least)),
            lambda change: change["site"] == "dawn" and change["size"] >= least,
        ),
    ):
        expected = [change for change in found if holds(change)]
        assert changes(three_days, *options) == expected
        assert 0 < len(expected) < len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_narrows(three_days: Desk, kind: str) -> None:
    expected = [change for change in changes(three_days) if kind in change["kinds"].split()]
    assert changes(three_days, "--kind", kind) == expected


@pytest.mark.parametrize("wrong", [["--site", "nosuch"], ["--kind", "colour"], ["--least", "0"], ["--limit", "0"]])
def test_wrong_filters_are_wrong_usage(three_days: Desk, wrong: list[str]) -> None:
    assert three_days.run("changes", *wrong, "--archive", str(three_days.archive), code=2).err
