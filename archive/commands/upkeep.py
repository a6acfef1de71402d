"""The commands that look after the two files: status, verify, reindex, optimize, backup, retain."""

from __future__ import annotations

import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from archive.clock import clock, local
from archive.commands.board import Board
from archive.commands.options import archive_option, complain, json_option, now_option, plain_failures, print_json
from archive.commands.overview import overview
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.evidence import chain
from archive.store import Archive, read, redaction
from archive.store.backup import copy_name, rotate
from archive.text import inert


@click.command()
@archive_option
@now_option
@json_option
@plain_failures
def status(archive_path: Path, now: datetime | None, as_json: bool) -> None:
    """Show how the archive does: what needs attention, what it holds, last and next run, room, and each site."""
    with Archive.open(archive_path) as archive:
        found = overview(archive, clock(now)())
    if as_json:
        print_json(found)
        return
    Printer().status(found)


def _totals(archive: Archive) -> dict:
    """How much an archive holds, and the head of its chain."""
    head, items = chain.head(archive.db)
    return {**read.totals(archive.db), "items": items, "head": head}


class Head(click.ParamType):
    """The head of a chain as it was noted: 64 hexadecimal digits."""

    name = "head"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", value.strip()):
            self.fail(f"{value!r} is no head: it has 64 hexadecimal digits, as `yiwen status` prints it", param, ctx)
        return value.strip().lower()


@click.command()
@click.option("--head", type=Head(), metavar="DIGEST", help="A head noted elsewhere: is it in the chain?")
@archive_option
@json_option
@plain_failures
def verify(head: str | None, archive_path: Path, as_json: bool) -> None:
    """Check that both files are whole: rows, index, fingerprints, the chain, and every payload's digest.

    Names what was altered, taken out or put in. Who can write to the files could also write the whole chain anew:
    note its head elsewhere, as `yiwen status` prints it, and give it to --head later.
    """
    with Archive.open(archive_path, write=True, create=False) as archive:  # the index is checked by writing a command
        with Board() as board:
            faults = list(archive.faults(board.stage))
        now, items = chain.head(archive.db)
        redacted = redaction.every(archive.db)
        since = chain.items_since(archive.db, head) if head else None
    if head and since is None:
        faults.append(f"archive.db: its chain never had the head {head}")
    for fault in faults:
        complain(fault)
    if as_json:
        print_json({"faults": faults, "head": now, "items": items, "since": since, "redacted": redacted})
        sys.exit(1 if faults else 0)
    for one in redacted:
        click.echo(inert(f"redacted at {local(one['at'])}: {one['url']} ({one['why']})"))
    if since is not None:
        click.echo(f"{since:,} items were recorded since head {head}")
    if faults:
        sys.exit(1)
    click.echo(f"{archive_path}: whole; {items:,} items in the chain, head {now}")


@click.command()
@archive_option
@plain_failures
def reindex(archive_path: Path) -> None:
    """Write the full-text indexes anew, where `yiwen verify` finds that they do not match the articles.

    It is one transaction: what stops it leaves the indexes as they were.
    """
    with Archive.open(archive_path, write=True, create=False) as archive, Board() as board:
        indexed = archive.reindex(board.stage)
    click.echo(f"{indexed:,} articles indexed")


@click.command()
@archive_option
@json_option
@plain_failures
def rebuild(archive_path: Path, as_json: bool) -> None:
    """Make archive.db again from the journal in captures.db, where it was lost or is older than that.

    Articles, versions, readings, fetches, events, runs and the chain come back as they were recorded, with the same
    numbers and the same head. Every page is due at once. What is damaged is to be moved away first. A rebuild that was
    stopped goes on where it was.
    """
    with Board() as board, Archive.remake(archive_path) as archive:
        items = archive.bring_together(board.stage)
        totals = _totals(archive)
    if as_json:
        print_json({"returned": items, **totals})
        return
    click.echo(f"{items:,} items put back; {totals['articles']:,} articles, {totals['versions']:,} versions")
    click.echo(f"{totals['items']:,} items in the chain, head {totals['head']}")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Copy into a new folder in DIR; keep the newest N.")
@archive_option
@now_option
@json_option
@plain_failures
def backup(folder: Path, keep: int | None, archive_path: Path, now: datetime | None, as_json: bool) -> None:
    """Copy both files into DIR, also while a crawl is writing.

    The copy is an archive of its own: everything that it cites is in its captures.db. Nothing is overwritten. Check it
    with `yiwen verify --archive DIR/archive.db`.
    """
    with Archive.open(archive_path) as archive, Board() as board:
        copies = archive.copy_to(folder / copy_name(clock(now)()) if keep else folder, board.stage)
    dropped = rotate(folder, keep) if keep else []
    with Archive.open(copies[0]) as copy:
        totals = _totals(copy)
    found = [{"file": str(file), "bytes": file.stat().st_size} for file in copies]
    if as_json:
        print_json({"files": found, "dropped": [str(path) for path in dropped], **totals})
        return
    for row in found:
        click.echo(f"{row['file']}: {row['bytes']:,} bytes")
    click.echo(f"{totals['articles']:,} articles, {totals['versions']:,} versions, {totals['captures']:,} captures")
    click.echo(f"{totals['items']:,} items in the chain, head {totals['head']}")
    for path in dropped:
        click.echo(f"{path}: dropped")


@click.command()
@archive_option
@plain_failures
def optimize(archive_path: Path) -> None:
    """Keep searching quick: merge the indexes' pieces, let SQLite look at its statistics, cut the logs short."""
    with Archive.open(archive_path, write=True, create=False) as archive, Board() as board:
        archive.optimize(board.stage)


@click.command()
@click.option("--days", type=click.IntRange(1), metavar="N", help="Drop payloads fetched more than N days ago.")
@click.option("--megabytes", type=click.IntRange(0), metavar="N", help="Drop the oldest until N MB are left.")
@click.option("--dry-run", is_flag=True, help="Only say what would be dropped.")
@archive_option
@now_option
@json_option
@plain_failures
def retain(
    days: int | None, megabytes: int | None, dry_run: bool, archive_path: Path, now: datetime | None, as_json: bool
) -> None:
    """Drop old payloads from captures.db, by age, by size in all, or both.

    What a version was read from stays, and what each address showed last, and what these are packed against. Of what
    is dropped the row stays: address, times, headers, digest. The file uses the room for later captures.
    """
    if days is None and megabytes is None:
        raise UsageError("say what to drop: --days N, --megabytes N, or both")
    moment = clock(now)()
    before = moment - timedelta(days=days) if days else None
    with Archive.open(archive_path, write=not dry_run, create=False) as archive:
        plan = archive.droppable(before, megabytes * 1_000_000 if megabytes is not None else None)
        with Board() as board:
            dropped = len(plan.dropped) if dry_run else archive.drop(plan, moment, board.stage)
    if as_json:
        print_json({"dropped": dropped, "bytes": plan.size, "kept": dict(plan.kept)})
        return
    click.echo(f"{dropped:,} payloads{' would be' if dry_run else ''} dropped, {plan.size:,} bytes")
    for why, count in plan.kept.items():
        click.echo(f"{count:,} kept: {why}")
