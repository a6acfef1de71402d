"""What takes long shows how far it is, in a terminal only, and can be stopped at any moment with nothing broken."""

from __future__ import annotations

import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import archive_commands
from archive.commands.board import Board
from archive.store import Archive
from archive.store.connection import plain_errors
from crawler.cli import yiwen
from tests.conftest import HARD_LIMIT, Desk, started, until
from tests.test_paging import ONE, write

BAR = "━"
LONG = (
    ("verify",),
    ("reindex",),
    ("optimize",),
    ("retain", "--days", "1"),
    ("backup", "{folder}/copy"),
    ("export", "--format", "jsonl", "-o", "{folder}/all.jsonl"),
    ("replay", "--sites", "{sites}"),
)


@pytest.fixture
def copied(three_days: Desk, tmp_path: Path) -> Desk:
    """An archive of three days to write to."""
    for name in ("archive.db", "captures.db"):
        shutil.copy(three_days.folder / name, tmp_path / name)
    return Desk(three_days.servers, tmp_path)


@pytest.fixture
def pages(three_days: Desk, tmp_path: Path) -> Path:
    """The stored pages of three days as a WARC file."""
    file = tmp_path / "pages.warc.gz"
    three_days.run("export", "--archive", str(three_days.archive), "--format", "warc", "-o", str(file))
    return file


def in_a_terminal(command: list[str]) -> tuple[str, str]:
    """Standard output, piped, and what a terminal got of standard error."""
    terminal, end = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=end, text=True) as process:
        os.close(end)
        shown = []
        reader = threading.Thread(target=lambda: shown.extend(_until_closed(terminal)))
        reader.start()
        out, _ = process.communicate(timeout=HARD_LIMIT)
        reader.join()
    assert process.returncode == 0, shown
    return out, b"".join(shown).decode()


def _until_closed(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            piece = b""
        if not piece:
            os.close(terminal)
            return
        yield piece


def progress(command: list[str], piped: list[str]) -> str:
    """What a terminal got of standard error, a bar in it; `piped` is the command for which there is no terminal."""
    out, shown = in_a_terminal(command)
    assert BAR in shown
    assert BAR not in out
    silent = started(piped, FORCE_COLOR="1")
    assert silent.code == 0, silent.err
    assert BAR not in silent.out + silent.err
    assert "\x1b" not in silent.err
    return shown


@pytest.mark.parametrize("words", LONG, ids=lambda words: words[0])
def test_what_takes_long_shows_how_far_it_is_in_a_terminal_only(three_days: Desk, copied: Desk, words: tuple) -> None:
    def command(folder: str) -> list[str]:
        (copied.folder / folder).mkdir()
        arguments = [word.format(folder=copied.folder / folder, sites=three_days.sites) for word in words]
        return copied.command(*arguments, "--archive", str(copied.archive))

    progress(command("shown"), command("piped"))


def test_an_import_shows_how_far_it_is(three_days: Desk, pages: Path, tmp_path: Path) -> None:
    command = three_days.command("import", str(pages), "--sites", str(three_days.sites), "--archive")
    shown = progress([*command, str(tmp_path / "shown/archive.db")], [*command, str(tmp_path / "piped/archive.db")])
    assert re.search(rf"import \S*{BAR}.* [1-9]\d*/\d+", shown)


def test_a_backfill_shows_page_bar_and_numbers_where_the_lists_address_has_no_room(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(desk, ONE, delay=0.15)
    monkeypatch.setenv("COLUMNS", "50")
    command = desk.command("crawl", "dawn", "--backfill", "--sites", str(desk.sites), "--now", desk.now(1), "--archive")
    shown = progress([*command, str(desk.archive)], [*command, str(desk.folder / "piped/archive.db")])
    assert re.search(rf"dawn page \d of h\S*… \S*{BAR}.* [1-9]\d*/\d+", shown)


@pytest.fixture
def signals() -> Iterator[None]:
    """Ctrl-C is heard, also where the suite runs in the background of a shell; a stopped command leaves it ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


STOPPED = "yiwen: stopped before it was done; it can be run again\n"
by_either_signal = pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])


@pytest.mark.usefixtures("signals")
@by_either_signal
@pytest.mark.parametrize("words", LONG[:-1], ids=lambda words: words[0])
def test_what_is_stopped_leaves_nothing_half_done(
    copied: Desk, monkeypatch: pytest.MonkeyPatch, words: tuple, number: signal.Signals, code: int
) -> None:
    monkeypatch.setattr(Board, "advance", lambda *_: os.kill(os.getpid(), number))
    arguments = [word.format(folder=copied.folder) for word in words]
    stopped = CliRunner().invoke(archive_commands, [*arguments, "--archive", str(copied.archive)])
    monkeypatch.undo()
    assert (stopped.exit_code, stopped.stdout) == (code, "")
    assert stopped.stderr == STOPPED
    assert not [path for path in copied.folder.rglob("*") if path.suffix in (".part", ".jsonl")]
    again = CliRunner().invoke(archive_commands, [*arguments, "--archive", str(copied.archive)])
    assert again.exit_code == 0, again.stderr
    with Archive.open(copied.archive, write=True) as archive:
        assert list(archive.faults()) == []


@pytest.mark.usefixtures("signals")
@by_either_signal
def test_an_import_that_is_stopped_goes_on_when_it_is_run_again(
    three_days: Desk, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    arguments = ["import", str(pages), "--sites", str(three_days.sites), "--archive", str(tmp_path / "new.db")]
    with monkeypatch.context() as patched:
        patched.setattr(Board, "advance", lambda *_: os.kill(os.getpid(), number))
        stopped = CliRunner().invoke(yiwen, arguments)
    assert (stopped.exit_code, stopped.stdout, stopped.stderr) == (code, "", STOPPED)
    begun = whole(tmp_path / "new.db")
    assert CliRunner().invoke(yiwen, arguments).exit_code == 0
    assert whole(tmp_path / "new.db") > begun


def whole(path: Path) -> int:
    """How many articles there are in an archive without a fault."""
    with Archive.open(path, write=True) as archive:
        assert list(archive.faults()) == []
        return int(archive.db.execute("SELECT count(*) FROM articles").fetchone()[0])


@pytest.mark.usefixtures("signals")
@by_either_signal
def test_a_command_is_stopped_also_while_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int
) -> None:
    monkeypatch.setattr("crawler.cli.import_module", lambda _: os.kill(os.getpid(), number))
    monkeypatch.setattr(yiwen, "commands", dict(archive_commands.commands))
    stopped = CliRunner().invoke(yiwen, ["import", "pages.warc.gz"])
    assert (stopped.exit_code, stopped.stdout, stopped.stderr) == (code, "", STOPPED)


@pytest.mark.usefixtures("signals")
def test_who_waits_for_another_program_hears_ctrl_c(copied: Desk) -> None:
    with closing(sqlite3.connect(copied.archive, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        patience = threading.Timer(HARD_LIMIT / 4, other.rollback)
        for timer in (patience, threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))):
            timer.start()
        stopped = CliRunner().invoke(archive_commands, ["reindex", "--archive", str(copied.archive)])
        patience.cancel()
        assert (stopped.exit_code, stopped.stderr) == (130, STOPPED)
        assert other.in_transaction, "it waited until the other program had ended"


def test_a_crawl_that_is_told_twice_ends_at_once_and_says_so(desk: Desk) -> None:
    desk.slow("dawn")
    command = desk.command("crawl", "dawn", *desk.places, "--now", desk.now(1))
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        until(lambda: desk.recorded() >= 2)
        for _ in range(2):  # as a terminal does, to the workers too
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.1)
        _, err = process.communicate(timeout=HARD_LIMIT)
    assert process.returncode == 1, err
    assert "told to end at once" in err or "it was told to stop" in err
    assert "Traceback" not in err
    assert desk.ask("verify").data["faults"] == []
    assert desk.crawl(1, "dawn").data[0]["outcome"] == "complete"


@pytest.mark.usefixtures("signals")
def test_a_statement_of_minutes_hears_ctrl_c(copied: Desk) -> None:
    endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e9) SELECT count(*) FROM n"
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with Archive.open(copied.archive) as archive:
        timer.start()
        with pytest.raises(KeyboardInterrupt), plain_errors(copied.archive):
            archive.db.execute(endless).fetchone()
        assert archive.db.execute("SELECT count(*) FROM articles").fetchone()[0]


def test_a_copy_is_of_one_moment_and_waits_for_no_writer(copied: Desk) -> None:
    """Each told step is followed by a commit, which makes SQLite begin a copy in several steps again."""
    told: list[tuple[str, int]] = []
    with copied.writing() as writer, Archive.open(copied.archive) as archive:
        writer.evidence.execute("CREATE TABLE filling (bytes BLOB)")
        writer.evidence.execute("INSERT INTO filling VALUES (zeroblob(20000000))")

        def write(what: str, done: int, total: int | None) -> None:
            told.append((what, done))
            writer.evidence.execute("INSERT INTO filling VALUES (zeroblob(1000))")
            assert len(told) < 100, "the copy is begun again and again"

        _, evidence = archive.copy_to(copied.folder / "copy", write)
        with Archive.open(copied.folder / "copy/archive.db") as copy:
            assert copy.evidence.execute("SELECT count(*) FROM filling").fetchone()[0] <= 2
    steps = [done for what, done in told if what.startswith(evidence.name)]
    assert len(steps) > 4
    assert steps == sorted(steps)
