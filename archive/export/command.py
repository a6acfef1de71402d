"""`yiwen export`: articles or captures in formats that other programs read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock
from archive.commands.board import Board
from archive.commands.options import archive_option, complain, now_option, plain_failures
from archive.errors import UsageError
from archive.export import atom, csv, jsonl, rows, warc
from archive.export.destination import destination
from archive.store import Archive

FORMATS = ("jsonl", "csv", "atom", "warc")


@click.command()
@click.argument("query", default="", required=False)
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--versions", is_flag=True, help="A row for each version instead of each article (jsonl, csv).")
@click.option(
    "-o",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to this file, replaced when the export is whole; .warc.gz is compressed record by record.",
)
@archive_option
@now_option
@plain_failures
def export(
    query: str, form: str, versions: bool, output: Path | None, archive_path: Path, now: datetime | None
) -> None:
    """Write articles, or with warc the stored pages, for other programs; those that QUERY finds, or all.

    QUERY is as for search: `site:dawn since:2026-11`. jsonl has every column as it is. csv is for spreadsheets:
    with a byte order mark, and an apostrophe before what would be a formula. atom has the articles' whole texts. warc
    has every fetch: a stored page as a response, one that brought nothing new as a revisit.
    """
    if versions and form not in ("jsonl", "csv"):
        raise UsageError("--versions goes with --format jsonl and csv")
    if form == "warc" and output is None and sys.stdout.isatty():
        raise UsageError("a WARC file may not go to a terminal: add -o FILE.warc.gz")
    job = _Job(query.strip(), form, versions, bool(output and output.suffix == ".gz"))
    left_out = Counter[str]()
    with Archive.open(archive_path) as archive:
        written = _write(archive, job, output, clock(now)(), left_out)
    if output:
        click.echo(f"{output}: {written:,} {job.what}")
    for reason, times in left_out.items():
        complain(f"{times:,} fetches left out: {reason}")
    sys.exit(1 if left_out[warc.DAMAGED] else 0)


@dataclass(frozen=True)
class _Job:
    query: str
    form: str
    versions: bool
    gzipped: bool

    @property
    def what(self) -> str:
        return "captures" if self.form == "warc" else "versions" if self.versions else "articles"


def _write(archive: Archive, job: _Job, output: Path | None, now: datetime, left_out: Counter[str]) -> int:
    """Write the export. Returns how many rows or records were written, the file's own head not counted."""
    total = (
        warc.count(archive, job.query)
        if job.form == "warc"
        else rows.count(archive.db, job.query, versions=job.versions)
    )
    with destination(output) as write, Board() as board:
        for number, chunk in enumerate(_chunks(archive, job, now, left_out)):
            write(chunk)
            board.advance("export", min(number, total), total)
    return total - left_out.total()


def _chunks(archive: Archive, job: _Job, now: datetime, left_out: Counter[str]) -> Iterator[bytes]:
    db, query = archive.db, job.query
    if job.form == "warc":
        return warc.chunks(archive, query, now, left_out, gzipped=job.gzipped)
    if job.form == "atom":
        head = atom.Head(f"医闻 Yiwen: {query or '全部'}", rows.newest_change(db, query) or atom.NEVER)
        found = rows.articles(db, query)
        return atom.chunks(head, (atom.entry_of(row, str(row["url"]), "", str(row["text"])) for row in found))
    found = rows.versions(db, query) if job.versions else rows.articles(db, query)
    return jsonl.chunks(found) if job.form == "jsonl" else csv.chunks(found)
