"""`yiwen sites check`: a site file tried on the site itself, or on saved pages."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.clock import CHINA, clock
from archive.commands.options import archive_option, json_option, now_option, plain_failures, print_json
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.models import Capture, new_capture_id
from archive.store import Archive
from crawler.commands.options import print_problems, sites_option, verbose_option, warn_of_proxy
from crawler.crawl.captures import missing
from crawler.crawl.run import crawl
from crawler.crawl.session import Task
from crawler.discover import owner_of
from crawler.site.folder import read_folder
from crawler.site.model import Listing, Site
from crawler.trial.checking import ArticleChecked, Expected, ListChecked, check_article, check_list, expectations

SHOWN = 200  # characters of a text


@dataclass
class Seen:
    """What there is to check: the answers of the lists, and one article."""

    lists: list[tuple[Listing, Capture]] = field(default_factory=list)
    article: Capture | None = None

    def watch(self, listing: Listing | None, capture: Capture) -> Iterable[str]:
        """Take what a crawl fetches."""
        if listing is not None:
            self.lists.append((listing, capture))
        elif self.article is None:
            self.article = capture
        return ()


@click.command()
@click.argument("site_id", metavar="SITE")
@click.option("--url", metavar="URL", help="Read this article; no list is fetched.")
@click.option(
    "--file",
    "saved",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read a saved article instead of fetching; with --list, a saved list.",
)
@click.option("--list", "number", type=click.IntRange(1), metavar="N", help="The saved page is the site's list N.")
@archive_option
@sites_option
@now_option
@json_option
@verbose_option
@plain_failures
def check(
    site_id: str,
    url: str | None,
    saved: Path | None,
    number: int | None,
    archive_path: Path,
    sites_folder: Path,
    now: datetime | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """Fetch the lists of SITE and one of its articles, and show what was found. Nothing is kept.

    Of each list: what it answered, its links, those that are followed, new ones and those that the archive knows, and
    the others with the rule that says so. Of the article: every field with where it stands; another site's, to which
    offsite = "follow" leads, is read by that site's file. Exits with 1 where something that the file expects is not
    met, and says what to look at.
    """
    folder = read_folder(sites_folder)
    sites, moment = folder.whole(), clock(now)()
    (site,) = folder.choose([site_id])
    if number and not saved:
        raise UsageError("--list says which list a saved page is; give the page with --file")
    seen = _saved(site, saved, number, url, moment) if saved else _fetched(site, sites, url, now, verbose)
    lists = _lists(site, seen, sites, archive_path)
    owner = owner_of(site, seen.article.url, sites)[0] if seen.article else site
    article = check_article(owner, seen.article) if seen.article else None
    expected = expectations(site, lists, article, owner, moment.astimezone(CHINA).date())
    if saved and number:
        expected = tuple(one for one in expected if one.name.startswith("list"))
    if as_json:
        print_json(_as_data(site, lists, article, expected))
    else:
        _print(site, lists, article, expected)
    sys.exit(0 if all(one.met for one in expected) else 1)


def _saved(site: Site, path: Path, number: int | None, url: str | None, now: datetime) -> Seen:
    if number and number > len(site.lists):
        raise UsageError(f"--list {number}: {site.id} has {len(site.lists)} lists")
    address = url or (site.lists[number - 1].url if number else "")
    capture = Capture(new_capture_id(now), address, address, now, 200, (), path.read_bytes())
    return Seen([(site.lists[number - 1], capture)]) if number else Seen(article=capture)


def _fetched(site: Site, sites: Sequence[Site], url: str | None, now: datetime | None, verbose: bool) -> Seen:
    """Crawl the site's lists and one article into an archive that is thrown away."""
    warn_of_proxy()
    seen = Seen()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        task = Task(site, urls=(url,) if url else (), limit=1, watch=seen.watch)
        print_problems(crawl([task], path, clock(now), known=sites, verbose=verbose))
    answered = {id(listing) for listing, _ in seen.lists}
    for listing in () if url else (one for one in site.lists if id(one) not in answered):
        seen.watch(listing, missing(listing.url, clock(now)(), "was not asked for: see what is said above"))
    seen.lists.sort(key=lambda pair: (site.lists.index(pair[0]), pair[1].url))
    return seen


def _lists(site: Site, seen: Seen, sites: Sequence[Site], archive_path: Path) -> list[ListChecked]:
    if not archive_path.exists():
        return [check_list(site, listing, capture, sites) for listing, capture in seen.lists]
    with Archive.open(archive_path) as archive:
        return [
            check_list(site, listing, capture, sites, lambda urls: len(archive.pages(urls)))
            for listing, capture in seen.lists
        ]


def _as_data(
    site: Site, lists: Sequence[ListChecked], article: ArticleChecked | None, expected: Sequence[Expected]
) -> dict:
    return {
        "site": site.id,
        "lists": [{**asdict(one), "new": len(one.allowed) - one.known} for one in lists],
        "article": asdict(article) if article else None,
        "expected": [asdict(one) for one in expected],
    }


def _print(
    site: Site, lists: Sequence[ListChecked], article: ArticleChecked | None, expected: Sequence[Expected]
) -> None:
    printer = Printer()
    printer.line(f"{site.id}: {site.name}", "bold")
    if not site.enabled:
        printer.line(f"disabled: {site.reason}")
    for one in lists:
        _print_list(printer, one)
    if article:
        _print_article(printer, article, "" if article.site == site.id else f", by the rules of {article.site}")
    printer.line()
    for expectation in expected:
        told = f"{expectation.name}: {expectation.found}"
        printer.line(f"+ {told}" if expectation.met else f"- {told}: look at {expectation.look_at}")


def _print_list(printer: Printer, one: ListChecked) -> None:
    printer.line()
    printer.line(f"{one.kind} {one.url}  {f'HTTP {one.status}' if one.status else 'no answer'}")
    if one.problem:
        printer.line(f"  {one.problem}")
        return
    printer.line(
        f"  {one.links} links, {len(one.allowed)} followed: {len(one.allowed) - one.known} new, {one.known} known"
    )
    for denied in one.denied:
        printer.line(f"  {denied.count} not, by {denied.rule}", "dim")
        for url in denied.examples:
            printer.line(f"    {url}", "dim")


def _print_article(printer: Printer, article: ArticleChecked, whose: str) -> None:
    printer.line()
    printer.line(f"article {article.url}  {article.verdict}{f' ({article.reason})' if article.reason else ''}{whose}")
    rows = [(one.name, one.value.replace("\n", " ¶ ")[:SHOWN], one.where) for one in article.fields]
    if rows:
        printer.table(("field", "value", "where it stands"), rows)
    if article.flags:
        printer.line(f"flags: {' '.join(article.flags)}")
