"""What several commands of the crawler share on the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from archive.clock import local
from archive.commands.options import complain
from archive.commands.show import Printer
from archive.store.runs import COUNTS
from crawler.crawl.run import Report

SHIPPED_SITES = Path(__file__).parent.parent / "sites"

sites_option = click.option(
    "--sites",
    "sites_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=SHIPPED_SITES,
    show_default="the shipped ones",
    help="The folder of site files.",
)
log_option = click.option("--log-json", is_flag=True, help="Write a line of JSON a page on standard error.")
verbose_option = click.option("--verbose", is_flag=True, help="Print Scrapy's log on standard error.")


def warn_of_proxy(environment: Mapping[str, str] = os.environ) -> None:
    """Say that a proxy of the environment is not used, so that nobody wonders why nothing can be reached."""
    names = [name for name in environment if name.lower() in ("http_proxy", "https_proxy", "all_proxy")]
    if names:
        complain(
            f"{', '.join(sorted(names))} is set and not used: a proxy would resolve names itself, "
            "past the guard against private addresses"
        )


def log_line(page: Mapping[str, object]) -> None:
    """One page of a crawl as a line of JSON: plain ASCII, so that nothing of a page can do anything in a terminal."""
    click.echo(json.dumps(page), err=True)


_ALWAYS = ("discovered", "fetched", "new", "changed")


def print_outcomes(rows: Sequence[Mapping[str, object]]) -> None:
    """The table of outcomes, a line a site, and why addresses were skipped. What no site had has no column."""
    printer = Printer()
    counts = [count for count in COUNTS if count in _ALWAYS or any(row[count] for row in rows)]
    columns = ("site", "outcome", *counts)
    printer.table(columns, [[row[column] for column in columns] for row in rows], counts)
    print_skips(printer, rows)


def print_skips(printer: Printer, rows: Sequence[Mapping[str, object]]) -> None:
    """Why addresses were skipped, a line a site."""
    for row in rows:
        skips = row["skips"]
        if isinstance(skips, dict) and skips:
            printer.line(
                f"{row['site']}: skipped " + ", ".join(f"{n} {why}" for why, n in sorted(skips.items())), "dim"
            )


def print_problems(report: Report, *, quiet: bool = False) -> None:
    """One line on standard error for each site that needs attention, or no longer does; if `quiet`, what is new."""
    for row in report.rows:
        since = local(row["broken_since"])
        if row["standing"] == "recovered":
            complain(f"{row['site']}: works again; it was broken since {since}")
        elif row["outcome"] != "complete" and not (quiet and row["standing"] == "broken"):
            as_before = f" (since {since})" if row["standing"] == "broken" else ""
            complain(f"{row['site']}: {row['outcome']}{as_before}: {row['reason']}")
    for remark in () if quiet else report.remarks:
        complain(remark)
    for site in () if quiet else report.busy:
        complain(f"{site}: another process is crawling it; left to that one")
    for error in report.errors:
        complain(error)
