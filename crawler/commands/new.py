"""`yiwen sites new`: a first site file for a page, to be edited by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import click

from archive.clock import CHINA, clock
from archive.commands.options import complain, now_option, plain_failures
from archive.errors import UsageError, YiwenError
from archive.models import Capture
from crawler.addresses import canonical, endpoint, is_private_host, refusal
from crawler.commands.options import verbose_option, warn_of_proxy
from crawler.crawl.run import crawl
from crawler.crawl.session import Task
from crawler.site.file import load_site
from crawler.site.model import Listing, Site
from crawler.trial import proposal


@dataclass
class Look:
    """What was fetched, by address, and where to look further."""

    captures: dict[str, Capture] = field(default_factory=dict)

    def watch(self, listing: Listing | None, capture: Capture) -> Iterable[str]:
        """Take an answer; the feeds and sitemaps that it names are fetched too."""
        self.captures[capture.url] = capture
        return proposal.clues(capture)


@click.command()
@click.argument("url")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it here; its name is the site's id."
)
@now_option
@verbose_option
@plain_failures
def new(url: str, output: Path | None, now: datetime | None, verbose: bool) -> None:
    """Write a first site file for the list, or home page, at URL: to be edited by hand.

    It looks for feeds and sitemaps (in the page, in robots.txt and at their usual places) and for what the addresses of
    articles have in common. Jurisdiction and script are guesses and say so. Try it with `yiwen sites check`.
    """
    if output and output.exists():
        raise UsageError(f"{output}: exists already; name another file, or remove it")
    url = canonical(url)
    site = _site(url)
    warn_of_proxy()
    look = Look()
    with TemporaryDirectory() as folder:
        places = (url, *(canonical(urljoin(url, place)) for place in proposal.WELL_KNOWN))
        task = Task(site, urls=tuple(dict.fromkeys(places)), watch=look.watch)
        crawl([task], Path(folder) / "archive.db", clock(now), verbose=verbose)
        text = _proposed(url, look, clock(now)())
        _try(text, Path(folder))
    if output:
        output.write_text(text, encoding="utf-8")
        complain(f"{output}: written; try it with `yiwen sites check {output.stem} --sites {output.parent}`")
    else:
        click.echo(text, nl=False)


def _site(url: str) -> Site:
    """The site to look with. The file to be written names its home, so a private host is asked as it would be then."""
    try:
        place = endpoint(url)
    except ValueError as error:
        raise UsageError(f"{url}: not a web address; write it whole, with http:// or https://") from error
    private = is_private_host(place[0])
    named = frozenset({place}) if private else frozenset()
    if why := refusal(url, named):
        raise UsageError(f"{url}: {why}; only public web addresses are looked at")
    return Site(place[0], place[0], url, "", re.compile(""), delay=0.0 if private else 2.0, named_hosts=named)


def _proposed(url: str, look: Look, now: datetime) -> str:
    page = look.captures.pop(url, None)
    if page is None or page.status != 200:
        why = "it was not fetched" if page is None else page.reason or f"HTTP {page.status}"
        raise YiwenError(f"{url}: {why}, so there is nothing to make a site file of")
    found = proposal.sources(page, look.captures.values())
    about = proposal.names(page)
    forms = proposal.articles(found, about.home)
    if not forms:
        raise YiwenError(
            f"{url}: no link of it looks like an article's, with a number in its address and a date or a headline;"
            " name the page that lists the news, or write the file by hand (docs/sites.md)"
        )
    return proposal.written(about, found, forms, f"{now.astimezone(CHINA):%Y-%m-%d}")


def _try(text: str, folder: Path) -> None:
    """Load the file as a crawl would. Raises SiteError, which would be a fault of ours."""
    file = folder / "proposed.toml"
    file.write_text(text, encoding="utf-8")
    load_site(file)
