"""Discovery: a list page, a feed and a sitemap each tell which pages there are; a site's rules tell which to follow."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.addresses import canonical
from crawler.discover import LARGEST_SITEMAP, READERS, Ask, Link, ask_for, links_of, nested_sitemaps, sort_links
from crawler.site.model import Listing, Site

LISTINGS = Path(__file__).parent / "listings"
BUREAU = "https://bureau.example/zwxx/gzdt/index.html"
DAWN = "https://dawn.example/feed"


def links(
    kind: str, payload: bytes | str, url: str = DAWN, link: str = "", content_type: str | None = None, **keys: Any
) -> list[Link]:
    """What is found in the fixture of that name, or in these bytes."""
    if isinstance(payload, str):
        payload = (LISTINGS / payload).read_bytes()
    return list(links_of(Listing(url, kind, link, **keys), payload, url, content_type))


def page(body: str, charset: str = "utf-8") -> bytes:
    return f'<html><head><meta charset="{charset}"><title>list</title></head><body>{body}</body></html>'.encode(charset)


def sorted_links(site: Site, found: list[Link]) -> tuple[tuple[Link, ...], dict[str, int]]:
    """The links that a site follows from one of its lists, and why it does not follow the others."""
    came = sort_links(site, Listing(site.home), found)
    assert {owner for owner, _ in came.wanted} == {site}
    return tuple(link for _, link in came.wanted), came.skipped


# A bureau's list: relative to a <base>, with titles cut short, a picture before a headline, and dates in four forms.


def test_a_list_page_tells_addresses_titles_and_dates() -> None:
    found = links("html", "bureau.html", BUREAU, "ul.gl-list")
    place = "https://bureau.example/zwxx/gzdt/202611/"
    assert found[:6] == [
        Link(place + "t20261103_1204.html", "青岚市三家社区医院开设夜间儿科门诊，方便上班族带孩子看病", "2026-11-03"),
        Link(place + "t20261102_1198.html", "", "2026/11/02 09:30"),
        Link(place + "t20261102_1198.html", "2026年10月1日起 医保药品目录调整", "2026/11/02 09:30"),
        Link(place + "t20261101_1190.html", "流感监测周报", "2026年11月1日"),
        Link(place.replace("https", "http") + "t20261101_1190.html", "流感监测周报", ""),
        Link("https://bureau.example/zwxx/spxw/202611/t20261101_1188.html", "视频：七步洗手法", "2026-11-01"),
    ]
    assert len(found) == 9


def test_what_is_no_address_of_a_page_is_left_out() -> None:
    found = links("html", "bureau.html", BUREAU, "div.nav")
    assert [link.url for link in found] == [
        "https://bureau.example/",
        "https://bureau.example/zwxx/202610/t20261030_1001.html",
    ]


@pytest.mark.parametrize("selector", ["ul.gl-list a", "ul.gl-list li", "ul.gl-list", "div.list-box, ul.gl-list, li"])
def test_a_selector_may_name_the_links_or_what_holds_them(selector: str) -> None:
    assert links("html", "bureau.html", BUREAU, selector) == links("html", "bureau.html", BUREAU, "ul.gl-list a")


def test_a_selector_that_a_redesign_broke_finds_nothing() -> None:
    assert links("html", "bureau.html", BUREAU, "ul.old-list a") == []


def test_the_rules_of_a_site_sort_its_links() -> None:
    site = Site(
        "bureau",
        "青岚市卫生健康局",
        "https://bureau.example/",
        "CN",
        re.compile(r"bureau\.example/zwxx/\w+/\d{6}/t\d{8}_\d+\.html"),
        deny=re.compile("/spxw/"),
    )
    found = links("html", "bureau.html", BUREAU)
    wanted, skipped = sorted_links(site, found)
    assert [link.title for link in wanted] == [
        "青岚市三家社区医院开设夜间儿科门诊，方便上班族带孩子看病",
        "2026年10月1日起 医保药品目录调整",
        "流感监测周报",
    ]
    assert skipped == {"no article": 3, "duplicate": 2, "denied": 1, "off site": 2}
    assert len(wanted) + sum(skipped.values()) == len(found)


def test_a_page_that_is_linked_twice_keeps_its_place_and_gains_what_it_lacked() -> None:
    site = Site("dawn", "晨光", "https://dawn.example/", "CN", re.compile(r"/news/\d+"))
    url = "https://dawn.example/news/1"
    wanted, skipped = sorted_links(
        site, [Link(url), Link("https://dawn.example/news/2", "二"), Link(url, "一", "2026-11-03"), Link(url, "壹")]
    )
    assert wanted == (Link(url, "一", "2026-11-03"), Link("https://dawn.example/news/2", "二"))
    assert skipped == {"duplicate": 2}


@pytest.mark.parametrize("link", ["//ul[@class='gl-list']//a", "(//ul[@class='gl-list'])[1]", "./body//ul[1]/li/a"])
def test_links_may_be_selected_by_xpath(link: str) -> None:
    found = links("html", "bureau.html", BUREAU, link)
    assert found and found[0] == links("html", "bureau.html", BUREAU, "ul.gl-list")[0]


# Fragments: a list that comes without a page around it, as JSON, or written by a script.


@pytest.mark.parametrize("date", ["time", "../time/@datetime", "./following-sibling::time/@datetime"])
def test_a_fragment_tells_title_and_date_where_the_site_says(date: str) -> None:
    found = links("html", "fragment.html", link="li.item", title="em", date=date)
    first = "2026-11-04T09:20:00+08:00" if "/" in date else "兩小時前"
    place = "https://dawn.example/zh/story/"
    assert found[0] == Link(place + "4471", "衞生防護中心跟進一宗退伍軍人病", first)
    assert [link.url for link in found] == [place + "4471", place + "4469"]


def test_html_in_a_field_of_json_is_a_list() -> None:
    found = links("html", "more.json", items="data.html", title="./@data-title", date="i.t")
    assert found == [
        Link("https://dawn.example/zh/4471.html", "家庭医生签约居民可在线复诊", "11-04 09:20"),
        Link("https://dawn.example/zh/4469.html", "流感疫苗到货", "11-03 18:00"),
    ]
    assert links("html", "more.json", items="data.rows") == []


def test_html_that_a_script_writes_is_a_list() -> None:
    found = links("html", "written.js", extract=re.compile(r"document\.write\((\".*\")\);"), items="@")
    assert found == [Link("https://dawn.example/gg/202611/t7001.html", "基层医疗机构配药公告", "2026-11-04")]


# Cards: one link holds headline, summary and date.


def test_the_headline_of_a_card_is_its_heading() -> None:
    assert links("html", "cards.html", "https://harbour.example/health/", "section.cards") == [
        Link(
            "https://harbour.example/article/88012/%E6%B5%81%E6%84%9F", "流感高峰期料提早至十二月", "2026-11-05 14:20"
        ),
        Link("https://harbour.example/article/88007/%E7%99%BB%E9%9D%A9%E7%86%B1", "登革熱本地個案增至三宗"),
        Link("https://harbour.example/article/88001", "民國115年度健檢補助開放申請", "115.11.04"),
        Link("https://harbour.example/article/87999", "防疫專頁"),
    ]


@pytest.mark.parametrize(
    ("charset", "query"),
    [
        ("utf-8", "q=%E6%B5%81%E6%84%9F&id=3"),
        ("gb2312", "q=%C1%F7%B8%D0&id=3"),
        ("gb18030", "q=%C1%F7%B8%D0&id=3"),
        ("big5", "q=%ACy%B7P&id=3"),
    ],
)
def test_a_query_is_written_in_the_encoding_of_its_page(charset: str, query: str) -> None:
    text = "".join(f"<li>社区卫生服务中心公告第{n}号</li>" for n in range(20))
    if charset == "big5":
        text = "".join(f"<li>社區衛生服務中心公告第{n}號，請民眾留意</li>" for n in range(20))
    body = f'<ul>{text}</ul><a href="/专题/show.asp?q=流感&amp;id=3">流感</a>'
    payload = page(body.replace("专题", "a"), charset)
    assert [link.url for link in links("html", payload)] == [f"https://dawn.example/a/show.asp?{query}"]


def test_a_path_is_always_written_in_utf_8() -> None:
    (found,) = links("html", page('<p>健康教育专题栏目</p><a href="/流感/1.html">流感</a>', "gb2312"))
    assert found.url == "https://dawn.example/%E6%B5%81%E6%84%9F/1.html"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ('<base href="https://cdn.example/a/">', "https://cdn.example/a/1.html"),
        ('<base target="_blank">', "https://dawn.example/1.html"),
        ('<base href=" ../x/ "><base href="/y/">', "https://dawn.example/x/1.html"),
    ],
)
def test_links_are_relative_to_the_first_base(base: str, expected: str) -> None:
    (found,) = links("html", page(f'{base}<a href=" 1.html ">一</a>'))
    assert found.url == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"   \n",
        b"<!-- nothing -->",
        page("<p>页面不存在</p>"),
        page('<a href="http://[oops/">坏</a><a href="http://">空</a><a href="https://a.example:port/">口</a>'),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
    ],
)
@pytest.mark.parametrize("kind", READERS)
def test_an_answer_without_links_is_told_by_its_emptiness(kind: str, payload: bytes) -> None:
    assert links(kind, payload) == []


# Feeds


def test_a_feed_tells_addresses_titles_and_dates() -> None:
    assert links("feed", "news.rss") == [
        Link("https://dawn.example/news/301.html", "流感疫苗明起開打", "Tue, 03 Nov 2026 08:30:00 +0800"),
        Link("https://dawn.example/news/300.html", "PM2.5 < 35 的日子多了", "2026-11-02T19:00:00+08:00"),
        Link("https://dawn.example/news/299.html", "只有識別碼的一則"),
        Link("https://dawn.example/news/298.html", "識別碼不是網址"),
    ]


def test_the_first_page_of_an_atom_entry_is_its_address() -> None:
    assert links("feed", "news.atom", "https://radio.example/feed.atom") == [
        Link("https://radio.example/news/501", "公立醫院急症室輪候時間縮短", "2026-11-04T07:05:00+08:00"),
        Link("https://radio.example/news/500", "食安中心抽檢百款零食", "2026-11-03T18:00:00+08:00"),
    ]


def test_a_broken_feed_gives_what_it_holds() -> None:
    assert [(link.url, link.title) for link in links("feed", "broken.rss")][:2] == [
        ("https://dawn.example/news/410.html?id=1&page=2", "医院 & 社区共建慢病门诊"),
        ("https://dawn.example/news/409.html", "第二条 消息"),
    ]


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "utf-8", "big5"])
@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml; charset=iso-8859-1"])
def test_a_feed_is_decoded_whatever_it_or_its_header_declares(declared: str, content_type: str | None) -> None:
    items = "".join(
        f"<item><title>社区医院开设慢性病长期处方门诊之{n}</title><link>https://dawn.example/news/{n}</link></item>"
        for n in "一二三四五六七八"
    )
    text = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel>{items}</channel></rss>'
    payload = text.encode("gb18030" if declared.startswith("gb") else "utf-8")
    titles = [link.title for link in links("feed", payload, content_type=content_type)]
    assert titles[0] == "社区医院开设慢性病长期处方门诊之一"
    assert len(titles) == 8


def test_a_payload_that_reads_like_an_address_is_not_fetched() -> None:
    assert links("feed", b"http://127.0.0.1:9/feed.xml") == []
    assert links("feed", str(LISTINGS / "news.rss").encode()) == []


# Sitemaps


def test_a_news_sitemap_tells_addresses_titles_and_dates() -> None:
    expected = [
        Link("https://dawn.example/news/501.html", "乡镇卫生院 添置移动X光车", "2026-11-04T20:15:00+08:00"),
        Link("https://dawn.example/news/500.html", "", "2026-11-03T10:00:00+08:00"),
        Link("https://dawn.example/list.php?id=7&page=2"),
    ]
    assert links("sitemap", "sitemap.xml") == expected
    assert links("sitemap", gzip.compress((LISTINGS / "sitemap.xml").read_bytes())) == expected


def test_an_index_tells_further_sitemaps_and_no_page() -> None:
    payload = (LISTINGS / "sitemap_index.xml").read_bytes()
    expected = ("https://dawn.example/sitemap-2026-11.xml.gz", "https://dawn.example/sitemap-2026-10.xml.gz")
    assert nested_sitemaps(payload) == nested_sitemaps(gzip.compress(payload)) == expected
    assert links("sitemap", payload) == []
    assert nested_sitemaps((LISTINGS / "sitemap.xml").read_bytes()) == ()
    assert nested_sitemaps(b"<html>") == nested_sitemaps(b"") == nested_sitemaps(b"\x1f\x8bnonsense") == ()


def test_a_sitemap_without_namespace_or_cut_short_gives_what_it_holds() -> None:
    plain = (
        b"\n <urlset><url><loc>https://dawn.example/1</loc></url><url><loc>https://dawn.example/2</loc></url><url><lo"
    )
    assert [link.url for link in links("sitemap", plain)] == ["https://dawn.example/1", "https://dawn.example/2"]
    noise = b"".join(b"<url><loc>https://dawn.example/%d</loc></url>" % (n * n) for n in range(9_000))
    whole = gzip.compress(b"<urlset>" + noise + b"</urlset>")
    assert 1_000 < len(links("sitemap", whole[: len(whole) // 2])) < 9_000


def bomb(root: str, item: str) -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "https://dawn.example/">{entities}]>{item}'.encode()


def test_an_entity_bomb_does_not_go_off() -> None:
    sitemap = "<urlset><url><loc>&e11;</loc></url><url><loc>https://dawn.example/1</loc></url></urlset>"
    assert len(repr(links("sitemap", bomb("urlset", sitemap)))) < 1_000
    feed = '<rss version="2.0"><channel><item><title>&e11;</title><link>https://dawn.example/1</link></item></channel></rss>'
    (found,) = links("feed", bomb("rss", feed))
    assert found.url == "https://dawn.example/1" and len(found.title) < 1_000
    assert len(links("html", bomb("html", '<a href="https://dawn.example/1">&e11;</a>'))[0].title) < 1_000


@pytest.mark.parametrize("kind", ["sitemap", "feed"])
def test_a_file_of_this_machine_does_not_get_into_a_link(kind: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://dawn.example/secret", encoding="utf-8")
    doctype = f'<!DOCTYPE x [<!ENTITY file SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    urlset = "<urlset><url><loc>&file;</loc></url></urlset>"
    rss = "<rss><channel><item><title>&file;</title><link>&file;</link></item></channel></rss>"
    found = links(kind, ('<?xml version="1.0"?>' + doctype + (urlset if kind == "sitemap" else rss)).encode())
    assert "secret" not in repr(found)


def test_a_gzip_bomb_is_read_to_its_limit_only() -> None:
    first = b"<urlset><url><loc>https://dawn.example/1</loc></url>"
    payload = gzip.compress(
        first + b" " * (LARGEST_SITEMAP + 1) + b"<url><loc>https://dawn.example/2</loc></url></urlset>"
    )
    assert len(payload) < 100_000
    assert [link.url for link in links("sitemap", payload)] == ["https://dawn.example/1"]


# Further pages


@pytest.mark.parametrize(("first_page", "numbers"), [(2, [2, 3, 4]), (1, [1, 2, 3]), (0, [0, 1, 2])])
def test_further_pages_are_counted_from_page_two(first_page: int, numbers: list[int]) -> None:
    listing = Listing("https://a.example/", pages="https://a.example/l_{n}.html", first_page=first_page)
    assert ask_for(listing, 1) == Ask("https://a.example/")
    assert [ask_for(listing, page) for page in (2, 3, 4)] == [Ask(f"https://a.example/l_{n}.html") for n in numbers]


def test_pages_of_days_are_counted_back_from_today() -> None:
    listing = Listing("https://a.example/{date:%Y%m}/{date:%d}c.htm", days=3)
    asked = [ask_for(listing, page, date(2026, 12, 1)).url for page in (1, 2, 3)]
    assert asked == [f"https://a.example/{day}c.htm" for day in ("202612/01", "202611/30", "202611/29")]


def test_a_key_is_put_into_the_address_and_what_is_posted() -> None:
    listing = Listing("https://a.example/ds_{key}.json", body='{"id": "{key}", "page": {n}}', max_pages=2)
    assert ask_for(listing, 2, key="7f") == Ask(
        "https://a.example/ds_7f.json", '{"id": "7f", "page": 2}', "application/json"
    )


@pytest.mark.parametrize("name", ["bureau.html", "cards.html"])
def test_every_link_has_the_one_spelling(name: str) -> None:
    found = links("html", name, BUREAU)
    assert found and all(link.url == canonical(link.url) for link in found)
