"""Crawls of the sample sites through the command line: what is fetched, what is recorded, what is left alone."""

from __future__ import annotations

import signal
import subprocess

import pytest

from archive.store import Archive
from archive.text import clean_line, fold
from crawler.demo.truth import expected
from tests.conftest import HARD_LIMIT, Desk, until


@pytest.mark.parametrize("answer", expected(3), ids=lambda answer: f"{answer.host}{answer.path}")
def test_after_three_days_the_archive_holds_what_was_published(three_days: Desk, answer) -> None:
    url = three_days.servers.url(answer.host, answer.path)
    article = three_days.ask("show", url).data
    assert article["title_original"] == clean_line(answer.title)
    # One sample changes the form of its quotation marks: no version, so it is shown as first written.
    assert [fold(p) for p in article["text_original"].split("\n")] == [fold(p) for p in answer.text.split("\n")]
    assert article["source"] == answer.source
    assert article["author"] == answer.author
    assert article["published_at"].startswith(answer.published[:16])
    assert article["language"] == answer.language
    assert article["version_count"] == answer.versions
    assert article["status"] == answer.status


def test_nothing_else_is_an_article(three_days: Desk) -> None:
    held = {url for (url,) in three_days.sql("SELECT url FROM articles")}
    assert held == {three_days.servers.url(answer.host, answer.path) for answer in expected(3)}


def test_the_counts_of_a_run_add_up(desk: Desk) -> None:
    for day in (1, 2):
        for row in desk.crawl(day, "--recheck").data:
            parts = ("new", "changed", "unchanged", "withdrawn", "challenged", "skipped", "failed")
            assert row["discovered"] == sum(row[part] for part in parts), row
            assert row["skipped"] == sum(row["skips"].values())


def test_what_is_not_due_is_not_fetched_again(desk: Desk) -> None:
    desk.crawl(1)
    desk.servers.clear_log()
    rows = desk.crawl(1, hours=0.5).data
    lists = {"/robots.txt", "/list.html", "/list_2.html", "/rss.xml", "/sitemap.xml"}
    assert {path for _, _, path, _, _ in desk.servers.requests} <= lists
    assert all(row["new"] == row["unchanged"] == 0 for row in rows)
    assert all(row["skips"]["not due"] > 0 for row in rows)


def test_a_recheck_sends_the_validators_and_keeps_no_second_copy(desk: Desk) -> None:
    desk.crawl(1)
    stored = _payloads(desk)
    desk.servers.clear_log()
    rows = desk.crawl(1, "--recheck", hours=1).data
    asked = [(headers, status) for _, _, _, headers, status in desk.servers.requests]
    assert any(status == 304 for _, status in asked)
    assert {status for headers, status in asked if "if-none-match" in headers} <= {304, 301}
    assert sum(row["changed"] for row in rows) == 0
    moved = 1  # an address that redirects to one of the articles
    assert sum(row["unchanged"] for row in rows) == len(expected(1)) + moved
    assert _payloads(desk) == stored


def _payloads(desk: Desk) -> int:
    with Archive.open(desk.archive) as archive:
        return archive.evidence.execute("SELECT count(*) FROM captures").fetchone()[0]


def test_a_changed_sidebar_is_no_version(desk: Desk) -> None:
    for day in (3, 4, 5):
        rows = desk.crawl(day, "--recheck").data
    assert sum(row["changed"] for row in rows) == 0
    assert desk.sql("SELECT count(*) FROM events WHERE kind = 'changed'") == [(0,)]


def test_robots_are_obeyed_and_the_crawler_says_who_it_is(desk: Desk) -> None:
    desk.crawl(1)
    requests = desk.servers.requests
    assert not [path for _, _, path, _, _ in requests if path.startswith("/private/")]
    assert {headers["user-agent"].split("/")[0] for _, _, _, headers, _ in requests} == {"Yiwen"}
    for host in ("dawn", "harbour"):
        first = next(path for where, _, path, _, _ in requests if where == host)
        assert first == "/robots.txt"
    skipped = desk.sql("SELECT sum(count) FROM skips WHERE reason = 'forbidden by robots.txt'")
    assert skipped[0][0] >= 1


def test_a_limit_and_a_choice_of_sites(desk: Desk) -> None:
    rows = desk.crawl(1, "--limit", "3").data
    assert [row["site"] for row in rows] == ["dawn", "harbour"]
    assert all(row["new"] <= 3 and row["skips"]["over the limit"] > 0 for row in rows)
    assert [row["site"] for row in desk.crawl(1, "harbour").data] == ["harbour"]


def test_a_budget_goes_to_new_articles_first_and_the_rest_comes_in_later_runs(desk: Desk) -> None:
    desk.crawl(1)
    file = desk.sites / "dawn.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("delay = 0", "budget = 12\ndelay = 0"), encoding="utf-8")
    new = {url for (url,) in desk.sql("SELECT url FROM articles WHERE site = 'dawn' ORDER BY url LIMIT 3")}
    with Archive.open(desk.archive, write=True) as archive, archive.db.conn:
        archive.db.conn.executemany("DELETE FROM pages WHERE url = ?", [(url,) for url in new])
    desk.servers.clear_log()
    (row,) = desk.crawl(2, "dawn").data
    asked = [desk.servers.url(host, path) for host, _, path, _, _ in desk.servers.requests]
    assert len(asked) == 12
    assert new <= set(asked)
    due = row["skips"]["over the budget"]
    assert due > 10
    assert desk.crawl(2, "dawn", hours=1).data[0]["skips"]["over the budget"] < due


@pytest.mark.parametrize(("mode", "outcome"), [("503", "failed"), ("404", "failed"), ("challenge", "failed")])
def test_an_outage_takes_nothing_away(desk: Desk, mode: str, outcome: str) -> None:
    desk.crawl(1)
    desk.servers.fail("dawn", mode)
    for day in (2, 3):
        result = desk.crawl(day, "--recheck", "--strict", code=1)
        row = next(row for row in result.data if row["site"] == "dawn")
        assert row["outcome"] == outcome
        assert row["withdrawn"] == 0
        assert "dawn" in result.err
    assert desk.sql("SELECT count(*) FROM articles WHERE status <> 'live' AND site = 'dawn'") == [(0,)]
    desk.servers.fail("dawn", None)
    desk.crawl(3, "--recheck", hours=48)
    live = desk.sql("SELECT count(*) FROM articles WHERE site = 'dawn' AND status = 'live'")[0][0]
    assert live >= sum(answer.host == "dawn" and not answer.gone for answer in expected(1))


def test_a_host_that_challenges_is_left_alone_for_a_while(desk: Desk) -> None:
    desk.crawl(1)
    desk.servers.fail("dawn", "challenge")
    desk.crawl(2, "--recheck", code=1)
    desk.servers.clear_log()
    row = next(row for row in desk.crawl(2, "--recheck", hours=1).data if row["site"] == "dawn")
    assert not [path for host, _, path, _, _ in desk.servers.requests if host == "dawn"]
    assert any("left alone" in reason for reason in row["skips"])


def test_a_crawl_that_is_killed_loses_nothing_that_was_recorded(desk: Desk) -> None:
    desk.slow("dawn")
    command = desk.command("crawl", "dawn", *desk.places, "--now", desk.now(1))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: desk.recorded() >= 3)
        process.send_signal(signal.SIGKILL)
    before = desk.recorded()
    assert 3 <= before < len(expected(1))
    desk.ask("verify")
    desk.crawl(1, hours=2)
    assert desk.sql("SELECT count(*) FROM articles")[0][0] == len(expected(1))
    assert desk.sql("SELECT outcome FROM runs ORDER BY id")[0] == ("stopped",)
    desk.ask("verify")


def test_a_crawl_that_is_told_to_stop_finishes_the_page_in_hand(desk: Desk) -> None:
    desk.slow("dawn")
    command = desk.command("crawl", "dawn", *desk.places, "--now", desk.now(1))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: desk.recorded() >= 2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=HARD_LIMIT)
    assert process.returncode == 1
    assert "stopped" in err
    assert desk.sql("SELECT outcome FROM runs") == [("stopped",)]


def test_one_site_is_crawled_by_one_process_at_a_time(desk: Desk) -> None:
    desk.slow("dawn")
    command = desk.command("crawl", "dawn", *desk.places)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: desk.recorded() >= 1)
        second = desk.run("crawl", "dawn", *desk.places)
        assert "another process is crawling it" in second.err
        process.terminate()
