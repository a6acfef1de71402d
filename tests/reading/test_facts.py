"""What a page says of its article: when, who, from where. Tables of the forms that pages use."""

from __future__ import annotations

import pytest

from tests.reading.pages import PARAGRAPHS, TITLE, page, read_page


@pytest.mark.parametrize(
    ("facts", "published"),
    [
        ("2026年11月20日 08:30", "2026-11-20T08:30+08:00"),
        ("2026-11-20 08:30:15", "2026-11-20T08:30:15+08:00"),
        ("发布时间：2026/11/20", "2026-11-20"),
        ("时间: 2026-11-20T08:30:00+09:00", "2026-11-20T08:30:00+09:00"),
        ("2026年11月20日 下午3:05", "2026-11-20T15:05+08:00"),
        ("２０２６年１１月２０日", "2026-11-20"),
        ("二〇二六年十一月二十日", "2026-11-20"),
        ("2小时前", "2026-11-24"),
        ("昨天 08:30", "2026-11-23T08:30+08:00"),
        ("2026年13月40日", None),
        ("2099-01-01", None),
    ],
)
def test_dates_as_pages_write_them(facts: str, published: str | None) -> None:
    assert read_page(page(facts=facts)).published_at == published


@pytest.mark.parametrize(
    ("facts", "place", "published"),
    [
        ("民國115年11月20日", "TW", "2026-11-20"),
        ("發布日期：115-11-20", "TW", "2026-11-20"),
        ("20/11/2026", "HK", "2026-11-20"),
        ("2026年11月20日（星期五）香港時間12時05分", "HK", "2026-11-20T12:05+08:00"),
    ],
)
def test_dates_of_other_places(facts: str, place: str, published: str) -> None:
    assert read_page(page(facts=facts), jurisdiction=place).published_at == published


def test_a_date_near_the_headline_counts_before_others() -> None:
    sidebar = "<div>2026-11-23 12:00 热门</div>"
    assert read_page(page(above=sidebar * 8, facts="2026-11-20", below=sidebar)).published_at == "2026-11-20"


def test_a_relative_time_is_flagged() -> None:
    assert "relative_time" in read_page(page(facts="30分钟前")).flags
    assert "relative_time" not in read_page(page(facts="2026-11-20")).flags


@pytest.mark.parametrize(
    ("facts", "source"),
    [
        ("2026-11-20 来源：清河日报", "清河日报"),
        ("来源：<a href='http://x.example'>清河日报</a> 作者：王小禾", "清河日报"),
        ("<span>來源</span>：<b>清河日報</b>", "清河日報"),
        ("稿源： 清河日报 编辑：李四", "清河日报"),
        ("来源：网络", ""),
        ("来源：本站原创", ""),
        ("2026-11-20", ""),
    ],
)
def test_sources(facts: str, source: str) -> None:
    assert read_page(page(facts=facts)).source == source


@pytest.mark.parametrize(
    ("facts", "opening", "closing", "author"),
    [
        ("作者：王小禾", "", "", "王小禾"),
        ("文/王小禾 图/李明远", "", "", "王小禾"),
        ("记者 王小禾 李明远 报道", "", "", "王小禾 李明远"),
        ("", "晨光网讯（记者王小禾）", "", "王小禾"),
        ("", "", "（记者 王小禾）", "王小禾"),
        ("责任编辑：王小禾", "", "", ""),
        ("作者：清河日报社", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_authors(facts: str, opening: str, closing: str, author: str) -> None:
    texts = [opening + PARAGRAPHS[0], PARAGRAPHS[1], PARAGRAPHS[2] + closing]
    assert read_page(page(facts=facts, body="".join(f"<p>{text}</p>" for text in texts))).author == author


def test_the_source_s_own_headline_and_the_editor_are_kept_apart() -> None:
    below = "<p>（原标题：三家医院互认检查，候检快了）</p><p>责任编辑：赵一鸣</p>"
    reading = read_page(page(below=below))
    assert (reading.title, reading.source_title) == (TITLE, "三家医院互认检查，候检快了")
    assert reading.editor == "赵一鸣"
    assert reading.text == "\n".join(PARAGRAPHS)
