"""The sample sites change with the day and with nothing else, and the right answers are in their pages."""

from __future__ import annotations

import gzip
import html
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import pytest

from archive.text import fold, han_count, language
from crawler.addresses import canonical
from crawler.demo.body import pages
from crawler.demo.content import Article, SampleError, published_by
from crawler.demo.server import SampleSites
from crawler.demo.truth import ARTICLES, NO_ARTICLES, Expected, expected
from crawler.site.file import load_site

DAYS = (1, 2, 3, 4)
LISTS = {"dawn": ("/list.html", "/list_2.html", "/sitemap.xml"), "harbour": ("/list.html", "/rss.xml")}
BY_PATH = {article.path: article for article in ARTICLES}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are answers to look at, not to follow."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))


def ask(url: str, **headers: str) -> tuple[int, bytes, Message]:
    """Status, body and headers of a GET; whatever the status, it is an answer."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with _OPENER.open(request) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


@pytest.fixture(scope="module")
def sites() -> Iterator[SampleSites]:
    with SampleSites() as running:
        yield running


@pytest.fixture(autouse=True)
def first_day(sites: SampleSites) -> None:
    sites.day = 1
    sites.fail("dawn", None)
    sites.clear_log()


def page(sites: SampleSites, article: Article, day: int) -> str:
    sites.day = day
    return ask(sites.url(article.host, article.path))[1].decode(article.charset)


def whole(sites: SampleSites, article: Article, day: int) -> str:
    """The pages of an article that goes over several of them, one after the other."""
    markup = page(sites, article, day)
    for number in range(2, len(pages(article.state(day).body)) + 1):
        address = article.path.replace(".html", f"_{number}.html")
        markup += ask(sites.url(article.host, address))[1].decode(article.charset)
    return markup


def visible(markup: str) -> str:
    """The page's text, folded, without scripts and tags; what is hidden by style is still in it."""
    return fold(html.unescape(re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]+>", "", markup, flags=re.DOTALL)))


def listed(sites: SampleSites, day: int) -> dict[str, list[str]]:
    """Every address that the listings of each host link on `day`, as written there."""
    sites.day = day
    found: dict[str, list[str]] = {}
    for host, paths in LISTS.items():
        for path in paths:
            markup = ask(sites.url(host, path))[1].decode("latin-1")
            raw = re.findall(r'href="([^"]+)"|<(?:loc|link)>([^<]+)</', markup)
            found.setdefault(host, []).extend(urljoin(sites.url(host, path), html.unescape(a or b)) for a, b in raw)
    return found


def test_there_is_enough_of_everything() -> None:
    assert len(expected(1)) >= 44
    assert len({article.layout for article in ARTICLES}) == 10
    pairs = {("gbk", "gb2312"), ("gbk", ""), ("utf-8", ""), ("big5hkscs", "big5"), ("big5hkscs", "")}
    assert pairs <= {(article.charset, article.declared) for article in ARTICLES}
    assert any(20 <= han_count(answer.text) <= 60 for answer in expected(1))


@pytest.mark.parametrize("day", DAYS)
def test_the_answers_are_in_the_pages(sites: SampleSites, day: int) -> None:
    for answer in expected(day):
        if answer.gone:
            continue
        shown = visible(whole(sites, BY_PATH[answer.path], day))
        parts = [answer.title, answer.source, *answer.author.split(), answer.editor, answer.source_title]
        parts += [cell for line in answer.text.split("\n") for cell in line.split(" | ")]
        missing = [part for part in parts if fold(part) not in shown]
        assert not missing, answer.path
        assert language(answer.text) == answer.language, answer.path


@pytest.mark.parametrize("day", DAYS[:-1])
def test_each_page_is_stable_within_a_day_and_another_the_day_after(sites: SampleSites, day: int) -> None:
    for host, paths in LISTS.items():
        for path in [*paths[:2], *(article.path for article in published_by(host, day))]:
            url = sites.url(host, path)
            sites.day = day
            today = ask(url)[1]
            assert ask(url)[1] == today, path
            sites.day = day + 1
            assert ask(url)[1] != today, path


def test_the_headlines_around_an_article_hardly_recur_the_day_after(sites: SampleSites) -> None:
    for article in ARTICLES:
        first, second = (set(re.findall(r">([^<>]{12,})</a>", page(sites, article, day))) for day in (3, 4))
        assert len(first) > 2, article.path
        lasting = {text for text in first & second if text not in article.body}
        assert len(lasting) <= 1 + len(first) // 50, article.path


def by_path(path: str, day: int) -> Expected:
    return next(answer for answer in expected(day) if answer.path == path)


@pytest.mark.parametrize(
    ("path", "versions", "what"),
    [
        ("/news/2026/1101.html", (1, 2, 2), "a figure and the headline"),
        ("/news/2026/1102.shtml", (1, 1, 2), "a wording"),
        ("/portal/article/KA1403.html", (1, 2, 2), "a headline"),
        ("/portal/article/KA1404.html", (1, 2, 2), "a correction at the end"),
        ("/news/2026/1105.html", (1, 2, 2), "a figure that goes A, B, A"),
        ("/portal/article/KA1406.html", (1, 1, 1), "the width of commas and the form of quotation marks"),
        ("/zx/detail_1302.html", (1, 1, 1), "the source that is credited"),
    ],
)
def test_versions_are_counted(path: str, versions: tuple[int, ...], what: str) -> None:
    assert tuple(by_path(path, day).versions for day in (1, 2, 3)) == versions, what


def test_one_article_returns_to_what_it_said_and_one_credits_another_source() -> None:
    texts = [by_path("/news/2026/1105.html", day).text for day in (1, 2, 3)]
    assert texts[0] == texts[2] != texts[1]
    assert [by_path("/zx/detail_1302.html", day).source for day in (1, 2, 3)] == ["健康澄江", "健康澄江", "澄江医学院"]


def test_withdrawn_articles_are_gone_and_confirmed_gone_a_day_later(sites: SampleSites) -> None:
    for path, status in (("/gov/tzgg/t20261113_1505.html", 404), ("/old/2026/1603.shtml", 200)):
        assert [by_path(path, day).status for day in (1, 2, 3)] == ["live", "live", "withdrawn"]
        assert [by_path(path, day).gone for day in (1, 2, 3)] == [False, True, True]
        sites.day = 2
        answered, body, _ = ask(sites.url("dawn", path))
        assert answered == status
        assert "页面不存在" in body.decode()
        assert by_path(path, 3).text not in body.decode()


@pytest.mark.parametrize("day", DAYS)
def test_the_listings_lead_to_every_article_of_the_day(sites: SampleSites, day: int) -> None:
    known = {canonical(url) for urls in listed(sites, day).values() for url in urls}
    for answer in expected(day):
        withdrawn = answer.path == "/gov/tzgg/t20261113_1505.html" and day > 1
        assert (sites.url(answer.host, answer.path) in known) is not withdrawn, answer.path
    later = [article for article in ARTICLES if article.first_day > day]
    assert not known & {sites.url(article.host, article.path) for article in later}


def test_an_article_is_linked_under_several_spellings(sites: SampleSites) -> None:
    for plain in ("/hk/20261119/2101.html", "/hk/20261118/2102.html", "/hk/detail?id=2104"):
        spellings = {url for url in listed(sites, 1)["harbour"] if canonical(url) == sites.url("harbour", plain)}
        assert len(spellings) == 2, plain
        assert len({ask(url)[1] for url in spellings}) == 1


def test_links_that_are_no_articles_are_in_the_lists_too(sites: SampleSites) -> None:
    links = listed(sites, 1)
    assert "http://www.elsewhere.example/news/7001.html" in links["dawn"]
    for host, path, _ in NO_ARTICLES:
        assert sites.url(host, path) in links[host]
        status, body, _ = ask(sites.url(host, path))
        assert (status, bool(re.search("已被删除|已被移除", body.decode()))) == (200, True)


def test_robots_txt_forbids_a_folder_that_a_list_links(sites: SampleSites) -> None:
    robots = RobotFileParser()
    robots.parse(ask(sites.url("dawn", "/robots.txt"))[1].decode().splitlines())
    hidden = {sites.url("dawn", article.path) for article in ARTICLES if article.forbidden}
    assert hidden
    assert hidden <= set(listed(sites, 1)["dawn"])
    assert not any(robots.can_fetch("*", url) for url in hidden)
    assert all(robots.can_fetch("*", sites.url(a.host, a.path)) for a in expected(3) if a.host == "dawn")


@pytest.mark.parametrize(
    ("path", "validator"), [("/news/2026/1101.html", "ETag"), ("/news/2026/1102.shtml", "Last-Modified")]
)
def test_conditional_requests(sites: SampleSites, path: str, validator: str) -> None:
    url = sites.url("dawn", path)
    held = ask(url)[2][validator]
    question = "If_None_Match" if validator == "ETag" else "If_Modified_Since"
    assert ask(url, **{question: held})[:2] == (304, b"")
    sites.day = 2
    assert ask(url, **{question: held})[0] == 200


def test_charset_headers_are_right_missing_or_wrong(sites: SampleSites) -> None:
    paths = ("/zx/detail_1301.html", "/news/2026/1101.html", "/portal/article/KA1405.html")
    types = [ask(sites.url("dawn", path))[2]["Content-Type"] for path in paths]
    assert types == ["text/html; charset=utf-8", "text/html", "text/html; charset=gbk"]
    ask(sites.url("dawn", paths[2]))[1].decode("utf-8", "strict")


def test_the_log_says_what_was_asked(sites: SampleSites) -> None:
    ask(sites.url("dawn", "/robots.txt"), User_Agent="Tester")
    ask(sites.url("harbour", "/nowhere.html"))
    (first, second) = sites.requests
    assert (first[:3], first[3]["user-agent"], first[4]) == (("dawn", "GET", "/robots.txt"), "Tester", 200)
    assert (second[0], second[4]) == ("harbour", 404)


@pytest.mark.parametrize(("mode", "status"), [("503", 503), ("404", 404), ("challenge", 412)])
def test_a_failing_host_fails_for_everything_and_alone(sites: SampleSites, mode: str, status: int) -> None:
    sites.fail("dawn", mode)
    assert {ask(sites.url("dawn", path))[0] for path in ("/robots.txt", "/news/2026/1101.html")} == {status}
    assert ask(sites.url("harbour", "/rss.xml"))[0] == 200
    sites.fail("dawn", None)
    assert ask(sites.url("dawn", "/robots.txt"))[0] == 200


@pytest.mark.parametrize(
    ("name", "status", "location"),
    [
        ("moved", 301, "/news/2026/1101.html"),
        ("loop", 301, "/traps/loop-back.html"),
        ("loop-back", 301, "/traps/loop.html"),
        ("other-port", 301, "http://127.0.0.1:1/"),
        ("refresh", 200, None),
        ("gzip", 200, None),
    ],
)
def test_traps_lead_astray(sites: SampleSites, name: str, status: int, location: str | None) -> None:
    answered, _, headers = ask(sites.url("dawn", f"/traps/{name}.html"))
    assert (answered, headers["Location"]) == (status, location)


def test_traps_hide_their_size(sites: SampleSites) -> None:
    assert "以压缩方式传送" in gzip.decompress(ask(sites.url("dawn", "/traps/gzip.html"))[1]).decode()
    assert len(ask(sites.url("dawn", "/traps/big.html"))[1]) > 6_000_000


def test_the_site_files_load_and_claim_the_articles(sites: SampleSites, tmp_path: Path) -> None:
    for file in sites.write_site_files(tmp_path):
        site = load_site(file)
        port = dict(zip(LISTS, sites.ports, strict=True))[site.id]
        assert site.named_hosts == {("127.0.0.1", port)}
        for article in published_by(site.id, 3):
            assert site.objection(sites.url(site.id, article.path)) is None, article.path


def test_ports_may_be_chosen_and_leave_no_trace_in_the_pages(sites: SampleSites) -> None:
    with SampleSites() as first:
        ports = first.ports
        with pytest.raises(SampleError, match="choose another"), SampleSites(ports=ports):
            pass
    with SampleSites(ports=ports) as again:
        assert again.ports == ports
        for article in published_by("harbour", 1):
            assert ask(again.url("harbour", article.path))[1] == ask(sites.url("harbour", article.path))[1]


def test_the_feeds_around_articles_are_as_long_as_real_ones(sites: SampleSites) -> None:
    portal, digest = BY_PATH["/portal/article/KA1401.html"], BY_PATH["/news/2026/1103.shtml"]
    assert han_count(visible(page(sites, portal, 1))) > 10 * han_count(portal.body)
    assert han_count(visible(page(sites, digest, 1))) > 2_000
