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
from tests.contents import contents, lose

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
    replayed = contents(desk.archive)
    lose(desk.archive)
    desk.ask("rebuild")
    for table, rows in contents(desk.archive).items():
        assert rows == replayed[table], table


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


def counts(desk: Desk) -> dict[str, int]:
    """How many versions each article has, the sample sites' ports left out."""
    return {row[0]: int(row[-1]) for row in history(desk, "articles")}


def test_a_better_reader_recovers_no_version_from_a_page_whose_evidence_is_lost_in_part(
    worse: Desk, three_days: Desk, tmp_path: Path
) -> None:
    desk, right = copy_of(worse, tmp_path), counts(three_days)
    steady = {url for url, count in counts(desk).items() if count == right.get(url) == 1}
    with desk.writing() as archive:
        archive.evidence.execute("UPDATE captures SET payload = x'00' WHERE fetched_at < '2026-11-21'")
    (dawn, harbour) = desk.run("replay", *desk.places, "--json", code=1).data
    assert sum(dawn["unread"].values()) and sum(harbour["unread"].values())
    after = counts(desk)
    assert {url: after[url] for url in steady} == dict.fromkeys(steady, 1)
    assert len(steady) > 20
    texts = {row[0]: row[4] for row in history(three_days, "articles")}
    read_again = {row[0] for row in history(desk, "articles") if row[4] == texts.get(row[0])}
    assert len(read_again & steady) > 15  # by what showed them later


def test_what_retention_dropped_is_left_as_it_was_and_counted(worse: Desk, tmp_path: Path) -> None:
    desk = copy_of(worse, tmp_path)
    with desk.writing() as archive:
        stored = archive.evidence.execute("SELECT count(*) FROM captures WHERE dropped_at IS NULL").fetchone()[0]
    desk.run("retain", "--days", "1", "--archive", str(desk.archive), "--now", desk.now(9))
    with desk.writing() as archive:
        rows = archive.evidence.execute("SELECT id FROM captures WHERE dropped_at IS NOT NULL").fetchall()
    dropped = [capture_id for (capture_id,) in rows]
    assert 0 < len(dropped) < stored
    shows = f"SELECT id, version_id FROM captures WHERE id IN ({', '.join('?' * len(dropped))}) ORDER BY id"
    articles = "SELECT article_id, number FROM versions WHERE id = ?"
    before = [(one, desk.sql(articles, version)) for one, version in desk.sql(shows, *dropped)]
    done = replay(desk)
    assert 0 < sum(sum(row["unread"].values()) for row in done) <= len(dropped)
    assert all("dropped by retention" in reason for row in done for reason in row["unread"])
    kept = [(one, desk.sql(articles, version)) for one, version in desk.sql(shows, *dropped)]
    assert kept == before
    assert desk.ask("verify").data["faults"] == []


def test_a_site_that_is_not_there_is_wrong_usage(worse: Desk) -> None:
    said = worse.run("replay", *worse.places, "--site", "dwan", code=2).err
    assert said == "yiwen: dwan: no site of this archive; it has dawn, harbour\n"
