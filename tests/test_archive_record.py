"""What the archive makes of fetches that follow each other, through `Archive.record`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.clock import stamp
from archive.health import Expect
from archive.models import Capture, Outcome, Reading, new_capture_id
from archive.store import Archive, SiteRow, read
from archive.store.recording import Fetch
from archive.store.runs import Ending
from tests.test_docs import QUERIES

START = datetime(2026, 11, 1, 8, tzinfo=UTC)
URL = "https://news.example/1.html"
SITE = SiteRow("dawn", "晨光", "Dawn", "https://news.example/", "CN", "Hans", True, "", "0 6 * * *")
FIRST = Reading(
    "article",
    "reader-1",
    title="全市县域内就诊率公布",
    text="全市县域内就诊率达96.6%。\n医共体建设继续推进。",
    title_original="全市县域内就诊率公布",
    text_original="全市县域内就诊率达96.6%。\n医共体建设继续推进。",
    source="晨光健康网",
    language="Hans",
    canonical_url=URL,
)
SECOND = replace(
    FIRST,
    text="全市县域内就诊率达69.6%。\n医共体建设继续推进。",
    text_original="全市县域内就诊率达69.6%。\n医共体建设继续推进。",
)
GONE = Reading("gone", "reader-1", reason="HTTP 404")


class Story:
    """An archive and a clock: each step is one fetch of the same address, one hour after the last."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.now = archive, START

    def fetch(self, reading: Reading, *, status: int = 200, earlier: Reading | None = None, hours: int = 1) -> Outcome:
        run = self.archive.start_run(SITE, self.now)
        payload = f"{self.now} {reading.text}".encode()
        capture = Capture(new_capture_id(self.now), URL, URL, self.now, status, (), payload)
        fetch = Fetch("dawn", run, capture, reading, earlier)
        outcome = self.archive.record(fetch, lambda visit: visit.now + timedelta(hours=1))
        lists = Capture(new_capture_id(self.now), "https://news.example/", "https://news.example/", self.now, 200)
        self.archive.record_list(run, lists, "list")
        self.archive.finish_run(run, self.now, Ending("complete", "", {}, {}), timedelta(hours=6), Expect())
        self.now += timedelta(hours=hours)
        return outcome

    def article(self) -> dict:
        return read.article(self.archive.db, URL)

    def kinds(self) -> list[str]:
        return [event["kind"] for event in read.history(self.archive.db, self.article()["id"])]

    def versions(self) -> list[dict]:
        return read.versions(self.archive.db, self.article()["id"])


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        yield Story(archive)
        assert list(archive.faults()) == []


def test_a_page_that_stays_the_same_has_one_version(story: Story) -> None:
    assert [story.fetch(FIRST).kind for _ in range(3)] == ["new", "unchanged", "unchanged"]
    assert story.kinds() == ["new"]
    assert story.article()["version_count"] == 1


def test_what_status_counts_is_what_there_is_and_verify_says_where_it_is_not(story: Story) -> None:
    assert read.totals(story.archive.db)["articles"] == 0
    story.fetch(FIRST)
    story.fetch(SECOND)
    told = read.totals(story.archive.db)
    assert (told["articles"], told["versions"], told["withdrawn"], told["captures"]) == (1, 2, 0, 4)
    assert [(site["articles"], site["last_complete_at"]) for site in read.health(story.archive.db)] == [
        (1, stamp(START + timedelta(hours=1)))
    ]
    story.archive.db.execute("UPDATE article_counts SET articles = 5")
    assert list(story.archive.faults()) == ["archive.db: of dawn live there are 1 articles, counted are 5"]
    story.archive.db.execute("UPDATE article_counts SET articles = 1")


def test_a_changed_figure_is_a_version_with_its_kind(story: Story) -> None:
    story.fetch(FIRST)
    assert story.fetch(SECOND).kind == "changed"
    event = read.history(story.archive.db, story.article()["id"])[-1]
    assert event["detail"]["kinds"] == ["figures"]
    assert story.article()["text"] == SECOND.text
    assert [version["text"] for version in story.versions()] == [FIRST.text, SECOND.text]


def test_a_page_that_flaps_has_two_versions_and_every_return_is_counted(story: Story) -> None:
    for reading in (FIRST, SECOND, FIRST, SECOND):
        story.fetch(reading)
    assert len(story.versions()) == 2
    assert story.kinds() == ["new", "changed", "changed", "changed"]
    shown = [read.as_of(story.archive.db, 1, START + timedelta(hours=h, minutes=30))["number"] for h in range(4)]
    assert shown == [1, 2, 1, 2]
    query = next(query for query in QUERIES if "AS seen_before" in query)
    for hour, number in enumerate(shown):
        moment = stamp(START + timedelta(hours=hour, minutes=30))
        ((found, *_, seen, after, withdrawn),) = story.archive.db.execute(
            query.replace("2026-11-21T16:00:00Z", moment)
        ).fetchall()
        assert (found, withdrawn) == (number, 0)
        assert seen == stamp(START + timedelta(hours=hour))
        assert after == (stamp(START + timedelta(hours=hour + 1)) if hour < 3 else None)


def test_another_form_of_the_same_text_is_shown_as_first_written(story: Story) -> None:
    story.fetch(FIRST)
    assert story.fetch(replace(FIRST, text=FIRST.text.replace("。", "。 "))).kind == "unchanged"
    assert story.article()["text"] == FIRST.text


def test_a_change_of_source_is_an_event_once_and_no_version(story: Story) -> None:
    story.fetch(FIRST)
    moved = replace(FIRST, source="海港日報")
    assert [story.fetch(moved).kind for _ in range(2)] == ["unchanged", "unchanged"]
    assert story.kinds() == ["new", "details"]
    assert story.article()["source"] == "海港日報"


def test_a_relative_time_is_fixed_at_first_sight(story: Story) -> None:
    relative = replace(FIRST, flags=("relative_time",))
    story.fetch(replace(relative, published_at="2026-11-01T13:00+08:00"))
    story.fetch(replace(relative, published_at="2026-11-01T14:00+08:00"))
    assert story.article()["published_at"] == "2026-11-01T13:00+08:00"
    assert story.kinds() == ["new"]


def test_a_better_reader_makes_no_version(story: Story) -> None:
    story.fetch(replace(FIRST, text=FIRST.text + "\n相关推荐"))
    better = replace(FIRST, reader="reader-2")
    assert story.fetch(better, earlier=better).kind == "unchanged"
    assert story.kinds() == ["new", "reread"]
    assert [version["text"] for version in story.versions()] == [FIRST.text]


HEAD, LEAD, LAST = "全市县域内就诊率公布", "全市县域内就诊率达96.6%，比上年提高。", "医共体建设继续推进，明年覆盖全市。"
TOLD = {"version": 1, "reader": "reader-2"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ((HEAD, LEAD, LAST), (HEAD, LEAD, LAST), "unchanged"),
        ((HEAD, LEAD, LAST, "相关推荐"), (HEAD, LEAD, LAST), "reread"),  # lines that one of them takes in
        ((HEAD, LEAD), (HEAD, LEAD, LAST), "reread"),
        ((HEAD, LEAD, LAST), (HEAD, LEAD, LAST, "更正：此前数字有误。"), "reread"),  # or a correction: nobody knows
        ((HEAD, LEAD, LAST), (HEAD, "本报讯（记者王小禾）" + LEAD, LAST), "reread"),  # a part of a line
        ((HEAD, LEAD + LAST), (HEAD, LEAD, LAST), "unchanged"),  # a line parted
        ((HEAD, "网站首页 > 新闻 > 正文"), (HEAD, LEAD, LAST), "reread"),  # another part of the page
        ((HEAD, "据卫健委消息，全市就诊率今年提高到96.6%。"), (HEAD, LEAD, LAST), "reread"),  # a summary
        (("网站首页 > 新闻", LEAD, LAST), (HEAD, LEAD, LAST), "reread"),  # another headline
        ((HEAD, LEAD, LAST), (HEAD, LEAD.replace("96.6", "69.6"), LAST), "changed"),  # a figure for another
        ((HEAD, "确诊3例，均已出院。", LAST), (HEAD, "确诊30例，均已出院。", LAST), "changed"),
        ((HEAD, LEAD, LAST), (HEAD, LEAD.replace("提高", "下降"), LAST), "changed"),
        ((HEAD, LEAD, LAST), (HEAD.replace("公布", "下调"), LEAD, LAST), "changed"),
        ((HEAD, LEAD, LAST), ("夜市摊主搬进旧仓库", "合唱团首次对外开放。"), "reread"),  # another story, or part
    ],
)
def test_what_a_better_reader_makes_of_a_page_whose_evidence_is_lost(
    story: Story, before: tuple[str, ...], after: tuple[str, ...], kind: str
) -> None:
    older, newer = (_article(*lines) for lines in (before, after))
    story.fetch(replace(older, source="晨光"))
    outcome = story.fetch(replace(newer, reader="reader-2", source="晨光健康网"))
    (event,) = outcome.events
    assert (outcome.kind, event.kind) == (kind, kind) if kind == "changed" else ("unchanged", "reread")
    assert event.detail["lost"]
    assert len(story.versions()) == (2 if kind == "changed" else 1)
    assert (story.article()["text"], story.article()["source"]) == (newer.text, "晨光健康网")
    if kind == "unchanged":
        assert event.detail == {**TOLD, "details": ["source"], "lost": True}
    else:
        assert event.detail["size"] > 0 and event.detail["kinds"]
    assert story.fetch(replace(newer, reader="reader-2", source="晨光健康网")).events == ()


def _article(title: str, *lines: str) -> Reading:
    text = "\n".join(lines)
    return replace(FIRST, title=title, title_original=title, text=text, text_original=text)


def test_a_state_that_was_shown_before_is_one_whoever_reads_it(story: Story) -> None:
    longer = _article(HEAD, LEAD, LAST, "相关推荐")
    for reading in (FIRST, longer):
        story.fetch(reading)
    assert story.fetch(replace(FIRST, reader="reader-2")).kind == "changed"


def test_a_version_is_read_again_from_where_it_was_seen_last(story: Story) -> None:
    story.fetch(FIRST)
    story.fetch(FIRST)
    stored = story.archive.to_read_again([URL], "reader-2")
    assert [capture.fetched_at for capture in stored] == [START]
    story.archive.evidence.conn.execute("UPDATE captures SET dropped_at = '2026-11-02T00:00:00Z' WHERE rowid = 1")
    story.archive.evidence.conn.commit()
    stored = story.archive.to_read_again([URL], "reader-2")
    assert [capture.fetched_at for capture in stored] == [START + timedelta(hours=1)]
    story.archive.evidence.conn.execute("UPDATE captures SET dropped_at = NULL")
    story.archive.evidence.conn.commit()


def test_withdrawal_needs_a_later_run_and_time_and_can_be_taken_back(story: Story) -> None:
    story.fetch(FIRST)
    assert story.fetch(GONE, status=404).kind == "suspected"
    story.fetch(GONE, status=404, hours=6)
    assert story.article()["status"] == "live"
    story.fetch(GONE, status=404)
    assert story.article()["status"] == "withdrawn"
    assert story.article()["text"] == FIRST.text
    story.fetch(FIRST)
    assert story.article()["status"] == "live"
    assert story.kinds() == ["new", "suspected", "withdrawn", "restored"]


@pytest.mark.parametrize("verdict", ["challenged", "failed", "error", "empty", "list", "walled"])
def test_no_other_answer_takes_an_article_away(story: Story, verdict: str) -> None:
    story.fetch(FIRST)
    for _ in range(3):
        story.fetch(Reading(verdict, "reader-1", reason="?"), hours=24)  # type: ignore[arg-type]
    assert story.article()["status"] == "live"
    assert story.kinds() == ["new"]


def test_a_stored_payload_comes_back_byte_for_byte(story: Story) -> None:
    story.fetch(FIRST)
    stored = story.archive.to_read_again([URL], "another reader")
    assert [capture.payload for capture in stored] == [f"{START} {FIRST.text}".encode()]


def page(url: str, reading: Reading, claim: str | None = None, site: str = "dawn") -> Fetch:
    """A fetch of an address whose page claims `claim`, or nothing, as its own."""
    capture = Capture(new_capture_id(START), url, url, START, 200, (), f"{url} {reading.text}".encode())
    return Fetch(site, None, capture, replace(reading, canonical_url=claim or url))


def linked(archive: Archive, url: str) -> list[dict]:
    article = read.article(archive.db, url)
    return [e["detail"] for e in read.history(archive.db, article["id"]) if e["kind"] == "linked"]


OTHER_URL = "https://news.example/2.html"
OTHER = replace(FIRST, title="流感疫苗开始接种", text="接种点已增至120个。", text_original="接种点已增至120个。")


def record(archive: Archive, *fetches: Fetch) -> list[Outcome]:
    return [archive.record(fetch, lambda visit: visit.now + timedelta(hours=1)) for fetch in fetches]


def test_a_template_that_claims_one_articles_address_on_every_page_merges_nothing(story: Story) -> None:
    for _ in range(2):
        record(story.archive, page(URL, FIRST), page(OTHER_URL, OTHER, claim=URL))
    first, second = (read.article(story.archive.db, url) for url in (URL, OTHER_URL))
    assert [one["text"] for one in (first, second)] == [FIRST.text, OTHER.text]
    assert [one["version_count"] for one in (first, second)] == [1, 1]
    assert (linked(story.archive, URL), linked(story.archive, OTHER_URL)) == (
        [{"claimed_by": OTHER_URL}],
        [{"claims": URL}],
    )


def test_a_second_address_of_the_same_story_is_the_same_article(story: Story) -> None:
    second = "https://news.example/print/1.html"
    outcomes = record(story.archive, page(URL, FIRST), page(second, FIRST, claim=URL))
    assert [outcome.kind for outcome in outcomes] == ["new", "unchanged"]
    assert read.article(story.archive.db, second)["url"] == URL
    assert linked(story.archive, URL) == []


def test_two_histories_are_linked_and_never_merged(story: Story) -> None:
    record(story.archive, page(URL, FIRST), page(OTHER_URL, OTHER))
    assert record(story.archive, page(OTHER_URL, OTHER, claim=URL))[0].kind == "unchanged"
    assert read.article(story.archive.db, OTHER_URL)["text"] == OTHER.text
    assert linked(story.archive, OTHER_URL) == [{"claims": URL}]


def test_an_address_that_two_sites_list_with_either_scheme_is_one_article(story: Story) -> None:
    outcomes = record(story.archive, page(URL, FIRST), page(URL.replace("https", "http"), FIRST, site="harbour"))
    assert [outcome.kind for outcome in outcomes] == ["new", "unchanged"]
    assert story.archive.db.execute("SELECT count(*), max(site) FROM articles").fetchone() == (1, "dawn")
