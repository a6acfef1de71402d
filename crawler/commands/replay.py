"""`yiwen replay`: today's reader over what the archive holds, and what that changes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock
from archive.commands.options import archive_option, complain, json_option, now_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.history.replayed import Effect
from archive.store import Archive
from archive.store.replays import Replays
from crawler.commands.options import sites_option
from crawler.crawl.locks import locked
from crawler.replay import Account, Options
from crawler.replay import replay as replay_sites
from crawler.site.folder import load_sites

FIGURES = ("reread", "characters", "recovered", "superseded", "is_new")
SHOWN = 20  # articles that are listed where no --json is asked for


@click.command()
@click.option("--site", "site_ids", multiple=True, metavar="SITE", help="Of this site only; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say what would change, and by how much.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Read at most N articles and other addresses.")
@archive_option
@sites_option
@now_option
@json_option
@plain_failures
def replay(
    site_ids: tuple[str, ...],
    dry_run: bool,
    limit: int | None,
    archive_path: Path,
    sites_folder: Path,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Read the stored pages again with today's reader, offline, where an older one read them.

    No version is made by a better reader. An edit that the older one missed is recovered as a version, dated by the
    fetch that showed it; a version that was an error of the older one is marked as superseded and no longer shown. A
    replay that was stopped goes on where it was. Exits with 1 where some pages have to be tried again.
    """
    sites = {site.id: site for site in load_sites(sites_folder)}
    with Archive.open(archive_path, write=not dry_run, create=False) as archive:
        known = Replays(archive).sites()
        if unknown := [site for site in site_ids if site not in known]:
            raise UsageError(f"{unknown[0]}: no site of this archive; it has {', '.join(known) or 'none yet'}")
        wanted = list(dict.fromkeys(site_ids)) or known
        with locked(wanted, archive_path) as free:
            accounts = replay_sites(archive, sites, free, clock(now), Options(limit, dry_run))
    if as_json:
        print_json([_data(account) for account in accounts])
    else:
        _print(accounts, dry_run)
    for site in (site for site in wanted if site not in free):
        complain(f"{site}: another process is at work on it; left for later")
    sys.exit(1 if len(free) < len(wanted) or any(account.again for account in accounts) else 0)


def _data(account: Account) -> dict[str, object]:
    changed = [{"url": url, **_figures(effect)} for url, effect in account.changed.items()]
    figures = {_name(figure): account.total(figure) for figure in FIGURES}
    read = {"site": account.site, "addresses": account.units, "fetches": account.fetches}
    return {**read, **figures, "unread": dict(account.unread), "changed": changed}


def _figures(effect: Effect) -> dict[str, int]:
    return {_name(figure): int(getattr(effect, figure)) for figure in FIGURES}


def _name(figure: str) -> str:
    return {"is_new": "new"}.get(figure, figure)


def _print(accounts: Sequence[Account], dry_run: bool) -> None:
    printer = Printer()
    columns = ("site", "addresses", "fetches", *map(_name, FIGURES))
    rows = [(a.site, a.units, a.fetches, *(f"{a.total(figure):,}" for figure in FIGURES)) for a in accounts]
    printer.table(columns, rows, right=columns[1:])
    for account in accounts:
        for reason, times in sorted(account.unread.items()):
            printer.line(f"{account.site}: {times:,} fetches left as they were: {reason}", "dim")
    changed = [(url, effect) for account in accounts for url, effect in account.changed.items()]
    for url, effect in changed[:SHOWN]:
        told = ", ".join(f"{name} {figure:,}" for name, figure in _figures(effect).items() if figure)
        printer.line(f"{url}  {told or 'events only'}")
    if len(changed) > SHOWN:
        printer.line(f"and {len(changed) - SHOWN:,} more; --json names them all")
    if dry_run:
        printer.line("nothing was written")
