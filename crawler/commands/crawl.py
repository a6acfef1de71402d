"""The commands that crawl: crawl and add."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

import crawler.fetch.download  # noqa: F401 (first: for each class that Scrapy has renamed it walks every module there is)
from archive.clock import CHINA, clock, parse_moment
from archive.commands.options import archive_option, complain, json_option, now_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.store import Archive, read
from archive.store.tombstones import REDACTED
from crawler.commands.options import (
    log_line,
    log_option,
    print_outcomes,
    print_problems,
    sites_option,
    verbose_option,
    warn_of_proxy,
)
from crawler.commands.schedule import latest_runs
from crawler.crawl import adding
from crawler.crawl.run import Report
from crawler.crawl.run import crawl as run_crawl
from crawler.crawl.session import Task
from crawler.service import schedule
from crawler.site.folder import Folder, load_sites, read_folder
from crawler.site.model import Site


@click.command()
@click.argument("site_ids", nargs=-1, metavar="[SITE]...")
@click.option("--due", is_flag=True, help="Only sites that their schedule says are due (for cron).")
@click.option("--recheck", is_flag=True, help="Take every known article, withdrawn ones too, as due now.")
@click.option("--quiet", is_flag=True, help="Print only what newly needs attention, so that cron mails only then.")
@click.option("--strict", is_flag=True, help="Exit with 1 for every alarm, known ones too.")
@click.option(
    "--backfill", is_flag=True, help="Read the lists of SITE deep, by their backfill_pages; goes on if killed."
)
@click.option("--since", metavar="DATE", help="With --backfill: back to this day, where the lists have dates.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Fetch at most N articles of each site.")
@archive_option
@sites_option
@now_option
@json_option
@log_option
@verbose_option
@plain_failures
def crawl(
    site_ids: tuple[str, ...],
    due: bool,
    recheck: bool,
    quiet: bool,
    strict: bool,
    backfill: bool,
    since: str | None,
    limit: int | None,
    archive_path: Path,
    sites_folder: Path,
    now: datetime | None,
    as_json: bool,
    log_json: bool,
    verbose: bool,
) -> None:
    """Crawl the sites once, politely, and show a table of outcomes. Without SITE, all that are enabled.

    Exits with 1 where a site newly failed or raised an alarm (its last run was fine), or was stopped; what was recorded
    stays. What is known to be broken is said on standard error, and by `yiwen status`. A site file that is wrong ends
    it before any request; with --due, or where other sites are named, it costs its own site only.
    """
    folder = read_folder(sites_folder)
    first_day = _first_day(site_ids, backfill, since)
    chosen, left_out = _chosen(folder, site_ids, due)
    if due:
        chosen = _due(chosen, archive_path, clock(now)())
    for fault in left_out:
        complain(fault)
    if not quiet:
        warn_of_proxy()
    tasks = [Task(site, recheck=recheck, limit=limit, backfill=backfill, since=first_day) for site in chosen]
    report = run_crawl(
        tasks, archive_path, clock(now), known=folder.sites, verbose=verbose, log=log_line if log_json else None
    )
    if as_json or not quiet:
        _print(report, as_json)
    print_problems(report, quiet=quiet)
    for site, ends in report.ends if backfill else ():
        for name, end in ends.items():
            complain(f"{site}: {name}: read to {end}")
    sys.exit(1 if left_out or report.worse or (strict and report.failed) else 0)


def _first_day(site_ids: tuple[str, ...], backfill: bool, since: str | None) -> date | None:
    if backfill and not site_ids:
        raise UsageError("--backfill reads a site's lists deep: name the SITE, or several")
    if since and not backfill:
        raise UsageError("--since is for --backfill: a crawl reads what is new")
    return parse_moment(since, end_of_day=False).astimezone(CHINA).date() if since else None


def _chosen(folder: Folder, site_ids: tuple[str, ...], due: bool) -> tuple[tuple[Site, ...], tuple[str, ...]]:
    """The sites that are asked for, and what is wrong with the files that are left out, where nobody stands by."""
    if not site_ids:
        if not due:
            folder.whole()
        return folder.enabled(), tuple(folder.faults.values())
    chosen = folder.choose(site_ids)
    for site in chosen:
        if not site.enabled:
            raise UsageError(f"{site.id}: disabled in its site file: {site.reason}")
    return chosen, ()


def _due(chosen: tuple[Site, ...], archive_path: Path, now: datetime) -> tuple[Site, ...]:
    wanted = schedule.due(chosen, latest_runs(archive_path), now)
    return tuple(site for site in chosen if site.id in wanted)


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json([dict(row) for row in report.rows])
    elif report.rows:
        print_outcomes(report.rows)


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL...")
@archive_option
@sites_option
@now_option
@json_option
@verbose_option
@plain_failures
def add(
    urls: tuple[str, ...], archive_path: Path, sites_folder: Path, now: datetime | None, as_json: bool, verbose: bool
) -> None:
    """Fetch and keep these pages now, with or without a site file."""
    known = load_sites(sites_folder)
    grouped = adding.by_site(urls, known)
    warn_of_proxy()
    tasks = [Task(site, urls=addresses) for site, addresses in grouped.items()]
    report = run_crawl(tasks, archive_path, clock(now), verbose=verbose)
    kept = _kept(archive_path, [adding.belonging(url, known)[1] for url in urls], report)
    if as_json:
        print_json(kept)
    else:
        columns = ("verdict", "title", "url", "reason")
        Printer().table(columns, [[row[column] for column in columns] for row in kept])
        for row in report.rows:
            for reason, times in row["skips"].items():
                complain(f"{row['site']}: {times} skipped: {reason}")
    print_problems(report)
    sys.exit(0 if all(row["verdict"] == "article" for row in kept) and not report.errors else 1)


def _kept(archive_path: Path, urls: Sequence[str], report: Report) -> list[dict]:
    """What became of each address."""
    found = []
    with Archive.open(archive_path) as archive:
        reasons = {url: why for row in report.rows for url, why in read.reasons(archive.db, row["id"]).items()}
        for url in dict.fromkeys(urls):
            page = archive.page(url)
            article = archive.article(page.article_id) if page and page.article_id else None
            verdict = page.verdict if page else "not fetched"
            if article and article["status"] == REDACTED:
                verdict = REDACTED
            title, reason = article["title"] if article else "", reasons.get(url, "")
            found.append({"url": url, "verdict": verdict, "reason": reason, "title": title, "article": article})
    return found
