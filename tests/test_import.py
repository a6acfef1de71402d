"""`yiwen import`: what others captured, or a browser saved, comes in by the same door as a crawl."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.store import Archive
from crawler.imports.saved import saved_from
from tests.conftest import Desk, Result, copied
from tests.contents import contents, copy, lose

SITE = """\
name = "晨光健康网"
home = "https://www.news.example/"
jurisdiction = "CN"
article = 'news\\.example/\\d+\\.html'
[[list]]
url = "https://www.news.example/list.html"
"""
URL = "https://www.news.example/7.html"


def page(hour: str = "八", head: str = "") -> bytes:
    """A notice; `hour` is what an edit changes."""
    return (
        f'<html><head><meta charset="utf-8"><title>门诊时间调整通知</title>{head}</head><body><h1>门诊时间调整通知</h1>'
        "<p>2026-11-01 08:30　来源：晨光健康网</p>"
        "<p>各医院的门诊时间自十二月一日起调整，请留意医院的公告，合理安排就诊。</p>"
        f"<p>调整后，门诊时间为上午{hour}时至下午五时，周末照常开诊。</p></body></html>"
    ).encode()


@dataclass(frozen=True)
class Place:
    """A folder with a site file, where files are imported into an archive."""

    folder: Path

    def take(self, *arguments: str | Path, code: int = 0, as_data: bool = True) -> Result:
        command = [*self._command("import"), "--now", "2026-11-24T12:00Z", *["--json"] * as_data, *map(str, arguments)]
        result = Result.of(copied(command))
        assert result.code == code, f"exit {result.code}\n{result.out}\n{result.err}"
        return result

    def replay(self) -> None:
        assert copied(self._command("replay")).returncode == 0

    def _command(self, name: str) -> list[str]:
        return [name, "--sites", str(self.folder / "sites"), "--archive", str(self.folder / "archive.db")]

    def file(self, name: str, content: bytes) -> Path:
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def rows(self, sql: str) -> list[tuple]:
        with Archive.open(self.folder / "archive.db") as archive:
            return archive.db.execute(sql).fetchall()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites/dawn.toml").write_text(SITE, encoding="utf-8")
    return Place(tmp_path)


class Crawler:
    """Writes a WARC file as other programs do."""

    def __init__(self, *, compressed: bool = True) -> None:
        self.out = io.BytesIO()
        self._writer = WARCWriter(self.out, gzip=compressed)

    def add(
        self, at: str, payload: bytes, url: str = URL, kind: str = "response", status: str = "200 OK", **headers: str
    ) -> None:
        named = [(name.replace("_", "-"), value) for name, value in {"content_type": "text/html", **headers}.items()]
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_content_type="text/html" if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": at},
            http_headers=None if kind == "resource" else StatusAndHeaders(status, named, protocol="HTTP/1.1"),
        )
        self._writer.write_record(record)

    def revisit(self, at: str, payload: bytes, refers_at: str) -> None:
        digest = f"sha1:{hashlib.sha1(payload).hexdigest()}"
        about = {"WARC-Date": at}
        record = self._writer.create_revisit_record(URL, digest, URL, refers_at, warc_headers_dict=about)
        self._writer.write_record(record)


FACTS = (
    "SELECT site, url, title, text, text_original, source, author, editor, published_at, language, flags,"
    " first_seen_at, last_seen_at, last_changed_at, version_count FROM articles ORDER BY url",
    "SELECT a.url, v.number, v.first_seen_at, v.last_seen_at, v.fingerprint, v.title_original, v.text_original"
    " FROM versions v JOIN articles a ON a.id = v.article_id ORDER BY a.url, v.number",
    "SELECT a.url, e.at, e.kind, e.detail FROM events e JOIN articles a ON a.id = e.article_id"
    " WHERE e.kind IN ('new', 'changed', 'details', 'moved') ORDER BY 1, 2, 3, 4",
    "SELECT k.url, k.fetched_at, k.digest FROM version_captures c JOIN captures k ON k.id = c.capture_id"
    " ORDER BY 1, 2, 3",
)


@pytest.fixture(scope="module")
def taken(three_days: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Path, Result]]:
    """Three days of the sample sites, exported and imported again; the file, and what was said."""
    folder = tmp_path_factory.mktemp("taken")
    file = folder / "all.warc.gz"
    three_days.run("export", "--format", "warc", "-o", str(file), "--archive", str(three_days.archive))
    copy = Desk(three_days.servers, folder)
    sites = ("--sites", str(three_days.sites), "--archive", str(copy.archive), "--json")
    yield copy, file, three_days.run("import", str(file), *sites)


def test_an_exported_archive_comes_back_as_it_was(three_days: Desk, taken: tuple[Desk, Path, Result]) -> None:
    copy, _, _ = taken
    for sql in FACTS:
        assert copy.sql(sql) == three_days.sql(sql)
    assert copy.ask("verify").data["faults"] == []


def test_what_was_imported_is_rebuilt_too(taken: tuple[Desk, Path, Result], tmp_path: Path) -> None:
    path = copy(taken[0].archive, tmp_path)
    before = contents(path)
    lose(path)
    taken[0].run("rebuild", "--archive", str(path))
    for table, rows in contents(path).items():
        assert rows == before[table], table


def test_what_is_there_already_is_not_taken_twice(three_days: Desk, taken: tuple[Desk, Path, Result]) -> None:
    copy, file, first = taken
    before = copy.sql("SELECT count(*) FROM captures")
    sites = ("--sites", str(three_days.sites), "--archive", str(copy.archive), "--json")
    again = three_days.run("import", str(file), *sites).data
    assert copy.sql("SELECT count(*) FROM captures") == before
    for row in again:
        assert (row["new"], row["changed"], row["unchanged"], row["failed"]) == (0, 0, 0, 0)
        assert row["discovered"] == row["skipped"]
    kept = sum(row["new"] + row["changed"] + row["unchanged"] for row in first.data)
    assert sum(row["skips"].get("in the archive already", 0) for row in again) >= kept > 100


def test_a_file_of_another_crawler_is_read_as_far_as_it_holds_pages(place: Place) -> None:
    crawler = Crawler()
    crawler.add("2026-11-20T01:00:00Z", gzip.compress(page()), content_encoding="gzip")
    crawler.revisit("2026-11-20T02:00:00Z", gzip.compress(page()), "2026-11-20T01:00:00Z")
    crawler.revisit("2026-11-20T03:00:00Z", b"never seen", "2026-10-01T00:00:00Z")
    crawler.add("2026-11-21T01:00:00Z", page("九"), kind="resource")
    crawler.add("2026-11-21T01:00:00Z", b"GIF89a", "https://www.news.example/a.gif", content_type="image/gif")
    crawler.add("2026-11-21T01:00:00Z", page(), "https://www.news.example/list.html")
    crawler.add("2026-11-21T01:00:00Z", page(), status="302 Found", location=URL)
    crawler.add("2026-11-21T01:00:00Z", b" " * (5 * 1024 * 1024 + 1), "https://www.news.example/8.html")
    crawler.add("2036-11-21T01:00:00Z", page())
    crawler.add("2026-11-22T01:00:00Z", page(), "https://elsewhere.example/notice")
    crawler.add("2026-11-22T01:00:00Z", b"1.2.3.4", "dns:www.news.example", kind="resource")
    rows = {row.pop("site"): row for row in place.take(place.file("x.warc.gz", crawler.out.getvalue())).data}
    assert rows["dawn"]["skips"] == {
        "a revisit of a page that is neither in the files nor in the archive": 1,
        "larger than 5 MB": 1,
        "no article": 1,
    }
    assert [rows["dawn"][name] for name in ("discovered", "new", "changed", "unchanged", "failed")] == [6, 1, 1, 1, 0]
    assert rows["elsewhere.example"]["new"] == 1
    assert rows["-"]["skips"] == {"not HTML": 1, "HTTP 302": 1, "dated in the future": 1, "not a web address": 1}
    versions = place.rows("SELECT number, first_seen_at, last_seen_at FROM versions WHERE article_id = 1")
    assert versions == [
        (1, "2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z"),
        (2, "2026-11-21T01:00:00Z", "2026-11-21T01:00:00Z"),
    ]
    with Archive.open(place.folder / "archive.db") as archive:
        digest = archive.db.execute("SELECT digest FROM captures ORDER BY fetched_at LIMIT 1").fetchone()[0]
        stored = archive.stored(digest)
        assert stored.payload == page()
        assert stored.header("x-yiwen-imported") == "x.warc.gz"
        due = archive.page(URL).due_at
        assert due.isoformat() > "2026-11-24T12:00:00"  # by its age from now on, not all at once


def test_an_old_page_is_never_what_an_article_shows_now(place: Place) -> None:
    new, old = Crawler(), Crawler()
    new.add("2026-11-20T01:00:00Z", page("九"))
    old.add("2026-11-18T01:00:00Z", page("九"))
    old.add("2026-11-19T01:00:00Z", page("八"))
    place.take(place.file("new.warc.gz", new.out.getvalue()))
    shown = [f"SELECT * FROM {table}" for table in ("articles", "versions", "events", "readings")]
    shown.append("SELECT url, due_at, fetches, digest, capture_id FROM pages")
    before = [place.rows(sql) for sql in shown]
    files = [place.file(name, old.out.getvalue()) for name in ("old.warc.gz", "again.warc.gz")]
    said = place.take(*files).data
    why = "older than the archive's last look at the article: kept as evidence, for `yiwen replay`"
    assert said[0]["skips"] == {why: 2, "in the archive already": 2}
    assert [place.rows(sql) for sql in shown] == before
    evidence = "SELECT fetched_at, version_id, digest FROM captures ORDER BY fetched_at"
    (first, second, _) = place.rows(evidence)
    assert (first[:2], second[:2]) == (("2026-11-18T01:00:00Z", 1), ("2026-11-19T01:00:00Z", None))
    with Archive.open(place.folder / "archive.db") as archive:
        assert archive.stored(second[2]).payload == page("八")
    place.replay()
    assert place.rows("SELECT number, first_seen_at, last_seen_at FROM versions ORDER BY first_seen_at") == [
        (1, "2026-11-18T01:00:00Z", "2026-11-20T01:00:00Z"),
        (2, "2026-11-19T01:00:00Z", "2026-11-19T01:00:00Z"),
    ]
    assert "上午九时" in place.rows("SELECT text FROM articles")[0][0]


def test_a_further_page_is_no_article_of_its_own(place: Place) -> None:
    """Page two alone, older than page one, and with an address like a further one's that leads nowhere back."""
    back, on = b"<p><a href='7.html'>1</a> 2</p></body>", b"<p>1 <a href='7_2.html'>2</a></p></body>"
    second, first = page("八").replace(b"</body>", back), page("七").replace(b"</body>", on)
    site = place.folder / "sites/dawn.toml"
    site.write_text(SITE.replace("\\d+\\.html", "[\\d_]+\\.html"), encoding="utf-8")
    alone, whole = Crawler(), Crawler()
    alone.add("2026-11-19T01:00:00Z", second, URL.replace("7.html", "7_2.html"))
    alone.add("2026-11-19T01:00:00Z", page("九"), URL.replace("7.html", "8_2.html"))
    whole.add("2026-11-20T01:00:00Z", second, URL.replace("7.html", "7_2.html"))
    whole.add("2026-11-20T01:00:01Z", first)
    why = "a further page of an article, which is taken with its first one"
    assert place.take(place.file("alone.warc.gz", alone.out.getvalue())).data[0]["skips"] == {why: 1}
    assert [url for (url,) in place.rows("SELECT url FROM articles")] == [URL.replace("7.html", "8_2.html")]
    assert place.take(place.file("whole.warc.gz", whole.out.getvalue())).data[0]["skips"] == {why: 1}
    ((text,),) = place.rows(f"SELECT text FROM articles WHERE url = '{URL}'")
    assert "上午七时" in text and "上午八时" in text
    assert place.rows("SELECT count(*) FROM articles") == [(2,)]


SAVED = b"<!-- saved from url=(0031)https://www.news.example/7.html -->"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (b"<!DOCTYPE html>\n" + SAVED, URL),
        (b"<!--\n Page saved with SingleFile \n url: https://www.news.example/7.html \n saved date: today -->", URL),
        (b"<!-- saved from url=(0014)about:internet -->", None),
        (b"<p>saved from url=(0031)https://www.news.example/7.html</p>", None),
        (b" " * 5000 + SAVED, None),
    ],
)
def test_the_address_that_a_browser_noted(head: bytes, url: str | None) -> None:
    assert saved_from(head + page()) == url


def test_a_saved_page_is_taken_where_it_is_known_whence_and_when(place: Place) -> None:
    noted = place.file("noted.html", SAVED + page())
    other = URL.replace("7", "8")
    claiming = place.file("claiming.html", page(head=f'<link rel="canonical" href="{other}">'))
    assert place.take(noted, claiming, code=1).err.count("say when this page was saved: --fetched-at TIME") == 2
    shown = place.take(noted, claiming, "--fetched-at", "2026-11-20T09:00", as_data=False).out.split()
    assert shown == "site discovered new changed unchanged skipped failed dawn 2 2 0 0 0 0".split()
    place.take(claiming, "--url", f"{URL}?utm_source=wx", "--fetched-at", "2026-11-20T10:00")
    assert place.rows("SELECT url, title, first_seen_at, last_seen_at FROM articles ORDER BY url") == [
        (URL, "门诊时间调整通知", "2026-11-20T01:00:00Z", "2026-11-20T02:00:00Z"),  # whatever its page claims now
        (other, "门诊时间调整通知", "2026-11-20T01:00:00Z", "2026-11-20T01:00:00Z"),
    ]
    assert place.rows("SELECT url FROM captures ORDER BY fetched_at DESC LIMIT 1") == [(URL,)]


def test_a_bad_file_is_one_clear_line_and_the_others_are_taken(place: Place) -> None:
    good, cut = Crawler(), Crawler(compressed=False)
    good.add("2026-11-20T01:00:00Z", page())
    cut.add("2026-11-20T01:00:00Z", page(), "https://www.news.example/8.html")
    cut.add("2026-11-20T01:00:00Z", page(), "https://www.news.example/9.html")
    plain = gzip.decompress(good.out.getvalue())
    files = [
        place.file("good.warc.gz", good.out.getvalue()),
        place.file("cut.warc", cut.out.getvalue()[:-400]),
        place.file("altered.warc", plain.replace("八时".encode(), "六时".encode()).replace(b"/7.", b"/1.")),
        place.file("whole.warc.gz", gzip.compress(plain + plain)),
        place.file("noise.warc.gz", b"\x1f\x8b" + bytes(range(200))),
        place.file("picture.png", b"\x89PNG\0\0"),
        place.file("empty.html", b""),
        place.file("nowhere.html", page()),
        place.folder / "missing.warc",
    ]
    done = place.take(*files, "--fetched-at", "2026-11-20", code=1)
    assert [row["new"] for row in done.data if row["site"] == "dawn"] == [2]
    told = {
        "cut.warc": "ends too early",
        "altered.warc": "was altered",
        "whole.warc.gz": "not compressed record by record",
        "noise.warc.gz": "is damaged",
        "picture.png": "is neither a WARC file nor a page",
        "empty.html": "is empty",
        "nowhere.html": "nothing in this page says where it is from",
        "missing.warc": "cannot be read (No such file or directory)",
    }
    lines = done.err.splitlines()
    assert len(lines) == len(told)
    assert [name for name, why in told.items() if not any(f"{name}: " in line and why in line for line in lines)] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--url", URL, "a.html", "b.html"], "give one FILE with it"),
        (["--fetched-at", "2036-01-01", "a.html"], "is in the future"),
    ],
)
def test_wrong_usage_is_said(place: Place, arguments: list[str], said: str) -> None:
    assert said in place.take(*arguments, code=2).err
