"""The health of a site: what a good run looks like, what is an alarm, and who is told of it how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.health import Before, Expect, ListRun, PagesRun, alarms, standing
from archive.store import Archive, SiteRow, read
from archive.store.runs import Ending
from tests.conftest import Desk

LIST = ListRun("https://a.example/", links=40, articles=20)
GOOD = PagesRun(tried=10, read=10, articles=10, titled=10, dated=10, in_script=10, characters=900)
FEW = PagesRun(tried=2, read=2, articles=2, titled=2, dated=2, in_script=2, characters=900)
USUAL = (Before(GOOD),) * 4


def run(of: PagesRun = GOOD, **changed: object) -> PagesRun:
    return replace(of, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expect", "lists", "pages", "history", "days", "told"),
    [
        (Expect(), (LIST,), GOOD, USUAL, 1, ""),
        (Expect(), (LIST,), GOOD, (), None, ""),
        (Expect(), (replace(LIST, articles=0),), GOOD, (), 1, "0 of 40 links are articles"),
        (Expect(links=0), (replace(LIST, articles=0),), GOOD, (), 1, ""),
        (Expect(links=21), (LIST,), GOOD, (), 1, "20 of 40 links are articles, at least 21 expected"),
        (Expect(links=21), (replace(LIST, problem="HTTP 503"),), GOOD, (), 1, ""),  # told already
        (Expect(), (LIST,), run(articles=4, titled=4, dated=4, in_script=4), (), 1, "4 of 10 pages read had"),
        (Expect(), (LIST,), run(titled=4), (), 1, "4 of 10 articles had a headline, at least 50% expected"),
        (Expect(), (LIST,), run(dated=4), (), 1, "4 of 10 articles had a time of publication"),
        (Expect(date=0.4), (LIST,), run(dated=4), (), 1, ""),
        (Expect(date=0.95), (LIST,), run(dated=9), (), 1, "9 of 10 articles had a time"),
        (Expect(), (LIST,), run(in_script=0), (), 1, "0 of 10 articles were in the expected script"),
        # A run of few pages is seen together with those before it.
        (Expect(), (LIST,), run(FEW, dated=0), (), 1, ""),
        (Expect(), (LIST,), run(FEW, dated=0), (Before(run(FEW, dated=0)),) * 2, 1, "0 of 6 articles had a time"),
        (Expect(), (LIST,), run(FEW, dated=0), USUAL, 1, ""),
        (Expect(), (LIST,), PagesRun(), (Before(run(dated=0)),), 1, ""),  # it read nothing, so it says nothing of it
        (Expect(), (LIST,), run(unmatched=("title",)), (), 1, "[read] title found nothing on 10 articles"),
        (Expect(), (LIST,), run(FEW, unmatched=("title",)), USUAL, 1, ""),
        (Expect(), (LIST,), run(characters=290), USUAL, 1, "its texts have 290 characters, usually 900"),
        (Expect(), (LIST,), run(characters=310), USUAL, 1, ""),
        (Expect(), (LIST,), run(characters=290), USUAL[:2], 1, ""),  # too few runs to call anything usual
        (Expect(), (LIST,), run(characters=290), (Before(run(characters=290), fine=False), *USUAL), 1, "its texts"),
        (Expect(), (LIST,), run(characters=290), (Before(run(characters=290)),) * 3 + USUAL[:1], 1, ""),
        (Expect(), (LIST,), run(bad=4, tried=14), USUAL, 1, "4 of 14 pages were challenged or failed, usually 0%"),
        (Expect(), (LIST,), run(bad=3, tried=11), USUAL, 1, ""),
        (Expect(), (LIST,), run(bad=4, tried=40), USUAL, 1, ""),
        (Expect(), (LIST,), run(bad=4, tried=14), (Before(run(bad=3, tried=13)),) * 3, 1, ""),
        (Expect(newest=timedelta(days=7)), (LIST,), GOOD, (), 7, ""),
        (Expect(newest=timedelta(days=7)), (LIST,), GOOD, (), 8, "its newest article is 8 days old, at most 7"),
    ],
)
def test_what_is_an_alarm(
    expect: Expect,
    lists: tuple[ListRun, ...],
    pages: PagesRun,
    history: tuple[Before, ...],
    days: int | None,
    told: str,
) -> None:
    found = alarms(expect, lists, pages, history, None if days is None else timedelta(days=days))
    assert len(found) == bool(told), found
    assert not told or found[0].startswith(told)


@pytest.mark.parametrize(
    ("before", "outcome", "now"),
    [
        (None, "complete", "fine"),
        (None, "failed", "broke"),
        ("fine", "complete", "fine"),
        ("fine", "alarm", "broke"),
        ("broke", "failed", "broken"),
        ("broken", "alarm", "broken"),
        ("broken", "complete", "recovered"),
        ("recovered", "complete", "fine"),
        ("recovered", "alarm", "broke"),
        ("fine", "stopped", ""),
    ],
)
def test_what_a_run_says_of_its_site(before: str | None, outcome: str, now: str) -> None:
    assert standing(before, outcome) == now


def health(desk: Desk) -> dict:
    return next(row for row in desk.ask("status").data["sites"] if row["site"] == "harbour")


def test_a_site_that_breaks_is_told_once_and_shown_until_it_works_again(desk: Desk) -> None:
    desk.crawl(1, "harbour")
    desk.servers.fail("harbour", "503")
    assert "yiwen: harbour: failed: HTTP 503" in desk.crawl(2, "harbour", code=1).err
    known = desk.crawl(3, "harbour")
    assert "yiwen: harbour: failed (since 2026-11-21 09:00): HTTP 503" in known.err
    desk.crawl(3, "harbour", "--strict", code=1, hours=1)
    assert health(desk)["broken_since"] == "2026-11-21T01:00:00Z"
    assert health(desk)["alarm"].startswith("host left alone: it answered 5 times in a row that it fails")
    desk.servers.fail("harbour", None)
    again = desk.crawl(4, "harbour")
    assert again.err == "yiwen: harbour: works again; it was broken since 2026-11-21 09:00\n"
    assert [row["standing"] for row in again.data] == ["recovered"]
    assert (health(desk)["broken_since"], health(desk)["alarm"]) == (None, None)


def test_what_a_redesign_breaks_is_an_alarm_of_the_run(desk: Desk) -> None:
    file = desk.sites / "harbour.toml"
    changed = file.read_text(encoding="utf-8").replace("#newslist a.t", "#gone a").replace("Hant", "Hans")
    rules = '\n[read]\nsource = ".gone"\n[expect]\nnewest = "7d"\nlinks = 99\n'
    file.write_text(changed + rules, encoding="utf-8")
    (row,) = desk.crawl(30, "harbour", code=1).data
    assert row["outcome"] == "alarm"
    told = row["reason"].split("; ")
    assert told[0].startswith("link '#gone a' selects none of its ")
    assert told[1].endswith(f"links are articles, at least 99 expected ({desk.servers.url('harbour', '/rss.xml')})")
    assert told[2].endswith("articles were in the expected script, at least 50% expected")
    assert told[3].startswith("[read] source found nothing on ")
    assert told[4].endswith("days old, at most 7 expected")
    assert health(desk)["alarm"] == row["reason"]
    lists = desk.sql("SELECT links > 0, articles > 0, problem > '' FROM run_lists ORDER BY url")
    assert lists == [(0, 0, 1), (1, 1, 0)]


START = datetime(2026, 11, 20, tzinfo=UTC)
SITE = SiteRow("dawn", "晨光", "Dawn", "https://a.example/", "CN", "Hans", True, "", "0 6 * * *")


def finish(archive: Archive, pages: PagesRun, lists: tuple[ListRun, ...] = (LIST,), outcome: str = "complete") -> dict:
    run_id = archive.start_run(SITE, START)
    return archive.finish_run(run_id, START, Ending(outcome, "", {}, {}, lists, pages), timedelta(hours=6), Expect())


def test_a_run_is_judged_by_the_runs_before_it_and_what_lasts_becomes_usual(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        assert [finish(archive, GOOD)["standing"] for _ in range(3)] == ["fine"] * 3
        short = run(characters=100)
        row = finish(archive, short)
        assert (row["standing"], row["reason"]) == ("broke", "its texts have 100 characters, usually 900")
        assert finish(archive, PagesRun(), lists=())["standing"] == ""  # pages asked for one by one
        assert finish(archive, GOOD, outcome="stopped")["standing"] == ""
        assert read.health(archive.db)[0]["alarm"] == row["reason"]
        later = [finish(archive, short)["standing"] for _ in range(30)]
        assert later == ["broken"] * later.index("recovered") + ["recovered"] + ["fine"] * (
            29 - later.index("recovered")
        )
