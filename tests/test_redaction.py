"""`yiwen redact`: the words and the pages are gone from both files, the tombstone stays, the chain still proves it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import search
from archive.errors import ArchiveError, EvidenceLost, NotInArchive
from archive.evidence.chain import head
from archive.export import warc
from archive.models import Capture, new_capture_id
from archive.store import Archive, captures, index, packing, read, redaction
from archive.store.recording import Fetch
from crawler.demo.server import SampleSites
from tests.conftest import Desk, datasette
from tests.schemas import make

WHY = "法院命令 2026-17"
NOW = make.START + timedelta(days=9)
WORDS = ("王小禾", "小禾", "医共体", "共体", "96.6", "69.6", "就诊率", "晨光健康网")


def redact(path: Path, url: str = make.CORRECTED) -> int:
    with Archive.open(path, write=True) as archive:
        return archive.redact(read.article(archive.db, url)["id"], WHY, NOW)


def bytes_of(path: Path) -> bytes:
    """Everything that lies in the folder, its logs too."""
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.is_file())


def stored(archive: Archive) -> list[bytes]:
    found = archive.evidence.execute("SELECT id, digest FROM captures WHERE dropped_at IS NULL").fetchall()
    return [captures.payload(archive.evidence, *row) for row in found]


def test_the_words_are_in_no_byte_of_either_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:  # the site's name is another table's
        db.execute("UPDATE sites SET name = ''")
    before = bytes_of(path)
    assert [word for word in WORDS if word.encode() not in before] == []
    with Archive.open(path, write=True) as archive:
        assert archive.redact(read.article(archive.db, make.CORRECTED)["id"], WHY, NOW) == 3
        during = bytes_of(path)  # while it is open, with its log
        assert [word for word in WORDS if word.encode() in during] == []
        assert not any(word.encode() in payload for payload in stored(archive) for word in ("96.6", "69.6"))
    after = bytes_of(path)
    assert [word for word in WORDS if word.encode() in after] == []


def test_the_tombstone_stays_and_verifies_and_the_rest_is_as_it_was(path: Path) -> None:
    with Archive.open(path, write=True) as archive:
        noted = head(archive.db)[0]
    redact(path)
    desk = Desk(SampleSites(), path.parent)
    found = desk.ask("verify", "--head", noted).data
    assert found["faults"] == []
    assert [(one["url"], one["why"]) for one in found["redacted"]] == [(make.CORRECTED, WHY)]
    assert f"{make.CORRECTED} ({WHY})" in desk.run("verify", "--archive", str(path)).out
    with Archive.open(path) as archive:
        article = read.article(archive.db, make.CORRECTED)
        assert (article["status"], article["title"], article["text"]) == ("redacted", redaction.TITLE, "")
        assert [event["kind"] for event in read.history(archive.db, article["id"])][-1] == "redacted"
        assert search.find(archive.db, "就诊率", history=True).count == 0
        assert search.find(archive.db, "status:redacted").rows[0]["title"] == redaction.TITLE
        assert search.find(archive.db, "疫苗").count == 1
        other = read.article(archive.db, make.WITHDRAWN)
        assert other["text"] == make.OTHER.text
        assert archive.stored(read.cited_parts(archive.db, other["id"], 1)[0]).payload
        with pytest.raises(EvidenceLost):
            archive.stored(read.cited_parts(archive.db, article["id"], 1)[0])
        with pytest.raises(NotInArchive, match=WHY):
            read.unredacted(archive.db, make.CORRECTED)


def test_an_article_whose_page_led_to_it_keeps_its_own_pages(path: Path) -> None:
    with Archive.open(path, write=True) as archive:
        for url, to in ((make.WITHDRAWN, make.CORRECTED), (make.CORRECTED, make.IN_PARTS)):
            capture = Capture(new_capture_id(NOW), url, to, NOW, 200, (), f"moved to {to}".encode())
            reading = make.FIRST if to == make.CORRECTED else make.LONG
            archive.record(Fetch("dawn", None, capture, reading), lambda visit: visit.now)
        archive.redact(read.article(archive.db, make.CORRECTED)["id"], WHY, NOW)
        for url in (make.WITHDRAWN, make.IN_PARTS):
            other = read.article(archive.db, url)
            assert archive.stored(read.cited_parts(archive.db, other["id"], 1)[0]).payload
        assert list(archive.faults()) == []


TAMPERINGS = {
    "UPDATE readings SET text = '又来了' WHERE id = 1": "reading 1 was altered since it was redacted",
    "UPDATE events SET detail = '{\"source\": {}}' WHERE kind = 'details'": "was altered since it was redacted",
    "UPDATE events SET detail = '{}' WHERE kind = 'redacted'": "event 9 was altered",
    "DELETE FROM readings WHERE id = 1": "reading 1 is missing",
    "UPDATE articles SET status = 'redacted' WHERE id = 3": "article 3 has another status than its events tell",
}


@pytest.mark.parametrize(("statement", "named"), TAMPERINGS.items())
def test_what_is_altered_afterwards_is_told_apart(path: Path, statement: str, named: str) -> None:
    redact(path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)
    with Archive.open(path, write=True) as archive:
        assert any(named in fault for fault in archive.faults())


def test_a_redaction_that_was_cut_off_is_named_and_finished(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> int:
        raise ArchiveError("killed")

    with monkeypatch.context() as patched, pytest.raises(ArchiveError):
        patched.setattr(redaction, "drop", killed)
        redact(path)
    with Archive.open(path, write=True) as archive:
        found = list(archive.faults())
        assert len(found) == 3
        assert all("is redacted and still there: `yiwen redact` finishes it" in fault for fault in found)
    assert redact(path) == 3
    with Archive.open(path, write=True) as archive:
        assert list(archive.faults()) == []
        assert archive.db.execute("SELECT count(*) FROM events WHERE kind = 'redacted'").fetchone() == (1,)


def test_pages_packed_with_its_bytes_are_packed_anew(path: Path) -> None:
    with Archive.open(path, write=True) as archive:
        samples = [f"{number} 全市县域内就诊率达96.6%。{number * 7}".encode() * 40 for number in range(60)]
        trained = packing.train(samples)
        values = (1, "2026-11-09T00:00:00Z", 1, hashlib.sha256(trained).hexdigest(), trained)
        archive.evidence.execute("INSERT INTO dictionaries VALUES (?, ?, ?, ?, ?)", values)
        late = Capture(new_capture_id(NOW), f"{make.IN_PARTS}?", make.IN_PARTS, NOW, 200, (), b"<p>another page")
        captures.keep(archive.evidence, late)
        assert archive.evidence.execute("SELECT dictionary_id FROM captures WHERE id = ?", [late.id]).fetchone()[0]
        archive.redact(read.article(archive.db, make.CORRECTED)["id"], WHY, NOW)
        assert archive.evidence.execute("SELECT count(*) FROM dictionaries").fetchone() == (0,)
        assert captures.payload(archive.evidence, late.id, late.digest) == late.payload
        assert list(archive.faults()) == []
    assert b"96.6" not in bytes_of(path)


def test_neither_another_cut_of_words_nor_a_damaged_page_keeps_it_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path, write=True) as archive:
        with monkeypatch.context() as older:
            older.setattr(index, "han_words_within", lambda text: {"县域内就诊"} if "县域" in text else set())
            make.record(archive)
        assert "县域内就诊".encode() in bytes_of(path)
        key = archive.evidence.execute("SELECT id FROM captures WHERE url = ?", [make.CORRECTED]).fetchone()[0]
        archive.evidence.execute(
            "UPDATE captures SET key_id = ?, payload = x'00' WHERE url = ?", [key, f"{make.IN_PARTS}.pdf"]
        )
        archive.redact(read.article(archive.db, make.CORRECTED)["id"], WHY, NOW)
        (fault,) = archive.faults()
        assert "cannot be unpacked" in fault
    with closing(sqlite3.connect(path)) as db:
        vocabulary = "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_words, row)"
        db.execute(vocabulary)
        assert "w县域内就诊" not in {row[0] for row in db.execute("SELECT term FROM temp.words")}


def test_a_reader_that_holds_the_old_state_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.store.connection._READERS_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        with pytest.raises(ArchiveError, match="another program"):
            redact(path)
    redact(path)
    assert "医共体".encode() not in bytes_of(path)


def test_a_redacted_page_that_is_met_again_is_noted_without_its_words(path: Path) -> None:
    redact(path)
    with Archive.open(path, write=True) as archive:
        url = "https://news.example/moved.html"
        capture = Capture(new_capture_id(NOW), url, url, NOW, 200, (("etag", "就诊率"),), "就诊率".encode())
        outcome = archive.record(Fetch("dawn", None, capture, make.FIRST), lambda visit: visit.now)
        assert (outcome.kind, outcome.reason) == ("skipped", "redacted")
        noted = archive.db.execute("SELECT verdict, digest, bytes, etag FROM captures WHERE url = ?", [url]).fetchall()
        assert noted == [("redacted", None, None, None)]
        assert archive.redacted([url, make.WITHDRAWN]) == {url}
        assert list(archive.faults()) == []
    assert "就诊率".encode() not in bytes_of(path)


def test_an_address_that_leads_to_it_is_gone_for_its_own_article_and_not_asked_for_at_once_again(path: Path) -> None:
    redact(path)
    later = NOW + timedelta(days=1)
    led = Capture(new_capture_id(NOW), make.IN_PARTS, make.CORRECTED, NOW, 200, (), "就诊率".encode())
    with Archive.open(path, write=True) as archive:
        outcome = archive.record(Fetch("dawn", None, led, make.FIRST), lambda visit: later)
        assert [event.detail["reason"] for event in outcome.events] == [
            f"redirected to another article, {make.CORRECTED}"
        ]
        assert archive.page(make.IN_PARTS).due_at == later  # type: ignore[union-attr]
        assert list(archive.faults()) == []
    assert "就诊率".encode() not in bytes_of(path)


def test_a_page_that_claims_its_address_is_its_own_article_still(path: Path) -> None:
    redact(path)
    capture = Capture(new_capture_id(NOW), make.IN_PARTS, make.IN_PARTS, NOW, 200, (), b"a page")
    with Archive.open(path, write=True) as archive:
        reading = replace(make.LONG, canonical_url=make.CORRECTED)
        outcome = archive.record(Fetch("dawn", None, capture, reading), lambda visit: visit.now)
        assert outcome.article_id == read.article(archive.db, make.IN_PARTS)["id"]


def test_an_export_says_that_its_pages_are_redacted(path: Path) -> None:
    redact(path)
    with Archive.open(path, write=True) as archive:
        left_out = Counter[str]()
        written = [bool(one) for one in warc.chunks(archive, "", NOW, left_out, gzipped=False)]
        assert left_out.pop(warc.REDACTED) == 3
        assert warc.DROPPED not in left_out
        assert sum(written) - 1 == len(written) - 4 - left_out.total()


def test_it_has_to_be_confirmed_and_to_have_a_reason(path: Path) -> None:
    desk = Desk(SampleSites(), path.parent)
    there = ("--archive", str(path))
    assert "cannot be undone: add --yes" in desk.run("redact", make.CORRECTED, "--why", WHY, *there, code=2).err
    assert "needs a reason" in desk.run("redact", make.CORRECTED, "--why", " ", "--yes", *there, code=2).err
    path.with_name("archive.db.before-m009_other").touch()
    done = desk.run("redact", make.CORRECTED, "--why", WHY, "--yes", "--now", "2026-11-10", "--json", *there)
    assert (done.data["at"], done.data["responses"]) == ("2026-11-09T16:00:00Z", 3)
    assert "before-m009_other: a copy from before an upgrade" in done.err
    shown = desk.run("show", make.CORRECTED, *there).out
    assert WHY in shown
    assert "就诊率" not in shown
    for command in (["show", "--raw"], ["diff"], ["evidence", "-o", str(path.parent / "x.zip")]):
        assert WHY in desk.run(command[0], make.CORRECTED, *command[1:], *there, code=1).err
    assert "Redacted since." in desk.run("cite", make.CORRECTED, *there).out


def test_a_later_crawl_leaves_it_alone_and_the_reading_room_shows_the_tombstone(desk: Desk) -> None:
    desk.crawl(1, "dawn", "--limit", "4")
    url, title = desk.sql("SELECT url, title FROM articles ORDER BY id LIMIT 1")[0]
    text = desk.ask("show", url).data["text"]
    desk.ask("redact", url, "--why", WHY, "--yes", "--now", desk.now(1, 2))
    (run,) = desk.crawl(2, "dawn", "--recheck", "--limit", "4").data
    assert run["skips"]["redacted"] == 1
    assert desk.sql("SELECT count(*) FROM captures WHERE url = ?", url) == [(1,)]
    assert desk.ask("verify").data["faults"] == []
    (added,) = desk.run("add", url, *desk.places, "--now", desk.now(2, 2), "--json", code=1).data
    assert added["article"]["status"] == "redacted"
    places = ("articles/1", "articles/1/compare", "articles/1.json", "versions?article_id=1", "articles", "-/home")
    with datasette(desk.archive) as room:
        answers = [room.get(f"/archive/{place}") for place in places]
    assert all(answer.status_code == 200 for answer in answers), answers
    assert all(text[:20] not in answer.text and title not in answer.text for answer in answers)
    assert all("已隐去" in answer.text or "\\u5df2" in answer.text for answer in answers[:3])
