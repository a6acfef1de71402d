"""docs/operations.md is true: its commands work, and its files are such as the program takes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from crawler.service.maintenance import load_jobs
from crawler.site.values import cron
from tests.conftest import HARD_LIMIT, Desk

PAGE = (Path(__file__).parent.parent / "docs/operations.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def srv(three_days: Desk, tmp_path: Path) -> Path:
    """A folder as the page has it: an archive in data/, and the commands in the shell's path."""
    three_days.run("backup", str(tmp_path / "data"), "--archive", str(three_days.archive))
    script = tmp_path / "bin/yiwen"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m crawler "$@" --archive {tmp_path}/data/archive.db\n')
    script.chmod(0o755)
    return tmp_path


def test_its_commands_work_one_after_the_other(srv: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) > 10
    path = {**os.environ, "PATH": f"{srv / 'bin'}:{os.environ['PATH']}"}
    root = Path(__file__).parent.parent
    for line in commands:
        python = {**path, "PYTHONPATH": str(root)}
        # `yiwen sites` has no archive to be told of.
        given = line.replace("yiwen sites", f"{sys.executable} -m crawler sites")
        done = subprocess.run(
            ["sh", "-c", given], cwd=srv / "data", env=python, capture_output=True, text=True, timeout=HARD_LIMIT
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    assert (srv / "data/aside/archive.db").exists()


def test_its_maintenance_file_is_taken(tmp_path: Path) -> None:
    (written,) = blocks("toml")
    (tmp_path / "maintenance.toml").write_text(written, encoding="utf-8")
    jobs = {job.name: job.arguments for job in load_jobs(tmp_path / "archive.db")}
    assert set(jobs) == set(tomllib.loads(written)) - {"verify"} | {"optimize"}
    assert jobs["notify"] == ("--term", "县域内就诊率", "--term", "title:医保 site:dawn")


def test_its_cron_lines_name_commands_and_options_that_there_are(three_days: Desk) -> None:
    for line in blocks("cron")[0].splitlines():
        fields, command = line.split(None, 5)[:5], line.split("bin/yiwen ")[1].split(" >")[0]
        cron(" ".join(fields).replace(" 0", " sun") if fields[4] == "0" else " ".join(fields))
        name, *options = command.split()
        shown = three_days.run(name, "--help").out
        assert [option for option in options if option not in shown] == []


def test_its_unit_starts_the_scheduler_and_gives_it_time_to_stop() -> None:
    (unit,) = blocks("ini")
    assert "ExecStart=/srv/yiwen/.venv/bin/yiwen schedule\n" in unit
    assert int(re.findall(r"TimeoutStopSec=(\d+)", unit)[0]) > 60


def test_an_older_archive_beside_newer_evidence_is_whole_and_goes_on(desk: Desk) -> None:
    desk.crawl(1, "harbour", "--limit", "3")
    desk.run("backup", str(desk.folder / "copy"), "--archive", str(desk.archive))
    desk.crawl(1, "harbour", "--limit", "6", hours=12)
    recorded = desk.recorded()
    for file in desk.folder.glob("archive.db*"):
        file.unlink()
    shutil.copy(desk.folder / "copy/archive.db", desk.archive)
    assert "lacks" in desk.ask("verify", code=1).data["faults"][0]
    desk.ask("rebuild")
    assert desk.recorded() == recorded > 3
    assert desk.ask("verify").data["faults"] == []
    desk.crawl(1, "harbour", "--recheck", "--limit", "6", hours=24)
    assert desk.recorded() > recorded
    assert desk.ask("verify").data["faults"] == []
