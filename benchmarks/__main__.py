"""`python -m benchmarks`: measure, print, and say which targets are met."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from archive.show import Printer
from benchmarks.crawls import Measured, crawls
from benchmarks.pages import page
from benchmarks.readers import Times, times

SAMPLE = 120  # generated pages that the readers are measured on


@click.command()
@click.option("--pages", "count", default=2000, show_default=True, type=click.IntRange(6), help="Pages of the site.")
@click.option(
    "--saved", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Read these pages instead."
)
@click.option("--strict", is_flag=True, help="Exit with 1 where a target is missed.")
def bench(count: int, saved: Path | None, strict: bool) -> None:
    """Measure the crawls and the reader."""
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
    missed = _verdicts(printer, measured, reading)
    sys.exit(1 if strict and missed else 0)


def _told(crawl: Measured) -> Measured:
    click.echo(f"{crawl.name}: {crawl.run.seconds:.1f} s", err=True)
    return crawl


def _pages(saved: Path | None, count: int) -> list[bytes]:
    files = sorted(saved.glob("*.html")) if saved else []
    return [file.read_bytes() for file in files] or [page(number, 1) for number in range(min(count, SAMPLE))]


def _row(crawl: Measured, bare: float) -> tuple[str, ...]:
    figures = (f"{crawl.rate:.0f}", f"{crawl.rate / bare:.2f}", f"{crawl.run.peak:.0f}", f"{crawl.run.growth:.2f}")
    return (crawl.name, *figures)


def _verdicts(printer: Printer, measured: Sequence[Measured], reading: Times) -> int:
    """Print each target with what was measured. Returns how many were missed."""
    bare, inline, first, unmodified, same, _ = (crawl.rate for crawl in measured)
    targets = (
        ("first crawl over Scrapy with trafilatura inline", first / inline, 1.0, True),
        ("all answered 304, over bare Scrapy", unmodified / bare, 0.7, True),
        ("all the same bytes, over bare Scrapy", same / bare, 0.5, True),
        ("memory of the first crawl, last quarter over second", measured[2].run.growth, 1.15, False),
        ("reader over trafilatura with metadata, CPU", reading.ratio, 0.3, False),
    )
    missed = 0
    for name, found, wanted, at_least in targets:
        met = found >= wanted if at_least else found <= wanted
        missed += not met
        printer.line(
            f"{'met   ' if met else 'MISSED'} {name}: {found:.2f} ({'at least' if at_least else 'at most'} {wanted})"
        )
    return missed


if __name__ == "__main__":
    bench()
