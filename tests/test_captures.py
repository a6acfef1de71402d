"""Captures as evidence: packed small, given back byte for byte, and dropped only where nothing needs them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.errors import ArchiveError
from archive.health import Expect
from archive.models import Capture, Reading, new_capture_id
from archive.schema.evidence import captures_migrations
from archive.store import Archive, SiteRow, packing
from archive.store.dictionaries import FIRST_AT
from archive.store.recording import Fetch
from archive.store.retention import CITED, NEEDED, Stored, choose
from archive.store.runs import Ending
from benchmarks.pages import page
from tests.conftest import Desk

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SITE = SiteRow("star", "晨星", "", "https://star.example/", "CN", "", True, "", "0 6 * * *")


class Shelf:
    """An archive in which pages are recorded without being read."""

    def __init__(self, path: Path) -> None:
        self.path, self.now = path, NOON
        self.archive = Archive.open(path, write=True)

    def put(self, number: int, payload: bytes) -> str:
        """Record what an address sent. Returns its digest."""
        url = f"https://star.example/news/{number}.html"
        capture = Capture(new_capture_id(self.now), url, url, self.now, 200, (), payload)
        fetch = Fetch("star", None, capture, Reading("empty", "reader"))
        self.archive.record(fetch, lambda visit: visit.now + timedelta(days=1))
        self.now += timedelta(minutes=1)
        return capture.digest

    def end_run(self) -> None:
        run = self.archive.start_run(SITE, self.now)
        self.archive.finish_run(run, self.now, Ending("complete", "", {}, {}), timedelta(hours=6), Expect())

    def stored(self, columns: str) -> list[tuple]:
        return self.archive.evidence.execute(f"SELECT {columns} FROM captures ORDER BY rowid").fetchall()

    def spoil(self, sql: str) -> None:
        with closing(sqlite3.connect(self.path.with_name("captures.db"))) as db, db:
            db.execute(sql)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "archive.db")
    yield shelf
    shelf.archive.close()


@pytest.fixture
def trained(shelf: Shelf) -> Shelf:
    """With enough pages for a dictionary, and one more that was packed with it."""
    for number in range(FIRST_AT):
        shelf.put(number, page(number, 1)[:20_000])
    shelf.end_run()
    shelf.put(FIRST_AT, page(FIRST_AT, 1)[:20_000])
    return shelf


def edited(payload: bytes) -> bytes:
    middle = len(payload) // 2
    return payload[:middle] + b"69.1%" + payload[middle + 5 :]


def test_an_edited_page_is_stored_as_what_differs_from_its_key_frame_never_from_another_difference(
    shelf: Shelf,
) -> None:
    shown = [page(1, 1), edited(page(1, 1)), edited(page(1, 1)) + b"<!-- 2 -->", page(1, 2), edited(page(1, 2))]
    digests = [shelf.put(1, payload) for payload in shown]
    ids = [row[0] for row in shelf.stored("id")]
    assert [row[0] for row in shelf.stored("key_id")] == [None, ids[0], ids[0], None, ids[3]]
    sizes = [row[0] for row in shelf.stored("length(payload)")]
    assert [sizes[place] <= len(shown[place]) * 0.02 for place in (1, 2, 4)] == [True] * 3
    assert [shelf.archive.stored(digest).payload for digest in digests] == shown
    assert list(shelf.archive.faults()) == []


def test_a_page_that_goes_back_and_forth_is_kept_each_time_it_differs(shelf: Shelf) -> None:
    for payload in (page(1, 1), edited(page(1, 1)), page(1, 1), page(1, 1)):
        shelf.put(1, payload)
    assert len(shelf.stored("id")) == 3


def test_enough_pages_make_a_dictionary_for_those_that_come_later(trained: Shelf) -> None:
    assert [row[0] for row in trained.stored("dictionary_id")] == [None] * FIRST_AT + [1]
    before, after = (
        trained.stored("length(payload) * 1.0 / bytes")[-7],
        trained.stored("length(payload) * 1.0 / bytes")[-1],
    )
    assert after < before  # of the same layout
    for digest, size in trained.stored("digest, bytes"):
        assert len(trained.archive.stored(digest).payload) == size
    trained.end_run()
    assert trained.archive.evidence.execute("SELECT count(*) FROM dictionaries").fetchone() == (1,)
    assert list(trained.archive.faults()) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE dictionaries SET content = substr(content, 1, 9000)", "dictionary 1 was altered"),
        ("DELETE FROM dictionaries", "dictionary 1 is missing"),
    ],
)
def test_a_damaged_dictionary_is_named_and_stops_nothing(trained: Shelf, damage: str, said: str) -> None:
    trained.spoil(damage)
    faults = list(trained.archive.faults())
    assert [fault for fault in faults if said in fault and "(1 key frames)" in fault] != []
    assert [fault for fault in faults if "cannot be unpacked" in fault] == []
    with pytest.raises(ArchiveError, match=said):
        trained.archive.stored(trained.stored("digest")[-1][0])
    digest = trained.put(1000, page(1000, 1))
    assert trained.archive.stored(digest).payload == page(1000, 1)


def test_a_damaged_key_frame_is_named_and_the_next_capture_is_one(shelf: Shelf) -> None:
    shelf.put(1, page(1, 1))
    shelf.put(1, edited(page(1, 1)))
    shelf.spoil("UPDATE captures SET payload = x'00' WHERE key_id IS NULL")
    assert len([fault for fault in shelf.archive.faults() if "cannot be unpacked" in fault]) == 2
    digest = shelf.put(1, page(1, 1) + b"<!-- again -->")
    assert shelf.stored("key_id")[-1] == (None,)
    assert shelf.archive.stored(digest).payload.endswith(b"<!-- again -->")


def test_captures_of_an_older_schema_stay_readable(tmp_path: Path) -> None:
    payload = page(3, 1)
    digest = hashlib.sha256(payload).hexdigest()
    with closing(Database(tmp_path / "captures.db")) as old:
        captures_migrations.apply(old, stop_before="m002_packing")
        values = ("a", "https://star.example/", "https://star.example/", "2026-11-20T12:00:00Z", 200, "[]", digest)
        with old.conn:
            old.execute(
                "INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, len(payload), packing.pack(payload)),
            )
    (tmp_path / "archive.db").touch()
    with pytest.raises(ArchiveError, match="made by an older Yiwen"):
        Archive.open(tmp_path / "archive.db")
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        assert archive.stored(digest).payload == payload
        assert list(archive.faults()) == []


def kept(id: str, day: int, key: str | None = None, dependents: int = 0, digest: str = "") -> Stored:
    return Stored(id, digest or id, f"2026-11-{day:02d}", 10, key, dependents)


@pytest.mark.parametrize(
    ("stored", "before", "excess", "dropped", "reasons"),
    [
        ([kept("a", 1), kept("b", 2)], "2026-11-02", 0, ("a",), {}),
        ([kept("a", 1), kept("b", 2), kept("c", 3)], "", 15, ("a", "b"), {}),
        ([kept("a", 1), kept("b", 2)], "2026-11-03", 100, ("a", "b"), {}),
        ([kept("a", 1, digest="cited"), kept("b", 2)], "", 5, ("b",), {CITED: 1}),
        ([kept("d", 2, key="k"), kept("k", 1, dependents=1)], "2026-11-09", 0, ("d", "k"), {}),
        ([kept("d", 8, key="k"), kept("k", 1, dependents=1)], "2026-11-05", 0, (), {NEEDED: 1}),
        (
            [kept("d", 2, key="k", digest="cited"), kept("k", 1, dependents=1)],
            "2026-11-09",
            0,
            (),
            {CITED: 1, NEEDED: 1},
        ),
        ([kept("a", 1)], "", 0, (), {}),
    ],
)
def test_what_retention_drops(
    stored: list[Stored], before: str, excess: int, dropped: tuple[str, ...], reasons: dict[str, int]
) -> None:
    plan = choose(stored, {"cited"}, before, excess)
    assert (plan.dropped, plan.size, plan.kept) == (dropped, 10 * len(dropped), reasons)


def test_retention_takes_payloads_and_leaves_every_version_its_evidence(three_days: Desk, tmp_path: Path) -> None:
    three_days.ask("backup", str(tmp_path))
    rows = _facts(tmp_path)
    asked = ("retain", "--days", "1", "--now", "2026-12-24", "--json", "--archive", str(tmp_path / "archive.db"))
    foretold = three_days.run(*asked, "--dry-run").data
    assert foretold["dropped"] > 0 < foretold["bytes"]
    assert three_days.run(*asked).data == foretold
    assert _facts(tmp_path) == rows
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        assert list(archive.faults()) == []
        assert archive.droppable(datetime(2026, 12, 24, tzinfo=UTC), None).dropped == ()
        gone = archive.evidence.execute(
            "SELECT digest, length(payload), dropped_at FROM captures WHERE dropped_at > ''"
        ).fetchall()
        assert {row[1:] for row in gone} == {(0, "2026-12-23T16:00:00Z")}
        with pytest.raises(ArchiveError, match="was dropped by retention at 2026-12-23"):
            archive.stored(gone[0][0])


def _facts(folder: Path) -> list[tuple]:
    with Archive.open(folder / "archive.db") as archive:
        return archive.evidence.execute("SELECT id, url, fetched_at, headers, digest, bytes FROM captures").fetchall()


def test_retention_by_size_takes_the_oldest_first(shelf: Shelf) -> None:
    for hour in range(4):
        shelf.put(1, page(1, 10 + hour))
    plan = shelf.archive.droppable(None, shelf.stored("sum(length(payload))")[0][0] - 1)
    assert plan.dropped == tuple(row[0] for row in shelf.stored("id")[:1])


def test_retention_wants_to_be_told_what(three_days: Desk) -> None:
    assert "--days N, --megabytes N, or both" in three_days.ask("retain", code=2).err
