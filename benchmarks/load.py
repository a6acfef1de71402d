"""`python -m benchmarks.load`: how daily work slows as the archive grows, as ratios to its time at 10,000 articles.

At each size the same is asked of the grown archive and of one with 10,000 articles, in turns, so that what else the
machine does meanwhile slows both. What is recorded then are ordinary articles, each as a crawl records it. What fills
the archive up to a size is shorter and recorded many at a time (see `benchmarks.filling`); with --ordinary it is not.
With the same --folder an archive is grown on, or only measured again.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import defaultdict
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
from archive.store import Archive, read
from archive.store.connection import EVIDENCE
from benchmarks import filling
from benchmarks.corpus import LENGTH
from benchmarks.reading_room import milliseconds, served

FIRST = 10_000
SIZES = (30_000, 100_000, 300_000, 1_000_000)
TIMED = 500  # ordinary articles at each size
STEP = 10_000  # articles between two signs of progress
TIMES = 21
QUERIES = ("医保", "疫苗 接种", '"分级诊疗"', "癌", "96", "title:医院")
PAGES = {"home page": "/", "changes page": "/archive/-/changes"}
# How many times the time at 10,000 articles each may take at a million.
MOST = {"record": 3, "end of a run": 3, "search": 10, "status": 10, "home page": 3, "changes page": 3}
Times = list[list[float]]  # milliseconds, of the small archive and of the large one


def grow(path: Path, size: int, *, ordinary: bool) -> None:
    """Fill an archive up to so many articles."""
    with Archive.open(path, write=True) as archive:
        steps = range(_held(archive) + 1, size + 1, STEP)
        for first in track(steps, f"to {size:,} articles", disable=not sys.stderr.isatty()):
            last = min(first + STEP - 1, size)
            if ordinary:
                list(_recorded(archive, first, last))
            else:
                filling.fill(archive, filling.fetches(first, last, filling.SHORT))
            archive.renew_dictionary(filling.moment(last))


def _held(archive: Archive) -> int:
    return int(read.totals(archive.db)["articles"])


def _recorded(archive: Archive, first: int, last: int) -> Iterator[tuple[str, float]]:
    """Record ordinary articles as a crawl does. Gives what was done and its milliseconds, one by one."""
    for site, found in filling.by_run(filling.fetches(first, last, LENGTH)):
        now = found[0].capture.fetched_at
        run_id = archive.start_run(site, now)
        for one in found:
            yield "record", _ms(partial(archive.record, replace(one, run_id=run_id), filling.tomorrow))
        end = partial(archive.finish_run, run_id, now, filling.ending(found), timedelta(hours=20), filling.EXPECT)
        yield "end of a run", _ms(end)


def _ms(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def compare(small: Path, large: Path) -> dict[str, Times]:
    """What each kind of work takes in both archives, in turns."""
    found: dict[str, Times] = defaultdict(lambda: [[], []])
    with Archive.open(small, write=True) as one, Archive.open(large, write=True) as other:
        both = [_recorded(archive, (n := _held(archive)) + 1, n + TIMED) for archive in (one, other)]
        for done in zip(*both, strict=False):
            for times, (name, ms) in zip((0, 1), done, strict=True):
                found[name][times].append(ms)
        for query in QUERIES:
            _in_turns(found["search"], [partial(_ms, partial(find, archive.db, query, 20)) for archive in (one, other)])
        asked = [partial(overview, archive, filling.moment(_held(archive))) for archive in (one, other)]
        _in_turns(found["status"], [partial(_ms, work) for work in asked])
    with served(small) as here, served(large) as there:
        for name, page in PAGES.items():
            _in_turns(found[name], [partial(milliseconds, address + page) for address in (here, there)])
    return found


def _in_turns(found: Times, both: list[Callable[[], float]]) -> None:
    for _ in range(TIMES):
        for times, taken in zip(found, both, strict=True):
            times.append(taken())


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
        large = (folder or Path(temporary)) / "archive.db"
        sizes = sorted({*(size for size in SIZES if size < most), most})
        with Archive.open(large, write=True) as archive:
            held = _held(archive)
        ratios = dict[str, float]()
        for size in (one for one in sizes if one > held or one == most):
            grow(large, size, ordinary=ordinary)
            small = Path(temporary) / str(size) / "archive.db"
            grow(small, FIRST, ordinary=ordinary)
            ratios = _print(compare(small, large), size, large)
    sys.exit(1 if _verdicts(ratios) and strict else 0)


def _print(found: dict[str, Times], size: int, path: Path) -> dict[str, float]:
    ms = {name: (median(small), median(large)) for name, (small, large) in found.items()}
    ratios = {name: large / small for name, (small, large) in ms.items()}
    rows = [(name, *(f"{one:.1f}" for one in ms[name]), f"{ratios[name]:.2f}") for name in ms]
    heads = ("median ms", f"at {FIRST:,}", f"at {size:,}", "ratio")
    printer = Printer()
    printer.table(heads, rows, right=heads[1:])
    sizes = [f"{name} {path.with_name(name).stat().st_size / size / 1000:.1f} KB" for name in (path.name, EVIDENCE)]
    printer.line(f"an article takes: {', '.join(sizes)}; load average {os.getloadavg()[0]:.1f}")
    sys.stdout.flush()
    return ratios


def _verdicts(ratios: dict[str, float]) -> list[str]:
    """Print each ratio at the last size against what it may be. Returns what was missed."""
    missed = [name for name, most in MOST.items() if ratios[name] > most]
    for name, most in MOST.items():
        click.echo(f"{'MISSED' if name in missed else 'met   '} {name}: {ratios[name]:.2f} (at most {most})")
    return missed


if __name__ == "__main__":
    bench()
