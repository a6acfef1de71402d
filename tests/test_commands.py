"""The commands as a person uses them, and what they say to bad input."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.cli import CRAWLER
from crawler.demo.body import plain_text
from crawler.demo.render import article_page
from crawler.demo.truth import ARTICLES, expected
from tests.conftest import Desk, started


def url_where(desk: Desk, condition: str) -> str:
    return desk.sql(f"SELECT url FROM articles WHERE {condition} ORDER BY id LIMIT 1")[0][0]


@pytest.mark.parametrize("name", ["status", *CRAWLER])
def test_a_command_loads_what_it_needs_by_itself(name: str) -> None:
    assert started([sys.executable, "-m", "crawler", name, "--help"]).out.startswith(f"Usage: yiwen {name} ")


def test_both_scripts_find_the_same(three_days: Desk) -> None:
    hits = [three_days.ask("search", words).data for words in ("县域内就诊率", "縣域內就診率")]
    assert hits[0] == hits[1] != []
    assert {hit["site"] for hit in hits[0]} == {"dawn", "harbour"}


def test_a_figure_that_a_correction_removed_is_found_in_the_history(three_days: Desk) -> None:
    asked = ("县域内就诊率达到96.6%", "site:dawn")
    assert three_days.ask("search", " ".join(asked)).data == []
    found = three_days.ask("search", "--history", " ".join(asked)).data
    assert [(hit["version"], hit["version_count"]) for hit in found] == [(1, 2)]
    shown = three_days.run("search", "--history", " ".join(asked), "--archive", str(three_days.archive)).out
    assert "[version 1 of 2]" in shown
    assert "1 found" in shown


def test_results_show_title_site_date_and_a_clean_snippet(three_days: Desk) -> None:
    hit = three_days.ask("search", "--limit", "1", "糖尿病 OR 疫苗").data[0]
    assert set(hit) >= {"id", "site", "url", "status", "title", "source", "published_at", "snippet"}
    assert not {"\x02", "\x03", "\n"} & set(hit["snippet"])
    shown = three_days.run("search", "--limit", "1", "糖尿病 OR 疫苗", "--archive", str(three_days.archive)).out
    assert [
        part for part in (hit["title"], hit["site"], hit["published_at"][:10], hit["url"]) if part not in shown
    ] == []
    assert "1 of " in shown


@pytest.mark.parametrize(
    "query", ["", '"', "(", "AND", "title:", "*", "-", '"未闭合', "a OR", "NEAR(", "😀", "%", "医保 -"]
)
def test_no_query_is_an_error(three_days: Desk, query: str) -> None:
    three_days.ask("search", "--", query)


def test_show_as_of_gives_the_version_of_that_day_and_the_sightings_around_it(three_days: Desk) -> None:
    url = url_where(three_days, "version_count > 1")
    first = three_days.ask("show", url, "--as-of", "2026-11-20").data
    assert first["number"] == 1
    assert first["seen_before"]["fetched_at"].startswith("2026-11-20")
    assert first["seen_after"]["fetched_at"].startswith("2026-11-21")
    assert three_days.ask("show", url, "--version", "1").data["text"] == first["text"]
    early = three_days.run("show", url, "--as-of", "2026-11-01", "--archive", str(three_days.archive), code=1)
    assert "saw it first at 2026-11-20 09:00 (UTC+8)" in early.err


@pytest.mark.parametrize(
    ("day", "status", "gone", "before", "after"),
    [
        ("2026-11-20", "live", None, "2026-11-20", "2026-11-21"),
        ("2026-11-21T08:59", "live", None, "2026-11-20", "2026-11-21"),
        ("2026-11-21", "live", "2026-11-21", "2026-11-20", "2026-11-22"),
        ("2026-11-22", "withdrawn", "2026-11-21", "2026-11-20", None),
        ("2030-01-01", "withdrawn", "2026-11-21", "2026-11-20", None),
    ],
)
def test_show_as_of_says_since_when_an_article_is_gone(
    three_days: Desk, day: str, status: str, gone: str | None, before: str, after: str | None
) -> None:
    url = url_where(three_days, "status = 'withdrawn'")
    state = three_days.ask("show", url, "--as-of", day).data
    found = [state[name] and state[name]["fetched_at"][:10] for name in ("gone_since", "seen_before", "seen_after")]
    assert (state["status"], state["status_now"], *found) == (status, "withdrawn", gone, before, after)
    text = three_days.run("show", url, "--as-of", day, "--archive", str(three_days.archive)).out
    told = "status: withdrawn\n" if status == "withdrawn" else "status: live then, withdrawn now\n"
    assert told in text
    assert ("gone since: 2026-11-21 09:00 (" in text) == (gone is not None)


def test_history_tells_a_withdrawal_from_its_first_suspicion(three_days: Desk) -> None:
    url = url_where(three_days, "status = 'withdrawn'")
    events = three_days.ask("history", url).data
    assert [event["kind"] for event in events] == ["new", "suspected", "withdrawn"]
    assert [event["at"][:10] for event in events] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert three_days.ask("show", url).data["text"]


def test_diff_shows_a_changed_figure_whole(three_days: Desk) -> None:
    url = three_days.sql("SELECT url FROM changes WHERE kinds LIKE '%figures%' ORDER BY id LIMIT 1")[0][0]
    shown = three_days.run("diff", url, "--archive", str(three_days.archive)).out
    assert "[-" in shown
    assert "{+" in shown
    data = three_days.ask("diff", url).data
    assert "figures" in data["kinds"]
    text = "".join(s["text"] for p in data["paragraphs"] for s in p["spans"] if s["kind"] != "removed")
    assert text == three_days.ask("show", url).data["text"].replace("\n", "")


def test_status_and_verify(three_days: Desk) -> None:
    status = three_days.ask("status").data
    assert status["articles"] == len(expected(3))
    assert [site["site"] for site in status["sites"]] == ["dawn", "harbour"]
    assert three_days.ask("verify").data["faults"] == []


def test_verify_names_what_was_altered(desk: Desk) -> None:
    desk.crawl(1, "harbour", "--limit", "3")
    with closing(sqlite3.connect(desk.archive)) as db, db:
        db.execute("UPDATE articles SET text = text || '改' WHERE id = 1")
    with closing(sqlite3.connect(desk.folder / "captures.db")) as db, db:
        db.execute("UPDATE captures SET payload = x'00' WHERE rowid = 2")
    faults = desk.run("verify", "--archive", str(desk.archive), code=1).err
    assert "full-text index does not match" in faults
    assert "article 1 shows another text than its current version" in faults
    assert "cannot be unpacked" in faults


def test_add_keeps_a_page_that_no_list_names(desk: Desk) -> None:
    url = desk.servers.url("dawn", next(a.path for a in expected(1) if a.host == "dawn"))
    kept = desk.run("add", f"{url}?utm_source=wx", *desk.places, "--json").data
    assert [row["verdict"] for row in kept] == ["article"]
    assert kept[0]["article"]["url"] == url
    assert desk.sql("SELECT site, outcome FROM runs") == [("dawn", "complete")]


def test_extract_reads_files_and_addresses_and_keeps_nothing(desk: Desk) -> None:
    answer = next(a for a in expected(1) if a.host == "harbour")
    url = desk.servers.url(answer.host, answer.path)
    lines = desk.run("extract", "--jsonl", "--sites", str(desk.sites), url).out.splitlines()
    assert [json.loads(line)["title_original"] for line in lines] == [answer.title]
    page = desk.folder / "page.html"
    page.write_text(
        "<html><title>一则通知</title><h1>一则通知</h1><p>门诊时间自十二月一日起调整。</p></html>", encoding="utf-8"
    )
    result = desk.run("extract", "--jsonl", str(page), str(desk.folder / "missing.html"), code=1)
    assert json.loads(result.out)["text"] == "门诊时间自十二月一日起调整。"
    assert "missing.html: cannot be read" in result.err
    assert not desk.archive.exists()


def test_a_disabled_site_is_listed_as_such_and_its_reason_has_a_line_of_its_own(desk: Desk) -> None:
    harbour = desk.sites / "harbour.toml"
    harbour.write_text(f"enabled = false\nreason = 'a pay wall'\n{harbour.read_text()}")
    rows = [line.split() for line in desk.run("sites", "--sites", str(desk.sites)).out.splitlines()]
    assert [(row[0], "disabled" in row) for row in rows[1:3]] == [("dawn", False), ("harbour", True)]
    assert rows[3:] == [["harbour:", "a", "pay", "wall"]]


def test_sites_lists_and_checks(desk: Desk) -> None:
    listed = desk.run("sites", "--sites", str(desk.sites), "--json").data
    assert [site["id"] for site in listed] == ["dawn", "harbour"]
    checked = desk.run("sites", "check", "dawn", "--sites", str(desk.sites), "--json").data
    assert checked["article"]["fields"]
    assert {row["status"] for row in checked["lists"]} == {200}


BAD_SITES = [
    ('name = "x"', "home"),
    ("name = ", "TOML"),
    (
        'name="x"\nhome="https://a.example/"\njurisdiction="CN"\narticle="("\n[[list]]\nurl="https://a.example/"',
        "article",
    ),
    (
        'name="x"\nhome="https://a.example/"\njurisdiction="CN"\narticle="x"\ncolour="red"\n[[list]]\nurl="https://a.example/"',
        "colour",
    ),
]


@pytest.mark.parametrize(("text", "named"), BAD_SITES)
def test_a_wrong_site_file_is_told_before_any_request(desk: Desk, text: str, named: str) -> None:
    (desk.sites / "wrong.toml").write_text(text, encoding="utf-8")
    result = desk.run("crawl", *desk.places, code=2)
    assert "wrong.toml" in result.err
    assert named in result.err
    assert desk.servers.requests == []


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "verify",
        "browse",
        "backup x",
        "changes",
        "search x",
        "show x",
        "show --raw x",
        "cite x",
        "history x",
        "diff x",
    ],
)
def test_a_missing_archive_is_one_clear_line(desk: Desk, command: str) -> None:
    result = desk.run(*command.split(), "--archive", str(desk.archive), code=1)
    assert result.err.count("\n") == 1
    assert "there is no archive yet" in result.err


def _not_a_database(path) -> None:
    path.write_bytes(b"This is no database, but long enough to look at." * 40)


def _of_another_program(path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE customers (id INTEGER)")


def _of_a_newer_schema(path) -> None:
    Archive.open(path, write=True).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO _sqlite_migrations VALUES (99, 'yiwen.archive', 'm999_future', '2030-01-01')")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_not_a_database, "not a Yiwen archive"),
        (_of_another_program, "another program"),
        (_of_a_newer_schema, "newer Yiwen"),
    ],
)
@pytest.mark.parametrize("command", ["status", "crawl"])
def test_a_strange_archive_is_one_clear_line(desk: Desk, make, said: str, command: str) -> None:
    make(desk.archive)
    before = desk.archive.read_bytes()
    options = ["--sites", str(desk.sites)] if command == "crawl" else []
    result = desk.run(command, "--archive", str(desk.archive), *options, code=1)
    assert said in result.err
    assert result.err.count("\n") == 1
    assert desk.archive.read_bytes() == before


def test_wrong_usage_exits_with_two(three_days: Desk) -> None:
    archive = ("--archive", str(three_days.archive))
    url = url_where(three_days, "1")
    for arguments in (
        ["show", url, "--as-of", "soon", *archive],
        ["crawl", "nosuchsite"],
        ["crawl", "--now", "yesterday"],
    ):
        assert three_days.run(*arguments, code=2).err


def test_an_unknown_address_is_one_clear_line(three_days: Desk) -> None:
    result = three_days.run("show", "https://nowhere.example/", "--archive", str(three_days.archive), code=1)
    assert "no article of the archive has this address" in result.err


def test_extract_shows_why_each_line_was_kept_or_cut(three_days: Desk, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(article_page(next(a for a in ARTICLES if a.path.endswith("/1101.html")), 1))
    shown = three_days.run("extract", "--explain", str(page)).out
    assert "\n+ 晨光健康网临溪11月19日电" in shown
    assert re.search(r"^- \[[^]]+\] 责任编辑：周晓岚$", shown, re.MULTILINE)
    assert "\n- [outside the article] 热门排行" in shown
    assert three_days.run("extract", "--explain", "--jsonl", str(page), code=2).err


def test_extract_reads_every_page_of_an_article_of_the_web(desk: Desk) -> None:
    article = next(a for a in ARTICLES if a.part("/news/2026/1107_3.html", 1))
    found = desk.run("extract", "--jsonl", desk.servers.url("dawn", article.path), "--sites", str(desk.sites)).data
    assert found["text"] == plain_text(article.state(1).body)
