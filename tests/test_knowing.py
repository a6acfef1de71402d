"""What the librarian gets to know: status in one screen, one message about all that is new, feeds, and logs."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import feedparser
import pytest

from archive.store import Archive
from tests.conftest import Desk


class Mailbox:
    """A webhook on loopback that keeps what is posted to it, or refuses it."""

    def __init__(self) -> None:
        self.received: list[dict] = []
        self.status = 200
        mailbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                mailbox.received.append(json.loads(body))
                self.send_response(mailbox.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"json://user:s3cret@127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    threading.Thread(target=box.server.serve_forever, args=(0.05,), daemon=True).start()
    yield box
    box.server.shutdown()
    box.server.server_close()


@pytest.fixture
def copy(three_days: Desk, tmp_path: Path) -> Desk:
    """An archive of three days that may be written to."""
    three_days.run("backup", str(tmp_path), "--archive", str(three_days.archive))
    return Desk(three_days.servers, tmp_path)


def notify(desk: Desk, *options: str, code: int = 0, hours: float = 1, **environment: str):
    place = ("--archive", str(desk.archive), "--now", desk.now(3, hours))
    return desk.run("notify", *place, *options, code=code, **environment)


def test_one_message_tells_all_that_is_new_once(copy: Desk, mailbox: Mailbox) -> None:
    withdrawn = copy.sql("SELECT title, url FROM articles WHERE status = 'withdrawn' ORDER BY id")
    changed = copy.sql("SELECT url FROM changes WHERE kinds LIKE '%figures%' AND at > '2026-11-22'")
    shown = notify(copy, "--dry-run", "--term", "site:dawn since:2026").out
    assert mailbox.received == []
    assert notify(copy, "--term", "site:dawn since:2026", YIWEN_NOTIFY=mailbox.address).err == ""
    (message,) = mailbox.received
    for part in (*sum(withdrawn, ()), *(url for (url,) in changed), "→", "site:dawn since:2026: "):
        assert part in message["message"]
        assert part in shown
    assert f"{len(withdrawn)} withdrawn" in message["title"]
    notify(copy, "--term", "site:dawn since:2026", YIWEN_NOTIFY=mailbox.address)
    assert len(mailbox.received) == 1


def test_a_site_that_breaks_and_recovers_is_told_twice_and_not_more(desk: Desk, mailbox: Mailbox) -> None:
    told: list[str] = []

    def news(hours: float) -> None:
        notify(desk, hours=hours - 48, YIWEN_NOTIFY=mailbox.address)
        told.extend(message["title"] for message in mailbox.received)
        mailbox.received.clear()

    desk.crawl(1, "harbour", "--limit", "2")
    news(1)
    desk.servers.fail("harbour", "503")
    for hours in (6, 12):
        desk.crawl(1, "harbour", "--limit", "2", hours=hours, code=None)
        news(hours + 1)
    desk.servers.fail("harbour", None)
    desk.crawl(1, "harbour", "--limit", "2", hours=24, code=None)
    news(25)
    news(26)
    assert told == ["医闻 Yiwen: 1 sites broken", "医闻 Yiwen: 1 sites working again"]


def test_what_could_not_be_sent_is_told_the_next_time_and_no_secret_is_shown(copy: Desk, mailbox: Mailbox) -> None:
    mailbox.status = 500
    refused = notify(copy, code=1, YIWEN_NOTIFY=f"{mailbox.address} nonsense")
    assert "address 1 (json) did not take it; address 2 is none that Apprise knows" in refused.err
    assert "s3cret" not in refused.err + refused.out
    assert refused.err.count("\n") == 1
    mailbox.status = 200
    mailbox.received.clear()
    notify(copy, YIWEN_NOTIFY=mailbox.address)
    assert len(mailbox.received) == 1


def test_a_file_of_addresses_must_be_closed_to_others(copy: Desk, mailbox: Mailbox) -> None:
    missing = notify(copy, code=2)
    assert "YIWEN_NOTIFY" in missing.err
    file = copy.folder / "notify.txt"
    file.write_text(f"# the office\n{mailbox.address}\n", encoding="utf-8")
    file.chmod(0o640)
    refused = notify(copy, code=2)
    assert "chmod 600" in refused.err
    assert "s3cret" not in refused.err
    file.chmod(0o600)
    notify(copy)
    assert len(mailbox.received) == 1


def test_status_says_in_one_screen_what_needs_attention(desk: Desk) -> None:
    desk.crawl(1, "harbour", "--limit", "2")
    at = ("--now", desk.now(1, 2))
    found = desk.ask("status", *at).data
    assert found["alarms"] == []
    assert found["last_run_at"] == found["last_fetch_at"] == "2026-11-20T01:00:00Z"
    assert found["next_run_at"] > found["last_run_at"]
    assert (found["new"], found["changed"]) == (2, 0)
    assert found["archive_bytes"] > found["captures_bytes"] > 0 < found["free_bytes"]
    assert len(found["head"]) == 64
    with Archive.open(desk.archive, write=True) as archive:
        archive.claim_job("job:backup", None, desk_time := archive.latest_runs()["harbour"].started_at)
        archive.end_job("job:backup", desk_time, 1, "no room for it")
    (desk.folder / "captures.db").unlink()
    shown = desk.run("status", "--archive", str(desk.archive), "--now", desk.now(9)).out
    assert shown.count("\n") < 24
    for part in ("are overdue, the first since", "job:backup failed", "no room for it", "the stored pages are missing"):
        assert part in shown


def test_changes_as_a_feed_that_a_feed_reader_reads(three_days: Desk, tmp_path: Path) -> None:
    file = tmp_path / "changes.atom"
    three_days.run("changes", "--feed", str(file), "--archive", str(three_days.archive))
    found = feedparser.parse(file.read_bytes())
    assert not found.bozo
    changes = three_days.sql("SELECT title, url, at FROM changes")
    assert [(entry.title, entry.link, entry.updated) for entry in found.entries] == changes
    assert len({entry.id for entry in found.entries}) == len(changes)
    assert any("→" in entry.summary for entry in found.entries)


def test_cron_hears_of_what_is_new_only(desk: Desk) -> None:
    def due(hours: float, code: int):
        place = (*desk.places, "--now", desk.now(1, hours))
        return desk.run("crawl", "--due", "--quiet", "--limit", "2", *place, code=code)

    assert (due(0, 0).out, due(1, 0).err) == ("", "")
    desk.servers.fail("harbour", "503")
    broke = due(12, 1)
    assert broke.out == ""
    assert broke.err.startswith("yiwen: harbour: failed")
    assert broke.err.count("\n") == 1
    known = due(24, 0)
    assert (known.out, known.err) == ("", "")
    desk.servers.fail("harbour", None)
    assert "harbour: works again" in due(36, 0).err


def test_a_line_of_json_a_page(desk: Desk) -> None:
    crawled = desk.crawl(1, "harbour", "--limit", "3", "--log-json")
    lines = [json.loads(line) for line in crawled.err.splitlines()]
    assert len(lines) == 3
    assert crawled.err.isascii()
    rows = desk.sql("SELECT url, run_id, http_status, bytes FROM captures WHERE article_id IS NOT NULL ORDER BY url")
    logged = sorted((line["url"], line["run_id"], line["http_status"], line["bytes"]) for line in lines)
    assert logged == rows
    assert {(line["outcome"], *line["events"]) for line in lines} == {("new", "new")}


def test_nothing_moves_where_no_terminal_is(desk: Desk) -> None:
    crawled = desk.crawl(1, "harbour", "--limit", "2")
    assert crawled.err == ""
    for command in (["verify"], ["backup", str(desk.folder / "copy")], ["reindex"]):
        assert "\x1b" not in desk.run(*command, "--archive", str(desk.archive)).err


def test_what_nobody_asked_for_is_forgotten_and_nothing_is_told_of_long_ago(copy: Desk, mailbox: Mailbox) -> None:
    notify(copy, hours=24 * 30, YIWEN_NOTIFY=mailbox.address)  # the first time, a month later: nothing is new
    assert mailbox.received == []
    with closing(sqlite3.connect(copy.archive)) as db:
        assert db.execute("SELECT what FROM told").fetchall() == [("began",)]
