"""`yiwen sites`: what is configured, and whether a site file works."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.options import clock, json_option, now_option, plain_failures, print_json
from archive.show import Printer
from archive.store import Archive
from archive.store.connection import rows
from crawler.options import print_problems, sites_option, verbose_option, warn_of_proxy
from crawler.run import crawl
from crawler.session import Task
from crawler.site import Site
from crawler.site_file import choose, load_sites

COLUMNS = ("id", "name", "name_en", "home", "jurisdiction", "script", "enabled", "reason", "schedule")


@click.group(invoke_without_command=True)
@sites_option
@json_option
@click.pass_context
@plain_failures
def sites(context: click.Context, sites_folder: Path, as_json: bool) -> None:
    """Show what is configured; `check` tries a site file."""
    if context.invoked_subcommand:
        return
    found = [{name: getattr(site, name) for name in COLUMNS} for site in load_sites(sites_folder)]
    if as_json:
        print_json(found)
        return
    shown = ("id", "name", "jurisdiction", "schedule", "home", "reason")
    Printer().table(shown, [[site[name] for name in shown] for site in found])


@sites.command()
@click.argument("site_id", metavar="SITE")
@sites_option
@now_option
@json_option
@verbose_option
@plain_failures
def check(site_id: str, sites_folder: Path, now: datetime | None, as_json: bool, verbose: bool) -> None:
    """Fetch the lists of SITE and one of its articles, and show what was found. Nothing is kept."""
    site = choose(load_sites(sites_folder), [site_id])[0]
    warn_of_proxy()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        report = crawl([Task(site, limit=1)], path, clock(now), verbose=verbose)
        with Archive.open(path) as archive:
            lists, articles = _lists(archive, site), rows(archive.db, "SELECT * FROM articles LIMIT 1")
    if as_json:
        print_json([{**row, "lists": lists, "article": articles[0] if articles else None} for row in report.rows])
    else:
        _print(site, report.rows[0], lists, articles)
        print_problems(report)
    sys.exit(1 if report.failed or not articles else 0)


def _lists(archive: Archive, site: Site) -> list[dict]:
    """The fetches of the site's lists."""
    sql = "SELECT url, http_status, verdict, reason, bytes FROM captures WHERE article_id IS NULL ORDER BY rowid"
    return [row for row in rows(archive.db, sql) if row["verdict"] == "list" or row["url"] in _addresses(site)]


def _addresses(site: Site) -> set[str]:
    return {listing.url for listing in site.lists}


def _print(site: Site, run: dict, lists: list[dict], articles: list[dict]) -> None:
    printer = Printer()
    printer.line(f"{site.id}: {site.name}", "bold")
    columns = ("url", "http_status", "verdict", "reason", "bytes")
    printer.table(columns, [[row[name] for name in columns] for row in lists], right=("bytes",))
    printer.line(f"links: {run['discovered']}, of these one was read")
    for reason, times in sorted(run["skips"].items()):
        printer.line(f"  {times} {reason}", "dim")
    printer.line()
    if articles:
        printer.article(articles[0], original=True)
