"""What the archive can show of a page: its stored bytes, and how to cite it."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from crawler.demo.truth import ARTICLES
from tests.conftest import Desk, copied

CORRECTED = next(article for article in ARTICLES if article.path.endswith("/1101.html"))
IN_PARTS = next(article for article in ARTICLES if article.part("/news/2026/1107_3.html", 1))


def url_of(desk: Desk, article) -> str:
    return desk.servers.url(article.host, article.path)


def raw(desk: Desk, *arguments: str, code: int = 0, archive: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    done = copied(["show", "--raw", *arguments, "--archive", str(archive or desk.archive)])
    assert done.returncode == code, done.stderr
    return done


def fetched(desk: Desk, url: str, day: str) -> str:
    """The digest that the fetch of an address on a day had when it was recorded."""
    return desk.sql("SELECT digest FROM captures WHERE url = ? AND fetched_at LIKE ?", url, f"{day}%")[0][0]


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21", "2026-11-22"])
def test_raw_gives_the_bytes_of_that_day(three_days: Desk, day: str) -> None:
    url = url_of(three_days, CORRECTED)
    payload = raw(three_days, url, "--as-of", day).stdout
    assert b"<html" in payload
    assert hashlib.sha256(payload).hexdigest() == fetched(three_days, url, day)


def test_raw_without_a_day_is_the_last_sighting_and_a_version_is_its_first(three_days: Desk) -> None:
    url = url_of(three_days, CORRECTED)
    last, first = raw(three_days, url).stdout, raw(three_days, url, "--version", "1").stdout
    assert hashlib.sha256(last).hexdigest() == fetched(three_days, url, "2026-11-22")
    assert hashlib.sha256(first).hexdigest() == fetched(three_days, url, "2026-11-20")


@pytest.mark.parametrize("chosen", [(), ("--as-of", "2026-11-20"), ("--version", "1")])
def test_an_article_of_several_pages_gives_each_of_them(three_days: Desk, chosen: tuple[str, ...]) -> None:
    url = url_of(three_days, IN_PARTS)
    pages = [url, url.replace(".html", "_2.html"), url.replace(".html", "_3.html")]
    day = "2026-11-20" if chosen else "2026-11-22"
    given = [raw(three_days, url, *chosen, "--part", str(number)).stdout for number in (1, 2, 3)]
    assert [hashlib.sha256(one).hexdigest() for one in given] == [fetched(three_days, page, day) for page in pages]
    whole = raw(three_days, url, *chosen)
    assert whole.stdout == given[0]
    assert "page 1 of 3" in whole.stderr.decode()
    assert "no page 4" in raw(three_days, url, *chosen, "--part", "4", code=1).stderr.decode()


def test_altered_bytes_are_not_given(three_days: Desk, tmp_path: Path) -> None:
    three_days.ask("backup", str(tmp_path))
    url = url_of(three_days, CORRECTED)
    with closing(sqlite3.connect(tmp_path / "captures.db")) as db, db:
        other = db.execute("SELECT payload FROM captures WHERE url <> ? LIMIT 1", (url,)).fetchone()[0]
        db.execute("UPDATE captures SET payload = ? WHERE url = ?", (other, url))
    done = raw(three_days, url, code=1, archive=tmp_path / "archive.db")
    assert done.stdout == b""
    assert "was altered" in done.stderr.decode()


@pytest.mark.parametrize("option", [["--json"], ["--original"], ["--version", "1", "--as-of", "2026-11-20"]])
def test_raw_goes_with_nothing_that_asks_for_text(three_days: Desk, option: list[str]) -> None:
    raw(three_days, url_of(three_days, CORRECTED), *option, code=2)


def test_a_citation_names_page_times_address_and_evidence(three_days: Desk) -> None:
    url = url_of(three_days, CORRECTED)
    cited = three_days.ask("cite", url, "--as-of", "2026-11-20").data
    assert cited["title_original"] == CORRECTED.state(1).title
    assert (cited["number"], cited["seen_before"]["fetched_at"][:10]) == (1, "2026-11-20")
    assert cited["seen_after"]["fetched_at"][:10] == "2026-11-21"
    payload = raw(three_days, url, "--as-of", "2026-11-20").stdout
    assert cited["seen_before"]["digest"] == hashlib.sha256(payload).hexdigest()
    shown = three_days.run("cite", url, "--as-of", "2026-11-20", "--archive", str(three_days.archive)).out.strip()
    assert shown == cited["citation"]
    told = (cited["title_original"], cited["source"], cited["published_at"], url, cited["seen_before"]["digest"])
    assert [part for part in told if part not in shown] == []


def test_a_citation_without_a_day_is_of_the_newest_state_and_says_a_withdrawal(three_days: Desk) -> None:
    (url,) = three_days.sql("SELECT url FROM articles WHERE status = 'withdrawn' LIMIT 1")[0]
    cited = three_days.ask("cite", url).data
    assert cited["number"] == cited["version_count"]
    assert cited["citation"].endswith("Withdrawn since.")
