"""`python -m benchmarks`: measure, print, and say which targets are met."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from archive.commands.show import Printer
from benchmarks.crawls import Measured, crawls
from benchmarks.pages import page
from benchmarks.readers import Times, times
from benchmarks.search import Searched, measure
from benchmarks.storage import Stored, stored

SAMPLE = 120  # generated pages that the readers are measured on
STORED = 240  # generated pages that are stored, half of them before there is a dictionary


@click.command()
@click.option("--pages", "count", default=2000, show_default=True, type=click.IntRange(6), help="Pages of the site.")
@click.option(
    "--saved", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Read these pages instead."
)
@click.option("--articles", default=100_000, show_default=True, type=click.IntRange(100), help="Articles to search in.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a target is missed.")
def bench(count: int, saved: Path | None, articles: int, strict: bool) -> None:
    """Measure the crawls, the reader, the stored payloads and the search."""
    click.echo(f"{count} pages of {sum(len(page(n, 1)) for n in range(60)) / 60 / 1000:.0f} KB, six layouts")
    with tempfile.TemporaryDirectory() as folder:
        measured = [_told(crawl) for crawl in crawls(count, Path(folder))]
    printer = Printer()
    bare = measured[0].rate
    columns = ("crawl", "pages/s", "of bare", "peak MB", "growth")
    printer.table(columns, [_row(crawl, bare) for crawl in measured], right=columns[1:])
    reading = times(_pages(saved, count))
    printer.line()
    rows = [(name, f"{mean:.1f}", f"{median:.1f}") for name, mean, median in reading.rows()]
    printer.table(("reader, ms of CPU a page", "mean", "median"), rows, right=("mean", "median"))
    printer.line()
    with tempfile.TemporaryDirectory() as folder:
        storage = stored(Path(folder) / "archive.db", *_stored_pages(saved))
    _storage(printer, storage)
    printer.line()
    with tempfile.TemporaryDirectory() as folder:
        searched = measure(Path(folder) / "archive.db", articles, _tell)
    _search(printer, searched)
    printer.line()
    missed = _verdicts(
        printer, [*_crawl_targets(measured, reading), *_storage_targets(storage), *_search_targets(searched)]
    )
    sys.exit(1 if strict and missed else 0)


def _told(crawl: Measured) -> Measured:
    _tell(crawl.name, crawl.run.seconds)
    return crawl


def _tell(what: str, seconds: float) -> None:
    click.echo(f"{what}: {seconds:.1f} s", err=True)


def _pages(saved: Path | None, count: int) -> list[bytes]:
    files = sorted(saved.glob("*.html")) if saved else []
    return [file.read_bytes() for file in files] or [page(number, 1) for number in range(min(count, SAMPLE))]


def _stored_pages(saved: Path | None) -> tuple[list[bytes], list[bytes]]:
    """Pages to store, and the same with other sidebars, where that is known."""
    if saved:
        return _pages(saved, 0), []
    return [page(number, 1) for number in range(STORED)], [page(number, 2) for number in range(STORED)]


def _row(crawl: Measured, bare: float) -> tuple[str, ...]:
    figures = (f"{crawl.rate:.0f}", f"{crawl.rate / bare:.2f}", f"{crawl.run.peak:.0f}", f"{crawl.run.growth:.2f}")
    return (crawl.name, *figures)


def _storage(printer: Printer, storage: Stored) -> None:
    shares = (
        ("first captures, before there is a dictionary", storage.plain),
        (
            f"first captures, {'with the' if storage.has_dictionary else 'too few for a'} trained dictionary",
            storage.trained,
        ),
        ("edited pages", storage.edited),
        ("pages with another sidebar and feed", storage.around),
    )
    printer.table(("stored payloads", "of raw"), [(name, f"{share:.3f}") for name, share in shares], right=("of raw",))
    times = f"median {storage.median_ms:.2f} ms, 95th percentile {storage.slow_ms:.2f} ms"
    printer.line(f"{len(storage.ms):,} payloads back, each checked against its digest: {times}")


def _search(printer: Printer, searched: Searched) -> None:
    """Print what each query found and took, the slowest first, a dozen of them."""
    answers = sorted(searched.answers, key=lambda answer: -answer.ms)
    rows = [(a.query, f"{a.there:,}", f"{a.right:,}", f"{a.wrong:,}", f"{a.ms:.1f}") for a in answers]
    columns = ("query", "there", "found", "wrong", "ms")
    printer.table(columns, rows[:: max(1, len(rows) // 12)], right=columns[1:])
    printer.line(
        f"{searched.articles:,} articles, {len(rows)} queries (each {max(1, len(rows) // 12)}th is shown): median"
        f" {searched.median_ms:.1f} ms, 95th percentile {searched.slow_ms:.1f} ms, LIKE {searched.like_ms:.0f} ms"
    )


@dataclass(frozen=True)
class Target:
    """What was measured and what was wanted."""

    name: str
    found: float
    wanted: float
    at_least: bool
    digits: int = 2

    @property
    def met(self) -> bool:
        return self.found >= self.wanted if self.at_least else self.found <= self.wanted


def _crawl_targets(measured: Sequence[Measured], reading: Times) -> list[Target]:
    bare, inline, first, unmodified, same, _ = (crawl.rate for crawl in measured)
    return [
        Target("first crawl over Scrapy with trafilatura inline", first / inline, 1.0, True),
        Target("all answered 304, over bare Scrapy", unmodified / bare, 0.7, True),
        Target("all the same bytes, over bare Scrapy", same / bare, 0.5, True),
        Target("memory of the first crawl, last quarter over second", measured[2].run.growth, 1.15, False),
        Target("reader over trafilatura with metadata, CPU", reading.ratio, 0.3, False),
    ]


def _storage_targets(storage: Stored) -> list[Target]:
    return [
        Target("first captures over raw", storage.first, 0.31, False, 3),
        Target("edited pages over raw", storage.edited, 0.02, False, 4),
        Target("a payload back, median ms", storage.median_ms, 5, False),
        Target("a payload back, 95th percentile ms", storage.slow_ms, 5, False),
    ]


def _search_targets(searched: Searched) -> list[Target]:
    return [
        Target("search, recall against a scan", searched.recall, 1.0, True, 4),
        Target("search, precision against a scan", searched.precision, 0.999, True, 4),
        Target("search, whole words among the first twenty", searched.whole, 0.99, True, 3),
        Target("search, median over LIKE", searched.median_ms / searched.like_ms, 1 / 50, False, 3),
        Target("search, 95th percentile over LIKE", searched.slow_ms / searched.like_ms, 1 / 10, False, 3),
        Target("search, index over text", searched.size, 1.8, False),
        Target("search, ms of CPU that indexing adds to recording an article", searched.index_ms, 3.0, False),
    ]


def _verdicts(printer: Printer, targets: Sequence[Target]) -> int:
    """Print each target with what was measured. Returns how many were missed."""
    for target in targets:
        printer.line(
            f"{'met   ' if target.met else 'MISSED'} {target.name}: {target.found:.{target.digits}f}"
            f" ({'at least' if target.at_least else 'at most'} {target.wanted})"
        )
    return sum(not target.met for target in targets)


if __name__ == "__main__":
    bench()
