"""Files that articles link to: listed always, and kept as evidence where the site's file says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from archive.store import Archive
from crawler.demo import files
from tests.conftest import Desk
from tests.reading.pages import PARAGRAPHS, page


def document(day: int) -> bytes:
    return files.document(files.FIRST, day) or b""


def digest(day: int) -> str:
    return sha256(document(day)).hexdigest()


def test_a_file_is_kept_once_and_one_replaced_behind_its_page_is_seen(three_days: Desk) -> None:
    """A second notice links the same file from the second day on; the file alone changes on the third."""
    asked = [status for _, _, path, _, status in three_days.servers.requests if path == files.FIRST]
    assert asked[:3] == [200, 304, 304]
    assert sorted(asked[3:]) in ([200, 200], [200, 304])  # the notices ask at once, or one after the other
    sql = """SELECT a.version_count, group_concat(t.digest, ' ') FROM attachments t
        JOIN articles a ON a.id = t.article_id WHERE t.url LIKE '%/1.docx' GROUP BY a.id"""
    assert three_days.sql(sql) == [(1, f"{digest(1)} {digest(3)}")] * 2
    with Archive.open(three_days.archive) as archive:
        assert archive.stored(digest(1)).payload == document(1)
    three_days.ask("verify")


def test_show_lists_files_with_digest_and_size(three_days: Desk) -> None:
    ((url,),) = three_days.sql("SELECT url FROM articles WHERE text LIKE '%老年人健康体检项目表%'")
    kept = three_days.ask("show", url).data["attachments"]
    assert [file["url"].rpartition("/")[2] for file in kept] == ["1.docx", "1.docx", "2.docx"]
    assert [(file["digest"], file["bytes"]) for file in kept[:2]] == [
        (digest(day), len(document(day))) for day in (3, 1)
    ]
    shown = three_days.run("show", url, "--archive", str(three_days.archive)).out
    assert f"attachment: {kept[0]['name']}" in shown
    assert f"{len(document(3)):,} bytes, SHA-256 {digest(3)}" in shown
    assert three_days.ask("show", url, "--version", "1").data["attachments"] == kept
    before = three_days.ask("show", url, "--as-of", "2026-11-22").data
    assert before["seen_after"] is None or before["seen_after"]["verdict"] != "attachment"


def test_the_reading_room_lists_them_too(three_days: Desk, room: httpx.Client) -> None:
    ((number,),) = three_days.sql("SELECT id FROM articles WHERE text LIKE '%老年人健康体检项目表%'")
    shown = room.get(f"/archive/articles/{number}").text
    assert digest(1) in shown
    assert digest(3) in shown


FILES = "".join(
    f"<p><a href='/f/{name}'>附件 {name}</a></p>" for name in ("big.pdf", "gone.xls", "page.doc", "no/x.pdf")
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
OUTSIDE = "<p><a href='http://127.0.0.1:1/inner.pdf'>附件 内部</a></p>"
ANSWERS = {
    "/robots.txt": (200, "text/plain", b"User-agent: *\nDisallow: /f/no/\n"),
    "/news/1.html": (200, "text/html; charset=utf-8", page(body=TEXT + FILES + OUTSIDE).encode()),
    "/list.html": (200, "text/html", b"<a href='/news/1.html'>1</a>"),
    "/f/big.pdf": (200, "application/pdf", b"%PDF" + bytes(20 * 1024 * 1024)),
    "/f/page.doc": (200, "text/html", b"<html>deleted"),
}


class Handler(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status, media, body = ANSWERS.get(self.path, (404, "text/html", b"not found"))
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:
            return  # the crawler hangs up on what is too large

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Files", (Handler,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def write_site(desk: Desk, port: int, extra: str = "") -> None:
    home = f"http://127.0.0.1:{port}"
    text = f"name = '附'\nhome = '{home}/'\njurisdiction = 'CN'\narticle = '/news/'\ndelay = 0\n{extra}"
    (desk.folder / "sites/files.toml").write_text(f"{text}[[list]]\nurl = '{home}/list.html'\n", encoding="utf-8")


def test_what_is_no_file_or_must_not_be_asked_for_is_told_and_not_kept(
    desk: Desk, server: tuple[int, list[str]]
) -> None:
    port, asked = server
    write_site(desk, port)
    desk.crawl(1, "files")
    assert not any(path.startswith("/f/") for path in asked)
    write_site(desk, port, "attachments = true\n")
    desk.crawl(1, "files", "--recheck", hours=1)
    reasons = dict(desk.sql("SELECT url, reason FROM captures WHERE verdict = 'attachment'"))
    assert {url.rpartition("/")[2]: reason for url, reason in reasons.items()} == {
        "big.pdf": "larger than 20 MB",
        "gone.xls": "HTTP 404",
        "page.doc": "a page answered instead of the file",
        "x.pdf": "forbidden by robots.txt",
        "inner.pdf": "not a public address of the web",
    }
    assert "/f/no/x.pdf" not in asked
    assert desk.sql("SELECT count(*) FROM attachments") == [(0,)]
    assert desk.sql("SELECT sum(count) FROM skips WHERE reason LIKE 'attachment: %'") == [(5,)]
    assert desk.sql("SELECT discovered FROM runs ORDER BY id DESC")[0] == (6,)
    assert desk.sql("SELECT verdict FROM pages") == [("article",)]
    shown = desk.run("show", f"http://127.0.0.1:{port}/news/1.html", "--archive", str(desk.archive)).out
    assert shown.count("not kept") == 5
