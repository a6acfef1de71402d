"""Which links of a list are followed: topics in both scripts, other sites' articles, parameters that choose a page."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from archive.text import language
from crawler.addresses import canonical
from crawler.discover import TOPICS, Link, sort_links
from crawler.discover.topic import about
from crawler.site.model import Listing, Site
from tests.conftest import Desk

TERMS = Path(__file__).parent.parent / "crawler" / "topics"
GENERAL = Listing("https://state.example/list", topics="health")


def links_with(title: str, summary: str = "") -> Link:
    return Link("https://state.example/1", title, "", summary)


ABOUT_HEALTH = [
    "县域医共体药品目录今起统一",
    "長者醫療券使用範圍擴大",
    "衞生署：今季第三宗登革熱個案",
    "疾管署籲民眾接種流感疫苗",
    "三甲醫院夜間門診時間延長",
    "HPV 筛查下月进社区",
    "推动医药产业健康发展",  # the one word tells nothing, the other does
    "校园食品安全排查启动",
    "世衞組織更新旅遊建議",
]
ABOUT_SOMETHING_ELSE = [
    "民营经济健康发展座谈会召开",
    "促進樓市平穩健康發展",
    "警方查获火药与炸药原料",
    "天花板脫落 商場暫停開放",
    "计算机病毒导致列车停运",
    "兩車相撞 三人送醫",
    "老艺术家病逝 享年九十岁",
    "whole foods opens a shop",
    "恒指高開 醫藥股領漲",
    "航展今日闭幕",
]


@pytest.mark.parametrize("title", ABOUT_HEALTH)
def test_a_headline_about_health_is_told_in_either_script(title: str) -> None:
    assert about(GENERAL, links_with(title))


@pytest.mark.parametrize("title", ABOUT_SOMETHING_ELSE)
def test_a_headline_about_something_else_is_left_out(title: str) -> None:
    assert not about(GENERAL, links_with(title))


def test_a_summary_needs_two_terms_and_a_link_without_headline_is_not_judged() -> None:
    assert not about(GENERAL, links_with("今晨路況", "傷者已往醫院檢查"))
    assert about(GENERAL, links_with("下月起新安排", "各醫院的疫苗接種時間延長"))
    assert about(GENERAL, links_with(""))


def test_a_list_may_have_terms_of_its_own() -> None:
    own = Listing("https://state.example/list", include=("長者", "Health"), exclude=("賽馬",))
    assert about(own, links_with("长者优惠计划"))
    assert about(own, links_with("public health day"))
    assert not about(own, links_with("healthy"))
    assert not about(own, links_with("长者赛马日"))
    assert not about(own, links_with("交通新闻"))
    both = Listing("https://state.example/list", topics="health", include=("健康发展", "恒指"))
    assert about(both, links_with("经济健康发展"))  # what the shipped terms leave out may be taken back
    assert about(both, links_with("恒指收跌"))
    assert about(both, links_with("医院"))
    without = Listing("https://state.example/list", exclude=("招聘",))
    assert about(without, links_with("交通新闻"))
    assert not about(without, links_with("醫院招聘護士"))


@pytest.mark.parametrize("topic", TOPICS)
def test_the_shipped_terms_are_simplified_and_none_is_in_vain(topic: str) -> None:
    table = tomllib.loads((TERMS / f"{topic}.toml").read_text(encoding="utf-8"))
    include, besides, exclude = (
        [word for group in table[name].values() for word in group.split()] for name in ("include", "besides", "exclude")
    )
    everything = include + besides + exclude
    assert [word for word in everything if everything.count(word) > 1] == []
    assert [word for word in everything if language(word) == "Hant"] == []
    assert [word for word in include for other in include if other != word and other in word] == []
    assert [word for word in besides if not any(term in word for term in include)] == []


def site(name: str, **keys: object) -> Site:
    pattern = re.compile(rf"{name}\.example/(?:n/\d+|show)")
    return Site(name, name, f"https://www.{name}.example/", "TW", pattern, **keys)  # type: ignore[arg-type]


def test_links_to_other_sites_are_followed_by_their_own_rules() -> None:
    ministry = site("ministry", offsite="follow")
    agency = site("agency", keep_query=("id",), deny=re.compile("/n/9"))
    closed = site("closed", enabled=False)
    found = [
        Link("https://www.agency.example/show?lang=zh&id=3", "醫院"),
        Link("https://www.agency.example/n/9", "醫院"),
        Link("https://www.ministry.example/n/1", "醫院"),
        Link("https://closed.example/n/1", "醫院"),
        Link("https://nowhere.example/n/1", "醫院"),
        Link("https://www.agency.example/n/2", "交通"),
    ]
    came = sort_links(ministry, GENERAL, found, (ministry, agency, closed))
    assert [(owner.id, link.url) for owner, link in came.wanted] == [
        ("agency", "https://www.agency.example/show?id=3"),
        ("ministry", "https://www.ministry.example/n/1"),
    ]
    assert came.skipped == {"off site": 2, "off site, and that site is disabled": 1, "off topic": 1}
    stays = sort_links(site("ministry"), GENERAL, found, (ministry, agency, closed))
    assert stays.skipped["off site"] == 5


@pytest.mark.parametrize(
    ("url", "keep", "drop", "expected"),
    [
        ("https://a.example/d.aspx?nodeid=1&pid=2&print=1", ("pid", "nodeid"), (), "d.aspx?nodeid=1&pid=2"),
        ("https://a.example/d;jsessionid=7?ID=1&r=0.3", ("id",), (), "d?ID=1"),
        ("https://a.example/d?a=1&b=2", (), (), "d"),
        ("https://a.example/Detail/Ab?typeId=9&x=1", None, ("typeid",), "Detail/Ab?x=1"),
        ("https://a.example/d?utm_source=w&id=1", None, (), "d?id=1"),
    ],
)
def test_a_site_says_which_parameters_choose_a_page(
    url: str, keep: tuple[str, ...] | None, drop: tuple[str, ...], expected: str
) -> None:
    assert canonical(url, keep, drop) == "https://a.example/" + expected
    assert canonical(canonical(url, keep, drop), keep, drop) == canonical(url, keep, drop)


FOLLOWING = """
name = "晨光健康网"
home = "http://localhost:{dawn}/"
jurisdiction = "CN"
article = 'localhost:{dawn}/news/'
delay = 0
offsite = "follow"
[[list]]
kind = "feed"
url = "http://localhost:{harbour}/rss.xml"
topics = "health"
exclude = ["流感"]
"""


def test_a_crawl_follows_links_to_another_site_and_keeps_them_there(desk: Desk) -> None:
    # The feed is asked for by another name of loopback and links to 127.0.0.1, which is another site's then.
    dawn, harbour = (port for port in desk.servers.ports)
    (desk.sites / "dawn.toml").write_text(FOLLOWING.format(dawn=dawn, harbour=harbour), encoding="utf-8")
    (row,) = desk.crawl(1, "dawn").data
    assert row["new"] > 2 and row["failed"] == 0
    assert row["skips"]["off topic"] > 0
    assert desk.sql("SELECT DISTINCT site FROM articles") == [("harbour",)]
    assert desk.sql("SELECT name FROM sites WHERE id = 'harbour'") == [("海港日報",)]
    asked = [path for host, _, path, _, _ in desk.servers.requests if host == "harbour"]
    assert set(asked[:2]) == {"/robots.txt", "/rss.xml"}  # it is asked by two names, each with its robots.txt


def test_a_check_reads_another_sites_article_by_that_sites_file(desk: Desk) -> None:
    dawn, harbour = (port for port in desk.servers.ports)
    text = FOLLOWING.format(dawn=dawn, harbour=harbour) + '\n[read]\ntitle = ".none"\n'
    (desk.sites / "dawn.toml").write_text(text.replace("delay = 0", 'delay = 0\nscript = "Hans"'), encoding="utf-8")
    checked = desk.run("sites", "check", "dawn", *desk.places, "--json", "--now", desk.now(1)).data
    assert (checked["article"]["site"], checked["article"]["flags"]) == ("harbour", [])
    assert next(one["found"] for one in checked["expected"] if one["name"] == "script") == "Hant, Hant expected"
    told = desk.run("sites", "check", "dawn", *desk.places, "--url", checked["article"]["url"], "--now", desk.now(1))
    assert "  article, by the rules of harbour\n" in told.out


def test_a_page_that_two_sites_announce_is_fetched_once_in_a_run(desk: Desk) -> None:
    dawn, harbour = (port for port in desk.servers.ports)
    (desk.sites / "dawn.toml").write_text(FOLLOWING.format(dawn=dawn, harbour=harbour), encoding="utf-8")
    rows = desk.crawl(1).data
    pages = [path for host, _, path, _, _ in desk.servers.requests if host == "harbour" and path.count("/") > 1]
    assert len(pages) == len(set(pages))
    assert sum(row["skips"].get("fetched for another site", 0) for row in rows) > 2
