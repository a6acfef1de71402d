"""Replay: an archive that a worse reader recorded becomes the one that today's reader would have recorded."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.demo.server import SampleSites
from tests.conftest import Desk, until

# A reader that loses paragraphs, and with them edits or whole articles; that takes a feed for text, the way to the page
# for its headline, and a weather report, another every day, for its outlet.
WORSE = {
    "dawn": """
[read]
title = ".position, .loc"
source = "#weather"
remove = ["#content p", ".con p:nth-of-type(n+2)", "#zoom p:nth-of-type(n+3)"]
""",
    "harbour": """
[read]
remove = ["#pressrelease", ".by", ".article_text .para", ".part p:nth-of-type(n+2)", "#story_body_content p + p + p"]
""",
}

HISTORY = {
    "articles": "SELECT url, site, status, title, text, title_original, text_original, source, source_title, author,"
    " editor, published_at, language, first_seen_at, last_seen_at, last_changed_at, version_count FROM articles",
    "versions": "SELECT a.url, v.number, v.first_seen_at, v.last_seen_at, v.fingerprint, v.title, v.text,"
    " v.text_original, v.source, v.author, v.published_at, v.id = a.current_version_id FROM versions v"
    " JOIN articles a ON a.id = v.article_id WHERE v.superseded_by IS NULL",
    "captures": "SELECT c.url, c.fetched_at, v.number FROM captures c JOIN versions v ON v.id = c.version_id"
    " JOIN articles a ON a.id = v.article_id AND a.id = c.article_id",
    "events": "SELECT a.url, e.at, e.kind, e.detail FROM events e JOIN articles a ON a.id = e.article_id"
    " WHERE e.kind <> 'reread' AND e.superseded_by IS NULL",
    "changes": "SELECT url, at, kinds, size, from_version, to_version FROM changes",
}


def history(desk: Desk, part: str) -> list[tuple]:
    """A part of an archive's history, the sample sites' ports left out."""
    rows = desk.sql(HISTORY[part])
    return sorted(tuple(re.sub(r"127\.0\.0\.1:\d+", "host", str(value)) for value in row) for row in rows)


def whole(desk: Desk) -> dict[str, list[tuple]]:
    return {part: history(desk, part) for part in HISTORY}


@pytest.fixture(scope="module")
def worse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An archive of the three days that a worse reader recorded; its site files are today's again. For reading only."""
    folder = tmp_path_factory.mktemp("worse")
    with SampleSites(day=1) as servers:
        files = servers.write_site_files(folder / "sites")
        today = {file: file.read_text(encoding="utf-8") for file in files}
        for file in files:
            file.write_text(today[file] + WORSE[file.stem], encoding="utf-8")
        desk = Desk(servers, folder)
        for day in (1, 2, 3):
            desk.crawl(day, *(["--recheck"] if day > 1 else []))
        for file in files:
            file.write_text(today[file], encoding="utf-8")
        yield desk


def copy_of(desk: Desk, folder: Path) -> Desk:
    shutil.copytree(desk.folder, folder, dirs_exist_ok=True)
    return replace(desk, folder=folder)


def replay(desk: Desk, *options: str) -> list[dict]:
    return desk.run("replay", *desk.places, "--json", *options).data


def test_what_a_worse_reader_recorded_becomes_what_the_real_one_records(
    worse: Desk, three_days: Desk, tmp_path: Path
) -> None:
    desk, right = copy_of(worse, tmp_path), whole(three_days)
    assert all(rows != right[part] for part, rows in whole(desk).items())
    before = whole(desk)
    foretold = replay(desk, "--dry-run")
    assert whole(desk) == before
    done = replay(desk)
    assert {part: rows == right[part] for part, rows in whole(desk).items()} == dict.fromkeys(HISTORY, True)
    assert [[row[name] for name in row if name != "changed"] for row in done] == [
        [row[name] for name in row if name != "changed"] for row in foretold
    ]
    total = {
        name: sum(row[name] for row in done) for name in ("reread", "characters", "recovered", "superseded", "new")
    }
    assert all(total.values()), total
    assert desk.ask("verify").data["faults"] == []
    assert [row["fetches"] for row in replay(desk)] == [0, 0]


def test_what_was_an_error_stays_and_is_neither_shown_nor_found(worse: Desk, tmp_path: Path) -> None:
    desk = copy_of(worse, tmp_path)
    replay(desk)
    wrong = desk.sql("SELECT id, number FROM versions WHERE superseded_by IS NOT NULL")
    assert wrong and all(number < 0 for _, number in wrong)
    shown = {row[0] for row in desk.sql("SELECT DISTINCT version_id FROM captures WHERE version_id IS NOT NULL")}
    assert shown.isdisjoint(row[0] for row in wrong)
    lost = desk.ask("search", '"当前位置"', "--history").data
    assert lost == [] != worse.ask("search", '"当前位置"').data
    assert desk.sql("SELECT count(*) FROM readings")[0][0] > desk.sql("SELECT count(*) FROM version_rows")[0][0]


def test_a_replay_that_is_stopped_or_killed_goes_on_where_it_was(worse: Desk, three_days: Desk, tmp_path: Path) -> None:
    desk = copy_of(worse, tmp_path)
    assert sum(row["addresses"] for row in replay(desk, "--limit", "5")) == 5
    left = "SELECT count(*) FROM pages p WHERE replayed LIKE '%rules%'"
    before = desk.sql(left)[0][0]
    with subprocess.Popen(desk.command("replay", *desk.places)) as process:
        until(lambda: process.poll() is not None or desk.sql(left)[0][0] < before)
        process.send_signal(signal.SIGKILL)
    assert desk.ask("verify").data["faults"] == []
    replay(desk)
    assert desk.sql(left) == [(0,)]
    assert whole(desk) == whole(three_days)


def test_a_payload_that_is_lost_leaves_what_it_showed_and_is_told(worse: Desk, tmp_path: Path) -> None:
    desk = copy_of(worse, tmp_path)
    url = desk.servers.url("harbour", "/press/202611/17/P2402.html")
    texts = "SELECT v.text FROM versions v JOIN articles a ON a.id = v.article_id WHERE a.url = ? ORDER BY v.id"
    before = desk.sql(texts, url)
    with desk.writing() as archive:
        archive.evidence.execute("UPDATE captures SET payload = x'00' WHERE url = ?", (url,))
    result = desk.run("replay", *desk.places, "--site", "harbour", "--json", code=1)
    assert sum(result.data[0]["unread"].values()) == 3
    assert desk.sql(texts, url) == before


def test_a_site_that_is_not_there_is_wrong_usage(worse: Desk) -> None:
    said = worse.run("replay", *worse.places, "--site", "dwan", code=2).err
    assert said == "yiwen: dwan: no site of this archive; it has dawn, harbour\n"
