"""Write the generated parts of the docs: the commands' help and the schema. `make docs`; a test checks them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import click

from archive.contract import Described, contract
from crawler.cli import yiwen
from crawler.commands.options import SHIPPED_SITES
from crawler.site.file import load_site
from crawler.site.model import Site

DOCS = Path(__file__).parent
BEGIN, END = "<!-- generated: {} -->\n", "<!-- end -->\n"


def command_help() -> str:
    """Every command's `--help`, as a browser of the docs can read it."""
    sections = [_help("yiwen", yiwen)]
    context = click.Context(yiwen)
    names = yiwen.list_commands(context)
    for name, command in ((name, command) for name in names if (command := yiwen.get_command(context, name))):
        sections.append(_help(f"yiwen {name}", command))
        if isinstance(command, click.Group):
            sections += [_help(f"yiwen {name} {sub}", inner) for sub, inner in sorted(command.commands.items())]
    return "\n".join(sections)


def _help(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    return f"## {name}\n\n```text\n{command.get_help(context)}\n```\n"


def relations() -> str:
    """Every relation of the contract as a table of its columns."""
    sections = []
    for relation in contract():
        rows = "\n".join(_row(column) for column in relation.columns)
        sections.append(
            f"### {relation.what.name}\n\n{relation.what.en} {relation.what.zh}\n\n"
            f"| column | what it is | 说明 |\n| --- | --- | --- |\n{rows}\n"
        )
    return "\n".join(sections)


def _row(column: Described) -> str:
    cells = (f"`{column.name}`", column.en.replace("|", "\\|"), column.zh)
    return f"| {' | '.join(cells)} |"


def shipped_sites() -> str:
    """Every shipped site in a row, with what its file's comments say of its evidence."""
    rows = "\n".join(_site_row(path, load_site(path)) for path in sorted(SHIPPED_SITES.glob("*.toml")))
    return f"| site | name | place | lists | crawled | evidence |\n| --- | --- | --- | --- | --- | --- |\n{rows}\n"


def _site_row(path: Path, site: Site) -> str:
    comments = " ".join(line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    confidence = re.search(r"confidence ([ABC])", comments)
    unproven = ", unproven" if "UNPROVEN" in comments else ""
    kinds = Counter(listing.kind for listing in site.lists)
    cells = (
        f"[`{site.id}`](../crawler/sites/{path.name})",
        f"{site.name}, {site.name_en}",
        site.jurisdiction,
        ", ".join(f"{times} {kind}" if times > 1 else kind for kind, times in kinds.items()) or "none",
        f"`{site.schedule}`" if site.enabled else f"no: {site.reason}",
        f"{confidence[1] if confidence else '?'}{unproven}",
    )
    return f"| {' | '.join(cells)} |"


GENERATED = {
    "commands.md": ("commands", command_help),
    "schema.md": ("schema", relations),
    "sites-shipped.md": ("sites", shipped_sites),
}


def renewed(name: str) -> str:
    """A page with its generated part made anew. Raises ValueError where it has no place for one."""
    part, make = GENERATED[name]
    page = (DOCS / name).read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN.format(part))
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"docs/{name}: the lines {BEGIN.format(part)!r} and {END!r} are missing")
    return f"{before}{begin}\n{make()}\n{end}{after}"


if __name__ == "__main__":
    for page in GENERATED:
        (DOCS / page).write_text(renewed(page), encoding="utf-8")
