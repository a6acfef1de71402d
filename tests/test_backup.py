"""`yiwen backup`: a copy taken while a crawl is writing is an archive of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from crawler.demo.truth import expected
from tests.conftest import Desk, until


def test_a_copy_taken_while_a_crawl_is_writing_is_whole(desk: Desk) -> None:
    desk.slow("dawn")
    command = desk.command("crawl", *desk.places, "--now", desk.now(1))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        until(lambda: desk.recorded() >= 3)
        taken = []
        for number in range(3):
            before = desk.recorded()
            said = desk.ask("backup", str(desk.folder / f"copy{number}")).data
            taken.append((before, said["articles"], desk.recorded()))
        assert process.poll() is None, "the crawl ended too early to tell anything"
        process.wait()
    for number, (before, copied, after) in enumerate(taken):
        assert before <= copied <= after < len(expected(1))
        folder = desk.folder / f"copy{number}"
        assert sorted(file.name for file in folder.iterdir()) == ["archive.db", "captures.db"]
        verified = desk.run("verify", "--archive", str(folder / "archive.db"), "--json")
        assert verified.data["faults"] == []
    # A copy is an archive like any other: the next crawl goes on from it.
    desk.run("crawl", "--sites", str(desk.sites), "--archive", str(desk.folder / "copy0/archive.db"))
    found = desk.run("status", "--archive", str(desk.folder / "copy0/archive.db"), "--json").data
    assert found["articles"] == len(expected(1))


@pytest.mark.parametrize("name", ["archive.db", "captures.db"])
def test_nothing_is_overwritten(three_days: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("kept")
    result = three_days.run("backup", str(tmp_path), "--archive", str(three_days.archive), code=1)
    assert f"{name}: exists already and is not overwritten" in result.err
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(name, "kept")]


def test_a_copy_that_was_cut_off_is_begun_anew(three_days: Desk, tmp_path: Path) -> None:
    (tmp_path / "archive.db.part").write_bytes(b"half of a file" * 500)
    shown = three_days.run("backup", str(tmp_path), "--archive", str(three_days.archive)).out
    assert f"{len(expected(3))} articles" in shown
    assert sorted(file.name for file in tmp_path.iterdir()) == ["archive.db", "captures.db"]


def test_a_folder_that_cannot_be_made_is_one_clear_line(three_days: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = three_days.run("backup", str(tmp_path / "file/copy"), "--archive", str(three_days.archive), code=1)
    assert "the folder cannot be made" in result.err
    assert result.err.count("\n") == 1


def test_of_many_copies_the_newest_are_kept_and_nothing_else_is_touched(three_days: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "notes"
    kept.mkdir()
    (kept / "archive.db").write_text("mine")
    cut_off = tmp_path / "20261101T000000Z"
    cut_off.mkdir()
    (cut_off / "archive.db.part").write_text("half")
    for day in (2, 3, 4):
        copy = ("backup", str(tmp_path), "--keep", "2", "--now", f"2026-11-0{day}T00:00Z")
        said = three_days.run(*copy, "--archive", str(three_days.archive), "--json").data
    assert [Path(path).name for path in said["dropped"]] == ["20261102T000000Z"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["20261103T000000Z", "20261104T000000Z", "notes"]
    assert (kept / "archive.db").read_text() == "mine"


def test_an_archive_that_was_optimized_is_whole(three_days: Desk, tmp_path: Path) -> None:
    three_days.run("backup", str(tmp_path), "--archive", str(three_days.archive))
    archive = ("--archive", str(tmp_path / "archive.db"))
    three_days.run("optimize", *archive)
    assert three_days.run("verify", *archive, "--json").data["faults"] == []
