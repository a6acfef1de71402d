"""The commands that give evidence out of an archive, or take it out for good: evidence, redact."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from archive.clock import clock
from archive.commands.options import archive_option, complain, json_option, now_option, plain_failures, print_json
from archive.errors import ArchiveError, UsageError
from archive.evidence.pack import files, pack
from archive.store import Archive, read, redaction


@click.command()
@click.argument("url")
@click.option(
    "-o",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE.zip",
    help="The file to write; it must not be there yet.",
)
@archive_option
@json_option
@plain_failures
def evidence(url: str, target: Path, archive_path: Path, as_json: bool) -> None:
    """Pack the evidence of an article for a third party.

    The zip holds the stored pages, versions, changes and events, the part of the chain that proves them, and a
    verify.py that needs Python only. Tell the head of the chain by another way.
    """
    with Archive.open(archive_path) as archive:
        found = files(archive.db, archive.evidence, read.unredacted(archive.db, url))
    try:
        with target.open("xb") as file:
            file.write(pack(found))
    except FileExistsError as error:
        raise ArchiveError(f"{target}: exists already and is not overwritten; name another file") from error
    except OSError as error:
        raise ArchiveError(f"{target}: cannot be written ({error.strerror})") from error
    told = {
        "file": str(target),
        "bytes": target.stat().st_size,
        "files": len(found),
        "head": json.loads(found["chain.json"])["head"],
    }
    if as_json:
        print_json(told)
        return
    click.echo(f"{target}: {told['files']:,} files, {told['bytes']:,} bytes")
    click.echo(f"head of the chain, to be told by another way: {told['head']}")


@click.command()
@click.argument("url")
@click.option("--why", required=True, metavar="TEXT", help="The reason, which stays to be read with the tombstone.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where this is no terminal.")
@archive_option
@now_option
@json_option
@plain_failures
def redact(url: str, why: str, yes: bool, archive_path: Path, now: datetime | None, as_json: bool) -> None:
    """Take an article's words and pages out of both files, for good, where the law asks for it.

    A tombstone stays: the address, when it was seen, that it was redacted, when and why. Its address is not crawled
    again. The chain keeps the digests of what it was. Both files are written anew, which takes room and time. Copies
    elsewhere, such as backups, are not touched.
    """
    if not why.strip():
        raise UsageError("--why needs a reason")
    with Archive.open(archive_path, write=True, create=False) as archive:
        article = read.article(archive.db, url)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("this cannot be undone: add --yes")
            click.confirm(f"Take “{article['title']}” with its {article['version_count']} versions out?", abort=True)
        responses = archive.redact(article["id"], why.strip(), clock(now)())
        told = redaction.of_article(archive.db, article["id"]) or {}
    if as_json:
        print_json({**told, "responses": responses})
    else:
        click.echo(f"{article['url']}: redacted, with {responses:,} stored pages")
    for copy in sorted(archive_path.parent.glob("*.db.before-*")):
        complain(f"{copy}: a copy from before an upgrade still has it; delete it")
