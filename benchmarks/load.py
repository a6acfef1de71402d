"""`python -m benchmarks.load`: how daily work slows as the archive grows, as ratios to its time at 10,000 articles.

Every article is recorded as a crawl records it, each in a transaction of its own, with its page as evidence; one in
fifty is recorded again with a changed figure. At each size the same work is measured.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.progress import track

from archive.commands.show import Printer
from archive.models import Capture, Reading, new_capture_id
from archive.search import find
from archive.store import Archive, SiteRow, read
from archive.store.connection import EVIDENCE
from archive.store.pages import Visit
from archive.store.recording import Fetch
from benchmarks.corpus import article
from benchmarks.pages import page
from benchmarks.reading_room import milliseconds, served

FIRST = 10_000
START = datetime(2026, 1, 1, tzinfo=UTC)
SITES = 40
CHANGED = 50  # one article in so many
LAST_RECORDED = 500  # of these, the median time
TIMES = 5
QUERIES = ("医保", "疫苗 接种", '"分级诊疗"', "癌", "96", "title:医院")
PAGES = {"home page": "/", "changes page": "/archive/-/changes"}
# How many times the time at 10,000 articles each may take at a million: what is looked up by an index hardly more,
# what counts all articles as many times as there are more, at worst.
MOST = {"record": 3, "search": 10, "status": 100, "home page": 20, "changes page": 5}


kept_page = cache(page)


def fetch(number: int, version: int) -> Fetch:
    """One fetch of a generated article; its second version has another figure."""
    made, site = article(number), number % SITES
    url = f"https://site{site}.example/{number}.html"
    text = made.text if version == 1 else f"{made.text}\n更正：就诊率为{number % 90 + 5}.6%。"
    reading = Reading("article", "bench", title=made.title, text=text, published_at=made.published, canonical_url=url)
    now = START + timedelta(minutes=number / 2 + version)
    capture = Capture(new_capture_id(now), url, url, now, 200, payload=kept_page(number % 600, version))
    return Fetch(f"site{site}", None, capture, replace(reading, title_original=made.title, text_original=text))


def grow(archive: Archive, first: int, last: int) -> Iterator[float]:
    """Record the articles from `first` to `last`; gives the milliseconds of each record."""
    for number in track(range(first, last + 1), f"to {last:,} articles", disable=not sys.stderr.isatty()):
        for version in (1, 2) if number % CHANGED == 0 else (1,):
            yield _ms(partial(archive.record, fetch(number, version), _tomorrow))


def _tomorrow(visit: Visit) -> datetime:
    return visit.now + timedelta(days=1)


def _ms(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def answers(path: Path) -> dict[str, float]:
    """The milliseconds of each kind of question, the median of several."""
    found = {}
    with Archive.open(path) as archive:
        db = archive.db
        asked = [_ms(partial(find, db, query, 20)) for _ in range(TIMES) for query in QUERIES]
        found["search"] = median(asked)
        found["status"] = median(_ms(lambda: (read.totals(db), read.health(db))) for _ in range(TIMES))
    with served(path) as address:
        for name, where in PAGES.items():
            found[name] = median(milliseconds(address + where) for _ in range(TIMES))
    return found


@click.command()
@click.option(
    "--articles", "most", default=1_000_000, show_default=True, type=click.IntRange(FIRST), help="The last size."
)
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Write here; the default is a temporary one."
)
@click.option("--strict", is_flag=True, help="Exit with 1 where a ratio is larger than it may be.")
def bench(most: int, folder: Path | None, strict: bool) -> None:
    """Grow an archive and measure on the way."""
    with tempfile.TemporaryDirectory() as temporary:
        missed = _measure((folder or Path(temporary)) / "archive.db", most)
    sys.exit(1 if strict and missed else 0)


def _measure(path: Path, most: int) -> list[str]:
    sizes = [size for size in (FIRST, 30_000, 100_000, 300_000, 1_000_000) if size < most] + [most]
    measured: dict[int, dict[str, float]] = {}
    with Archive.open(path, write=True) as archive:
        for number in range(SITES):
            archive.announce(SiteRow(f"site{number}", "", "", "", "CN", "Hans", True, "", "0 6 * * *"), (), START)
        before = 0
        for size in sizes:
            taken = list(grow(archive, before + 1, size))
            measured[size] = {"record": median(taken[-LAST_RECORDED:]), **answers(path)}
            before = size
            _print(measured, size, path)
    return _verdicts(measured)


def _print(measured: dict[int, dict[str, float]], size: int, path: Path) -> None:
    base = measured[FIRST]
    rows = [(name, f"{ms:.1f}", f"{ms / base[name]:.2f}") for name, ms in measured[size].items()]
    printer = Printer()
    printer.table((f"at {size:,} articles", "ms", "ratio"), rows, right=("ms", "ratio"))
    sizes = [f"{name} {(path.with_name(name)).stat().st_size / size / 1000:.1f} KB" for name in (path.name, EVIDENCE)]
    printer.line(f"an article takes: {', '.join(sizes)}")
    sys.stdout.flush()


def _verdicts(measured: dict[int, dict[str, float]]) -> list[str]:
    """Print each ratio at the last size against what it may be. Returns what was missed."""
    first, last = measured[FIRST], measured[max(measured)]
    missed = [name for name in MOST if last[name] > first[name] * MOST[name]]
    for name, most in MOST.items():
        word = "MISSED" if name in missed else "met   "
        click.echo(f"{word} {name}: {last[name] / first[name]:.2f} (at most {most})")
    return missed


if __name__ == "__main__":
    bench()
