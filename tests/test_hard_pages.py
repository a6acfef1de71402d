"""Pages that a crawl meets now and then: one that takes its reader too long, and one read by the site's own rules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from crawler.reading.article import reader_id
from tests.conftest import Desk
from tests.reading.pages import PARAGRAPHS, TITLE, page

# Some hundred thousand short lines of dates and sources: far more than any page has, and below the cap of 5 MB.
ENDLESS = f"<html><title>{TITLE}</title><h1>{TITLE}</h1>" + "<p>2026-11-20 08:30 来源：甲报</p>" * 100_000
PAGES = {
    "/list.html": "<ul><li><a href='/news/1.html'>一</a></li><li><a href='/news/2.html'>二</a></li></ul>",
    "/news/1.html": ENDLESS,
    "/news/2.html": page(below="<b class='from'>石桥晚报</b>"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def write_site(folder: Path, port: int, rules: str = "") -> None:
    folder.mkdir(exist_ok=True)
    home = f"http://127.0.0.1:{port}"
    text = f"name = '难'\nhome = '{home}/'\njurisdiction = 'CN'\narticle = '/news/'\ndelay = 0\n"
    lists = f"[[list]]\nurl = '{home}/list.html'\n"
    (folder / "hard.toml").write_text(f"{text}{lists}{rules}", encoding="utf-8")


def crawl(desk: Desk, *options: str) -> None:
    places = ("--sites", str(desk.folder / "hard"), "--archive", str(desk.archive))
    desk.run("crawl", *places, "--json", *options, code=None)


def test_a_page_that_takes_too_long_is_recorded_as_failed_and_the_crawl_goes_on(desk: Desk, port: int) -> None:
    write_site(desk.folder / "hard", port)
    crawl(desk)
    rows = dict(desk.sql("SELECT verdict, reason FROM captures WHERE url LIKE '%/news/%'"))
    assert rows == {"failed": "the page could not be read within 2 s of processor time", "article": ""}
    assert desk.sql("SELECT title FROM articles") == [(TITLE,)]
    due = desk.sql("SELECT due_at > fetched_at, failures FROM pages WHERE url LIKE '%/news/1.html'")
    assert due == [(1, 1)]
    desk.run("verify", "--archive", str(desk.archive))


def test_a_site_s_rules_for_reading_are_used_and_change_no_version(desk: Desk, port: int) -> None:
    write_site(desk.folder / "hard", port)
    crawl(desk)
    write_site(desk.folder / "hard", port, "[read]\nsource = 'b.from'\neditor = '.nowhere'\n")
    crawl(desk, "--recheck")
    assert desk.sql("SELECT source, version_count, flags FROM articles") == [("石桥晚报", 1, "no_match:editor")]
    readers = [reader for (reader,) in desk.sql("SELECT reader FROM readings ORDER BY id")]
    assert readers[0] == reader_id()
    assert readers[-1].startswith(f"{reader_id()} rules-")
    assert desk.sql("SELECT text FROM articles") == [("\n".join(PARAGRAPHS),)]


def test_a_wrong_rule_is_told_before_any_request(desk: Desk, port: int) -> None:
    write_site(desk.folder / "hard", port, "[read]\ntitle = 'h1['\nheadline = 'h2'\n")
    result = desk.run("crawl", "--sites", str(desk.folder / "hard"), "--archive", str(desk.archive), code=2)
    assert "read: title: is 'h1[', which cannot be used" in result.err
    assert "read: headline: is not a known key" in result.err
