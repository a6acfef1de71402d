"""`python -m benchmarks.load`: how daily work slows as the archive grows, as ratios to its time at 10,000 articles.

At each size the last articles are ordinary ones, each recorded as a crawl records it, and those are timed; what fills
the archive up to them is shorter and recorded many at a time (see `benchmarks.filling`). With --ordinary all are such.
What was measured is kept beside the archive: with the same --folder it is gone on from there.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.progress import track

from archive.commands.overview import overview
from archive.commands.show import Printer
from archive.search import find
from archive.store import Archive
from archive.store.connection import EVIDENCE
from benchmarks import filling
from benchmarks.corpus import LENGTH
from benchmarks.reading_room import milliseconds, served

FIRST = 10_000
SIZES = (FIRST, 30_000, 100_000, 300_000, 1_000_000)
TIMED = 500  # ordinary articles at the end of each size, of which the median time is taken
STEP = 10_000  # articles between two signs of progress
TIMES = 15
QUERIES = ("医保", "疫苗 接种", '"分级诊疗"', "癌", "96", "title:医院")
PAGES = {"home page": "/", "changes page": "/archive/-/changes"}
# How many times the time at 10,000 articles each may take at a million.
MOST = {"record": 3, "end of a run": 3, "search": 10, "status": 10, "home page": 3, "changes page": 3}
Measured = dict[str, float]


def grow(archive: Archive, first: int, last: int, *, ordinary: bool) -> tuple[list[float], list[float]]:
    """Record the articles from `first` to `last`. Returns the milliseconds of each of the last records and ends."""
    timed = first if ordinary else max(first, last - TIMED + 1)
    steps = range(first, timed, STEP)
    for step in track(steps, f"to {last:,} articles", disable=not sys.stderr.isatty()):
        filling.fill(archive, filling.fetches(step, min(step + STEP, timed) - 1, filling.SHORT))
    archive.renew_dictionary(filling.moment(timed))
    records, ends = list[float](), list[float]()
    for site, found in filling.by_run(filling.fetches(timed, last, LENGTH)):
        now = found[0].capture.fetched_at
        run_id = archive.start_run(site, now)
        records += [_ms(partial(archive.record, replace(one, run_id=run_id), filling.tomorrow)) for one in found]
        end = partial(archive.finish_run, run_id, now, filling.ending(found), timedelta(hours=20), filling.EXPECT)
        ends.append(_ms(end))
    return records[-TIMED:], ends[-TIMED:]


def _ms(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def answers(path: Path, size: int) -> Iterator[tuple[str, float]]:
    """The milliseconds of each kind of question, the median of several."""
    now = filling.moment(size)
    with Archive.open(path) as archive:
        asked = [_ms(partial(find, archive.db, query, 20)) for _ in range(TIMES) for query in QUERIES]
        yield "search", median(asked)
        yield "status", median(_ms(partial(overview, archive, now)) for _ in range(TIMES))
    with served(path) as address:
        for name, where in PAGES.items():
            yield name, median(milliseconds(address + where) for _ in range(TIMES))


@click.command()
@click.option(
    "--articles", "most", default=SIZES[-1], show_default=True, type=click.IntRange(FIRST), help="The last size."
)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Write here; the default is a temporary one."
)
@click.option("--ordinary", is_flag=True, help="Fill with ordinary articles too, recorded one by one.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a ratio is larger than it may be.")
def bench(most: int, folder: Path | None, ordinary: bool, strict: bool) -> None:
    """Grow an archive and measure on the way."""
    with tempfile.TemporaryDirectory() as temporary:
        missed = _measure((folder or Path(temporary)) / "archive.db", most, ordinary=ordinary)
    sys.exit(1 if strict and missed else 0)


def _measure(path: Path, most: int, *, ordinary: bool) -> list[str]:
    notes = path.with_name("load.json")
    measured: dict[int, Measured] = {}
    if notes.exists():
        measured = {int(size): found for size, found in json.loads(notes.read_text()).items()}
    with Archive.open(path, write=True) as archive:
        for size in sorted({*(size for size in SIZES if size < most), most}):
            before = max(measured, default=0)
            if size > before:
                records, ends = grow(archive, before + 1, size, ordinary=ordinary)
                measured[size] = {"record": median(records), "end of a run": median(ends)}
                measured[size] |= dict(answers(path, size))
                notes.write_text(json.dumps(measured, indent=1))
                _print(measured, size, path)
    return _verdicts(measured)


def _print(measured: dict[int, Measured], size: int, path: Path) -> None:
    base = measured[FIRST]
    rows = [(name, f"{ms:.1f}", f"{ms / base[name]:.2f}") for name, ms in measured[size].items()]
    printer = Printer()
    printer.table((f"at {size:,} articles", "ms", "ratio"), rows, right=("ms", "ratio"))
    sizes = [f"{name} {path.with_name(name).stat().st_size / size / 1000:.1f} KB" for name in (path.name, EVIDENCE)]
    printer.line(f"an article takes: {', '.join(sizes)}; load average {os.getloadavg()[0]:.1f}")
    sys.stdout.flush()


def _verdicts(measured: dict[int, Measured]) -> list[str]:
    """Print each ratio at the last size against what it may be. Returns what was missed."""
    first, last = measured[FIRST], measured[max(measured)]
    missed = [name for name in MOST if last[name] > first[name] * MOST[name]]
    for name, most in MOST.items():
        word = "MISSED" if name in missed else "met   "
        click.echo(f"{word} {name}: {last[name] / first[name]:.2f} (at most {most})")
    return missed


if __name__ == "__main__":
    bench()
