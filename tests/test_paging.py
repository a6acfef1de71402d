"""How far lists are read: page after page while they bring something new; a backfill goes deep, and on if killed."""

from __future__ import annotations

import re
import signal
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import yiwen
from crawler.demo.content import published_by
from crawler.demo.listings import DATASOURCE
from crawler.discover import Course, Leaf, Link, Sorted, day_of
from crawler.site.model import Listing, Site
from tests.conftest import Desk, until

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
SITE = Site("a", "a", "https://a.example/", "CN", re.compile("/n/"))


def leaf(number: int, fresh: str, known: str = "", other: str = "", **skipped: int) -> Leaf:
    """A page of a list, its links a letter each: those that are new, those that are known, and no articles."""
    wanted = tuple((SITE, Link(letter)) for letter in fresh + known)
    return Leaf(number, frozenset(fresh + known + other), Sorted(wanted, skipped), frozenset(known))


def course(*, deep: bool = False, left_at: int = 0, **keys: object) -> Course:
    listing = Listing("https://a.example/l", pages="https://a.example/l_{n}", max_pages=3, backfill_pages=9, **keys)  # type: ignore[arg-type]
    places = {"https://a.example/l": left_at} if left_at else {}
    return Course.of(listing, date(2026, 11, 25), deep=deep, since=date(2026, 1, 1) if deep else None, places=places)


KNOWN, AGAIN, MANY = "all known", "no link that the pages before did not have", "as many pages as it may be read"


@pytest.mark.parametrize(
    ("pages", "following"),
    [
        ([leaf(1, "ab")], (2, "")),
        ([leaf(1, "a", "b")], (2, "")),
        ([leaf(1, "", "ab")], (0, KNOWN)),
        ([leaf(1, "ab"), leaf(2, "", "cd")], (0, KNOWN)),
        ([leaf(1, "ab"), leaf(2, "cd"), leaf(3, "ef")], (0, MANY)),
        ([leaf(1, "ab", other="xy"), leaf(2, "ba", other="x")], (0, AGAIN)),
        ([leaf(1, "ab"), leaf(2, "")], (0, "no link")),
        ([leaf(1, "", other="ab", **{"off topic": 2})], (2, "")),  # what is off topic never becomes known
        ([leaf(1, "", other="ab", **{"too old": 2})], (0, "all from before None")),
        ([leaf(1, "", other="ab", **{"too old": 1, "off topic": 1})], (2, "")),
    ],
)
def test_a_list_is_read_on_while_it_brings_something_new(pages: list[Leaf], following: tuple[int, str]) -> None:
    one = course()
    assert [one.after(page) for page in pages][-1] == following


def test_a_backfill_goes_on_over_what_is_known_to_its_own_limit() -> None:
    one = course(deep=True)
    assert [one.after(leaf(n, "", "abcdefghi"[n - 1])) for n in range(1, 10)] == [
        *((n + 1, "") for n in range(1, 9)),
        (0, MANY),
    ]
    assert course(deep=True).after(leaf(1, "", other="a", **{"too old": 1})) == (0, "all from before 2026-01-01")


def test_what_an_earlier_run_left_unread_is_read_on() -> None:
    deep = course(deep=True, left_at=6)
    assert [deep.after(leaf(1, "a")), deep.after(leaf(6, "b"))] == [(6, ""), (7, "")]
    plain = course(left_at=3)
    assert plain.after(leaf(1, "", "a")) == (3, "")  # page one is known, but a page behind it failed when it was new
    assert plain.after(leaf(3, "", "b")) == (0, KNOWN)
    overtaken = course(left_at=2)
    assert [overtaken.after(leaf(1, "a")), overtaken.after(leaf(2, "", "b"))] == [(2, ""), (0, KNOWN)]


def test_a_list_of_one_page_ends_there() -> None:
    one = Course.of(Listing("https://a.example/l"), date(2026, 11, 25), deep=True, since=None, places={})
    assert one.after(leaf(1, "ab")) == (0, MANY)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-11-03", "2026-11-03"),
        ("2026/11/02 09:30", "2026-11-02"),
        ("2026年11月1日", "2026-11-01"),
        ("民國115年11月4日", "2026-11-04"),
        ("1793690400000", "2026-11-03"),
        ("Tue, 24 Nov 2026 20:00:00 GMT", "2026-11-25"),  # it is morning in China
        ("2026-11-04T20:15:00+08:00", "2026-11-04"),
        ("3小时前", "2026-11-25"),
        ("昨天 12:30", "2026-11-24"),
        ("", None),
        ("置顶", None),
    ],
)
def test_the_day_of_an_entry(written: str, expected: str | None) -> None:
    found = day_of(written, NOW, "TW")
    assert (str(found) if found else None) == expected


def write(desk: Desk, lists: str, delay: float = 0) -> None:
    """Give `dawn` these lists."""
    file = desk.sites / "dawn.toml"
    head = file.read_text(encoding="utf-8").partition("[[list]]")[0].replace("delay = 0", f"delay = {delay}")
    file.write_text(head + lists.replace("BASE", desk.servers.url("dawn", "")), encoding="utf-8")


def asked(desk: Desk, *places: str) -> list[str]:
    """The pages of lists that were asked for."""
    return [path for _, _, path, _, _ in desk.servers.requests if path.startswith(places)]


SCHEMES = """
[[list]]
url = "BASE/trs/index.html"
link = "ul.news"
pages = "BASE/trs/index_{n}.html"
first_page = 1
max_pages = 50
[[list]]
url = "BASE/cms/index.html"
link = "ul.news"
pages = "BASE/cms/index_{n}.html"
max_pages = 2
[[list]]
url = "BASE/cms/list.shtml"
link = "ul.news"
pages = "BASE/cms/list_{n}.shtml"
max_pages = 50
max_age = "2d"
[[list]]
url = "BASE/asp?page=1"
link = "ul.news"
pages = "BASE/asp?page={n}"
max_pages = 50
"""


def test_each_scheme_of_pages_is_read_to_its_end_once_and_then_only_where_it_is_new(desk: Desk) -> None:
    write(desk, SCHEMES)
    (row,) = desk.crawl(1, "dawn").data
    assert (row["outcome"], row["failed"]) == ("complete", 0)
    trs = asked(desk, "/trs/")
    last = len(trs) - 1
    assert last > 3
    assert trs == ["/trs/index.html", *(f"/trs/index_{n}.html" for n in range(1, last + 1))]  # the last one is missing
    assert asked(desk, "/cms/index") == ["/cms/index.html", "/cms/index_2.html"]
    assert asked(desk, "/cms/list") == ["/cms/list.shtml", "/cms/list_2.shtml", "/cms/list_3.shtml"]
    assert row["skips"]["too old"] > 0
    assert asked(desk, "/asp") == [f"/asp?page={n}" for n in range(1, last + 2)]  # beyond the end: the last page again
    reasons = {reason for (reason,) in desk.sql("SELECT DISTINCT reason FROM captures WHERE verdict = 'list'")}
    assert reasons == {"", "no link", MANY, "all from before 2026-11-18", AGAIN}
    desk.servers.clear_log()
    desk.crawl(1, "dawn", hours=1)
    first = ["/asp?page=1", "/cms/index.html", "/cms/list.shtml", "/trs/index.html"]
    assert sorted(asked(desk, "/trs/", "/cms/", "/asp")) == first


ODD = """
[[list]]
url = "BASE/day/{date:%Y-%m}/{date:%d}.html"
link = "//ul[contains(@class, 'news')]"
days = 3
[[list]]
kind = "json"
key_url = "BASE/hop/"
key = 'datasource:(\\w+)'
url = "BASE/hop/ds_{key}.json"
address = "u"
[[list]]
url = "BASE/more.json"
items = "data.html"
"""


def test_lists_of_days_lists_in_two_steps_and_fragments_are_crawled(desk: Desk) -> None:
    write(desk, ODD)
    (row,) = desk.crawl(1, "dawn").data
    assert (row["outcome"], row["failed"]) == ("complete", 0)
    assert asked(desk, "/day/") == ["/day/2026-11/20.html", "/day/2026-11/19.html", "/day/2026-11/18.html"]
    assert asked(desk, "/hop/") == ["/hop/", f"/hop/ds_{DATASOURCE}.json"]
    assert asked(desk, "/more.json") == ["/more.json"]
    (days,) = desk.sql("SELECT min(substr(published_at, 1, 10)), max(substr(published_at, 1, 10)) FROM articles")
    assert days == ("2026-11-12", "2026-11-20")  # the last of the fragment, the first of the day's page
    desk.servers.clear_log()
    desk.crawl(1, "dawn", "--backfill", "--since", "2026-11-14", hours=1)
    assert len(asked(desk, "/day/")) == 7  # a day without a page does not end it


def test_a_key_that_is_not_found_is_an_alarm(desk: Desk) -> None:
    write(desk, ODD.replace("datasource:", "dataset:"))
    (row,) = desk.crawl(1, "dawn", code=1).data
    assert row["outcome"] == "alarm"
    assert "HTTP 200, and key was not found in it" in row["reason"]
    assert asked(desk, "/hop/") == ["/hop/"]


ONE = """
[[list]]
url = "BASE/trs/index.html"
link = "ul.news"
pages = "BASE/trs/index_{n}.html"
first_page = 1
max_pages = 2
"""


def test_what_a_run_did_not_come_to_is_fetched_by_the_next(desk: Desk) -> None:
    """One page of the list fails while it is new, and the limit leaves out most of the other's articles."""
    write(desk, ONE)
    desk.servers.break_for("dawn", "/trs/index_1.html", 1)
    (row,) = desk.crawl(1, "dawn", "--limit", "1", code=1).data
    assert (row["outcome"], desk.recorded()) == ("alarm", 1)
    desk.servers.clear_log()
    desk.crawl(1, "dawn", hours=1)
    assert asked(desk, "/trs/") == ["/trs/index.html", "/trs/index_1.html"]
    assert desk.recorded() == 9  # of ten links one is forbidden


def test_a_backfill_goes_deep_where_a_crawl_does_not(desk: Desk) -> None:
    write(desk, ONE)
    desk.crawl(1, "dawn")
    held = desk.recorded()
    desk.servers.clear_log()
    done = desk.crawl(1, "dawn", "--backfill", "--since", "2026-11-16", hours=1)
    assert len(asked(desk, "/trs/")) > 2
    assert desk.recorded() > held
    assert re.search(r"/trs/index.html: read to page \d: all from before 2026-11-16", done.err)
    assert desk.sql("SELECT count(*) FROM articles WHERE published_at < '2026-11-16'") == [(0,)]


def test_a_backfill_that_is_killed_goes_on_where_it_was(desk: Desk) -> None:
    write(desk, ONE, delay=0.15)
    command = desk.command("crawl", "dawn", *desk.places, "--backfill", "--now", desk.now(1))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: len(asked(desk, "/trs/")) >= 4)
        process.send_signal(signal.SIGKILL)
    write(desk, ONE)
    ((place,),) = desk.sql("SELECT page FROM places")
    assert place >= 3
    desk.servers.clear_log()
    desk.crawl(1, "dawn", "--backfill", hours=1)
    assert asked(desk, "/trs/")[:2] == ["/trs/index.html", f"/trs/index_{place - 1}.html"]
    listed = [one for one in published_by("dawn", 1) if "list" in dict(one.lists) and not one.forbidden]
    assert desk.recorded() == len(listed)
    assert desk.sql("SELECT count(*) FROM places") == [(0,)]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--backfill",), "name the SITE"),
        (("dawn", "--since", "2026-01-01"), "--since is for --backfill"),
        (("dawn", "--backfill", "--since", "January"), "no date"),
    ],
)
def test_a_backfill_that_is_asked_for_wrongly(options: tuple[str, ...], says: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(yiwen, ["crawl", *options, "--archive", str(tmp_path / "archive.db")])
    assert result.exit_code == 2
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backfill_that_is_over_the_budget_keeps_its_place(desk: Desk) -> None:
    write(desk, "budget = 4\n" + ONE)
    done = desk.crawl(1, "dawn", "--backfill")
    assert (done.data[0]["outcome"], done.data[0]["skips"]["over the budget"] > 0) == ("complete", True)
    assert "read to a page that was not had: over the budget" in done.err
    assert desk.sql("SELECT page > 1 FROM places") == [(1,)]


DATA = """
[[list]]
kind = "json"
url = "BASE/api/articles.json?page=1"
pages = "BASE/api/articles.json?page={n}"
max_pages = 9
items = "data.list"
address = "BASE/{contId}"
"""
SWOLLEN = b"[" + (b"[" * 20 + b"]" * 20 + b",") * 120_000 + b"0]"  # takes more memory than a worker may have
GATE = "<html><head><title>安全验证</title></head><body>请完成验证后继续访问 <a href='/help'>帮助</a></body></html>"


@pytest.mark.parametrize(
    ("number", "body", "verdict", "why"),
    [
        (2, SWOLLEN, "failed", "the page broke the reader (MemoryError"),
        (1, GATE.encode(), "challenged", "challenged: an anti-bot page with status 200"),
    ],
    ids=["swollen", "gate"],
)
def test_a_list_whose_page_cannot_be_read_keeps_its_place(
    desk: Desk, number: int, body: bytes, verdict: str, why: str
) -> None:
    write(desk, DATA)
    first, second = (f"/api/articles.json?page={n}" for n in (1, 2))
    desk.servers.break_for("dawn", second, 1)
    desk.crawl(1, "dawn", "--limit", "0", code=1)
    assert desk.sql("SELECT page FROM places") == [(2,)]
    desk.servers.put("dawn", page := (first, second)[number - 1], body)
    (row,) = desk.crawl(1, "dawn", "--limit", "0", code=None, hours=1).data
    assert row["reason"].startswith(why)
    assert desk.sql("SELECT verdict FROM captures ORDER BY rowid DESC LIMIT 1") == [(verdict,)]
    assert desk.sql("SELECT page FROM places") == [(2,)]
    desk.servers.put("dawn", page, None)
    desk.servers.clear_log()
    desk.crawl(1, "dawn", "--limit", "0", hours=2)
    assert asked(desk, "/api/")[:2] == [first, second]
    assert desk.sql("SELECT page FROM places") == []


def test_a_gate_before_the_lists_spares_their_host(desk: Desk) -> None:
    write(desk, DATA + DATA.replace("page=", "page=0") + DATA.replace("page=", "page=00"))
    for zeros in ("", "0", "00"):
        desk.servers.put("dawn", f"/api/articles.json?page={zeros}1", GATE.encode())
    (row,) = desk.crawl(1, "dawn", code=1).data
    assert row["outcome"] == "failed"
    assert row["reason"].startswith("challenged: an anti-bot page with status 200 (3 lists")
    assert desk.sql("SELECT reason FROM hosts") == [("its anti-bot gate answers",)]
