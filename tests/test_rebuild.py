"""archive.db lost, cut short or restored from an old copy: captures.db tells its whole history again."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.store import Archive, journal, read
from tests.conftest import HARD_LIMIT, Desk
from tests.contents import contents, copy, lose
from tests.schemas import make


def at(desk: Desk, folder: Path) -> Desk:
    """The same with a copy of its archive in another folder."""
    copy(desk.archive, folder)
    return replace(desk, folder=folder)


def rebuilt(desk: Desk) -> dict:
    return desk.ask("rebuild").data


def assert_same(desk: Desk, before: dict[str, list[tuple]]) -> None:
    after = contents(desk.archive)
    for table, rows in before.items():
        assert after[table] == rows, table
    assert desk.ask("verify").data["faults"] == []


def test_a_lost_archive_comes_back_as_it_was(three_days: Desk, tmp_path: Path) -> None:
    desk = at(three_days, tmp_path)
    before, head = contents(desk.archive), desk.ask("verify").data["head"]
    found = desk.ask("search", "医保").data
    lose(desk.archive)
    for command in ("status", "crawl"):
        told = desk.run(command, "--archive", str(desk.archive), code=1)
        assert "`yiwen rebuild` makes it again" in told.err
    assert not desk.archive.exists()
    told = rebuilt(desk)
    assert (told["returned"], told["head"]) == (len(before["chain"]), head)
    assert_same(desk, before)
    assert desk.ask("search", "医保").data == found
    assert rebuilt(desk)["returned"] == 0


def test_what_a_copy_lacks_is_put_back_when_it_is_opened(three_days: Desk, tmp_path: Path) -> None:
    desk = at(three_days, tmp_path)
    with Archive.open(desk.archive, write=True) as archive:
        make.record(archive)
        archive.bring_together()
    before = contents(desk.archive)
    old = at(three_days, tmp_path / "old")
    lose(desk.archive)
    shutil.copy(old.archive, desk.archive)
    assert "lacks" in desk.ask("verify", code=1).data["faults"][0]
    with Archive.open(desk.archive, write=True):
        pass
    assert_same(desk, before)


def test_what_is_there_keeps_its_key_when_more_is_put_back(three_days: Desk, tmp_path: Path) -> None:
    """To write the key of a run as it is has SQLite read all events, for every run."""
    desk = at(three_days, tmp_path)
    with Archive.open(desk.archive, write=True) as archive:
        make.record(archive)
        archive.bring_together()
    lose(desk.archive)
    shutil.copy(three_days.archive, desk.archive)
    with closing(sqlite3.connect(desk.archive)) as db:
        for table in ("runs", "sites"):
            sql = f"CREATE TRIGGER {table}_key BEFORE UPDATE OF id ON {table} BEGIN SELECT raise(ABORT, 'a key'); END"
            db.execute(sql)
    with Archive.open(desk.archive, write=True) as archive:
        assert read.article(archive.db, make.CORRECTED)["version_count"] == 2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small archive with a correction, a withdrawal, an article of two pages with a file, and a redaction."""
    path = tmp_path / "archive.db"
    with Archive.open(path, write=True) as archive:
        make.record(archive)
        archive.redact(read.article(archive.db, make.WITHDRAWN)["id"], "court order", make.START + timedelta(days=9))
    return path


def put_back(path: Path) -> int:
    with Archive.remake(path) as archive:
        return archive.bring_together()


def test_a_redacted_article_stays_redacted_and_its_words_are_in_no_journal(path: Path) -> None:
    before = contents(path)
    with Archive.open(path) as archive:
        kept = [item.facts for item in journal.items(archive.evidence, 0)]
        kept += [
            facts for kind in ("article", "versions", "run") for _, facts in journal.states(archive.evidence, kind)
        ]
    assert "流感疫苗" not in json.dumps(kept, ensure_ascii=False)
    assert "医共体" in json.dumps(kept, ensure_ascii=False)
    lose(path)
    assert put_back(path) == len(before["chain"])
    assert contents(path) == before
    with Archive.open(path, write=True) as archive:
        assert list(archive.faults()) == []
        make.record(archive)  # and it goes on
        assert list(archive.faults()) == []


def test_commits_that_a_power_cut_took_back_are_put_back(tmp_path: Path) -> None:
    """archive.db as it was at each of its commits, beside captures.db as it is in the end."""
    path, moments = tmp_path / "archive.db", tmp_path / "moments"
    moments.mkdir()
    with Archive.open(path, write=True) as archive:
        write = archive._write

        def watched(work, *args, **kwargs):
            found = write(work, *args, **kwargs)
            with closing(sqlite3.connect(moments / f"{len(list(moments.iterdir()))}.db")) as copy:
                archive.db.conn.backup(copy)
            return found

        archive._write = watched
        make.record(archive)
        archive.bring_together()
    before = contents(path)
    for moment in moments.iterdir():
        lose(path)
        shutil.copy(moment, path)
        with Archive.open(path, write=True) as archive:
            assert list(archive.faults()) == [], moment.name
        assert contents(path) == before, moment.name


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.store import Archive, rebuilding

rebuilding.AT_ONCE = 5
with Archive.remake(Path(sys.argv[1])) as archive:
    archive.bring_together(lambda what, done, total: done > total / 2 and os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_rebuild_that_is_killed_goes_on_where_it_was(path: Path) -> None:
    before = contents(path)
    lose(path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=HARD_LIMIT)
    assert done.returncode == -signal.SIGKILL
    with Archive.open(path, write=True):
        pass
    assert contents(path) == before


def test_what_is_damaged_says_how_it_is_made_again_and_without_evidence_it_cannot_be(path: Path) -> None:
    damaged = path.read_bytes()[:-20_000] + b"7" * 20_000
    for file in path.parent.glob("archive.db*"):
        file.unlink()
    path.write_bytes(damaged)
    with pytest.raises(ArchiveError, match=r"damaged .*move it away.*`yiwen rebuild`"):
        put_back(path)
    path.with_name("captures.db").unlink()
    with pytest.raises(ArchiveError, match=r"no captures\.db beside it to make it from"):
        put_back(path)


def test_files_of_two_archives_are_not_mixed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other/archive.db"
    with Archive.open(other, write=True) as archive:
        make.record(archive)
    shutil.copy(other.with_name("captures.db"), path.with_name("captures.db"))
    with pytest.raises(ArchiveError, match="do not belong together"):
        Archive.open(path, write=True)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE journal SET digest = 'x' WHERE seq = 3", "item 3 of the journal was altered"),
        ("DELETE FROM journal WHERE seq = 3", "item 3 of the journal was altered or is missing"),
        (
            "UPDATE journal SET facts = (SELECT facts FROM journal WHERE seq = 2) WHERE seq = 3",
            "item 3 of the journal was altered",
        ),
        ("UPDATE journal SET facts = x'00' WHERE seq = 3", "the journal is damaged"),
    ],
)
def test_a_journal_that_was_altered_is_named(path: Path, statement: str, named: str) -> None:
    with closing(sqlite3.connect(path.with_name("captures.db"))) as db, db:
        db.execute(statement)
    with Archive.open(path, write=True, create=False) as archive:
        assert any(named in fault for fault in archive.faults())
