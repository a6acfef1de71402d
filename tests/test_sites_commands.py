"""Trying a site file and making a first one: `yiwen sites check` and `yiwen sites new`, on the sample sites."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.models import Capture
from crawler.cli import yiwen
from crawler.demo.truth import expected
from crawler.discover.shapes import shapes
from crawler.reading.provenance import provenance
from crawler.reading.rules import Rules
from crawler.site.model import Listing, Site
from crawler.trial.checking import check_list
from tests.conftest import Desk


def check(desk: Desk, *options: str, code: int = 0) -> dict:
    """`sites check harbour` without a process of its own: for what fetches nothing."""
    done = CliRunner().invoke(yiwen, ["sites", "check", "harbour", *places(desk), *options])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def places(desk: Desk) -> tuple[str, ...]:
    return (*desk.places, "--now", desk.now(2), "--json")


def test_a_check_shows_the_links_of_each_list_and_where_each_field_of_an_article_stands(desk: Desk) -> None:
    desk.crawl(1, "harbour", "--limit", "3")
    before = desk.archive.read_bytes()
    checked = desk.run("sites", "check", "harbour", *places(desk)).data
    feed, page = checked["lists"]
    assert (feed["kind"], feed["status"], feed["problem"]) == ("feed", 200, "")
    assert sum(one["known"] for one in (feed, page)) >= 3
    assert page["new"] + page["known"] == len(page["allowed"])
    assert [(denied["rule"], denied["examples"]) for denied in page["denied"]] == [
        ('off site (offsite = "skip")', ["http://news.elsewhere.example/hk/88.html"])
    ]
    fields = {one["name"]: one for one in checked["article"]["fields"]}
    assert fields["title"]["where"] == f"<h1> {fields['title']['value']}"
    assert "lines, in <div.article_text>" in fields["text"]["where"]
    assert all(one["met"] for one in checked["expected"])
    assert desk.archive.read_bytes() == before


def test_a_check_says_what_is_not_as_expected_and_where_to_look(desk: Desk) -> None:
    file = desk.sites / "harbour.toml"
    broken = file.read_text(encoding="utf-8").replace("#newslist a.t", "#gone a")
    file.write_text(f'{broken}\n[expect]\nnewest = "1d"\nlinks = 99\n', encoding="utf-8")
    result = desk.run("sites", "check", "harbour", *desk.places, "--now", desk.now(30), code=1)
    assert "at least 99 expected: look at article, deny and link" in result.out
    assert "- list 2: link '#gone a' selects none of its" in result.out
    assert "days old, at most 1 expected: look at whether the list is the one that grows" in result.out
    assert "+ title: " in result.out


def test_a_saved_article_and_a_saved_list_are_checked_offline(desk: Desk) -> None:
    article = next(one for one in expected(1) if one.host == "harbour" and "/hk/2026" in one.path)
    saved = {}
    for name, path in (("article", article.path), ("list", "/list.html"), ("none", "/hk/removed.html")):
        saved[name] = desk.folder / f"{name}.html"
        saved[name].write_bytes(desk.servers.respond("harbour", "GET", path, {}).body)
    desk.servers.clear_log()
    url = desk.servers.url("harbour", article.path)
    checked = check(desk, "--file", str(saved["article"]), "--url", url)
    assert checked["article"]["url"] == url
    assert checked["lists"] == []
    (page,) = check(desk, "--file", str(saved["list"]), "--list", "2")["lists"]
    assert (page["number"], len(page["allowed"]) > 10) == (2, True)
    (unread,) = (one for one in check(desk, "--file", str(saved["none"]), code=1)["expected"] if not one["met"])
    assert (unread["name"], unread["look_at"]) == ("text", "article, or [read] text")
    assert desk.servers.requests == []
    for wrong in (("--list", "1"), ("--file", str(saved["list"]), "--list", "3")):
        assert CliRunner().invoke(yiwen, ["sites", "check", "harbour", *places(desk), *wrong]).exit_code == 2


def test_a_new_site_file_finds_the_articles_of_its_site(desk: Desk) -> None:
    made = desk.folder / "made"
    made.mkdir()
    for host in ("dawn", "harbour"):
        desk.run("sites", "new", desk.servers.url(host, "/list.html"), "-o", str(made / f"{host}.toml"))
        text = (made / f"{host}.toml").read_text(encoding="utf-8")
        assert text.count("[[list]]") == 2  # the page, and a sitemap or a feed at its usual place
        assert text.count("# guessed") == 2
        (made / f"{host}.toml").write_text(f"delay = 0\n{text}", encoding="utf-8")
    assert "list_{n}.html" in (made / "dawn.toml").read_text(encoding="utf-8")
    desk.run("crawl", "--sites", str(made), "--archive", str(desk.archive), "--now", desk.now(1), code=None)
    held = {url for (url,) in desk.sql("SELECT url FROM articles")}
    for host in ("dawn", "harbour"):
        wanted = {desk.servers.url(one.host, one.path) for one in expected(1) if one.host == host}
        assert len(held & wanted) >= 0.8 * len(wanted), host
    again = desk.run("sites", "new", desk.servers.url("dawn", "/"), "-o", str(made / "dawn.toml"), code=2)
    assert again.err.endswith("exists already; name another file, or remove it\n")


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("ftp://www.example.cn/", 2, "not a web address"),
        ("http://user@127.0.0.1/", 2, "carries a user name"),
        ("http://2130706433/", 2, "writes an address in an unusual way"),
    ],
)
def test_what_no_site_file_can_be_made_of_is_said(url: str, code: int, told: str) -> None:
    done = CliRunner().invoke(yiwen, ["sites", "new", url])
    assert (done.exit_code, told in done.stderr) == (code, True)


DAYS = Listing("https://www.dawn.example/{date:%Y%m}/{date:%d}c.htm", days=3)
PAGES = Listing("https://www.dawn.example/list.html", pages="https://www.dawn.example/list_{n}.html", max_pages=3)


@pytest.mark.parametrize(
    ("listing", "url", "status", "problem"),
    [
        (DAYS, "https://www.dawn.example/202611/20c.htm", 404, ""),
        (DAYS, "https://www.dawn.example/202611/20c.htm", 503, "HTTP 503"),
        (PAGES, "https://www.dawn.example/list.html", 404, "HTTP 404"),
        (PAGES, "https://www.dawn.example/list_3.html", 404, ""),
    ],
)
def test_a_day_without_a_page_and_what_lies_beyond_the_end_are_no_faults(
    listing: Listing, url: str, status: int, problem: str
) -> None:
    site = Site("dawn", "晨光", "https://www.dawn.example/", "CN", re.compile(r"news/\d+"), (listing,))
    capture = Capture("1", url, url, datetime(2026, 11, 20, tzinfo=UTC), status)
    assert check_list(site, listing, capture).problem == problem


def test_a_gate_that_answers_instead_of_a_list_is_told(desk: Desk) -> None:
    saved = desk.folder / "gate.html"
    saved.write_text("<title>安全验证</title><p>请完成验证 <a href='/help'>帮助</a></p>", encoding="utf-8")
    (found,) = check(desk, "--file", str(saved), "--list", "2", code=1)["expected"]
    assert found["found"] == "challenged: an anti-bot page with status 200"


@pytest.mark.parametrize(
    ("urls", "pattern"),
    [
        (
            ["https://a.cn/news/2026/1101.html", "https://a.cn/zx/2026/1102.shtml"],
            r"a\.cn/(?:news|zx)/\d{4}/\d+\.s?html?",
        ),
        (["https://a.cn/x/20261120/t20261120_1.html"] * 2, r"a\.cn/x/\d{8}/t\d{8}_\d+\.s?html?"),
        (["https://a.cn/f/20220302/e0c9d63937ed4cfba163c3c97ae05e1d.html"], r"a\.cn/f/\d{8}/[0-9a-f]{32}\.s?html?"),
        (["https://a.cn/dy/article/G33O1QTA05372UZS.html"], r"a\.cn/dy/article/[\w-]+\.s?html?"),
        (["https://a.cn/hk/detail?id=2104"], r"a\.cn/hk/detail\?id=\d+"),
        (["https://a.cn/realtime/article/1340377/%E5%8D%B3"], r"a\.cn/realtime/article/\d+/[^/?]+"),
        (["https://a.cn/about.html", "https://a.cn/2026/report1.pdf"], None),
    ],
)
def test_what_addresses_have_in_common(urls: list[str], pattern: str | None) -> None:
    found = [shape.pattern for shape in shapes(urls, 1)]
    assert found == ([pattern] if pattern else [])


PAGE = """<html><head><title>县医院开设夜间门诊_晨光网</title>{head}</head><body><div class="menu">首页 新闻</div>
<h1>县医院开设夜间门诊</h1><p class="info">{info}</p>
<div id="zoom"><p>县人民医院本月起在每个工作日的晚上开设夜间门诊，首周接诊三百余人次，多数是上班的年轻人。</p>
<p>院方介绍，夜间门诊先开内科和儿科，明年再加上口腔科，挂号的费用和白天一样。</p></div></body></html>"""
META = '<meta name="PubDate" content="2026-11-18 09:30"><meta name="ContentSource" content="青溪日报">'
DATA = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2026-11-19T08:00:00+08:00"}</script>'
)
LINE = "2026-11-20 08:30 来源：晨光网 记者：王小禾"


@pytest.mark.parametrize(
    ("head", "info", "rules", "field", "where"),
    [
        (META, LINE, Rules(), "title", "<h1> 县医院开设夜间门诊"),
        (META, LINE, Rules(), "published_at", f"<p> {LINE}"),
        (META, LINE, Rules(), "source", f"<p> {LINE}"),
        (META, LINE, Rules(), "author", f"<p> {LINE}"),
        (META, LINE, Rules(), "text", "2 of 5 lines, in <div#zoom>"),
        (META, "", Rules(), "published_at", "meta pubdate"),
        (META, "", Rules(), "source", "meta contentsource"),
        (DATA, "", Rules(), "published_at", "JSON-LD datePublished"),
        (DATA, LINE, Rules((("source", ".menu"),), "#zoom"), "source", "the site's rule [read] source"),
        (DATA, LINE, Rules((), "#zoom"), "text", "2 of 5 lines, in the site's rule [read] text"),
    ],
)
def test_a_field_is_said_to_stand_where_the_reader_took_it_from(
    head: str, info: str, rules: Rules, field: str, where: str
) -> None:
    found = provenance(
        PAGE.format(head=head, info=info).encode(),
        url="https://www.example.cn/a/1.html",
        fetched_at=datetime(2026, 11, 25, tzinfo=UTC),
        content_type="text/html; charset=utf-8",
        status=200,
        jurisdiction="CN",
        own=rules,
    )
    assert found[field] == where


def test_a_page_that_is_no_article_has_no_fields(tmp_path: Path) -> None:
    given = {"url": "", "fetched_at": datetime(2026, 11, 25, tzinfo=UTC), "content_type": None, "jurisdiction": "CN"}
    assert provenance(b"<html><body>404</body></html>", status=404, own=Rules(), **given) == {}
