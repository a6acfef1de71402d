"""The reading room: a real Datasette over a real archive, asked over HTTP and read in a real Chromium."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from archive.contract import contract
from archive.store import Archive
from tests.conftest import Desk, Reader, datasette

SINGLE = "SELECT id FROM articles WHERE {} ORDER BY id LIMIT 1"


def article_where(desk: Desk, condition: str) -> int:
    return int(desk.sql(SINGLE.format(condition))[0][0])


def titles(client: httpx.Client, query: str) -> list[str]:
    answer = client.get("/archive/articles.json", params={"_search": query, "_shape": "array"})
    assert answer.status_code == 200, answer.text
    return sorted(row["title"] for row in answer.json())


# What a reader does


@pytest.mark.browser
def test_home_says_what_there_is_and_its_box_finds_both_scripts(reader: Reader, three_days: Desk) -> None:
    page = reader.go("/")
    articles, withdrawn = three_days.sql("SELECT count(*), sum(status = 'withdrawn') FROM articles")[0]
    facts = page.locator(".facts").inner_text()
    assert str(articles) in facts
    assert str(withdrawn) in facts
    assert "2026-11-22 09:00" in page.locator(".fresh").inner_text()
    assert not reader.overflows()
    found = []
    for words in ("县域内就诊率", "縣域內就診率"):
        page = reader.go("/")
        page.get_by_role("searchbox").fill(words)
        page.get_by_role("button", name="检索").click()
        assert page.get_by_role("searchbox").input_value() == words
        found.append(page.locator(".hit h2").all_inner_texts())
        assert "就诊率" in page.locator(".hit mark").first.inner_text()
        assert not reader.overflows()
    assert found[0] == found[1] != []


@pytest.mark.browser
def test_an_article_is_opened_and_its_two_versions_are_compared(reader: Reader, three_days: Desk) -> None:
    article_id = article_where(three_days, "title LIKE '%69.6%%'")
    title, text = three_days.sql("SELECT title, text FROM articles WHERE id = ?", article_id)[0]
    page = reader.go("/archive/articles")
    page.get_by_role("link", name=title).click()
    assert page.get_by_role("heading", level=1).inner_text() == title
    assert page.locator(".text p").all_inner_texts() == text.split("\n")
    for clock in ("2026-11-19 09:12", "2026-11-20 09:00", "2026-11-22 09:00"):
        assert clock in page.locator(".clocks").inner_text()
    page.get_by_role("link", name="第 1 版 → 第 2 版").click()
    assert page.locator(".diff del").first.inner_text() == "96.6%"
    assert page.locator(".diff ins").first.inner_text() == "69.6%"
    assert page.locator(".kind").all_inner_texts() == ["标题", "数字"]
    page.get_by_role("combobox").last.select_option("side")
    page.get_by_role("button", name="对照").click()
    sides = page.locator(".sides .title td").all_inner_texts()
    assert ["96.6%" in sides[0], "69.6%" in sides[1]] == [True, True]
    assert not reader.overflows()


@pytest.mark.browser
def test_a_withdrawn_article_is_marked_and_stays_readable(reader: Reader, three_days: Desk) -> None:
    page = reader.go("/archive/articles?status=withdrawn")
    assert page.locator(".hit .status").all_inner_texts() == ["已撤下", "已撤下"]
    page.locator(".hit h2 a").first.click()
    assert "发布者已撤下此文。最后一次见到：2026-11-20 09:00" in page.get_by_role("status").inner_text()
    assert page.locator(".timeline strong").all_inner_texts() == ["收录", "疑似撤下", "确认撤下"]
    assert page.locator(".text p").count() > 0


@pytest.mark.browser
def test_a_traditional_article_is_read_in_either_script(reader: Reader, three_days: Desk) -> None:
    article_id = article_where(three_days, "language = 'Hant'")
    simplified, original = three_days.sql("SELECT title, title_original FROM articles WHERE id = ?", article_id)[0]
    page = reader.go(f"/archive/articles/{article_id}")
    assert page.get_by_role("heading", level=1).inner_text() == simplified
    page.get_by_role("link", name="原文").click()
    assert page.get_by_role("heading", level=1).inner_text() == original
    assert page.locator("article").get_attribute("lang") == "zh-Hant"


@pytest.mark.browser
def test_a_table_is_a_table(reader: Reader, three_days: Desk) -> None:
    article_id = article_where(three_days, "text LIKE '%乡镇卫生院 | %'")
    page = reader.go(f"/archive/articles/{article_id}")
    rows = page.locator(".text table tr")
    assert rows.nth(0).locator("th").count() == rows.nth(1).locator("td").count() >= 3
    assert not reader.overflows()


@pytest.mark.browser
def test_the_interface_speaks_the_readers_language_and_keeps_a_choice(reader: Reader) -> None:
    page = reader.go("/")
    page.get_by_role("link", name="English").click()
    assert "A versioned archive" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("navigation").get_by_role("link", name="Articles").click()
    page.locator(".hit h2 a").first.click()
    assert page.get_by_text("first seen").count() > 0


@pytest.mark.browser
def test_datasettes_own_pages_still_work_under_the_policy(reader: Reader) -> None:
    page = reader.go("/archive")
    page.get_by_role("button", name="运行").click()
    page.locator(".CodeMirror").wait_for()
    page = reader.go("/archive")
    page.get_by_role("link", name="最新收录").click()
    page.locator(".rows-and-columns tbody tr").nth(10).wait_for()
    reader.go("/archive/captures")
    page.locator(".rows-and-columns tbody tr").nth(10).wait_for()
    page.locator(".dropdown-menu-icon").nth(3).wait_for(state="attached")


# What it answers


def test_the_search_box_answers_both_scripts_alike(room: httpx.Client) -> None:
    for simplified, traditional in (("医保", "醫保"), ("卫生", "衞生"), ("机器人手术", "機器人手術")):
        assert titles(room, simplified) == titles(room, traditional) != []


@pytest.mark.parametrize(
    "query", ["", '"', "(", "AND", "title:", "*", "-", '"未闭合', "a OR", "NEAR(", "😀", "%", "医保 -", "\0", "^", "+"]
)
def test_no_query_is_an_error(room: httpx.Client, query: str) -> None:
    assert room.get("/archive/articles", params={"_search": query}).status_code == 200
    titles(room, query)


def test_an_archive_of_any_name_beside_another_database(three_days: Desk, tmp_path: Path) -> None:
    copy, other = tmp_path / "2026 news.db", tmp_path / "shop.db"
    with Archive.open(three_days.archive) as archive:
        archive.db.execute("VACUUM INTO ?", [str(copy)])
    with closing(sqlite3.connect(other)) as db, db:
        db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT)")
        db.execute("INSERT INTO articles VALUES (1, '别家的文章')")
    with datasette(copy, other) as client:
        assert "shop" in client.get("/").text
        ours = client.get("/2026+news/articles", params={"_search": "醫保"})
        assert "<mark>" in ours.text
        assert client.get("/2026+news/-/home").status_code == 200
        theirs = client.get("/shop/articles")
        assert "rows-and-columns" in theirs.text
        assert "content-security-policy" not in theirs.headers
        assert client.get("/shop/articles/1").status_code == 200
        assert client.get("/shop.json", params={"sql": "select escape_fts('医保')", "_shape": "arrays"}).json()[
            "rows"
        ] == [['"医保"']]
        assert client.get("/shop/-/home").status_code == 400  # no such table
        assert client.get("/-/databases.json").json()[1]["path"] == str(other)


def test_every_table_and_its_rows_can_be_opened(room: httpx.Client) -> None:
    for relation in contract():
        page = room.get(f"/archive/{relation.what.name}")
        assert page.status_code == 200, relation.what.name
        rows = re.findall(rf'href="(/archive/{relation.what.name}/[^"?]+)"', page.text)
        assert all(room.get(row).status_code == 200 for row in rows[:3])


def test_helper_tables_are_hidden_and_the_rest_is_described(room: httpx.Client) -> None:
    page = room.get("/archive").text
    shown = set(re.findall(r'href="/archive/([a-z_]+)"', page))
    assert {"articles", "events", "captures", "runs", "sites", "versions", "changes", "site_health"} <= shown
    assert not shown & {"version_rows", "pages", "hosts", "articles_fts", "articles_fts_data", "articles_separated"}
    counts = {table["name"]: table["count"] for table in room.get("/archive.json").json()["tables"]}
    assert (counts["articles"], counts["sites"]) == (52, 2)
    assert counts["articles_fts_data"] is None  # what an index consists of would take long to count
    described = room.get("/archive/versions").text
    assert "文章的每个不同版本一行" in described
    assert "Number within the article by first sighting, from 1" in described


def test_every_canned_query_answers(room: httpx.Client, three_days: Desk) -> None:
    page = room.get("/archive.json").json()
    article_id = article_where(three_days, "version_count > 1")
    values = {"term": "疫苗", "day": "2026-11-20", "article_id": str(article_id)}
    assert len(page["queries"]) >= 7
    for query in page["queries"]:
        answer = room.get(f"/archive/{query['name']}.json", params={**values, "_shape": "array"})
        assert answer.status_code == 200, answer.text
        assert answer.json(), query["name"]
    day = room.get("/archive/as_of.json", params={**values, "_shape": "array"}).json()
    assert [row["number"] for row in day] == [1]


def test_a_day_after_an_article_went_says_since_when(room: httpx.Client, three_days: Desk) -> None:
    article_id = article_where(three_days, "status = 'withdrawn'")
    page = f"/archive/articles/{article_id}"
    texts = [room.get(page, params={"as_of": day, "_lang": "en"}).text for day in ("2026-11-20", "2026-11-21")]
    assert ["Gone since 2026-11-21 09:00" in text for text in texts] == [False, True]


def test_it_is_read_only_and_shows_no_path(room: httpx.Client, three_days: Desk) -> None:
    folder = str(three_days.folder)
    asked = [
        "/-/databases.json",
        "/-/databases",
        "/-/threads.json",
        "/-/settings.json",
        "/-/metadata.json",
        "/-/plugins.json",
        "/archive.json?sql=select+*+from+pragma_database_list",
        "/archive.json?sql=select+*+from+pragma_database_list()",
        "/archive.db",
        "/archive/articles/999999",
        "/archive/articles?_sort=nothing",
    ]
    for path in asked:
        assert folder not in room.get(path).text, path
    assert room.get("/-/databases.json").json()[0]["path"] == "archive.db"
    assert "/lib/python" not in room.get("/-/threads.json").text
    assert room.get("/archive.json", params={"sql": "delete from articles"}).status_code == 400


def test_every_answer_has_the_policy(room: httpx.Client) -> None:
    own = room.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in own
    assert "script-src" not in own
    assert "unsafe" not in own
    for path in ("/archive", "/archive/versions", "/archive?sql=select+1", "/archive/articles.json"):
        headers = room.get(path).headers
        assert "'unsafe-inline'" not in headers["content-security-policy"].split("script-src")[1], path
        assert headers["x-content-type-options"] == "nosniff"


def test_what_is_not_there_is_404_and_says_so(room: httpx.Client) -> None:
    for path in ("/archive/articles/999999", "/archive/articles/1/compare?a=7&b=8", "/archive/articles/999999/compare"):
        answer = room.get(path)
        assert answer.status_code == 404
        assert "没有这个页面" in answer.text
    assert room.get("/archive/articles/1/compare?a=x&b=-1").status_code == 200


HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)>医保"


def hostile(path: Path) -> None:
    """An archive whose article tries everything."""
    Archive.open(path, write=True).close()
    at = "2026-11-20T01:00:00Z"
    values = (1, "x", "javascript:alert(3)", "live", *[HOSTILE] * 8, "2026-11-20", "Hant", "", *[at] * 4, 2, 1)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(values))})", values)
        for number in (1, 2):
            db.execute(
                "INSERT INTO version_rows VALUES (?, 1, ?, '2026-11-20T01:00:00Z', '2026-11-20T01:00:00Z', ?, NULL, ?)",
                (number, number, str(number), number),
            )
            text = (f"{HOSTILE}{number}",) * 4
            db.execute(
                f"INSERT INTO readings VALUES (?, ?, 'k', 'r', '2026-11-20T01:00:00Z', {', '.join('?' * 8)},"
                " NULL, NULL, '', '', '', NULL, '[]')",
                (number, number, *text, *[HOSTILE] * 4),
            )
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        detail = '{"source": {"old": "<b>x</b>", "new": "<script>alert(4)</script>"}}'
        db.execute("INSERT INTO events VALUES (1, '2026-11-20T01:00:00Z', 1, NULL, 'details', ?, NULL)", (detail,))


def test_text_of_pages_is_never_html(tmp_path: Path) -> None:
    hostile(tmp_path / "archive.db")
    with datasette(tmp_path / "archive.db") as client:
        for path in (
            "/",
            "/archive/articles",
            "/archive/articles?_search=医保",
            "/archive/articles?_search=" + HOSTILE,
            "/archive/articles/1",
            "/archive/articles/1?_script=original",
            "/archive/articles/1/compare",
            "/archive/articles/1/compare?view=side",
            "/archive/versions",
        ):
            page = client.get(path)
            assert page.status_code == 200, path
            assert "<script>alert" not in page.text, path
            assert "<img" not in page.text, path
            assert 'href="javascript:' not in page.text, path


def test_it_opens_while_a_crawler_writes(desk: Desk) -> None:
    desk.crawl(1, "harbour", "--limit", "3")
    with Archive.open(desk.archive, write=True) as archive, datasette(desk.archive) as client:
        assert client.get("/").status_code == 200
        archive.db.execute("BEGIN IMMEDIATE")
        archive.db.execute("UPDATE articles SET status = 'withdrawn' WHERE id = 1")
        assert 'class="status withdrawn"' not in client.get("/archive/articles").text
        archive.db.execute("COMMIT")
        assert 'class="status withdrawn"' in client.get("/archive/articles").text
