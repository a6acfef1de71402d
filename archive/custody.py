"""The commands that give evidence out of an archive, or take it out for good: evidence, redact."""

from __future__ import annotations

import json
from pathlib import Path

import click

from archive.errors import ArchiveError
from archive.evidence import files, pack
from archive.options import archive_option, json_option, plain_failures, print_json
from archive.store import Archive, read


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
        found = files(archive.db, archive.evidence, read.article(archive.db, url))
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
