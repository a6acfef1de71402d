"""What was recorded cannot be altered unseen: the chain, `yiwen verify`, and a head that was noted elsewhere."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.evidence import chain
from archive.evidence.proof import START
from archive.store import Archive, recording
from crawler.demo.server import SampleSites
from tests.conftest import HARD_LIMIT, Desk
from tests.schemas import make

DOC = (Path(__file__).parent.parent / "docs/integrity.md").read_text(encoding="utf-8")


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(statement)


def faults(path: Path) -> list[str]:
    with Archive.open(path, write=True) as archive:
        return list(archive.faults())


def test_an_archive_that_nobody_touched_is_whole(path: Path) -> None:
    assert faults(path) == []


TAMPERINGS = {
    "UPDATE version_rows SET number = 7 WHERE id = 1": "other numbers than 1 to their count",
    "UPDATE version_rows SET first_seen_at = '2026-10-01T00:00:00Z' WHERE id = 1": "when none of its captures was",
    "UPDATE articles SET first_seen_at = '2026-10-01T00:00:00Z' WHERE id = 1": "when none of its versions was",
    "UPDATE events SET superseded_by = 1 WHERE id = 1": "no event took back",
    "DELETE FROM events WHERE id = 4": "archive.db: event 4 is missing (item",
    "UPDATE events SET detail = replace(detail, 'figures', 'wording') WHERE id = 4": "archive.db: event 4 was altered",
    "INSERT INTO events SELECT 99, at, article_id, run_id, kind, detail, NULL FROM events LIMIT 1": "event 99 was",
    "UPDATE captures SET version_id = 2 WHERE version_id = 1": "archive.db: capture 20261101T08",
    "UPDATE version_captures SET capture_id = (SELECT max(id) FROM captures)": "archive.db: version 1 was altered",
    "UPDATE readings SET text = CAST(x'e585a8ff' AS TEXT) WHERE id = 1": "archive.db: reading 1 was altered",
    "UPDATE chain SET digest = link WHERE seq = 5": "archive.db: item 5 of the chain was altered or put in",
    "UPDATE chain SET link = digest WHERE seq = 5": "archive.db: item 5 of the chain was altered or put in",
    "DELETE FROM chain WHERE seq BETWEEN 5 AND 7": "archive.db: items 5 to 7 of the chain are missing",
    "DELETE FROM chain WHERE kind = 'event' AND item = '4'": "archive.db: event 4 was put in",
    "UPDATE chain SET kind = 'other' WHERE seq = 5": "item 5 of the chain is of no known kind (other)",
    "UPDATE articles SET status = 'live'": "article 2 has another status than its events tell",
    "UPDATE version_rows SET current_reading_id = 1 WHERE id = 2": "article 2 has a version",
}


@pytest.mark.parametrize(("statement", "named"), TAMPERINGS.items())
def test_tampering_with_what_people_read_is_named(path: Path, statement: str, named: str) -> None:
    tamper(path, statement)
    assert any(named in fault for fault in faults(path))


LASTING = [(name, column) for name, kind in chain.ARCHIVE.items() for column in re.findall(r"\w+", kind.columns)]
PLACES = [(name, column) for name, column in LASTING if name != "version" or column == "article_id"]


@pytest.mark.parametrize(("name", "column"), [(n, c) for n, c in PLACES if c != "id"])
def test_no_lasting_column_can_be_altered_unseen(path: Path, name: str, column: str) -> None:
    table = chain.ARCHIVE[name].table
    tamper(path, f"UPDATE {table} SET {column} = coalesce({column}, 0) || '7' WHERE rowid = 1")
    assert any(re.search(rf"{name} \S+ (was altered|shows another version)", fault) for fault in faults(path))


RESPONSES = {
    "UPDATE captures SET headers = replace(headers, 'utf-8', 'gbk') WHERE rowid = 1": "response 20261101T08",
    "UPDATE captures SET http_status = 404 WHERE rowid = 1": "was altered (item 1 of the chain)",
    "DELETE FROM captures WHERE rowid = 1": "is missing (item 1 of the chain)",
    "UPDATE captures SET payload = x'00' WHERE rowid = 1": "cannot be unpacked",
    "INSERT INTO captures SELECT 'other', url, final_url, fetched_at, http_status, headers, digest, bytes, payload,"
    " key_id, dictionary_id, dropped_at FROM captures LIMIT 1": "captures.db: response other was put in",
    "UPDATE captures SET payload = x'', dropped_at = fetched_at WHERE rowid = 1": "captures.db: dropped 20261101T08",
    "DELETE FROM chain": "captures.db: response 20261101T08",
}


@pytest.mark.parametrize(("statement", "named"), RESPONSES.items())
def test_tampering_with_the_evidence_is_named(path: Path, statement: str, named: str) -> None:
    tamper(path.with_name("captures.db"), statement)
    assert any(named in fault for fault in faults(path))


def test_a_response_taken_out_with_its_own_chain_made_anew_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path.with_name("captures.db"))) as db, db:
        gone = db.execute("SELECT id FROM captures WHERE rowid = 2").fetchone()[0]
        db.execute("DELETE FROM captures WHERE rowid = 2")
        rewritten(db, chain.EVIDENCE)
    (told,) = faults(path)
    assert f"captures.db: the evidence of capture {gone} is missing" in told


def rewritten(db: sqlite3.Connection, kinds: dict[str, chain.Kind]) -> None:
    """What somebody does who knows how the chain is made."""
    db.execute("DELETE FROM chain")
    chain.build(Database(db, execute_plugins=False), kinds)


def test_a_chain_written_anew_is_told_by_a_head_noted_elsewhere(path: Path) -> None:
    desk = Desk(SampleSites(), path.parent)
    noted = desk.ask("status").data
    with Archive.open(path, write=True) as archive:
        make.record(archive)
    found = desk.ask("verify", "--head", noted["head"].upper()).data
    assert found["faults"] == []
    assert found["since"] == desk.ask("status").data["items"] - noted["items"] > 0
    with closing(sqlite3.connect(desk.archive)) as db, db:
        db.execute("UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE id = 1")
        rewritten(db, chain.ARCHIVE)
    assert "they tell two histories" in desk.ask("verify", code=1).data["faults"][0]
    with closing(sqlite3.connect(desk.folder / "captures.db")) as db, db:
        db.execute("DELETE FROM journal")
    assert desk.ask("verify").data["faults"] == []
    told = desk.run("verify", "--archive", str(desk.archive), "--head", noted["head"], code=1)
    assert f"its chain never had the head {noted['head']}" in told.err
    assert "64 hexadecimal digits" in desk.run("verify", "--head", "12", code=2).err


def test_status_backup_and_citation_print_the_head(three_days: Desk, tmp_path: Path) -> None:
    head = three_days.ask("status").data["head"]
    (url,) = three_days.sql("SELECT url FROM articles LIMIT 1")[0]
    assert three_days.ask("cite", url).data["head"] == head
    assert three_days.ask("backup", str(tmp_path / "copy")).data["head"] == head
    for command in (["status"], ["verify", "--head", START], ["cite", url], ["backup", str(tmp_path / "other")]):
        assert head in three_days.run(*command, "--archive", str(three_days.archive)).out


def test_the_docs_tell_a_third_party_how_to_check_it(three_days: Desk) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOC, re.DOTALL)
    code = code.replace("data/archive.db", str(three_days.archive))
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=HARD_LIMIT)
    assert done.stdout.strip() == three_days.ask("status").data["head"], done.stderr


def test_the_docs_name_what_is_linked(three_days: Desk) -> None:
    told = {kind: columns for kind, _, columns in re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", DOC, re.MULTILINE)}
    for name, kind in {**chain.ARCHIVE, **chain.EVIDENCE}.items():
        linked = re.sub(r"\(SELECT.*\) AS ", "", kind.columns).split(", ")
        every = [row[0] for row in three_days.sql("SELECT name FROM pragma_table_xinfo(?)", kind.table)]
        assert (every if told[name] == "all" else re.findall(r"`(\w+)`", told[name])) == linked


def test_a_response_that_a_crash_left_unrecorded_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "archive.db"

    def crash(*_: object) -> None:
        raise ArchiveError("the power went")

    with Archive.open(path, write=True) as archive:
        with monkeypatch.context() as patched, pytest.raises(ArchiveError):
            patched.setattr(recording, "record", crash)
            make.record(archive)
        assert list(archive.faults()) == []
        make.record(archive)
        assert list(archive.faults()) == []
        again = archive.db.execute("SELECT id FROM captures WHERE url = ? LIMIT 1", [make.CORRECTED]).fetchone()[0]
    with closing(sqlite3.connect(path.with_name("captures.db"))) as db:
        stored = [row[0] for row in db.execute("SELECT id FROM captures WHERE url = ?", [make.CORRECTED])]
    assert again in stored[1:]  # the one left behind does not stand for the one recorded


def test_a_capture_may_be_said_to_show_another_version_later(path: Path) -> None:
    with Archive.open(path, write=True) as archive:
        capture_id = archive.db.execute("SELECT id FROM captures WHERE version_id = 1 LIMIT 1").fetchone()[0]
        for version_id in (2, 1, 2, 1):
            chain.show_other(archive.db, capture_id, version_id)
        assert list(archive.faults()) == []
    tamper(path, f"UPDATE captures SET version_id = 2 WHERE id = '{capture_id}'")
    assert any(f"capture {capture_id} shows another version than the chain says" in fault for fault in faults(path))
    tamper(path, "UPDATE chain SET item = replace(item, '2', '3') WHERE kind = 'showing'")
    assert any("of the chain was altered" in fault for fault in faults(path))
