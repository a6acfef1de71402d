"""Replay over withdrawals that are taken back, by the publisher or since a reader erred, and over imported captures."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.health import Expect
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive
from archive.store.recording import Fetch
from archive.store.runs import Ending
from crawler.crawl.session import site_row
from crawler.site.folder import load_sites
from tests.conftest import FIRST_DAY, Desk
from tests.test_import import Crawler, Place, page, place
from tests.test_replay import WORSE, replay

__all__ = ["place"]  # a fixture


def test_a_withdrawal_that_the_publisher_took_back_stays_told(desk: Desk) -> None:
    file = desk.sites / "harbour.toml"
    today = file.read_text(encoding="utf-8")
    file.write_text(today + WORSE["harbour"], encoding="utf-8")
    desk.crawl(1, "harbour", "--limit", "8")
    (path,) = desk.sql("SELECT url FROM articles WHERE site = 'harbour' ORDER BY id LIMIT 1")[0]
    target = "/" + path.split("/", 3)[3]
    desk.servers.hide("harbour", target)
    for day in (2, 3):
        desk.crawl(day, "harbour", "--recheck")
    desk.servers.bring_back("harbour", target)
    desk.crawl(4, "harbour", "--recheck")
    told = "SELECT e.at, e.kind FROM events e JOIN articles a ON a.id = e.article_id WHERE a.url = ? AND e.kind IN"
    kinds = "('suspected', 'withdrawn', 'restored') AND e.superseded_by IS NULL ORDER BY e.id"
    before = desk.sql(f"{told} {kinds}", path)
    assert [kind for _, kind in before] == ["suspected", "withdrawn", "restored"]
    file.write_text(today, encoding="utf-8")
    (row,) = replay(desk, "--site", "harbour")
    assert row["reread"] > 0
    assert desk.sql(f"{told} {kinds}", path) == before
    assert desk.sql("SELECT status FROM articles WHERE url = ?", path) == [("live",)]
    assert desk.ask("verify").data["faults"] == []


def miss(desk: Desk, archive: Archive, url: str, day: int) -> dict:
    """A run in which an older reader takes the page at `url` for one that is gone, and another article shows itself."""
    site = next(one for one in load_sites(desk.sites) if one.id == "harbour")
    now = FIRST_DAY + timedelta(days=day - 1)
    run = archive.start_run(site_row(site), now)
    (other,) = archive.db.execute("SELECT url FROM pages WHERE verdict = 'article' AND url <> ?", [url]).fetchone()
    for address in (url, other):
        known = archive.page(address)
        assert known is not None and known.digest
        body = archive.stored(known.digest).payload + b" " * day
        if address == url:
            shown = Capture(new_capture_id(now), url, url, now, 200, (), body)
            gone = Reading("gone", "an older reader", reason="soft 404")
            archive.record(Fetch("harbour", run, shown, gone), lambda visit: visit.now)
        else:
            same = Capture(new_capture_id(now), other, other, now, 304)
            archive.record_unmodified("harbour", run, same, known, lambda visit: visit.now)
    return archive.finish_run(run, now, Ending("complete", "", {}, {}), timedelta(hours=6), Expect())


@pytest.mark.parametrize("taken", [False, True], ids=["stands", "taken back"])
def test_a_withdrawal_that_was_a_readers_error_is_taken_back_by_a_replay(desk: Desk, *, taken: bool) -> None:
    desk.crawl(1, "harbour", "--limit", "3")
    (url,) = desk.sql("SELECT url FROM articles ORDER BY id LIMIT 1")[0]
    with desk.writing() as archive:
        for day in (2, 3, 4):
            miss(desk, archive, url, day)
        if not taken:
            archive.evidence.execute("UPDATE captures SET payload = x'00' WHERE fetched_at > '2026-11-21'")
    assert desk.sql("SELECT status FROM articles WHERE url = ?", url) == [("withdrawn",)]
    desk.run("replay", *desk.places, "--site", "harbour", code=None)
    assert desk.sql("SELECT status FROM articles WHERE url = ?", url) == [("live" if taken else "withdrawn",)]
    stand = "SELECT kind FROM events WHERE article_id = 1 AND superseded_by IS NULL ORDER BY id"
    assert [kind for (kind,) in desk.sql(stand)] == (["new", "reread"] if taken else ["new", "suspected", "withdrawn"])


def test_imported_pages_of_the_past_are_read_by_todays_reader_as_well(place: Place) -> None:
    file = place.folder / "sites/dawn.toml"
    today = file.read_text(encoding="utf-8")
    file.write_text(today + "\n[read]\nremove = ['p:nth-of-type(3)']\n", encoding="utf-8")
    for name, hours in (("new", {20: "九"}), ("old", {17: "七", 18: "八", 19: "八"})):
        warc = Crawler()
        for day, hour in hours.items():
            warc.add(f"2026-11-{day}T01:00:00Z", page(hour))
        place.take(place.file(f"{name}.warc.gz", warc.out.getvalue()))
    file.write_text(today, encoding="utf-8")
    place.replay()
    states = "SELECT number, first_seen_at, last_seen_at, text LIKE '%上午九时%' FROM versions ORDER BY 1"
    assert place.rows(states) == [
        (1, "2026-11-17T01:00:00Z", "2026-11-17T01:00:00Z", 0),
        (2, "2026-11-18T01:00:00Z", "2026-11-19T01:00:00Z", 0),
        (3, "2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z", 1),
    ]
    assert place.rows("SELECT status, version_count, first_seen_at FROM articles") == [
        ("live", 3, "2026-11-17T01:00:00Z")
    ]
