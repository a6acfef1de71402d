"""What happened to an article, as `yiwen history`, `yiwen show` and the reading room say it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from archive.models import Capture, Event, new_capture_id
from archive.store import Archive, events, read
from archive.store.recording import Fetch
from crawler.cli import yiwen
from tests.conftest import datasette
from tests.schemas import make

NOW = make.START + timedelta(days=9)
LOST = {"version": 1, "reader": "reader-2", "kinds": ["added"], "size": 121, "details": ["author"], "lost": True}
ERRORS = {"versions": [1, 2], "superseded": [9], "replaces": [3, 4], "reader": "reader-3"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive in which one article's page claims another's address, and readers got better."""
    path = tmp_path_factory.mktemp("happened") / "archive.db"
    with Archive.open(path, write=True) as archive:
        make.record(archive)
        url = make.IN_PARTS
        claiming = Capture(new_capture_id(NOW), url, url, NOW, 200, (), b"a page")
        reading = replace(make.LONG, canonical_url=make.CORRECTED)
        archive.record(Fetch("dawn", None, claiming, reading), lambda visit: visit.now)
        article = read.article(archive.db, url)["id"]
        with archive.db.conn:
            events.add(archive.db, article, None, NOW, [Event("reread", LOST), Event("reread", ERRORS)])
    return path


@pytest.fixture
def room(path: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    with datasette(Path(shutil.copytree(path.parent, tmp_path / "copy")) / "archive.db") as client:
        yield client


def said(path: Path, command: str, url: str) -> str:
    done = CliRunner().invoke(yiwen, [command, url, "--archive", str(path)])
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_the_terminal_tells_who_claims_what_and_what_was_read_again(path: Path) -> None:
    claims = f"its page gives as its own the address of {make.CORRECTED}"
    claimed = f"its address is given as its own by the page of {make.IN_PARTS}"
    told = said(path, "history", make.IN_PARTS)
    assert f"linked {claims}" in told
    assert "version 1; reader reader-2; kinds added; size 121; details author; the evidence was lost, so" in told
    assert "versions 1, 2; takes back versions (ids) 9; takes back events 3, 4; reader reader-3" in told
    assert f"linked {claimed}" in said(path, "history", make.CORRECTED)
    assert f"linked: {claims}" in said(path, "show", make.IN_PARTS)
    assert f"linked: {claimed}" in said(path, "show", make.CORRECTED)
    gone = said(path, "history", make.WITHDRAWN)
    assert "reason HTTP 404" in gone and "suspected at 2026-11-0" in gone and "Z" not in gone


def test_the_reading_room_leads_from_one_to_the_other(path: Path, room: httpx.Client) -> None:
    with Archive.open(path) as archive:
        ids = {url: read.article(archive.db, url)["id"] for url in (make.CORRECTED, make.WITHDRAWN, make.IN_PARTS)}
    pages = {url: room.get(f"/archive/articles/{one}?_lang=en").text for url, one in ids.items()}
    link = '{} <a href="/archive/articles/{}?_lang=en">{}</a>'
    claims = ("its page gives as its own the address of", ids[make.CORRECTED], make.CORRECTED)
    claimed = ("its address is given as its own by the page of", ids[make.IN_PARTS], make.IN_PARTS)
    assert link.format(*claims) in pages[make.IN_PARTS]
    assert link.format(*claimed) in pages[make.CORRECTED]
    assert "the page itself may have changed too" in pages[make.IN_PARTS]
    assert "takes back 3 errors" in pages[make.IN_PARTS]
    assert "HTTP 404" in pages[make.WITHDRAWN]
