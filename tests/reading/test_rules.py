"""A site's own rules for reading: they win over what the reader finds, and say so when they find nothing."""

from __future__ import annotations

import pytest

from crawler.reading.article import reader_id
from crawler.reading.rules import Rules, compiled
from tests.reading.pages import PARAGRAPHS, TITLE, page, read_page

TEXT = "\n".join(PARAGRAPHS)
PAGE = page(
    facts="<span class='when'>2026年11月20日 08:30</span> 来源：清河日报 作者：王小禾",
    body="".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    + "<p class='note'>责任编辑：陈小雨</p><p class='ad'>健康。</p>",
    below="<div id='other'><h2 class='t'>另一个标题也可以</h2><b>石桥晚报</b><i>李明远 何小舟</i>"
    "<u data-t='2026-11-21 09:00'></u></div>",
)


@pytest.mark.parametrize(
    ("field", "expression", "value"),
    [
        ("title", "h2.t", "另一个标题也可以"),
        ("title", "//h2[@class='t']/text()", "另一个标题也可以"),
        ("source", "#other b", "石桥晚报"),
        ("author", "#other i", "李明远 何小舟"),
        ("published_at", "//u/@data-t", "2026-11-21T09:00+08:00"),
        ("source_title", "h2.t", "另一个标题也可以"),
    ],
)
def test_a_field_is_taken_from_where_the_rule_says(field: str, expression: str, value: str) -> None:
    reading = read_page(PAGE, own=Rules(fields=((field, expression),)))
    assert getattr(reading, field) == value
    assert reading.flags == ()
    others = {"title": TITLE, "source": "清河日报", "author": "王小禾", "published_at": "2026-11-20T08:30+08:00"}
    assert {name: getattr(reading, name) for name in others if name != field} == {
        name: found for name, found in others.items() if name != field
    }


def test_parts_are_removed_and_kept_as_the_rules_say() -> None:
    assert read_page(PAGE).text == f"{TEXT}\n健康。"
    assert read_page(PAGE, own=Rules(remove=(".ad",))).text == TEXT
    kept = read_page(PAGE, own=Rules(remove=("//p[@class='ad']",), keep=(".note",))).text
    assert kept == f"{TEXT}\n责任编辑：陈小雨"


def test_the_text_may_stand_in_several_elements() -> None:
    body = "".join(f"<div class='piece'><p>{text}</p></div><div>下载本站客户端看更多</div>" for text in PARAGRAPHS)
    assert read_page(page(body=body), own=Rules(text="div.piece")).text == TEXT


def test_what_is_removed_leaves_the_text_behind_it() -> None:
    body = f"<p>{PARAGRAPHS[0][:9]}<b class='x'>广告</b>{PARAGRAPHS[0][9:]}</p><p>{PARAGRAPHS[1]}</p>"
    assert read_page(page(body=body), own=Rules(remove=("b.x",))).text == f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}"


def test_a_rule_that_finds_nothing_is_told_and_the_reader_s_own_answer_stands() -> None:
    own = Rules(fields=(("title", "h1.gone"),), text="#gone", remove=(".gone", ".ad"), keep=(".gone",))
    reading = read_page(PAGE, own=own)
    assert reading.title == TITLE
    assert reading.text == TEXT
    assert reading.flags == ("no_match:remove_.gone", "no_match:title", "no_match:text", "no_match:keep")


def test_other_rules_make_another_reader() -> None:
    one, other = Rules(text="#a"), Rules(text="#b")
    assert len({reader_id(), reader_id(one), reader_id(other)}) == 3
    assert read_page(PAGE, own=one).reader == reader_id(one)


@pytest.mark.parametrize("expression", ["p[", "//p[", "div >", "/html/[1]"])
def test_an_expression_that_cannot_be_used_says_so(expression: str) -> None:
    with pytest.raises(ValueError, match="write a CSS selector, or XPath"):
        compiled(expression)
