"""The archive's own commands: those that answer, and those that look after its files. `yiwen` has them too."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from archive import search as searching
from archive.commands.cite import citation
from archive.commands.custody import evidence, redact
from archive.commands.diff import diff
from archive.commands.options import Moment, archive_option, complain, json_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.commands.upkeep import backup, optimize, rebuild, reindex, retain, status, verify
from archive.errors import NotInArchive, UsageError
from archive.evidence import chain
from archive.export.changes import write_feed
from archive.export.command import export
from archive.history.diff import KINDS
from archive.store import Archive, read, redaction
from archive.store.changes import newest


@click.group(
    commands={
        "status": status,
        "verify": verify,
        "reindex": reindex,
        "rebuild": rebuild,
        "optimize": optimize,
        "backup": backup,
        "retain": retain,
        "export": export,
        "diff": diff,
        "evidence": evidence,
        "redact": redact,
    }
)
def archive_commands() -> None:
    """Read a Yiwen archive."""


@archive_commands.command()
@click.argument("query")
@click.option(
    "--limit",
    default=20,
    show_default=True,
    type=click.IntRange(1, 1000),
    metavar="N",
    help="At most so many articles.",
)
@click.option("--history", is_flag=True, help="Also find what only older versions say.")
@click.option("--terms", is_flag=True, help="Also find Taiwan, Hong Kong and mainland names of the same thing.")
@archive_option
@json_option
@plain_failures
def search(query: str, limit: int, history: bool, terms: bool, archive_path: Path, as_json: bool) -> None:
    """Find articles. QUERY may be in simplified or traditional characters.

    Blanks mean and, "quotes" a phrase, -word not, OR or. Words in title:WORD stand in the headline. site:SITE,
    source:OUTLET, status:withdrawn, since:2026-11 and until:2026-11-20 narrow. Put -- before a query that begins with
    a minus.
    """
    with Archive.open(archive_path) as archive:
        found = searching.find(archive.db, query, limit, history=history, terms=terms)
    if as_json:
        unmarked = str.maketrans("", "", searching.OPEN + searching.CLOSE)
        print_json([{**row, "snippet": row["snippet"].translate(unmarked)} for row in found.rows])
        return
    Printer().hits(found.rows, found.count)


@archive_commands.command()
@click.argument("url")
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="Version N instead of the newest.")
@click.option("--as-of", type=Moment(), metavar="DATE", help="What the page showed then (a date: at that day's end).")
@click.option("--original", is_flag=True, help="The text as published, not simplified.")
@click.option("--raw", is_flag=True, help="The bytes that the server sent, as they are stored, to a file or a pipe.")
@click.option("--part", type=click.IntRange(1), metavar="N", help="With --raw, page N of an article of several pages.")
@archive_option
@json_option
@plain_failures
def show(
    url: str,
    number: int | None,
    as_of: datetime | None,
    original: bool,
    raw: bool,
    part: int | None,
    archive_path: Path,
    as_json: bool,
) -> None:
    """Show an article: its newest state, one version, or what its page showed on a day.

    With --as-of, also its status then, the sightings before and after, and since when it was gone, if it was. Articles
    are linked where the page of one gives the other's address as its own.

    With --raw, the stored page itself: that of the last fetch that showed it, by that day, or that the version was
    read from first. It is checked against its digest.
    """
    if number and as_of:
        raise UsageError("--version and --as-of exclude each other; give one of them")
    if raw:
        if original or as_json:
            raise UsageError("--raw gives bytes; it goes with --version, --as-of and --part only")
        _write_raw(archive_path, url, number, as_of, part)
        return
    if part:
        raise UsageError("--part goes with --raw only")
    with Archive.open(archive_path) as archive:
        article = read.article(archive.db, url)
        if number:
            article |= read.version(archive.db, article["id"], number)
        elif as_of:
            article |= read.as_of(archive.db, article["id"], as_of)
        article["attachments"] = read.attachments(archive.db, article)
        article["redacted"] = redaction.of_article(archive.db, article["id"])
        happened = read.history(archive.db, article["id"])
        article["linked"] = [event["detail"] for event in happened if event["kind"] == "linked"]
    if as_json:
        print_json(article)
        return
    Printer().article(article, original=original)


def _write_raw(archive_path: Path, url: str, number: int | None, as_of: datetime | None, part: int | None) -> None:
    """The payload of one stored capture to standard output."""
    if sys.stdout.isatty():  # a page may hold control characters
        raise UsageError("--raw writes a page's bytes, which may not go to a terminal: add > page.html")
    with Archive.open(archive_path) as archive:
        article_id = read.unredacted(archive.db, url)["id"]
        if number:
            digests = read.cited_parts(archive.db, article_id, number)
        else:
            digests = read.sighted_parts(archive.db, article_id, as_of or read.END_OF_TIME)
        if part and part > len(digests):
            raise NotInArchive(f"{url}: the article had 1 to {len(digests)} pages then, and no page {part}")
        payload = archive.stored(digests[(part or 1) - 1]).payload
    if len(digests) > 1 and part is None:
        complain(f"page 1 of {len(digests)}; the others with --part")
    sys.stdout.buffer.write(payload)


@archive_commands.command()
@click.argument("url")
@click.option("--as-of", type=Moment(), metavar="DATE", help="What the page showed then (a date: at that day's end).")
@archive_option
@json_option
@plain_failures
def cite(url: str, as_of: datetime | None, archive_path: Path, as_json: bool) -> None:
    """Cite an article: what the page says, when this archive saw it, the stored page's digest, the chain's head."""
    with Archive.open(archive_path) as archive:
        article = read.article(archive.db, url)
        state = read.as_of(archive.db, article["id"], as_of or read.END_OF_TIME)
        cited = citation(article, state, read.site_name(archive.db, article["site"]), chain.head(archive.db)[0])
    if as_json:
        print_json(cited)
        return
    Printer().line(cited["citation"])


@archive_commands.command()
@click.argument("url")
@archive_option
@json_option
@plain_failures
def history(url: str, archive_path: Path, as_json: bool) -> None:
    """Show what happened to an article, oldest first."""
    with Archive.open(archive_path) as archive:
        article = read.article(archive.db, url)
        happened = read.history(archive.db, article["id"])
    if as_json:
        print_json(happened)
        return
    Printer().history(article, happened)


@archive_commands.command()
@click.option("--site", metavar="SITE", help="Of this site only.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind only.")
@click.option("--least", type=click.IntRange(1), metavar="N", help="At least N characters removed and added.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 1000), metavar="N", help="At most so many changes."
)
@click.option("--feed", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write an Atom feed.")
@archive_option
@json_option
@plain_failures
def changes(
    site: str | None,
    kind: str | None,
    least: int | None,
    limit: int,
    feed: Path | None,
    archive_path: Path,
    as_json: bool,
) -> None:
    """Show what publishers changed across the archive, newest first; figures as old → new."""
    with Archive.open(archive_path) as archive:
        if site and site not in (known := read.site_ids(archive.db)):
            raise UsageError(f"{site}: no site of this archive; it has {', '.join(known) or 'none yet'}")
        found = newest(archive.db, {"site": site, "kind": kind, "size": least}, limit)
    if feed:
        write_feed(feed, found)
    elif as_json:
        print_json([_plain(change) for change in found])
    else:
        Printer().changes(found)


def _plain(change: dict) -> dict:
    """A change as data."""
    figures = [{"old": pair.old, "new": pair.new} for pair in change["figures"]]
    return {**change, "figures": figures, "excerpt": [[s.__dict__ for s in spans] for spans in change["excerpt"]]}


@archive_commands.command()
@click.option(
    "--port", default=8001, show_default=True, type=click.IntRange(0, 65535), metavar="N", help="The port on loopback."
)
@archive_option
@plain_failures
def browse(port: int, archive_path: Path) -> None:
    """Open the archive in Datasette, on this machine only."""
    Archive.open(archive_path).close()
    program = Path(sys.executable).with_name("datasette")
    command = [str(program), "serve", str(archive_path), "--host", "127.0.0.1", "--port", str(port)]
    click.echo(f"http://127.0.0.1:{port}/  (end it with Ctrl-C)")
    sys.stdout.flush()
    os.execv(command[0], command)
