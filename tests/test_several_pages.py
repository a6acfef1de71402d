"""An article that its site shows over several pages is one article: joined in order, whole or not at all."""

from __future__ import annotations

import pytest

from crawler.demo.body import plain_text
from crawler.demo.truth import ARTICLES
from crawler.reading.links import first_page, next_page
from crawler.reading.page import parse
from tests.conftest import Desk

ARTICLE = next(article for article in ARTICLES if article.part("/news/2026/1107_3.html", 1))


def text(desk: Desk) -> str:
    return desk.ask("show", desk.servers.url(ARTICLE.host, ARTICLE.path)).data["text"]


def crawl(desk: Desk, day: int) -> dict:
    rows = desk.crawl(day, "--recheck").data
    return next(row for row in rows if row["site"] == ARTICLE.host)


def test_its_pages_are_joined_and_each_is_kept_as_evidence(desk: Desk) -> None:
    crawl(desk, 1)
    assert text(desk) == plain_text(ARTICLE.state(1).body)
    url = desk.servers.url(ARTICLE.host, ARTICLE.path)
    parts = desk.sql(
        "SELECT p.part, c.url FROM version_captures p JOIN captures c ON c.id = p.capture_id"
        " JOIN articles a ON a.current_version_id = p.version_id WHERE a.url = ? ORDER BY p.part",
        url,
    )
    assert parts == [(1, url), (2, url.replace(".html", "_2.html")), (3, url.replace(".html", "_3.html"))]
    assert desk.ask("verify").data["faults"] == []


def test_a_change_of_its_second_page_is_a_version_and_a_changed_sidebar_of_it_is_none(desk: Desk) -> None:
    crawl(desk, 1)
    crawl(desk, 2)
    assert text(desk) == plain_text(ARTICLE.state(2).body) != plain_text(ARTICLE.state(1).body)
    crawl(desk, 3)
    url = desk.servers.url(ARTICLE.host, ARTICLE.path)
    assert desk.sql("SELECT version_count FROM articles WHERE url = ?", url) == [(2,)]


def test_without_one_of_its_pages_nothing_is_recorded_of_it(desk: Desk) -> None:
    crawl(desk, 1)
    before = text(desk)
    desk.servers.hide(ARTICLE.host, ARTICLE.path.replace(".html", "_3.html"))
    assert crawl(desk, 2)["failed"] == 1
    assert text(desk) == before
    assert desk.sql("SELECT reason FROM captures WHERE verdict = 'failed' LIMIT 1") == [
        ("page 3 of the article: HTTP 404",)
    ]


FIRST = "https://www.example.cn/a/12.html"


@pytest.mark.parametrize(
    ("links", "here", "found"),
    [
        ({"下一页": "12_2.html", "3": "12_3.html"}, FIRST, "https://www.example.cn/a/12_2.html"),
        (
            {"1": "12.html", "3": "12_3.html"},
            "https://www.example.cn/a/12_2.html",
            "https://www.example.cn/a/12_3.html",
        ),
        ({"2": "12-2.html"}, FIRST, "https://www.example.cn/a/12-2.html"),
        ({"下一頁": "?page=2"}, FIRST, "https://www.example.cn/a/12.html?page=2"),
        ({"下一页": "13.html"}, FIRST, None),
        ({"下一页": "12_20261120.html"}, FIRST, None),
        ({"下一篇": "12_2.html"}, FIRST, None),
        ({"下一页": "https://www.other.example/a/12_2.html"}, FIRST, None),
        ({"上一页": "12.html"}, "https://www.example.cn/a/12_2.html", None),
        ({"下一页": "http://["}, FIRST, None),
    ],
)
def test_the_next_page_is_one_of_the_same_article(links: dict[str, str], here: str, found: str | None) -> None:
    anchors = "".join(f"<a href='{address}'>{text}</a>" for text, address in links.items())
    assert next_page(parse(f"<body>{anchors}</body>"), here, FIRST) == found


@pytest.mark.parametrize(
    ("links", "here", "found"),
    [
        ({"上一页": "12.html"}, "https://www.example.cn/a/12_2.html", FIRST),
        ({"1": "12.html", "3": "12_3.html"}, "https://www.example.cn/a/12_2.html", FIRST),
        ({"<< 上一頁": "12_2.html"}, "https://www.example.cn/a/12_3.html", FIRST),
        ({"上一页": "/a/12.html"}, "https://www.example.cn/a/12.html?page=2", FIRST),
        ({"上一页": "?id=7"}, "https://www.example.cn/a?id=7&page=2", "https://www.example.cn/a?id=7"),
        ({"下一页": "12_3.html"}, "https://www.example.cn/a/12_2.html", None),  # it does not lead back
        ({"上一篇": "12.html"}, "https://www.example.cn/a/12_2.html", None),
        ({"上一页": "11.html"}, "https://www.example.cn/a/12.html", None),
        ({"1": "12.html"}, "https://www.example.cn/a/12_20261120.html", None),
        ({"2": "12_2.html"}, FIRST, None),
        ({"上一页": "http://["}, "https://www.example.cn/a/12_2.html", None),
    ],
)
def test_a_further_page_that_leads_back_tells_the_first(links: dict[str, str], here: str, found: str | None) -> None:
    anchors = "".join(f"<a href='{address}'>{text}</a>" for text, address in links.items())
    assert first_page(parse(f"<body>{anchors}</body>"), here) == found
