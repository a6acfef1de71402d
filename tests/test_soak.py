"""Long trials, `make soak`: what must also hold the twentieth time."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from archive.store import Archive
from tests.conftest import Desk, until


@pytest.mark.soak
def test_thirty_days_of_sidebars_make_no_version(desk: Desk) -> None:
    desk.crawl(3)
    for day in range(4, 34):
        assert sum(row["changed"] for row in desk.crawl(day, "--recheck").data) == 0
    desk.ask("verify")


@pytest.mark.soak
def test_pywb_replays_an_exported_archive_byte_for_byte(desk: Desk, tmp_path: Path) -> None:
    for day, hours in ((1, 0), (1, 1), (2, 0)):
        desk.crawl(day, *(["--recheck"] if (day, hours) != (1, 0) else []), hours=hours)
    exported = tmp_path / "all.warc.gz"
    desk.run("export", "--format", "warc", "-o", str(exported), "--archive", str(desk.archive))
    programs = tmp_path / "pywb/bin"
    for command in (
        [sys.executable, "-m", "venv", str(tmp_path / "pywb")],
        [str(programs / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "pywb>=2.10,<3"],
        [str(programs / "wb-manager"), "init", "all"],
        [str(programs / "wb-manager"), "add", "all", str(exported)],
    ):
        subprocess.run(command, check=True, cwd=tmp_path, timeout=600)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(programs / "wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as wayback:
        try:
            until(lambda: _answers(port))
            _replay(desk, port)
        finally:
            wayback.terminate()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/").is_success
    except httpx.HTTPError:
        return False


def _replay(desk: Desk, port: int) -> None:
    """Ask for each fetch of a page by its time (`id_`: as it was), and for one as a person sees it."""
    with Archive.open(desk.archive) as archive:
        fetches = archive.db.execute(
            "SELECT final_url, fetched_at, digest, verdict FROM captures WHERE digest IS NOT NULL AND verdict <> 'list'"
        ).fetchall()
        assert {"article", "unmodified"} <= {verdict for *_, verdict in fetches}
        for url, at, digest, _ in fetches:
            moment = "".join(filter(str.isdigit, at))
            answer = httpx.get(f"http://127.0.0.1:{port}/all/{moment}id_/{url}")
            assert answer.content == archive.stored(digest).payload, (url, at)
    sql = "SELECT a.url, v.title_original FROM articles a JOIN versions v ON v.article_id = a.id WHERE v.number = 1"
    url, title = desk.sql(sql)[0]
    assert title in httpx.get(f"http://127.0.0.1:{port}/all/20261120mp_/{url}", follow_redirects=True).text
