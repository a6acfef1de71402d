"""The rest of the reading room: versions as of a day, captures, changes, figures, sites, charts, the feed, faults."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import json
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import feedparser
import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from datasette.app import Datasette
from datasette.utils.asgi import Request
from playwright.sync_api import Browser

from archive.browse.room import Room
from archive.store import Archive
from crawler.demo.truth import expected
from tests.conftest import DESKTOP, PHONE, Desk, Reader, datasette, reading, until
from tests.test_browse import article_where

PAGES = (
    "/",
    "/archive/-/search?q=疫苗",
    "/archive/-/search?q=没有这样的词",
    "/archive/articles",
    "/archive/articles/{edited}",
    "/archive/articles/{edited}?as_of=2026-11-20",
    "/archive/articles/{withdrawn}",
    "/archive/articles/{table}",
    "/archive/articles/{edited}/compare",
    "/archive/articles/{edited}/compare?view=side",
    "/archive/articles/{edited}/captures/{capture}",
    "/archive/-/changes",
    "/archive/-/figures?term=就诊率",
    "/archive/-/sites",
    "/archive/-/over-time?term=疫苗",
    "/archive",
    "/archive/readings/1",
)


@pytest.fixture(scope="module")
def names(three_days: Desk) -> dict[str, object]:
    """What the addresses of PAGES are filled in with."""
    edited = article_where(three_days, "title LIKE '%69.6%%'")
    sql = "SELECT id FROM captures WHERE article_id = ? AND verdict = 'article' ORDER BY id LIMIT 1"
    return {
        "edited": edited,
        "withdrawn": article_where(three_days, "status = 'withdrawn'"),
        "table": article_where(three_days, "text LIKE '%乡镇卫生院 | %'"),
        "capture": three_days.sql(sql, edited)[0][0],
    }


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_no_page_has_a_serious_fault_of_accessibility(reader: Reader, names: dict[str, object], page: str) -> None:
    shown = reader.go(page.format(**names))
    found = Axe().run(shown).response["violations"]
    serious = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    told = [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in serious]
    assert told == []
    assert not reader.overflows()


@pytest.mark.browser
def test_the_check_of_accessibility_finds_faults(reader: Reader) -> None:
    shown = reader.go("/")
    shown.evaluate("document.querySelector('#search').removeAttribute('aria-label')")
    shown.evaluate("document.querySelector('#search').removeAttribute('placeholder')")
    assert "label" in {fault["id"] for fault in Axe().run(shown).response["violations"]}


@pytest.mark.browser
def test_a_search_is_narrowed_and_paged(reader: Reader, three_days: Desk) -> None:
    page = reader.go("/archive/-/search?q=卫生")
    every = int(re.findall(r"共 (\d+) 篇", page.locator(".count").inner_text())[0])
    first = page.locator(".hit h2").all_inner_texts()
    assert len(first) == 20 < every
    page.get_by_role("link", name="下一页").click()
    page.wait_for_url("**page=2")
    assert len(page.locator(".hit h2").all()) == every - 20
    assert not set(first) & set(page.locator(".hit h2").all_inner_texts())
    facet = page.locator(".facets li", has_text="海港日報")
    number = int(facet.locator(".n").inner_text())
    facet.get_by_role("link").click()
    page.wait_for_url("**site=harbour**")
    assert f"共 {number} 篇" in page.locator(".count").inner_text()
    assert page.locator(".hit").count() == min(number, 20)
    assert page.locator(".hit mark").count() >= 1


@pytest.mark.browser
def test_changes_are_filtered_and_show_figures_old_and_new(reader: Reader, three_days: Desk) -> None:
    page = reader.go("/archive/-/changes")
    assert page.locator(".change").count() == three_days.sql("SELECT count(*) FROM changes")[0][0]
    page.get_by_label("类别").select_option("数字")
    page.get_by_label("站点").select_option("晨光健康网")
    page.get_by_role("button", name="筛选").click()
    page.wait_for_url("**kind=figures**")
    edited = page.locator(".change", has_text="69.6%").first
    assert edited.locator(".pair").all_inner_texts() == ["96.6% → 69.6%"]
    sql = "SELECT count(*) FROM changes WHERE kinds LIKE '%figures%' AND site = 'dawn'"
    assert page.locator(".change").count() == three_days.sql(sql)[0][0]
    page.get_by_label("幅度").select_option("1000")
    page.get_by_role("button", name="筛选").click()
    assert "没有符合条件的改动" in page.locator("main").inner_text()


@pytest.mark.browser
def test_a_fact_checker_sees_what_a_page_said_on_a_day_and_the_evidence(reader: Reader, names: dict) -> None:
    page = reader.go(f"/archive/articles/{names['edited']}")
    page.get_by_label("查看某日的样子").fill("2026-11-20")
    page.get_by_role("button", name="查看").click()
    page.wait_for_url("**as_of=2026-11-20**")
    assert "96.6%" in page.get_by_role("heading", level=1).inner_text()
    assert "其后首次核对：2026-11-21 09:00" in page.locator(".banner").inner_text()
    assert f"/archive/articles/{names['edited']}?version=1" in page.locator(".citation").inner_text()
    page.locator(".versions .shown").get_by_role("link", name="原始抓取").click()
    assert "<h1" in page.locator("pre.source").inner_text()
    assert "96.6%" in page.locator("pre.source").inner_text()


@pytest.mark.browser
def test_it_works_without_javascript(browser: Browser, room: httpx.Client) -> None:
    with reading(browser, room, java_script_enabled=False) as reader:
        page = reader.go("/")
        page.get_by_role("searchbox").fill("流感")
        page.get_by_role("button").click()
        page.locator(".hit h2 a").first.click()
        assert page.get_by_role("heading", level=1).count() == 1
        page.get_by_role("link", name="数据表与 SQL").click()
        page.get_by_role("button", name="运行").click()
        assert page.locator(".rows-and-columns tbody tr").count() == 20


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_systems_light_and_dark(browser: Browser, room: httpx.Client, scheme: str) -> None:
    for window in (DESKTOP, PHONE):
        with reading(browser, room, **{**window, "color_scheme": scheme}) as reader:
            colour = reader.go("/").evaluate("getComputedStyle(document.body).backgroundColor")
            bright = sum(map(int, re.findall(r"\d+", colour)[:3])) > 380
            assert bright == (scheme == "light")


def test_the_browser_language_decides_unless_the_address_does(room: httpx.Client) -> None:
    def speaks(address: str, accepted: str) -> str:
        answer = room.get(address, headers={"accept-language": accepted})
        assert "set-cookie" not in answer.headers
        return answer.headers["content-language"]

    assert speaks("/", "en-GB,en;q=0.9") == "en"
    assert speaks("/", "fr,zh-TW;q=0.8,en;q=0.3") == "zh"
    assert speaks("/", "de") == "zh"
    assert speaks("/?_lang=en", "zh") == "en"
    assert 'href="/archive/articles?_lang=en"' in room.get("/?_lang=en").text
    assert "_lang=en" in room.get("/archive/events?_lang=en").text
    for page in ("/", "/archive/articles", "/archive/events"):
        assert "accept-language" in room.get(page).headers["vary"].lower(), page


def test_the_table_of_articles_is_narrowed_by_links_that_add_nothing_else(room: httpx.Client, three_days: Desk) -> None:
    page = room.get("/archive/articles?_search=卫生").text
    links = [link.replace("&amp;", "&") for link in re.findall(r'<li><a href="([^"]+)" rel="nofollow">', page)]
    assert len(links) >= 4  # two sites, a state, a year
    assert not [link for link in links if "_nosuggest" in link or "_sort" in link]
    for link in links:
        assert room.get(link).status_code == 200
    sites = three_days.sql("SELECT site, count(*) FROM articles GROUP BY site")
    every = room.get("/archive/articles").text
    assert all(f'<span class="n">{number}</span>' in every for _, number in sites)


def test_figures_fold_reprints_and_keep_what_was_corrected(room: httpx.Client) -> None:
    asked = {"term": "縣域內就診率", "_shape": "array"}
    rows = room.get("/archive/figures.json", params=asked).json()
    assert rows == room.get("/archive/figures.json", params={**asked, "term": "县域内就诊率"}).json()
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    folded = {re.sub(r"\s", "", row["sentence"]) for row in rows}
    assert len(folded) == len(rows)
    gone = [row for row in rows if "96.6%" in row["sentence"]]
    assert {row["current"] for row in gone} == {0}
    assert any("69.6%" in row["sentence"] and row["current"] for row in rows)
    page = room.get("/archive/-/figures", params={"term": "县域内就诊率"})
    assert page.text.count('class="when"') == len(rows)
    table = room.get("/archive/figures.csv", params={"term": "县域内就诊率"}).text
    assert len(list(csv.DictReader(io.StringIO(table)))) == len(rows)


def test_the_feed_of_a_search_is_read_by_a_feed_reader(room: httpx.Client, three_days: Desk) -> None:
    answer = room.get("/archive/-/search.atom", params={"q": "疫苗"})
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content)
    assert feed.bozo is False
    assert feed.version == "atom10"
    hits = three_days.ask("search", "疫苗").data
    assert {entry.title for entry in feed.entries} == {hit["title"] for hit in hits}
    assert len({entry.id for entry in feed.entries}) == len(hits)
    for entry in feed.entries:
        assert entry.updated_parsed
        assert "疫苗" in entry.title + entry.summary
        assert httpx.get(entry.link).status_code == 200
    every = feedparser.parse(room.get("/archive/-/search.atom").content)
    assert len(every.entries) == min(len(expected(3)), 50)
    assert f'href="{answer.url.path}?q=' in room.get("/archive/-/search?q=疫苗").text


def test_sites_and_months_add_up(room: httpx.Client, three_days: Desk) -> None:
    page = room.get("/archive/-/sites").text
    for name, articles in three_days.sql("SELECT name, articles FROM site_health"):
        assert name in page
        assert f"{articles} 篇文章" in page
    drawn = re.findall(r"<title>(2026-11-2\d): (\d+)</title>", page)
    kept = three_days.sql("SELECT sum(new) FROM runs")[0][0]
    assert sum(int(number) for _, number in drawn) == kept
    months = room.get("/archive/-/over-time?term=疫苗").text
    matching = len(three_days.ask("search", "疫苗").data)
    assert f"<title>2026-11: {matching}</title>" in months
    dawn = three_days.sql("SELECT count(*) FROM articles WHERE site = 'dawn'")[0][0]
    assert f"<title>2026-11: {dawn}</title>" in months


@pytest.fixture
def troubled(three_days: Desk, tmp_path: Path) -> Iterator[httpx.Client]:
    """An archive in which one site is disabled and the other's last run failed; its captures.db is gone."""
    copy = tmp_path / "archive.db"
    with closing(sqlite3.connect(three_days.archive)) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE sites SET enabled = 0, reason = '有反爬虫页面' WHERE id = 'harbour'")
        db.execute(
            "INSERT INTO runs (site, started_at, finished_at, outcome, reason, failed)"
            " VALUES ('dawn', '2026-11-23T01:00:00Z', '2026-11-23T01:01:00Z', 'alarm', '12 of 13 fetches failed', 12)"
        )
    with datasette(copy) as client:
        yield client


def test_sites_in_trouble_are_shown_with_the_reason(troubled: httpx.Client) -> None:
    home, sites = troubled.get("/").text, troubled.get("/archive/-/sites").text
    for page in (home, sites):
        assert "12 of 13 fetches failed" in page
    assert "有反爬虫页面" in sites
    assert "<title>2026-11-23: 12</title>" in sites
    assert sites.index("晨光健康网") < sites.index("海港日報")


def test_without_evidence_there_is_no_link_to_it(troubled: httpx.Client, names: dict[str, object]) -> None:
    address = f"/archive/articles/{names['edited']}"
    assert "/captures/" not in troubled.get(address).text
    answer = troubled.get(f"{address}/captures/{names['capture']}")
    assert answer.status_code == 404
    assert "captures.db" in answer.text


def test_a_capture_belongs_to_its_article_only(room: httpx.Client, names: dict[str, object]) -> None:
    assert room.get(f"/archive/articles/{names['withdrawn']}/captures/{names['capture']}").status_code == 404
    assert room.get(f"/archive/articles/{names['edited']}/captures/x").status_code == 404


@pytest.mark.parametrize(
    "condition", ["as_of=2026-11-01", "as_of=soon", "version=9", "as_of=9999-99-99", "version=1&as_of=2026-11-20"]
)
def test_a_day_or_version_that_is_not_there_is_told(room: httpx.Client, names: dict, condition: str) -> None:
    answer = room.get(f"/archive/articles/{names['edited']}?{condition}")
    assert answer.status_code == (200 if "&" in condition else 404)
    assert "Traceback" not in answer.text


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"


def test_what_stands_beside_an_answer_is_left_out_where_it_takes_too_long(three_days: Desk) -> None:
    served = Datasette([str(three_days.archive)], settings={"sql_time_limit_ms": 50})
    room = Room(served, Request.fake("/archive/-/search"), "archive")

    def asked(sql: str) -> object:
        return asyncio.run(room.ask_in_time(lambda db: db.conn.execute(sql).fetchone() is not None))

    with ThreadPoolExecutor() as apart:  # the browser of other tests keeps a loop running in this thread
        assert apart.submit(asked, ENDLESS).result() is None
        assert apart.submit(asked, "select 1").result() is True
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            apart.submit(asked, "select 1 from nowhere").result()


def test_runaway_sql_is_stopped_and_told(three_days: Desk) -> None:
    with datasette(three_days.archive, sql_time_limit_ms="50") as client:
        answer = client.get("/archive", params={"sql": ENDLESS})
        assert answer.status_code == 503
        assert "查询超时" in answer.text
        assert "<script" not in answer.text
        assert html.escape(ENDLESS) in answer.text  # to be changed and run again
        told = client.get("/archive.json", params={"sql": ENDLESS, "_lang": "en"})
        assert (told.status_code, told.json()["title"]) == (503, "This took too long")
        assert client.get("/").status_code == 200


def test_a_table_that_cannot_be_sorted_in_time_offers_the_orders_that_can(three_days: Desk) -> None:
    asked = {"_sort": "url", "_where": f"({ENDLESS}) > 0", "_lang": "en", "_next": "x"}
    with datasette(three_days.archive, sql_time_limit_ms="50") as client:
        answer = client.get("/archive/captures", params=asked)
        assert answer.status_code == 503
        assert "too large to sort all its rows" in answer.text
        ways = dict(re.findall(r'<li><a href="(/archive/captures[^"]+)">([^<]+)</a>', answer.text))
        assert list(ways.values()) == ["as it comes", "id", "run_id"]
        orders = [parse_qs(urlsplit(html.unescape(link)).query).get("_sort_desc") for link in ways]
        assert orders == [None, ["id"], ["run_id"]]
        assert not [link for link in ways if "_sort=" in link or "_next" in link or "_lang=en" not in link]
        filtered = client.get("/archive/captures", params={**asked, "_sort": "", "_next": ""}).text
        assert "filters are quick on the columns that have an index: article_id, id, run_id, url" in filtered
        answer = client.get("/archive/captures.csv", params=asked)
        assert (answer.status_code, answer.text[:23]) == (503, "This took too long: The")


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/archive/nothing",
        "/archive/articles/abc",
        "/archive/events/0",
        "/archive/-/article/5",
        "/a/b/c/d/e",
    ],
)
def test_what_is_not_there_has_a_page_of_ours(room: httpx.Client, address: str) -> None:
    answer = room.get(address)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "There is nothing at this address" in room.get(address, params={"_lang": "en"}).text


def test_what_is_closed_or_asked_wrongly_is_told_in_the_readers_language(room: httpx.Client) -> None:
    for address, status, title in (
        ("/archive/articles_separated", 403, "This is closed"),
        ("/archive/events?_sort=nothing", 400, "This cannot be done"),
        ("/archive/events?_size=x", 400, "This cannot be done"),
        ("/archive/articles/1?version=99", 404, "This article has no version 99"),
        ("/archive/articles/1?as_of=soon", 404, "The archive had not seen this article by soon"),
    ):
        answer = room.get(address, headers={"accept-language": "en"})
        assert (answer.status_code, title in answer.text) == (status, True), address
        assert re.search("[一-龥]", room.get(address).text.split("<main")[1].split("<form")[0]), address


def test_programs_are_told_in_their_own_form(room: httpx.Client) -> None:
    answer = room.get("/archive/-/article/5.json?_lang=en")
    assert answer.status_code == answer.json()["status"] == 404
    assert answer.json()["error"].startswith("There is nothing at this address")
    for address, status in (("/archive/nothing.csv", 404), ("/archive/events.csv?_sort=nothing", 400)):
        answer = room.get(address)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (status, "text/plain")


def plan(room: httpx.Client, answer: dict) -> list[str]:
    """How SQLite comes to an answer of Datasette."""
    asked = {"sql": "explain query plan " + answer["query"]["sql"], **answer["query"]["params"]}
    return [step["detail"] for step in room.get("/archive.json", params={**asked, "_shape": "array"}).json()]


def test_further_pages_of_a_table_are_found_along_the_index(room: httpx.Client, three_days: Desk) -> None:
    for table, order in (("articles", "published_at"), ("captures", "id")):
        answer = room.get(f"/archive/{table}.json", params={"_sort_desc": order, "_size": 9}).json()
        found = [row[0] for row in answer["rows"]]
        while answer["next_url"]:
            answer = room.get(answer["next_url"]).json()
            found += [row[0] for row in answer["rows"]]
            assert not [step for step in plan(room, answer) if "MULTI-INDEX" in step]
        assert found == [row[0] for row in three_days.sql(f"SELECT id FROM {table} ORDER BY {order} DESC, id")]


@pytest.mark.parametrize(
    "address",
    [
        "articles.json",
        "articles.json?status=live",
        "articles.json?site=dawn",
        "articles.json?_search=医保",
        "events.json?kind=new",
        "events.json?kind=new&_next=2026-11-20T01~3A00~3A00Z,9&_sort_desc=at",
    ],
)
def test_what_a_table_is_narrowed_to_comes_in_the_order_of_an_index(room: httpx.Client, address: str) -> None:
    answer = room.get(f"/archive/{address}").json()
    assert answer["rows"]
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan(room, answer)
    assert answer["suggested_facets"] == []  # each would be looked for in all rows


def test_articles_by_site_and_month_are_counted_without_reading_any(room: httpx.Client, three_days: Desk) -> None:
    answer = room.get("/archive/sites_by_month.json").json()
    sql = """SELECT substr(published_at, 1, 7), site, count(*) FROM articles WHERE published_at IS NOT NULL
        GROUP BY 1, 2 ORDER BY 1, 2"""
    assert [tuple(row) for row in answer["rows"]] == three_days.sql(sql)
    assert not [step for step in plan(room, answer) if re.search(r"\barticles\b", step)]


def test_what_takes_too_long_to_count_is_listed_uncounted(three_days: Desk) -> None:
    last = "published_at = (select min(published_at) from articles)"  # the list ends before it, the count does not
    with datasette(three_days.archive, sql_time_limit_ms="500") as client:
        page = client.get("/archive/articles", params={"_where": f"iif({last}, ({ENDLESS}), 1)", "_lang": "en"}).text
        assert "Too many articles to count" in page
        assert page.count('class="hit"') == 30
        assert "Too many" not in client.get("/archive/articles", params={"_lang": "en"}).text


@pytest.mark.parametrize(
    "address",
    [
        "/archive/-/changes?page=0",
        "/archive/-/changes?page=x&size=-1&kind=none&site=none",
        "/archive/-/search?page=99999",
        "/archive/-/search?q=卫生&page=9999999999999",
        "/archive/-/search?q=%00",
        "/archive/-/search?q=卫生&year=abcd&site='",
        "/archive/-/figures?term=%22",
        "/archive/-/figures?term=%",
        "/archive/-/over-time?term=(",
        "/archive/-/search.atom?q=%01%22",
        "/archive/articles/1?version=0",
        "/archive/articles?_next=x",
        "/?_lang=xx&_script=yy",
    ],
)
def test_odd_arguments_are_no_error(room: httpx.Client, address: str) -> None:
    assert room.get(address).status_code == 200, address


@pytest.mark.parametrize("query", ["医 " * 300, "很" * 3000, '"医保" OR ' * 200 + "医保", "- " * 500, "(" * 900])
def test_a_very_long_query_is_no_error(room: httpx.Client, query: str) -> None:
    assert room.get("/archive/-/search", params={"q": query}).status_code == 200
    assert room.get("/archive/articles", params={"_search": query}).status_code == 200


def test_what_a_newer_archive_may_hold_is_shown_as_it_is(three_days: Desk, tmp_path: Path) -> None:
    with closing(sqlite3.connect(three_days.archive)) as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "archive.db"),))
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db, db:
        db.execute("UPDATE articles SET status = 'embargoed' WHERE id = 1")
        db.execute("UPDATE events SET kind = 'translated' WHERE article_id = 1")
        db.execute(
            """UPDATE events SET detail = json_set(detail, '$.kinds', json('["tone"]')) WHERE kind = 'changed'"""
        )
        db.execute("UPDATE runs SET outcome = 'paused'")
    with datasette(tmp_path / "archive.db") as client:
        assert "embargoed" in client.get("/archive/articles/1").text + client.get("/archive/articles").text
        assert "translated" in client.get("/archive/articles/1").text
        assert "tone" in client.get("/archive/-/changes").text
        assert "tone" in client.get("/archive/-/over-time").text
        assert "paused" in client.get("/archive/-/sites").text
        assert "paused" in client.get("/").text


def test_it_can_be_served_under_a_prefix(three_days: Desk) -> None:
    with datasette(three_days.archive, base_url="/health/news/") as client:
        home = client.get("/health/news/").text
        links = set(re.findall(r'(?:href|src|action)="(/[^"#]*)"', home))
        assert len(links) > 10
        assert {link for link in links if not link.startswith("/health/news/")} == set()
        assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}
        assert "script-src" not in client.get("/health/news/").headers["content-security-policy"]
        assert "script-src" in client.get("/health/news/archive/events").headers["content-security-policy"]


def test_yiwen_browse_opens_the_archive_on_loopback(three_days: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = three_days.command("browse", "--archive", str(three_days.archive), "--port", str(port))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: _answers(f"http://127.0.0.1:{port}/"))
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        return "医闻" in httpx.get(address).text
    except httpx.TransportError:
        return False


def test_an_empty_archive_has_every_page(desk: Desk) -> None:
    Archive.open(desk.archive, write=True).close()
    with datasette(desk.archive) as client:
        for address in ("/", "/archive/articles", *(f"/archive/-/{name}" for name in ("changes", "figures", "sites"))):
            assert client.get(address).status_code == 200, address
        assert client.get("/archive/-/over-time?term=x").status_code == 200
        assert feedparser.parse(client.get("/archive/-/search.atom").content).bozo is False


def test_a_copy_in_another_folder_needs_nothing_but_the_file(three_days: Desk, tmp_path: Path) -> None:
    with closing(sqlite3.connect(three_days.archive)) as db:
        db.execute("VACUUM INTO ?", (str(tmp_path / "one.sqlite"),))
    shutil.copy(three_days.folder / "captures.db", tmp_path / "captures.db")
    with datasette(tmp_path / "one.sqlite", tmp_path / "captures.db") as client:
        assert client.get("/one/articles?_search=醫保").status_code == 200
        told = json.loads(client.get("/-/databases.json").text)
        assert [one["path"] for one in told if one["name"] == "one"] == ["one.sqlite"]
