"""Faults of machines, disks and neighbours: each is made to happen, and the archive opens, verifies and goes on."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import ArchiveError
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, connection
from archive.store.recording import Fetch
from crawler.demo.truth import expected
from tests.conftest import HARD_LIMIT, Desk, until

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
HARBOUR = sum(answer.host == "harbour" for answer in expected(1))
FEW = ("harbour", "--limit", "6")
VICTIMS = ("crawler", "worker", "scheduler")


def faults(desk: Desk) -> list[str]:
    """What `yiwen verify` says."""
    if not desk.archive.exists():
        return []
    with Archive.open(desk.archive, write=True, create=False) as archive:
        return list(archive.faults())


def children(pid: int) -> list[int]:
    """The process's children."""
    return [int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in file.read_text().split()]


def workers(pid: int) -> list[int]:
    """Those that read pages for a crawl."""
    return [child for child in children(pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def strike(desk: Desk, victim: str, hour: int, after: float, *, at_work: bool) -> None:
    """Start a crawl, or a scheduler, and `kill -9` it, or a worker, so many seconds later.

    With `at_work` the seconds count from when a crawl has started processes of its own, however slow the machine is; a
    scheduler has none while no site is due.
    """
    arguments = ["schedule"] if victim == "scheduler" else ["crawl", "--now", desk.now(1, hour)]
    command = desk.command(arguments[0], *desk.places, *arguments[1:])
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        if at_work and victim != "scheduler":
            until(lambda: bool(children(process.pid)) or process.poll() is not None)
        time.sleep(after)
        with suppress(ProcessLookupError, FileNotFoundError):  # one that has just ended by itself
            for pid in (workers(process.pid)[:1] if victim == "worker" else []) or [process.pid]:
                os.kill(pid, signal.SIGKILL)
        process.wait(HARD_LIMIT)


def struck(desk: Desk, seed: int, times: int) -> None:
    chance = random.Random(seed)
    print(f"seed {seed}")
    for hour in range(times):
        before, victim, after = desk.recorded(), chance.choice(VICTIMS), chance.uniform(0, 2.5)
        strike(desk, victim, 2 * hour, after, at_work=chance.random() < 0.8)
        assert desk.recorded() >= before, (seed, hour, victim, after)
        assert faults(desk) == [], (seed, hour, victim, after)
    until(lambda: not busy(desk))  # a crawl outlives its scheduler, and ends by itself
    desk.crawl(1, "--recheck", hours=2 * times + 24)
    assert desk.sql("SELECT count(*) FROM articles") == [(len(expected(1)),)]
    assert faults(desk) == []


def busy(desk: Desk) -> bool:
    return bool(desk.run("crawl", "--limit", "0", *desk.places, code=None).err.count("another process"))


def test_whatever_is_killed_nothing_that_was_recorded_is_lost(desk: Desk) -> None:
    struck(desk, seed=random.randrange(1_000_000), times=5)


@pytest.mark.soak
def test_fifty_kills_lose_nothing(desk: Desk) -> None:
    struck(desk, seed=random.randrange(1_000_000), times=50)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of its own, full when so much is written."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "yiwen-test", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here; the limit of a file's size is tried in any case")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_the_crawl_goes_on_when_there_is_room(desk: Desk) -> None:
    with small_disk(desk.folder / "disk", 1000) as disk:
        there = Desk(desk.servers, disk)
        shutil.copytree(desk.sites, there.sites)
        assert "free some space and run again" in there.crawl(1, "harbour", code=1).err
        held = there.recorded()
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        assert faults(there) == []
        there.crawl(1, "harbour", hours=2)
        assert 0 < held < there.recorded() == HARBOUR
        assert faults(there) == []


def test_a_file_that_may_not_grow_is_told_and_the_crawl_goes_on(desk: Desk) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (550_000, 550_000))

    command = desk.command("crawl", "harbour", *desk.places, "--now", desk.now(1))
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT, preexec_fn=limit)
    assert done.returncode == 1
    assert "free some space and run again" in done.stderr
    assert "Traceback" not in done.stderr
    held = desk.recorded()
    assert faults(desk) == []
    desk.crawl(1, "harbour", hours=2)
    assert 0 < held < desk.recorded() == HARBOUR
    assert faults(desk) == []


def read_only(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command that can write nothing in `folder`: root by a mount of its own, as modes do not hold it."""
    if os.geteuid() == 0:
        script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, str(folder), *command]
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True).returncode:
            pytest.skip("root, and no mount of its own can be made here")
    else:
        folder.chmod(0o555)
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT)
    finally:
        folder.chmod(0o755)


def test_a_read_only_archive_answers_and_is_not_written(three_days: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "shelf"
    three_days.run("backup", str(folder), "--archive", str(three_days.archive))
    shelf = Desk(three_days.servers, folder)
    archive = ("--archive", str(shelf.archive))
    assert "articles" in read_only(folder, shelf.command("status", *archive)).stdout
    assert "found" in read_only(folder, shelf.command("search", "医保", *archive)).stdout
    url = three_days.sql("SELECT url FROM articles LIMIT 1")[0][0]
    assert "</html>" in read_only(folder, shelf.command("show", "--raw", url, *archive)).stdout
    tried = read_only(folder, shelf.command("crawl", *archive, "--sites", str(three_days.sites)))
    assert tried.returncode == 1
    assert tried.stderr.count("\n") == 1
    assert "Read-only" in tried.stderr or "denied" in tried.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["archive.db", "captures.db"]


def fetch(number: int, writer: int = 0) -> Fetch:
    url = f"https://news.example/{writer}/{number}.html"
    text = f"第{number}号通知：全市县域内就诊率达{number}.6%。\n医共体建设继续推进。"
    reading = Reading("article", "reader-1", title=f"通知{number}", text=text, canonical_url=url)
    capture = Capture(new_capture_id(NOW), url, url, NOW, 200, (), f"{url} {text}".encode())
    return Fetch("dawn", None, capture, replace(reading, title_original=reading.title, text_original=text))


def tomorrow(_: object) -> datetime:
    return NOW + timedelta(days=1)


@contextmanager
def another_writer(path: Path, seconds: float) -> Iterator[None]:
    """A program that holds the file's write lock for so long."""
    hold = (
        "import sqlite3, sys, time; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(float(sys.argv[2]))"
    )
    command = [sys.executable, "-c", hold, str(path), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield


@pytest.mark.parametrize("name", ["archive.db", "captures.db"])
@pytest.mark.parametrize("seconds", [1.5, pytest.param(30, marks=pytest.mark.soak)])
def test_another_writer_is_waited_for(tmp_path: Path, name: str, seconds: float) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path, write=True) as archive, another_writer(tmp_path / name, seconds):
        assert archive.record(fetch(1), tomorrow).kind == "new"
        assert list(archive.faults()) == []


def test_a_writer_that_never_ends_is_named_and_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.2)
    path = tmp_path / "archive.db"
    with Archive.open(path, write=True) as archive:
        with another_writer(path, 2), pytest.raises(ArchiveError, match="another program is writing to it"):
            archive.record(fetch(1), tomorrow)
        assert archive.record(fetch(1), tomorrow).kind == "new"
        assert list(archive.faults()) == []


def test_a_long_reader_keeps_optimize_from_holding_up_who_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_READERS_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as reader, Archive.open(path, write=True) as archive:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchone()
        assert archive.record(fetch(1), tomorrow).kind == "new"  # what the reader does not see is in the log
        with ThreadPoolExecutor(1) as apart, closing(sqlite3.connect(path, timeout=20, isolation_level=None)) as writer:
            optimizing = apart.submit(archive.optimize)
            while not optimizing.done():
                writer.execute("BEGIN IMMEDIATE")
                writer.execute("ROLLBACK")
            optimizing.result()
        assert path.with_name("archive.db-wal").stat().st_size > 0
    with Archive.open(path, write=True) as archive:
        archive.optimize()
        assert path.with_name("archive.db-wal").stat().st_size == 0


WRITER = """
import sys
from pathlib import Path
from archive.store import Archive
from tests.test_faults import fetch, tomorrow
with Archive.open(Path(sys.argv[1]), write=True) as archive:
    for number in range(int(sys.argv[3])):
        archive.record(fetch(number, int(sys.argv[2])), tomorrow)
"""


def writer(path: Path, name: int, articles: int) -> list[str]:
    """The command of a program that records so many articles."""
    return [sys.executable, "-c", WRITER, str(path), str(name), str(articles)]


def test_four_writers_at_once_never_find_it_locked(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    commands = [writer(path, number, 50) for number in range(4)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    assert [(one.communicate(timeout=HARD_LIMIT)[1], one.returncode) for one in writers] == [("", 0)] * 4
    with Archive.open(path, write=True) as archive:
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (200,)
        assert list(archive.faults()) == []


def test_what_others_are_writing_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    found = []
    with subprocess.Popen(writer(path, 1, 600)) as other:
        until(path.exists)
        with Archive.open(path, write=True) as archive:
            while other.poll() is None:
                found += archive.faults()
    assert found == []
    assert other.returncode == 0


def test_without_its_evidence_the_history_is_read_and_the_pages_are_fetched_anew(desk: Desk) -> None:
    desk.crawl(1, *FEW)
    url = desk.sql("SELECT url FROM articles LIMIT 1")[0][0]
    history = desk.ask("history", url).data
    for file in desk.folder.glob("captures.db*"):
        file.unlink()
    assert desk.ask("history", url).data == history
    assert desk.ask("show", url).data["text"]
    for command in (["status"], ["show", "--raw", url], ["verify"]):
        answer = desk.run(*command, "--archive", str(desk.archive), code=None)
        said = answer.out + answer.err  # `status` tells it among its alarms
        assert "the stored pages are missing" in said
        assert "yiwen crawl --recheck" in said
    assert not (desk.folder / "captures.db").exists()
    desk.crawl(1, "harbour", "--recheck", hours=1)
    assert desk.run("show", "--raw", url, "--archive", str(desk.archive)).out
    assert faults(desk) == []


def damage(path: Path) -> None:
    """Overwrite the middle of a file, as a dying disk does."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 3)
        file.write(os.urandom(path.stat().st_size // 3))


def no_database(path: Path) -> None:
    path.write_bytes(b"no database at all" * 999)


@pytest.mark.parametrize("spoil", [damage, no_database])
def test_damaged_evidence_is_named_and_can_be_put_aside(desk: Desk, spoil) -> None:
    desk.crawl(1, *FEW)
    url = desk.sql("SELECT url FROM articles LIMIT 1")[0][0]
    spoil(desk.folder / "captures.db")
    assert desk.ask("show", url).data["text"]
    assert any("captures.db: " in fault for fault in faults(desk))
    if spoil is damage:  # the same way out
        return
    assert "move it away" in desk.crawl(1, "--recheck", hours=1, code=1).err
    (desk.folder / "captures.db").rename(desk.folder / "captures.damaged")
    desk.crawl(1, "harbour", "--recheck", hours=2)
    assert faults(desk) == []


def test_a_log_cut_anywhere_opens_to_a_committed_state_and_gets_the_rest_back(tmp_path: Path) -> None:
    path, cut = tmp_path / "archive.db", tmp_path / "cut/archive.db"
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    committed = [0]
    with Archive.open(path, write=True) as archive:
        for db in (archive.db, archive.evidence):
            db.execute("PRAGMA wal_autocheckpoint = 0")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(12):
            archive.record(fetch(number), tomorrow)
        size = path.with_name("archive.db-wal").stat().st_size
        for length in sorted(random.Random(seed).sample(range(size), 20)):
            shutil.rmtree(cut.parent, ignore_errors=True)
            shutil.copytree(tmp_path, cut.parent, ignore=shutil.ignore_patterns("*-shm", "cut"))
            os.truncate(f"{cut}-wal", length)
            with Archive.open(cut, write=True, create=False) as again:
                assert [fault for fault in again.faults() if "lacks" not in fault] == [], (seed, length)
                committed.append(again.db.execute("SELECT count(*) FROM articles").fetchone()[0])
            with Archive.open(cut, write=True) as again:  # all but the last, which the journal had not followed yet
                assert again.db.execute("SELECT count(*) FROM articles").fetchone()[0] >= 11
                assert list(again.faults()) == [], (seed, length)
    assert committed == sorted(committed)
    assert committed[-1] > committed[1]


def test_evidence_cut_short_opens_and_says_what_is_missing(tmp_path: Path) -> None:
    path, cut = tmp_path / "archive.db", tmp_path / "cut/archive.db"
    with Archive.open(path, write=True) as archive:
        archive.evidence.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(12):
            archive.record(fetch(number), tomorrow)
        shutil.copytree(tmp_path, cut.parent, ignore=shutil.ignore_patterns("*-shm", "cut"))
    log = cut.with_name("captures.db-wal")
    os.truncate(log, log.stat().st_size // 2)
    with Archive.open(cut, write=True) as again:
        found = list(again.faults())
        kept = again.evidence.execute("SELECT count(*) FROM captures").fetchone()[0]
    assert 0 < kept < 12
    assert len(found) == 12 - kept
    assert all("evidence of capture" in fault for fault in found)
    with closing(sqlite3.connect(cut.with_name("captures.db"))) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
