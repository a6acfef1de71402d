"""`yiwen notify`: tell people what happened, once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock
from archive.commands.options import archive_option, json_option, now_option, plain_failures, print_json
from archive.news import digest, looked_at_since, untold
from archive.store import Archive
from crawler.service.notify import addresses, send


@click.command()
@click.option("--term", "terms", multiple=True, metavar="QUERY", help="Also new articles that this finds; repeatable.")
@click.option("--dry-run", is_flag=True, help="Only show what would be told.")
@archive_option
@now_option
@json_option
@plain_failures
def notify(terms: tuple[str, ...], dry_run: bool, archive_path: Path, now: datetime | None, as_json: bool) -> None:
    """Tell people what is new, as one message: sites broken or working again, withdrawals, changed figures, terms.

    It goes to the addresses of Apprise in the variable YIWEN_NOTIFY, parted by blanks, or in notify.txt beside the
    archive, one a line, which nobody else may read (mode 600). What was told is not told again; what cannot be sent is
    told the next time.
    """
    moment = clock(now)()
    to = [] if dry_run else addresses(archive_path)
    with Archive.open(archive_path, write=not dry_run, create=False) as archive:
        news = untold(archive.db, moment, terms)
        title, body = digest(news)
        if not dry_run:
            if news:
                send(to, title, body)
            archive.tell([one.key for one in news], moment, looked_at_since(archive.db, moment))
    if as_json:
        print_json([one.__dict__ for one in news])
    elif news or dry_run:
        click.echo("\n".join(filter(None, (title, "", body))))
