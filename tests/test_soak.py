"""Long trials, `make soak`: what must also hold the twentieth time."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from archive.store import Archive, read
from archive.text import clean_line, fold
from crawler.demo.body import plain_text
from crawler.demo.content import Article
from crawler.demo.truth import ARTICLES, expected
from tests.conftest import FIRST_DAY, Desk, until


@pytest.mark.soak
def test_thirty_days_of_sidebars_make_no_version(desk: Desk) -> None:
    desk.crawl(3)
    for day in range(4, 34):
        assert sum(row["changed"] for row in desk.crawl(day, "--recheck").data) == 0
    desk.ask("verify")


Texts = list[tuple[str, str]]


def true_states(article: Article, day: int) -> Texts:
    """The headlines and texts that a page showed up to a day, folded, each once and in the order of first sight."""
    shown = [article.state(past) for past in range(article.first_day, day + 1) if not article.gone(past)]
    return list(dict.fromkeys((fold(state.title), fold(plain_text(state.body))) for state in shown))


def recorded_states(archive: Archive, article_id: int) -> Texts:
    """The same of the versions that the archive has."""
    sql = "SELECT title_original, text_original FROM versions WHERE article_id = ? ORDER BY number"
    return [(fold(title), fold(text)) for title, text in archive.db.execute(sql, [article_id])]


@pytest.mark.soak
def test_every_version_of_ten_days_is_a_state_that_was_shown_and_every_state_is_a_version(desk: Desk) -> None:
    for day in range(1, 11):
        desk.crawl(day, *(["--recheck"] if day > 1 else []))
        due = {(one.host, one.path): one for one in expected(day)}
        with Archive.open(desk.archive) as archive:
            assert archive.db.execute("SELECT count(*) FROM articles").fetchone() == (len(due),)
            for article in (one for one in ARTICLES if (one.host, one.path) in due):
                found = read.article(archive.db, desk.servers.url(article.host, article.path))
                right = due[article.host, article.path]
                assert recorded_states(archive, found["id"]) == true_states(article, day), (day, article.path)
                assert (found["status"], found["version_count"]) == (right.status, right.versions), (day, article.path)
                for past in range(article.first_day, day + 1):
                    if not article.gone(past):
                        shown = read.as_of(archive.db, found["id"], FIRST_DAY + timedelta(days=past - 1, hours=1))
                        assert fold(shown["text_original"]) == fold(plain_text(article.state(past).body)), (day, past)
    assert desk.ask("verify").data["faults"] == []


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
    shown = httpx.get(f"http://127.0.0.1:{port}/all/20261120mp_/{url}", follow_redirects=True).text
    assert title in clean_line(shown)
