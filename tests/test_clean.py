"""What pages and servers say never acts: not in a terminal, in an export, in the reading room, or as a file's name."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from archive.browse.spreadsheets import Rows
from archive.cli import archive_commands
from archive.export.csv import guarded
from archive.health import Expect
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, SiteRow
from archive.store.recording import Fetch
from archive.store.runs import Ending
from archive.warc import records
from crawler.cli import yiwen
from tests.conftest import datasette

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example/\x07link\x1b]8;;\x07\x9b31m\x9d0;x\x9c\x08\x7f\x00\r"
TURNED = "\u202egnp.exe\u202c\u2066x\u2069\u200f"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"&lt;{{7*7}}{% raw %}[bold red]x[/nothing]"
SQL = "'); DROP TABLE articles; --"
NASTY = f"=HYPERLINK(1){ESCAPES}{TURNED}{MARKUP}{SQL}../../etc/passwd"
URL = f"https://news.example/..%2f..%2fetc/passwd?{MARKUP}{ESCAPES}"
ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
START = datetime(2026, 11, 1, 8, tzinfo=UTC)
KEPT = ("verdict", "reader", "published_at", "updated_at", "language", "flags", "canonical_url", "keywords", "image")


def nasty_reading(text: str) -> Reading:
    """A reading as a careless reader or an import might make it: every text of it is as bad as can be."""
    words = {one.name: f"{NASTY} {one.name}" for one in fields(Reading) if one.name not in (*KEPT, "attachments")}
    files = ((NASTY, "javascript:alert(3)"), (NASTY, URL + ".pdf"))
    reading = Reading("article", f"reader {ESCAPES}", **words, canonical_url=URL, attachments=files, keywords=(NASTY,))
    return replace(reading, text=f"{NASTY}医保报销{text}%。\n{NASTY} | 甲", flags=(ESCAPES,))


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one article with two versions, of a site whose every word is as bad."""
    path = tmp_path_factory.mktemp("nasty") / "archive.db"
    site = SiteRow("nasty", NASTY, NASTY, URL, "CN", "Hans", True, NASTY, "0 6 * * *")
    with Archive.open(path, write=True) as archive:
        for hour, text in enumerate(("96.6", "69.6")):
            now = START + timedelta(hours=hour)
            run = archive.start_run(site, now)
            headers = (("etag", NASTY), ("content-type", NASTY))
            capture = Capture(new_capture_id(now), URL, URL, now, 200, headers, (NASTY + text).encode())
            archive.record(Fetch("nasty", run, capture, nasty_reading(text)), lambda visit: visit.now)
            lists = Capture(new_capture_id(now), f"{URL}list", URL, now, None, reason=NASTY)
            archive.record_list(run, lists, "failed", NASTY)
            ending = Ending("alarm", NASTY, {"discovered": 1, "new": 1}, {NASTY: 1})
            archive.finish_run(run, now, ending, timedelta(hours=6), Expect())
    return path


def said(nasty: Path, *arguments: str) -> tuple[str, str]:
    """Standard output and standard error of a command of the archive."""
    done = CliRunner().invoke(archive_commands, [*arguments, "--archive", str(nasty)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.stdout, done.stderr


URLS = ("show", "history", "diff", "cite")
COMMANDS = [
    *((name, URL) for name in URLS),
    ("show", URL, "--version", "1"),
    ("show", URL, "--original"),
    ("show", NASTY.replace("\x00", "")),
    ("search", "医保"),
    ("search", "--history", '"医保报销"'),
    ("changes",),
    ("changes", "--site", NASTY.replace("\x00", "")),
    ("status",),
    ("verify",),
    ("export", "--format", "jsonl"),
    ("export", "--format", "csv"),
    ("export", "--format", "atom"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments)[:12])
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_no_command_says_what_acts(nasty: Path, arguments: tuple[str, ...], as_json: bool) -> None:
    arguments = tuple(part.replace("\x00", "") for part in arguments)
    if as_json and arguments[0] in ("verify", "export"):
        return
    out, err = said(nasty, *arguments, *(["--json"] if as_json else []))
    assert ACTING.findall((out + err).replace("\r\n", "\n")) == []
    if as_json and out:
        json.loads(out)


def test_exports_are_whole_and_calculate_nothing(nasty: Path) -> None:
    cells = [cell for row in csv.reader(StringIO(said(nasty, "export", "--format", "csv")[0])) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    ElementTree.fromstring(said(nasty, "export", "--format", "atom")[0])
    (line,) = said(nasty, "export", "--format", "jsonl")[0].splitlines()
    assert json.loads(line)["title"].startswith("=HYPERLINK")


PAGES = ("/", "/archive/-/search?q=医保", "/archive/-/search.atom?q=医保", "/archive/articles", "/archive/articles/1")
PAGES += ("/archive/articles/1?version=1", "/archive/articles/1/compare", "/archive/articles/1/compare?view=side")
PAGES += ("/archive/-/changes", "/archive/-/figures?term=医保", "/archive/-/over-time?term=医保", "/archive/-/sites")
PAGES += tuple(
    f"/archive/{table}" for table in ("versions", "readings", "captures", "events", "runs", "skips", "sites")
)


def test_the_reading_room_shows_it_as_text(nasty: Path) -> None:
    with datasette(nasty) as client:
        for path in (*PAGES, *_captures(nasty)):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert "<script>alert" not in answer.text, path
            assert "<img src=x" not in answer.text, path
            assert 'href="javascript:' not in answer.text.lower(), path
        assert len(client.get("/archive/articles.json?_shape=array").json()) == 1


TABLES = ("articles", "versions", "readings", "captures", "events", "runs", "skips", "sites")
QUERIES = ("?sql=select+title+as+'=1',+-5,+'-5',+'@x'+from+articles", "/figures.csv?term=医保")


def test_no_csv_of_the_reading_room_is_calculated(nasty: Path) -> None:
    with datasette(nasty) as client:
        paths = [f"/archive/{table}.csv{options}" for table in TABLES for options in ("", "?_stream=on&_dl=1")]
        for path in (*paths, f"/archive.csv{QUERIES[0]}", f"/archive{QUERIES[1]}"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            rows = list(csv.reader(StringIO(answer.text, newline=""), strict=True))
            cells = [cell for row in rows for cell in row if not re.fullmatch(r"-\d+", cell)]
            assert len({len(row) for row in rows}) == 1, path
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells), path
            assert "HYPERLINK" in answer.text or any(name in path for name in ("runs", "events")), path
        assert rows
        head, found = csv.reader(StringIO(client.get(f"/archive.csv{QUERIES[0]}").text, newline=""))
        assert (head[0], found[1:]) == ("'=1", ["-5", "-5", "'@x"])
        assert client.get("/archive/articles.json?_shape=array").json()[0]["title"].startswith("=HYPERLINK")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_csv_is_guarded_wherever_it_is_cut(size: int) -> None:
    rows = [["a", "=b"], ['"=q"', "=1+1,\r\n=2"], ["", "－5"], ["\tx", '@"y"'], ["-1.5e3", "医,=\n保"], ["last", "+"]]
    written = StringIO()
    csv.writer(written).writerows(rows)
    payload, guard = written.getvalue().encode(), Rows()
    pieces = [payload[at : at + size] for at in range(0, len(payload), size)]
    safe = b"".join(guard.feed(piece, last=False) for piece in pieces) + guard.feed(b"", last=True)
    found = list(csv.reader(StringIO(safe.decode(), newline=""), strict=True))
    wanted = [[cell if cell == "-1.5e3" else guarded(cell) for cell in row] for row in rows]
    assert found == wanted


def _captures(nasty: Path) -> Iterator[str]:
    with Archive.open(nasty) as archive:
        for (capture_id,) in archive.db.execute("SELECT id FROM captures WHERE article_id = 1"):
            yield f"/archive/articles/1/captures/{capture_id}"


def test_warc_headers_are_lines_of_their_own(nasty: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.warc"
    said(nasty, "export", "--format", "warc", "-o", str(file))
    assert len(list(records(file))) >= 2
    heads = [block.partition(b"\r\n\r\n")[0] for block in file.read_bytes().split(b"WARC/1.1\r\n")[1:]]
    lines = [line for head in heads for line in head.split(b"\r\n")]
    assert all(re.match(rb"[A-Za-z-]+: ", line) for line in lines)
    assert not any(ACTING.search(line.decode()) for line in lines)


def nasty_page() -> bytes:
    """A page that says what is bad in every place, lone surrogates as references and escapes too."""
    text = f"医保报销比例提高到96.6%，参保人员可享受门诊待遇。{NASTY}&#xD800;&#55357;"
    data = json.dumps({"@type": "NewsArticle", "headline": NASTY, "author": f"{NASTY}\ud800", "articleBody": text})
    head = f"<title>=1 {NASTY}</title><script type='application/ld+json'>{data.replace('<', '')}</script>"
    body = (
        f"<h1>=1 {ESCAPES}{TURNED}&#27;[2J</h1><p>来源：{ESCAPES}晨光网 记者 王小禾&#xDFFF;</p>" + f"<p>{text}</p>" * 3
    )
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


SITE = """name = {nasty}
home = "https://news.example/"
jurisdiction = "CN"
enabled = false
reason = {nasty}
article = 'news\\.example/\\d+'
[[list]]
url = "https://news.example/list"
"""


def test_the_crawlers_commands_say_nothing_that_acts(tmp_path: Path) -> None:
    page = tmp_path / f"page{TURNED}\x1b[2J.html"
    page.write_bytes(nasty_page())
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/nasty.toml").write_text(
        SITE.format(nasty=json.dumps(NASTY.replace("\x7f", ""))), encoding="utf-8"
    )
    place = ("--sites", str(tmp_path / "sites"))
    archive = ("--archive", str(tmp_path / "archive.db"))
    bad = f"http://127.0.0.1:9/{ESCAPES}{TURNED}".replace("\x00", "")
    saved = (str(page), "--url", "https://news.example/1", "--fetched-at", "2026-11-20")
    for arguments in (
        ("extract", str(page)),
        ("extract", "--jsonl", str(page)),
        ("extract", "--explain", str(page)),
        ("sites", *place),
        ("sites", "--json", *place),
        ("sites", "check", "nasty", *place),
        ("crawl", bad, *place, *archive),
        ("crawl", "nasty", *place, *archive),
        ("add", bad, *place, *archive),
        ("import", *saved, *place, *archive),
        ("show", "https://news.example/1", *archive),
    ):
        done = CliRunner().invoke(yiwen, arguments)
        assert done.exception is None or isinstance(done.exception, SystemExit), (arguments, done.exception)
        assert ACTING.findall(done.stdout + done.stderr) == [], arguments
        done.stdout.encode()


def test_nothing_is_written_outside_the_folder(nasty: Path) -> None:
    assert {path.name for path in nasty.parent.iterdir()} <= {"archive.db", "captures.db", "archive.db-wal"} | {
        f"{name}.db-{end}" for name in ("archive", "captures") for end in ("wal", "shm")
    }
