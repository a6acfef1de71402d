"""The pure rules of the reading room, as tables of cases."""

from __future__ import annotations

import base64
import hashlib

import pytest

from archive.browse import charts, figures, guard, language, shaping
from archive.browse.captured import as_text
from archive.clock import real_now
from archive.history.diff import diff
from archive.history.excerpt import changed_figures
from archive.models import Capture
from archive.search import CLOSE, OPEN


@pytest.mark.parametrize(
    ("text", "term", "found"),
    [
        ("就诊率为90%。床位增加。", "就诊率", ["就诊率为90%。"]),
        ("就诊率提高了。床位12张。", "就诊率", []),
        ("县域就诊率达九成。", "縣域就診率", ["县域就诊率达九成。"]),
        ("接种率百分之六十！接种率？", "接种率", ["接种率百分之六十！"]),
        ("机构 | 诊疗人次\n乡镇卫生院 | 37.6", "乡镇卫生院", ["乡镇卫生院 | 37.6"]),
        ("H7N9病例。", "H7N9", []),  # the number must not be the term's own
        ("H7N9病例12例。", "h7n9", ["H7N9病例12例。"]),
        ("万一就诊率下降，千万当心。", "就诊率", []),
        ("就诊率为３５％；上升3.5个百分点。", "就诊率", ["就诊率为３５％；"]),
        ("", "就诊率", []),
    ],
)
def test_sentences_with_a_term_and_a_number(text: str, term: str, found: list[str]) -> None:
    assert figures.sentences(text, term) == found


def test_dates_are_not_marked_but_figures_are() -> None:
    marked = figures.marked("11月19日就诊率达96.6%，升一成半。")
    assert marked == f"11月19日就诊率达{OPEN}96.6%{CLOSE}，升{OPEN}一成半{CLOSE}。"


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("售出146份。", "售出164份。", [("146", "164")]),
        ("共3例，其中1例重症。", "共4例，其中2例重症。", [("3", "4"), ("1", "2")]),
        ("门诊量比去年同期增长5%左右。", "门诊量比去年同期增长许多左右。", [("5%", "")]),
        ("文字改了。", "文字动了。", []),
    ],
)
def test_changed_figures_are_paired(old: str, new: str, changes: list[tuple[str, str]]) -> None:
    assert [(change.old, change.new) for change in changed_figures(diff(old, new))] == changes


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        (None, "", "zh"),
        (None, "en", "en"),
        (None, "en;q=0.1, zh-HK", "zh"),
        (None, "en;q=x", "zh"),
        (None, "*", "zh"),
        ("en", "zh", "en"),
        ("fr", "en", "en"),
        (None, "en;q=0", "zh"),
    ],
)
def test_the_language_of_the_interface(asked: str | None, accepted: str, spoken: str) -> None:
    assert language.choose(asked, accepted) == spoken


def test_every_word_is_there_in_both_languages_with_the_same_places() -> None:
    for key, word in language.words().items():
        assert set(word) == set(language.LANGUAGES), key
        places = [sorted(part.split("}")[0] for part in word[tongue].split("{")[1:]) for tongue in language.LANGUAGES]
        assert places[0] == places[1], key


def test_a_text_is_shown_as_paragraphs_and_tables() -> None:
    found = list(shaping.blocks("引言。\n机构 | 人次 | 同比\n医院 | 96.2\n结语。"))
    assert [block.text for block in found] == ["引言。", "", "结语。"]
    assert found[1].rows == (("机构", "人次", "同比"), ("医院", "96.2", ""))


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://www.example.cn/a", True),
        ("http://例子.cn/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.cn/", False),
        ("http:/x", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(url: str | None, linked: bool) -> None:
    assert (shaping.web_address(url) is not None) == linked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T08:30+08:00", "2026-11-20 08:30"),
        ("2026-11-20T08:30:15+08:00", "2026-11-20 08:30"),
        ("2026-11-20T08:30+00:00", "2026-11-20 08:30 +00:00"),
        (None, ""),
        ("昨天", "昨天"),
    ],
)
def test_publication_is_shown_as_precise_as_it_was(written: str | None, shown: str) -> None:
    assert shaping.published(written) == shown


@pytest.mark.parametrize(
    ("text", "typed", "snippet"),
    [
        ("医保目录调整。", "醫保", f"{OPEN}医保{CLOSE}目录调整。"),
        ("Covid-19 与流感", "covid", f"{OPEN}Covid{CLOSE}-19 与流感"),
        ("没有", '"', "没有"),
        ("甲OR乙", "甲 OR 乙", f"{OPEN}甲{CLOSE}OR{OPEN}乙{CLOSE}"),
    ],
)
def test_snippets_mark_what_was_typed(text: str, typed: str, snippet: str) -> None:
    assert shaping.snippet(text, typed) == snippet


def test_a_snippet_of_a_long_text_is_cut_about_the_match() -> None:
    found = shaping.snippet("前" * 500 + "医保" + "后" * 500, "医保")
    assert found.startswith("…前")
    assert found.endswith("后…")
    assert f"{OPEN}医保{CLOSE}" in found
    assert len(found) < 120


def test_bars_have_the_height_of_their_values() -> None:
    chart = charts.bars([("a", 0), ("b", 1), ("c", 1000)], height=50)
    assert [bar.height for bar in chart.bars] == [0, 1, 50]  # what is there is seen
    assert [bar.y + bar.height for bar in chart.bars] == [50, 50, 50]
    assert charts.bars([]).bars == ()
    assert charts.bars([("a", 5)], top=10, height=40).bars[0].height == 20


def test_months_and_days_leave_none_out() -> None:
    assert charts.months("2025-11", "2026-02") == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert charts.days("2026-03-01", 3) == ["2026-02-27", "2026-02-28", "2026-03-01"]
    assert charts.year_before("2026-12") == "2026-01"
    assert charts.year_before("2026-11") == "2025-12"
    assert len(charts.months("1900-01", "2026-11")) == 120


@pytest.mark.parametrize(
    ("payload", "header", "shown"),
    [
        ("<p>医保</p>".encode(), "text/html; charset=gbk", ("<p>医保</p>", "utf-8")),
        ('<meta charset="gb2312"><p>囍</p>'.encode("gb18030"), "", ('<meta charset="gb2312"><p>囍</p>', "gb18030")),
        ("<p>醫療</p>".encode("big5"), "text/html; charset=Big5", ("<p>醫療</p>", "big5hkscs")),
        (b"\xff\xff\xff", "text/html; charset=nonsense", ("���", "utf-8")),
    ],
)
def test_a_capture_is_decoded_for_showing(payload: bytes, header: str, shown: tuple[str, str]) -> None:
    headers = (("content-type", header),) if header else ()
    assert as_text(Capture("c", "u", "u", real_now(), 200, headers, payload)) == shown


def test_inline_scripts_are_allowed_by_hash_and_no_other() -> None:
    fixed = guard.script_hashes(["<script>a()</script>", "<script src='x'></script>"])
    digest = base64.b64encode(hashlib.sha256(b"a()").digest()).decode()
    assert fixed == (f"'sha256-{digest}'",)
    assert len(guard.script_hashes(["<script>x = {{ datasette_allow_facet }};</script>"])) == 2
    assert guard.script_hashes(["<script>x = {{ anything }};</script>"]) == ()


def test_paths_are_shortened() -> None:
    assert guard.without_folders("at /usr/lib/python3.11/x.py:3> uvicorn/on.py:8") == "at x.py:3> uvicorn/on.py:8"
    told = guard.without_paths([{"name": "a", "path": "/x/y/a.db"}, {"name": "b", "path": "/x/b.db"}], ["a"])
    assert [one["path"] for one in told] == ["a.db", "/x/b.db"]
