"""An archive of every released schema comes to the newest one whole, after a copy, or stays as it was."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from pathlib import Path

import pytest

from archive import search
from archive.errors import ArchiveError
from archive.evidence import chain
from archive.evidence.proof import START
from archive.store import Archive, read
from tests.conftest import HARD_LIMIT
from tests.schemas import make

FIRST = make.HERE / "0.1.0a1"


def schema(path: Path) -> list[tuple]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()


def steps(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


@pytest.mark.parametrize("folder", make.written(), ids=lambda folder: folder.name)
def test_an_archive_of_every_schema_is_brought_to_the_newest(folder: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    path = make.load(folder, old)
    before = {name: schema(old / name) for name in ("archive.db", "captures.db")}
    with Archive.open(path, write=True) as archive:
        assert list(archive.faults()) == []
        corrected = read.article(archive.db, make.CORRECTED)
        assert (corrected["version_count"], corrected["text"]) == (2, make.FIRST.text)
        assert read.version(archive.db, corrected["id"], 2)["text"] == make.FIRST.text.replace("96.6", "69.6")
        kinds = [event["kind"] for event in read.history(archive.db, read.article(archive.db, make.WITHDRAWN)["id"])]
        assert kinds == ["new", "suspected", "withdrawn"]
        assert search.find(archive.db, "門診").count == 1
        assert "门诊" in archive.stored(read.cited_parts(archive.db, 3, 1)[0]).payload.decode()
        assert chain.head(archive.db)[0] != START
        make.record(archive)  # and it goes on
        assert list(archive.faults()) == []
    with Archive.open(new / "archive.db", write=True):
        pass
    assert [file.name for file in new.iterdir() if "before" in file.name] == []  # nothing was there to copy
    for name, was in before.items():
        assert sorted(schema(old / name)) == sorted(schema(new / name))
        (copy,) = old.glob(f"{name}.before-*")
        assert schema(copy) == was


def test_an_older_archive_is_not_read_before_it_is_upgraded(tmp_path: Path) -> None:
    path = make.load(FIRST, tmp_path)
    with pytest.raises(ArchiveError, match=r"older Yiwen .*`yiwen verify` copies and upgrades it"):
        Archive.open(path)
    assert steps(path) == ["m001_tables", "m002_index"]


KILLED = """
import os, signal, sys
from pathlib import Path
from archive.evidence import chain
from archive.store import Archive

built = chain.build

def killed(db, kinds):
    built(db, kinds)
    os.kill(os.getpid(), signal.SIGKILL)

chain.build = killed
Archive.open(Path(sys.argv[1]), write=True)
"""


def test_a_migration_that_is_killed_leaves_the_old_schema_and_can_be_done_again(tmp_path: Path) -> None:
    path = make.load(FIRST, tmp_path)
    before = schema(path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], timeout=HARD_LIMIT)
    assert done.returncode == -signal.SIGKILL
    assert schema(path) == before
    (copy,) = tmp_path.glob("archive.db.before-*")
    assert steps(path) == steps(copy) == ["m001_tables", "m002_index"]
    with Archive.open(path, write=True) as archive:
        assert list(archive.faults()) == []


def test_an_upgrade_needs_room_for_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make.load(FIRST, tmp_path)
    usage = namedtuple("usage", "total used free")(10**6, 10**6 - 1000, 1000)
    with monkeypatch.context() as patched, pytest.raises(ArchiveError, match=r"it is copied first, which needs .* MB"):
        patched.setattr(shutil, "disk_usage", lambda _: usage)
        Archive.open(path, write=True)
    assert steps(path) == ["m001_tables", "m002_index"]
    assert list(tmp_path.glob("*before*")) == []
