"""`yiwen sites`: what is configured. Its subcommands try a site file, and make a first one."""

from __future__ import annotations

from pathlib import Path

import click

from archive.commands.options import json_option, plain_failures, print_json
from archive.commands.show import Printer
from crawler.commands.check import check
from crawler.commands.new import new
from crawler.commands.options import sites_option
from crawler.site.folder import load_sites

COLUMNS = ("id", "name", "name_en", "home", "jurisdiction", "script", "enabled", "reason", "schedule")


@click.group(invoke_without_command=True, commands={"check": check, "new": new})
@sites_option
@json_option
@click.pass_context
@plain_failures
def sites(context: click.Context, sites_folder: Path, as_json: bool) -> None:
    """Show what is configured; `check` tries a site file, `new` makes a first one."""
    if context.invoked_subcommand:
        return
    found = [{name: getattr(site, name) for name in COLUMNS} for site in load_sites(sites_folder)]
    if as_json:
        print_json(found)
        return
    printer = Printer()
    shown = ("id", "name", "jurisdiction", "schedule", "home")
    rows = [site if site["enabled"] else {**site, "schedule": "disabled"} for site in found]
    printer.table(shown, [[row[name] for name in shown] for row in rows], whole=("id", "jurisdiction", "schedule"))
    for site in found:
        if site["reason"]:
            printer.line(f"{site['id']}: {site['reason']}", "dim")
