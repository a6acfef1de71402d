"""`yiwen extract`: what is read from saved pages, or from pages fetched now and not kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.clock import clock
from archive.commands.options import complain, now_option, plain_failures
from archive.commands.show import Printer
from archive.errors import UsageError
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive
from archive.text import inert_json
from crawler.commands.options import sites_option, warn_of_proxy
from crawler.crawl import adding
from crawler.crawl.run import crawl
from crawler.crawl.session import Task
from crawler.interpret import explain as explain_page
from crawler.interpret import interpret
from crawler.site.folder import load_sites
from crawler.site.model import Site

FIELDS = ("title", "title_original", "source", "source_title", "author", "editor", "published_at", "language")
TEXTS = ("text", "text_original")


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="FILE|URL...")
@click.option("--jsonl", is_flag=True, help="One JSON object a line, with every field.")
@click.option("--explain", is_flag=True, help="Show every line of the page, and why it was kept or cut.")
@sites_option
@now_option
@plain_failures
def extract(pages: tuple[str, ...], jsonl: bool, explain: bool, sites_folder: Path, now: datetime | None) -> None:
    """Read saved pages, or pages of the web, and show what was taken. Nothing is kept.

    Pages of the web are read by the rules of the site that they belong to, further pages of an article too.
    """
    if jsonl and explain:
        raise UsageError("--jsonl and --explain exclude each other; give one of them")
    failed = False
    for page, found in _pages(pages, load_sites(sites_folder), now):
        if isinstance(found, str):
            failed = True
            complain(f"{page}: {found}")
        elif jsonl:
            click.echo(inert_json(json.dumps(as_data(page, found.reading), ensure_ascii=False)))
        else:
            _print(page, found.reading, found.why() if explain else ())
    sys.exit(1 if failed else 0)


@dataclass(frozen=True)
class Found:
    """A page as its captures show it; there are several where its article goes over several pages."""

    site: Site
    captures: tuple[Capture, ...]

    @property
    def reading(self) -> Reading:
        return interpret(self.site, self.captures)

    def why(self) -> list[tuple[str, str]]:
        """Every line, and why it was cut, "" where it was kept."""
        return [line for capture in self.captures for line in explain_page(self.site, capture)]


def _pages(pages: Sequence[str], sites: Sequence[Site], now: datetime | None) -> Iterator[tuple[str, Found | str]]:
    """Each page, or what is wrong with it."""
    urls = [page for page in pages if "://" in page]
    fetched = dict(_fetched(urls, sites, now)) if urls else {}
    for page in pages:
        yield page, fetched[page] if page in fetched else _from_file(Path(page), clock(now)())


def _from_file(path: Path, now: datetime) -> Found | str:
    try:
        payload = path.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    site = adding.own_site("https://saved.invalid/")
    return Found(site, (Capture(new_capture_id(now), "", "", now, 200, (), payload),))


def _fetched(urls: Sequence[str], sites: Sequence[Site], now: datetime | None) -> Iterator[tuple[str, Found | str]]:
    warn_of_proxy()
    grouped = adding.by_site(urls, sites)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        report = crawl([Task(site, urls=addresses) for site, addresses in grouped.items()], path, clock(now))
        skipped = "; ".join(reason for row in report.rows for reason in row["skips"])
        with Archive.open(path) as archive:
            for url in urls:
                yield url, _from_archive(archive, *adding.belonging(url, sites)) or f"was not fetched ({skipped})"


def _from_archive(archive: Archive, site: Site, url: str) -> Found | str | None:
    page = archive.page(url)
    if page is None:
        return None
    if page.article_id is not None:
        return Found(site, archive.cited(page.article_id))
    return Found(site, (archive.stored(page.digest),)) if page.digest else f"could not be fetched ({page.verdict})"


def as_data(page: str, reading: Reading) -> dict[str, object]:
    """A reading as `--jsonl` prints it."""
    return {
        "file": page,
        "url": reading.canonical_url or "",
        **{name: getattr(reading, name) for name in (*FIELDS, *TEXTS)},
        "updated_at": reading.updated_at,
        "keywords": list(reading.keywords),
        "image": reading.image,
        "attachments": [{"name": name, "url": url} for name, url in reading.attachments],
        "flags": list(reading.flags),
        "verdict": reading.verdict,
        "reason": reading.reason,
    }


def _print(page: str, reading: Reading, lines: Sequence[tuple[str, str]]) -> None:
    printer = Printer()
    printer.line(page, "bold")
    printer.line(f"verdict: {reading.verdict}{f' ({reading.reason})' if reading.reason else ''}")
    for name in FIELDS:
        if value := getattr(reading, name):
            printer.line(f"{name.replace('_', ' ')}: {value}")
    if reading.flags:
        printer.line(f"flags: {' '.join(reading.flags)}")
    for name, address in reading.attachments:
        printer.line(f"attachment: {name} {address}")
    printer.line()
    for text, why in lines:
        printer.line(f"- [{why}] {text}" if why else f"+ {text}", "dim" if why else "")
    if not lines:
        printer.line(reading.text_original)
    printer.line()
