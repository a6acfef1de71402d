"""`yiwen import`: WARC files and saved pages into the archive."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock
from archive.commands.board import Board
from archive.commands.options import (
    Moment,
    archive_option,
    complain,
    json_option,
    now_option,
    plain_failures,
    print_json,
)
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.store import Archive
from crawler.commands.options import print_skips, sites_option
from crawler.crawl.desk import Desk
from crawler.imports.importing import Import
from crawler.site.folder import load_sites

COUNTS = ("discovered", "new", "changed", "unchanged", "skipped", "failed")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--url", metavar="ADDRESS", help="Where a saved page is from; without it, what the page itself says.")
@click.option("--fetched-at", type=Moment(), metavar="TIME", help="When saved pages were saved (a date: its end).")
@archive_option
@sites_option
@now_option
@json_option
@plain_failures
def import_command(
    files: tuple[Path, ...],
    url: str | None,
    fetched_at: datetime | None,
    archive_path: Path,
    sites_folder: Path,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Take pages in from WARC files (.warc, .warc.gz) and saved HTML, the oldest captures first.

    They are read and recorded as a crawl's are, at the time of their capture. One that is older than the archive's
    last look at its article is kept as evidence, for `yiwen replay` to put into its history. What is in the archive
    already is skipped, and what shows no article; the table counts it. Saved pages need --fetched-at: a file's own
    time is not trusted.
    """
    if url and len(files) > 1:
        raise UsageError("--url is the address of one saved page; give one FILE with it")
    moment = clock(now)()
    if fetched_at and fetched_at > moment:
        raise UsageError("--fetched-at is in the future")
    with Archive.open(archive_path, write=True) as archive, Board() as board:
        desk = Desk(archive, clock(now), board, load_sites(sites_folder))
        job = Import(desk, moment)
        try:
            asyncio.run(job.run(files, url, fetched_at))
        finally:
            desk.close()
    rows = [_row(site, job) for site in sorted(job.tallies)]
    if as_json:
        print_json(rows)
    elif rows:
        printer = Printer()
        printer.table(("site", *COUNTS), [[row["site"], *(row[name] for name in COUNTS)] for row in rows], COUNTS)
        print_skips(printer, rows)
    for fault in job.faults:
        complain(fault)
    sys.exit(1 if job.faults or any(row["failed"] for row in rows) else 0)


def _row(site: str, job: Import) -> dict[str, object]:
    tally = job.tallies[site]
    counts = {**dict.fromkeys(COUNTS, 0), **tally.counts, "skipped": tally.skips.total()}
    return {"site": site, **{name: counts[name] for name in COUNTS}, "skips": dict(tally.skips)}
