"""`python -m benchmarks.chain`: what the chain and the journal cost to record and to verify, as ratios in one run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import click

from archive.commands.show import Printer
from archive.evidence import chain
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, chain_faults, journal
from archive.store.recording import Fetch
from benchmarks.pages import page, texts_of, title_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SIGHTINGS = 4  # of each article after the first


@dataclass(frozen=True)
class Chained:
    """Seconds: to record, of it to link and to follow with the journal, to check the chains, to verify the whole
    archive, and to rebuild it; the items, and how large the journal is beside the pages."""

    record: float
    link: float
    follow: float
    check: float
    verify: float
    rebuild: float
    items: int
    share: float


@click.command()
@click.option("--articles", default=1000, show_default=True, type=click.IntRange(2), help="Of the smaller archive.")
def bench(articles: int) -> None:
    """Record, link and verify an archive, and one with four times as many articles."""
    small, large = (_measured(number) for number in (articles, 4 * articles))
    rows = [
        ("linking, of recording", f"{large.link / large.record:.3f}"),
        ("following with the journal, of recording", f"{large.follow / large.record:.3f}"),
        ("the journal, of the pages' bytes", f"{large.share:.3f}"),
        ("rebuilding archive.db, of recording", f"{large.rebuild / large.record:.2f}"),
        ("checking the chains, of verifying all", f"{large.check / large.verify:.3f}"),
        ("checking the chains, four times the articles", f"{large.check / small.check:.1f}"),
        ("verifying all, four times the articles", f"{large.verify / small.verify:.1f}"),
        (f"checking the chains of {large.items:,} items, s", f"{large.check:.2f}"),
    ]
    Printer().table(("chain", "ratio"), rows, right=("ratio",))


def _measured(articles: int) -> Chained:
    with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "archive.db", write=True) as archive:
        start = time.perf_counter()
        with _timed(chain, "link") as linked, _timed(journal, "follow") as followed:
            for number in range(articles):
                _record(archive, number)
            archive.follow()
        record = time.perf_counter() - start
        start = time.perf_counter()
        found = [*chain_faults.of_archive(archive.db), *chain_faults.of_evidence(archive.db, archive.evidence)]
        check = time.perf_counter() - start
        start = time.perf_counter()
        found += archive.faults()
        verify = time.perf_counter() - start
        if found:
            raise SystemExit(f"the archive is not whole: {found[0]}")
        share = _bytes(archive, "journal") / _bytes(archive, "captures")
        rebuild = _rebuilt(archive, Path(folder) / "again")
        items = chain.head(archive.db)[1]
        return Chained(record, linked[0], followed[0], check, verify, rebuild, items, share)


@contextmanager
def _timed(module: ModuleType, name: str) -> Iterator[list[float]]:
    """The seconds that go into a function of a module meanwhile."""
    spent, work = [0.0], getattr(module, name)

    def timed(*args: object, **kwargs: object) -> None:
        start = time.perf_counter()
        work(*args, **kwargs)
        spent[0] += time.perf_counter() - start

    with patch.object(module, name, timed):
        yield spent


def _bytes(archive: Archive, table: str) -> int:
    """The bytes of what is packed in a table of captures.db, and of what stands beside it."""
    row = archive.evidence.execute(f"SELECT * FROM {table} LIMIT 1")
    columns = " + ".join(f"coalesce(length({column[0]}), 0)" for column in row.description)
    return int(archive.evidence.execute(f"SELECT sum({columns}) FROM {table}").fetchone()[0])


def _rebuilt(archive: Archive, folder: Path) -> float:
    """The seconds that it takes to make archive.db again from captures.db."""
    archive.copy_to(folder)
    (folder / "archive.db").unlink()
    start = time.perf_counter()
    with Archive.remake(folder / "archive.db") as again:
        again.bring_together()
    return time.perf_counter() - start


def _record(archive: Archive, number: int) -> None:
    url, title, text = f"https://bench.example/{number}.html", title_of(number), "\n".join(texts_of(number))
    reading = Reading("article", "bench", "", title, text, title, text, language="Hans", canonical_url=url)
    first = Capture(new_capture_id(NOON), url, url, NOON, 200, (("content-type", "text/html"),), page(number, 1))
    archive.record(Fetch("bench", None, first, reading), lambda visit: visit.now)
    for day in range(1, SIGHTINGS + 1):
        at = NOON + timedelta(days=day)
        known = archive.page(url)
        assert known is not None
        same = Capture(new_capture_id(at), url, url, at, 304)
        archive.record_unmodified("bench", None, same, known, lambda visit: visit.now)


if __name__ == "__main__":
    bench()
