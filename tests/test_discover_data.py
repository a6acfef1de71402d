"""Lists that are JSON, by GET or POST, or JSON in a script: which pages they tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from crawler.discover import Ask, Link, ask_for, links_of
from crawler.site.model import Listing
from tests.conftest import Desk

LISTINGS = Path(__file__).parent / "listings"
URL = "https://paper.example/api/list"


def links(payload: bytes | str, url: str = URL, **keys: Any) -> list[Link]:
    """What is found in the fixture of that name, or in these bytes."""
    if isinstance(payload, str):
        payload = (LISTINGS / payload).read_bytes()
    return list(links_of(Listing(url, "json", **keys), payload, url, "application/json"))


def test_entries_tell_addresses_by_a_template_titles_dates_and_summaries() -> None:
    found = links(
        "columns.json",
        items="data.list",
        address="https://m.paper.example/detail/{contId}",
        title="name",
        date="pubTimeLong",
        summary="brief",
    )
    place = "https://m.paper.example/detail/"
    assert found == [
        Link(place + "30210457", "医保谈判药品落地首月 三地医院已可开方", "1793690400000", "首批二十种药品进入门诊。"),
        Link(place + "30210401", "校园流感疫苗接种周一启动", "1793604000000"),
    ]


def test_an_address_in_a_field_is_made_whole() -> None:
    found = links("columns.json", items="data.list[]", address="node.url")
    assert [link.url for link in found] == [
        "https://paper.example/detail/30210457",
        "https://paper.example/detail/30210401",
        "https://paper.example/detail/30210399",
    ]


def test_a_whole_array_is_a_list() -> None:
    url = "https://state.example/zhengce/zuixin/LIST.json"
    assert links("bulletin.json", url, address="URL", title="TITLE", date="DOCRELPUBTIME") == [
        Link("https://state.example/zhengce/202611/content_7001.htm", "基层医疗机构配备慢病药品目录公布", "2026-11-03"),
        Link("https://state.example/zhengce/202611/content_6998.htm", "秋冬季传染病防治工作安排", "2026-11-02"),
    ]


@pytest.mark.parametrize("extract", [r"var pressIndex = (\{.*?\});", r'\{"updated".*?\}(?=;)'])
def test_json_in_a_script_is_found_first(extract: str) -> None:
    found = links(
        "press.js",
        extract=re.compile(extract),
        items="data[]",
        address="UrlPath_zh_tw",
        title="Title_zh_tw",
        date="PublishDate",
    )
    assert found == [
        Link("https://paper.example/tc/media/116012.html", "防疫中心調查一宗退伍軍人病個案", "2026-11-04"),
        Link("https://paper.example/tc/media/116009.html", "長者流感疫苗接種率上升", "2026-11-03"),
    ]


def test_a_slash_of_the_value_is_not_doubled() -> None:
    payload = b'{"value": [{"u": "/03-11-2026-flu"}, {"u": "02-11-2026-tb"}]}'
    found = links(payload, items="value", address="https://world.example/zh/item/{u}")
    assert [link.url for link in found] == [
        "https://world.example/zh/item/03-11-2026-flu",
        "https://world.example/zh/item/02-11-2026-tb",
    ]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"data": {"list": [',
        b'{"data": null}',
        b'{"data": {"list": {}}}',
        b'{"data": {"list": [1, null, "x", [], {"url": 5}, {"url": true}, {"url": "http://"}]}}'.replace(b"5", b"{}"),
        b"[" * 100_000,
        b"\x00\x01\x02",
    ],
)
def test_what_holds_no_entry_gives_no_link(payload: bytes) -> None:
    assert links(payload, items="data.list", address="url") == []
    assert links(payload, items="sort_by(data.list, &url)", address="url") == []
    assert links(payload, extract=re.compile("nowhere(.)"), address="url") == []


def test_pages_are_asked_for_by_address_by_form_or_by_json() -> None:
    by_address = Listing(URL, "json", pages=URL + "?p={n}", max_pages=3)
    by_form = Listing(URL, form=(("column", "健康"), ("page", "{n}")), max_pages=2)
    by_json = Listing(URL, "json", body='{"page": {n}}', first_page=1, max_pages=3)
    form, data = "application/x-www-form-urlencoded", "application/json"
    assert [ask_for(by_address, page) for page in (1, 2, 3)] == [Ask(URL), Ask(URL + "?p=2"), Ask(URL + "?p=3")]
    assert [ask_for(by_form, page) for page in (1, 2)] == [
        Ask(URL, "column=%E5%81%A5%E5%BA%B7&page=1", form),
        Ask(URL, "column=%E5%81%A5%E5%BA%B7&page=2", form),
    ]
    assert [ask_for(by_json, page) for page in (1, 2, 3)] == [Ask(URL, f'{{"page": {n}}}', data) for n in (0, 1, 2)]
    assert len({ask_for(by_json, page).name for page in (1, 2, 3)}) == 3


JSON_LIST = """
[[list]]
kind = "json"
url = "{url}"
{how}
max_pages = 2
items = "data.list"
address = "{base}/{{contId}}"
title = "name"
date = "pubTimeLong"
"""
WAYS = [
    ("/api/articles.json?page=1", 'pages = "{base}/api/articles.json?page={{n}}"', "GET"),
    ("/api/articles.json", 'form = {{ page = "{{n}}" }}', "POST"),
    ("/api/articles.json", "body = '{{\"page\": {{n}}}}'", "POST"),
]


@pytest.mark.parametrize(("path", "how", "method"), WAYS, ids=["address", "form", "json"])
def test_a_site_that_lists_by_json_is_crawled(desk: Desk, path: str, how: str, method: str) -> None:
    base = desk.servers.url("dawn", "")
    file = desk.sites / "dawn.toml"
    site = file.read_text(encoding="utf-8").partition("[[list]]")[0]
    lists = JSON_LIST.format(url=base + path, how=how.format(base=base), base=base)
    file.write_text(site + lists, encoding="utf-8")
    (row,) = desk.crawl(1, "dawn").data
    assert (row["outcome"], row["failed"]) == ("complete", 0)
    assert row["new"] > 14  # more than one page of the list
    asked = [(verb, where) for _, verb, where, _, _ in desk.servers.requests if where.startswith("/api/")]
    assert sorted(asked) == [(method, f"/api/articles.json?page={page}") for page in (1, 2)]
