"""When a page that is gone counts as withdrawn: a crawl of the sample sites, and stories of whole sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.health import Expect
from archive.history.withdrawal import EMPTIED, witnesses
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, SiteRow, read
from archive.store.recording import Fetch
from archive.store.runs import Ending
from crawler.interpret import look
from crawler.site.model import Listing, Site
from tests.conftest import Desk
from tests.reading.pages import page

TAKEN = {
    "/news/2026/1106.html": "410",
    "/news/2026/1103.shtml": "soft",
    "/news/2026/1104.html": "emptied",
    "/zx/detail_1301.html": "home",
    "/zx/detail_1302.html": "list",
    "/zx/detail_1303.html": "other",
    "/dir/s1202.html": "leap",
    "/portal/article/KA1401.html": "emptied",
    "/gov/tzgg/t20261116_1501.html": "emptied",
    "/old/2026/1601.shtml": "404",
}
NOT_TAKEN = {"/portal/article/KA1402.html": "shell", "/gov/tzgg/t20261117_1504.html": "rewritten"}
BY_THEMSELVES = {"/old/2026/1603.shtml", "/gov/tzgg/t20261113_1505.html"}  # these samples go on the second day


def test_articles_are_found_withdrawn_however_they_went_and_are_seen_to_return(desk: Desk) -> None:
    desk.crawl(1, "dawn")
    for path, way in (TAKEN | NOT_TAKEN).items():
        desk.servers.hide("dawn", path, way)
    (second,) = desk.crawl(2, "dawn", "--recheck").data
    assert second["withdrawn"] == 0
    assert second["skips"]["gone, to be confirmed"] == len(TAKEN) + len(BY_THEMSELVES)
    (third,) = desk.crawl(3, "dawn", "--recheck").data
    assert third["withdrawn"] == len(TAKEN) + len(BY_THEMSELVES)
    withdrawn = {url for (url,) in desk.sql("SELECT url FROM articles WHERE status = 'withdrawn'")}
    assert withdrawn == {desk.servers.url("dawn", path) for path in {*TAKEN, *BY_THEMSELVES}}
    assert _versions(desk, "/portal/article/KA1401.html") == 1
    assert _versions(desk, "/gov/tzgg/t20261117_1504.html") == 2

    same, other = "/news/2026/1106.html", "/zx/detail_1301.html"
    desk.servers.bring_back("dawn", same)
    desk.servers.hide("dawn", other, "rewritten")
    added = desk.run("add", desk.servers.url("dawn", "/old/2026/1601.shtml"), *desk.places, "--json", code=1).data
    assert (added[0]["verdict"], added[0]["article"]["status"]) == ("gone", "withdrawn")
    desk.crawl(5, "dawn", "--recheck")
    kinds = {path: _kinds(desk, path) for path in TAKEN}
    assert kinds[same] == ["new", "suspected", "withdrawn", "restored"]
    assert kinds[other] == ["new", "suspected", "withdrawn", "restored", "changed"]
    assert all(kinds[path] == ["new", "suspected", "withdrawn"] for path in TAKEN if path not in (same, other))


def _versions(desk: Desk, path: str) -> int:
    return int(desk.sql("SELECT version_count FROM articles WHERE url = ?", desk.servers.url("dawn", path))[0][0])


def _kinds(desk: Desk, path: str) -> list[str]:
    sql = "SELECT e.kind FROM events e JOIN articles a ON a.id = e.article_id WHERE a.url = ? ORDER BY e.id"
    return [kind for (kind,) in desk.sql(sql, desk.servers.url("dawn", path))]


@pytest.mark.parametrize(
    ("final", "verdict"),
    [
        ("https://town.example/", "gone"),
        ("https://town.example/index.shtml", "gone"),
        ("https://town.example/zx/", "gone"),
        ("https://town.example/list.html", "gone"),
        ("https://town.example/404.html", "gone"),
        ("https://town.example/error/missing.html", "gone"),
        ("https://www.town.example/news/1.html", "article"),
        ("https://town.example/story/1.html", "article"),
        ("https://town.example/news/1.html", "article"),
    ],
)
def test_where_an_address_leads_tells_whether_its_article_is_gone(final: str, verdict: str) -> None:
    lists = (Listing("https://town.example/list.html"),)
    site = Site("town", "小城", "https://town.example/", "CN", re.compile(r"town\.example/news/\d+\.html"), lists)
    capture = Capture("1", "https://town.example/news/1.html", final, START, 200, (), page().encode())
    assert look(site, capture).reading.verdict == verdict


START = datetime(2026, 11, 1, tzinfo=UTC)
SITE = SiteRow("town", "小城", "", "https://town.example/", "CN", "Hans", True, "", "0 */6 * * *")
GONE = Reading("gone", "reader-1", reason="HTTP 404")
NO_TEXT = Reading("gone", "reader-1", reason=EMPTIED)


def news(count: int, section: str = "news") -> list[str]:
    """Addresses of articles in a section."""
    return [f"https://town.example/{section}/{number}.html" for number in range(count)]


def shown(url: str, text: str | None = None, canonical: str | None = None) -> Reading:
    """The article at an address."""
    text = text or f"{url}的正文，共有若干字。"
    facts = {"title": f"{text[:30]}的标题", "text": text, "title_original": "标题", "text_original": text}
    return Reading("article", "reader-1", **facts, canonical_url=canonical or url)  # type: ignore[arg-type]


@dataclass
class Town:
    """A site of articles: each run looks at some of them, six hours after the run before."""

    archive: Archive
    urls: list[str]
    now: datetime = START
    texts: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)

    def run(
        self,
        gone: Iterable[str] = (),
        *,
        asked: Iterable[str] | None = None,
        outcome: str = "complete",
        answer: Reading = GONE,
        after: timedelta = timedelta(hours=6),
        finished: bool = True,
    ) -> dict:
        """One run: those in `gone` give that answer, all others their articles. Returns the run's row."""
        self.now += after
        run_id = self.archive.start_run(SITE, self.now)
        missing = set(gone)
        for url in self.urls if asked is None else asked:
            reading = answer if url in missing else shown(url, self.texts.get(url), self.own.get(url))
            payload = f"{url} {reading.text}".encode()
            capture = Capture(new_capture_id(self.now), url, url, self.now, 200, (), payload)
            self.archive.record(Fetch("town", run_id, capture, reading), lambda visit: visit.now + timedelta(days=30))
        if not finished:
            return {}
        return self.archive.finish_run(run_id, self.now, Ending(outcome, "", {}, {}), timedelta(hours=6), Expect())

    def days(self, count: int, gone: Iterable[str], **options: object) -> list[dict]:
        """One run a day, for some days."""
        return [self.run(gone, after=timedelta(days=1), **options) for _ in range(count)]  # type: ignore[arg-type]

    def withdrawn(self) -> set[str]:
        rows = self.archive.db.execute("SELECT url FROM articles WHERE status = 'withdrawn'")
        return {url for (url,) in rows}

    def kinds(self, url: str) -> list[str]:
        article = read.article(self.archive.db, url)
        return [event["kind"] for event in read.history(self.archive.db, article["id"])]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        yield Town(archive, news(30))
        assert list(archive.faults()) == []


def test_a_small_site_may_lose_two_of_three_articles(town: Town) -> None:
    town.urls = news(3)
    town.run()
    town.run(news(2))
    assert town.run(news(2))["withdrawn"] == 2


def test_a_site_that_loses_every_article_while_its_lists_stand_is_believed_after_two_weeks_of_it(town: Town) -> None:
    town.urls = news(3)
    town.run()
    town.run(news(3))
    town.run(news(3))
    assert town.withdrawn() == set()
    town.days(14, news(3))
    assert town.withdrawn() == set(news(3))


def test_a_site_that_answers_404_to_everything_for_a_day_is_an_alarm_and_no_more(town: Town) -> None:
    town.run()
    for _ in range(4):
        assert "30 of 30 of the articles looked at were gone" in town.run(town.urls, outcome="failed")["reason"]
        alarm = town.run(town.urls)
        assert (alarm["outcome"], alarm["withdrawn"]) == ("alarm", 0)
    town.run()
    assert town.withdrawn() == set()
    assert town.kinds(town.urls[0]) == ["new", "suspected", "restored"]


@pytest.mark.parametrize("outcome", ["complete", "failed"])
def test_a_site_that_answers_404_to_everything_for_two_weeks_is_believed(town: Town, outcome: str) -> None:
    town.run()
    town.days(14, town.urls, outcome=outcome)
    assert town.withdrawn() == set()
    town.days(1, town.urls, outcome=outcome)
    assert town.withdrawn() == set(town.urls)


def test_two_bad_days_three_weeks_apart_are_no_lasting_trouble(town: Town) -> None:
    town.run()
    town.run(town.urls)
    town.run(town.urls, after=timedelta(days=21))
    assert town.withdrawn() == set()


def test_pages_without_their_text_are_never_believed_of_a_whole_site(town: Town) -> None:
    town.run()
    assert town.days(20, town.urls, answer=NO_TEXT)[-1]["outcome"] == "alarm"
    assert town.withdrawn() == set()
    town.run(town.urls[:2], answer=NO_TEXT)
    town.run(town.urls[:2], answer=NO_TEXT)
    assert town.withdrawn() == set(town.urls[:2])


def test_what_was_first_missed_in_trouble_has_to_be_missed_twice_afterwards(town: Town) -> None:
    town.run()
    town.days(2, town.urls)
    town.run(town.urls[:1])
    assert town.withdrawn() == set()
    town.run(town.urls[:1])
    assert town.withdrawn() == {town.urls[0]}


def test_a_section_that_went_is_an_alarm_and_where_it_went_is_told(town: Town) -> None:
    moved = dict(zip(news(8, "zx"), news(8, "health"), strict=True))
    town.urls += moved
    town.run()
    alarm = town.run(moved)
    assert (alarm["outcome"], alarm["reason"]) == (
        "alarm",
        "8 of 8 of town.example/zx/ were gone, challenged or failed",
    )
    town.urls += moved.values()
    town.texts = {new: f"{old}的正文，共有若干字。" for old, new in moved.items()}
    town.run(moved)
    assert town.withdrawn() == set()
    town.days(14, moved)
    assert town.withdrawn() == set(moved)
    last = read.history(town.archive.db, read.article(town.archive.db, news(1, "zx")[0])["id"])[-1]
    assert last["detail"]["moved_to"] == news(1, "health")[0]


def test_a_page_that_comes_and_goes_has_to_be_gone_ever_longer(town: Town) -> None:
    flapping = town.urls[:1]
    for _ in range(3):
        town.run()
        town.run(flapping)
    assert town.withdrawn() == set()
    town.run()
    runs = [town.run(flapping)["withdrawn"] for _ in range(12)]
    assert runs == [0] * 8 + [1, 0, 0, 0]  # it came back three times, so two days instead of six hours


def test_a_run_that_was_killed_confirms_nothing(town: Town) -> None:
    gone = town.urls[:1]
    town.run()
    town.run(gone, finished=False)
    town.run(gone)
    assert town.withdrawn() == set()
    assert town.run(gone)["withdrawn"] == 1
    assert town.kinds(gone[0]) == ["new", "suspected", "withdrawn"]


def test_an_article_at_two_addresses_is_withdrawn_when_both_are_gone(town: Town) -> None:
    first, second = town.urls[0], "https://m.town.example/news/0.html"
    town.urls.append(second)
    town.own, town.texts = {second: first}, dict.fromkeys((first, second), "同一篇文章的正文，共有若干字。")
    town.run()
    town.days(3, [second])
    assert town.kinds(first) == ["new"]
    town.days(1, [first, second])
    assert town.days(1, [first, second])[0]["withdrawn"] == 1
    town.run([first])
    assert town.kinds(first) == ["new", "suspected", "withdrawn", "restored"]


def test_a_run_with_nothing_else_to_look_at_calls_witnesses(town: Town) -> None:
    """Twelve of thirty are taken away, and only they are due: the next run looks at others too, and believes it."""
    gone = town.urls[:12]
    town.run()
    assert town.run(gone, asked=gone)["outcome"] == "alarm"
    due = {page.url for page in town.archive.due("town", town.now + timedelta(hours=6), all_known=False)}
    assert len(due) == 13
    assert due.isdisjoint(gone)
    town.run(gone, asked=[*gone, *due])
    assert town.run(gone, asked=[*gone, *due])["withdrawn"] == 12


def test_without_a_witness_nothing_is_confirmed(town: Town) -> None:
    gone = town.urls[:1]
    town.run()
    town.run(gone, asked=gone)
    assert town.run(gone, asked=gone)["withdrawn"] == 0
    assert town.run(gone, asked=town.urls[:2])["withdrawn"] == 1


def test_witnesses_are_of_the_same_section_first_and_few() -> None:
    candidates = [*news(3), *news(30, "zx")]
    assert witnesses(news(1, "zx"), candidates) == news(2, "zx")
    assert len(witnesses(news(25, "zx"), candidates)) == 20
    assert witnesses([], candidates) == []
