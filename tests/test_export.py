"""`yiwen export`: articles and stored pages in formats that other programs read back."""

from __future__ import annotations

import csv
import getpass
import io
import json
import socket
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.export.csv import guarded
from archive.export.destination import destination
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive
from archive.store.recording import Fetch
from archive.warc import Writer
from tests.conftest import Desk, copied

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://news.example/1.html"


def exported(archive: Path, *arguments: str, code: int = 0) -> bytes:
    done = copied(["export", *arguments, "--archive", str(archive)])
    assert done.returncode == code, done.stderr
    return done.stdout


def lines(output: bytes) -> list[dict]:
    return [json.loads(line) for line in output.decode().splitlines()]


def table(desk: Desk, sql: str) -> list[dict]:
    with Archive.open(desk.archive) as archive:
        return list(archive.db.query(sql))


def test_json_lines_are_the_archives_rows(three_days: Desk) -> None:
    assert lines(exported(three_days.archive, "--format", "jsonl")) == table(
        three_days, "SELECT * FROM articles ORDER BY id"
    )
    some = lines(exported(three_days.archive, "site:harbour since:2026-11-19", "--format", "jsonl"))
    assert {row["site"] for row in some} == {"harbour"}
    assert 0 < len(some) < table(three_days, "SELECT count(*) AS n FROM articles WHERE site = 'harbour'")[0]["n"]


def test_versions_come_with_their_articles_address(three_days: Desk) -> None:
    found = lines(exported(three_days.archive, "--format", "jsonl", "--versions"))
    sql = "SELECT a.site, a.url, v.* FROM versions v JOIN articles a ON a.id = v.article_id ORDER BY a.id, v.number"
    assert found == table(three_days, sql)


def test_csv_is_for_spreadsheets(three_days: Desk) -> None:
    output = exported(three_days.archive, "--format", "csv", "--versions")
    assert output.startswith("\ufeffsite,url,".encode())
    found = list(csv.DictReader(io.StringIO(output.decode("utf-8-sig"), newline="")))
    rows = lines(exported(three_days.archive, "--format", "jsonl", "--versions"))
    assert [row["text"].lstrip("'") for row in found] == [row["text"] for row in rows]
    assert [row["published_at"] for row in found] == [row["published_at"] or "" for row in rows]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\ufffd=1"),
        ("下降-1%", "下降-1%"),
        ("", ""),
        (-1, -1),
        (None, None),
    ],
)
def test_a_cell_is_never_a_formula(value: object, cell: object) -> None:
    assert guarded(value) == cell


def test_atom_is_read_by_a_feed_reader(three_days: Desk, tmp_path: Path) -> None:
    shown = exported(three_days.archive, "site:dawn", "--format", "atom", "-o", str(tmp_path / "dawn.atom"))
    feed = feedparser.parse((tmp_path / "dawn.atom").read_bytes())
    rows = {row["url"]: row for row in table(three_days, "SELECT * FROM articles WHERE site = 'dawn'")}
    assert f"{len(rows)} articles" in shown.decode()
    assert (feed.bozo, feed.version, len({entry.id for entry in feed.entries})) == (False, "atom10", len(rows))
    for entry in feed.entries:
        row = rows[entry.link]
        assert (entry.title, entry.content[0].value) == (row["title"], row["text"])
        assert entry.updated == row["last_changed_at"]
    assert feed.feed.updated == max(row["last_changed_at"] for row in rows.values())


def records(data: bytes) -> list[tuple]:
    """Type, WARC headers, HTTP headers and content of each record; its digests must be right."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        content = record.content_stream().read()
        found.append((record.rec_type, record.rec_headers, record.http_headers, content))
    return found


def test_warc_holds_every_stored_page_byte_for_byte(three_days: Desk, tmp_path: Path) -> None:
    file = tmp_path / "all.warc.gz"
    exported(three_days.archive, "--format", "warc", "-o", str(file))
    info, *found = records(file.read_bytes())
    written = {
        (head.get_header("WARC-Target-URI"), head.get_header("WARC-Date")): body
        for kind, head, _, body in found
        if kind == "response"
    }
    with Archive.open(three_days.archive) as archive:
        stored = archive.evidence.execute("SELECT final_url, fetched_at, digest FROM captures").fetchall()
        assert written == {(url, at): archive.stored(digest).payload for url, at, digest in stored}
    assert {kind for kind, *_ in found} <= {"response", "revisit"}
    about = info[3].decode()
    assert "software: Yiwen" in about
    assert [secret for secret in (getpass.getuser(), socket.gethostname(), str(tmp_path)) if secret in about] == []


def test_each_record_of_a_compressed_warc_is_a_member_of_its_own(three_days: Desk, tmp_path: Path) -> None:
    file = tmp_path / "some.warc.gz"
    exported(three_days.archive, "site:harbour", "--format", "warc", "-o", str(file))
    data, begins = file.read_bytes(), 0
    while data:
        member = zlib.decompressobj(31)
        begins += member.decompress(data).startswith(b"WARC/1.1\r\n") and member.eof
        data = member.unused_data
    assert begins == len(records(file.read_bytes())) > 2


def capture(payload: bytes, *, status: int = 200, hours: int = 0, url: str = URL) -> Capture:
    at = NOON + timedelta(hours=hours)
    headers = (
        ("content-type", "text/html; charset=gb2312"),
        ("content-encoding", "br"),
        ("transfer-encoding", "chunked"),
        ("content-length", "99999"),
        ("x-note", "café\u4e2d"),
    )
    return Capture(new_capture_id(at), url, URL, at, status, headers, payload)


def test_headers_that_spoke_of_the_bytes_as_sent_are_mended() -> None:
    payload = "正文".encode("gb18030") * 40
    redirected = capture(payload, url="http://news.example/?id=1")
    ((kind, warc, http, content),) = records(Writer(gzipped=False).response(redirected))
    assert (kind, content) == ("response", payload)
    assert http.get_header("content-length") == str(len(payload))
    assert http.get_header("content-encoding") is http.get_header("transfer-encoding") is None
    assert http.get_header("x-archive-orig-content-encoding") == "br"
    assert http.get_header("x-archive-orig-content-length") == "99999"
    assert warc.get_header("WARC-Target-URI") == URL
    assert warc.get_header("Yiwen-Requested-URI") == "http://news.example/?id=1"
    assert warc.get_header("WARC-Payload-Digest") == f"sha256:{redirected.digest}"


ARTICLE = Reading(
    "article", "r", title="通知", text="正文", title_original="通知", text_original="正文", canonical_url=URL
)


def test_a_fetch_that_brought_nothing_new_is_a_revisit(desk: Desk) -> None:
    first, again, unmodified = capture(b"page"), capture(b"page", hours=1), capture(b"", status=304, hours=2)
    with Archive.open(desk.archive, write=True) as archive:
        archive.record(Fetch("dawn", None, first, ARTICLE), lambda visit: visit.now)
        for later in (again, unmodified):
            archive.record_unmodified("dawn", None, later, archive.page(URL), lambda visit: visit.now)
        gone = capture(b"", status=404, hours=3)
        archive.record(Fetch("dawn", None, gone, Reading("gone", "r")), lambda visit: visit.now)
    _, response, same, nothing = records(exported(desk.archive, "--format", "warc"))
    assert [record[0] for record in (response, same, nothing)] == ["response", "revisit", "revisit"]
    assert same[1].get_header("WARC-Profile").endswith("/identical-payload-digest")
    assert nothing[1].get_header("WARC-Profile").endswith("/server-not-modified")
    for _, warc, _, content in (same, nothing):
        assert content == b""
        assert warc.get_header("WARC-Refers-To") == response[1].get_header("WARC-Record-ID")
        assert warc.get_header("WARC-Refers-To-Date") == "2026-11-20T12:00:00Z"
        assert warc.get_header("WARC-Payload-Digest") == f"sha256:{first.digest}"
    said = desk.run("export", "--format", "warc", "-o", str(desk.folder / "x.warc"), "--archive", str(desk.archive))
    assert "3 captures" in said.out
    assert "1 fetches left out: the payload is not kept" in said.err


def test_a_damaged_payload_is_left_out_and_said(desk: Desk) -> None:
    with Archive.open(desk.archive, write=True) as archive:
        archive.record(Fetch("dawn", None, capture(b"page"), ARTICLE), lambda visit: visit.now)
        archive.evidence.execute("UPDATE captures SET payload = x'00'")
    said = desk.run(
        "export", "--format", "warc", "-o", str(desk.folder / "x.warc"), "--archive", str(desk.archive), code=1
    )
    assert "1 fetches left out: the payload is damaged" in said.err


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt), destination(file) as write:
        write(b"half")
        raise KeyboardInterrupt
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("all.jsonl", "old")]
    with destination(file) as write:
        write(b"new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("all.jsonl", "new")]


def test_what_cannot_be_exported_is_one_clear_line(three_days: Desk, tmp_path: Path) -> None:
    place = ("--archive", str(three_days.archive))
    assert "--versions goes with" in three_days.run("export", "--format", "atom", "--versions", *place, code=2).err
    nowhere = three_days.run("export", "--format", "csv", "-o", str(tmp_path / "no/x.csv"), *place, code=1).err
    assert nowhere.startswith(f"yiwen: {tmp_path}/no/x.csv: cannot be written")
    assert nowhere.count("\n") == 1
