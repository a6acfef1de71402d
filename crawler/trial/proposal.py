"""A first site file for a page: its feeds and sitemaps, what its articles' addresses have in common, names. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.models import Capture
from archive.text import clean_line, han_count, language
from crawler.addresses import canonical, registrable
from crawler.discover import Link, links_of, nested_sitemaps
from crawler.discover.shapes import Shape, shapes
from crawler.reading.metadata import metas
from crawler.reading.page import decode, parse
from crawler.site.model import Listing

WELL_KNOWN = ("/robots.txt", "/sitemap.xml", "/rss.xml", "/feed", "/atom.xml")
MOST_FEEDS, MOST_SITEMAPS, MOST_EXAMPLES = 6, 4, 3
_HEADLINE, _SECTION = 8, 6  # Han characters: a headline has at least, a section's name at most so many
MOST_SECTIONS = 12
_FEED = re.compile(r"application/(?:rss|atom)\+xml")
_SITEMAP = re.compile(r"^\s*sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_SEAM = re.compile(r"\s*[_|｜»]\s*|\s+[-–—]\s+|[-–—](?=[^-–—]+$)")
_PLACES = {"hk": "HK", "mo": "MO", "tw": "TW", "int": "INT"}


@dataclass(frozen=True)
class Source:
    """A place that names pages: a list of `kind` at `url`, and its links."""

    kind: str
    url: str
    links: tuple[Link, ...]


def clues(capture: Capture) -> tuple[str, ...]:
    """Further addresses worth a look that an answer names: feeds of a page, sitemaps of a robots.txt or an index."""
    if capture.status != 200:
        return ()
    if urlsplit(capture.url).path == "/robots.txt":
        named = [found[1] for found in _SITEMAP.finditer(decode(capture.payload, None) or "")]
    elif nested := nested_sitemaps(capture.payload):
        named = list(nested)
    else:
        named = _feeds(capture)
    ours = registrable(capture.url)
    return tuple(dict.fromkeys(url for url in map(canonical, named) if registrable(url) == ours))[:MOST_FEEDS]


def _feeds(capture: Capture) -> list[str]:
    tree = _tree(capture)
    links = () if tree is None else tree.iter("link")
    return [
        urljoin(capture.final_url, link.get("href") or "") for link in links if _FEED.search(link.get("type") or "")
    ]


def _tree(capture: Capture) -> etree._Element | None:
    text = decode(capture.payload, capture.header("content-type"))
    return parse(text) if text else None


def sources(page: Capture, others: Iterable[Capture]) -> list[Source]:
    """The page and those of the other answers that name pages, feeds before sitemaps."""
    found = [source for other in others if other.status == 200 for source in _sources(other)]
    feeds = [source for source in found if source.kind == "feed"][:MOST_FEEDS]
    maps = [source for source in found if source.kind == "sitemap"][:MOST_SITEMAPS]
    return [*feeds, *maps, Source("html", canonical(page.final_url), _links("html", page))]


def _sources(capture: Capture) -> Iterator[Source]:
    for kind in ("feed", "sitemap"):
        if links := _links(kind, capture):
            yield Source(kind, capture.final_url, links)
            return


def _links(kind: str, capture: Capture) -> tuple[Link, ...]:
    return links_of(Listing(capture.url, kind), capture.payload, capture.final_url, capture.header("content-type"))


def articles(found: Sequence[Source], home: str) -> list[Shape]:
    """The forms of the addresses that look like articles, the likeliest first.

    All that feeds and sitemaps name is taken for such; of a page's links those with a date beside them, or, where it
    has none, with a headline.
    """
    ours = registrable(home)
    named = [link.url for source in found if source.kind != "html" for link in source.links]
    shown = [link for source in found if source.kind == "html" for link in source.links]
    dated = [link for link in shown if link.date]
    likely = dated if len(dated) >= MOST_EXAMPLES else [link for link in shown if han_count(link.title) >= _HEADLINE]
    urls = [url for url in (*named, *(link.url for link in likely)) if registrable(url) == ours]
    return shapes(urls, 2) or shapes(urls, 1)


@dataclass(frozen=True)
class Names:
    """What a page says of its site, and what is guessed of it."""

    name: str
    home: str
    jurisdiction: str
    script: str


def names(page: Capture) -> Names:
    """The site's name, home page, jurisdiction and script; the last two are guesses."""
    parts = urlsplit(page.final_url)
    tree = _tree(page)
    meta = {} if tree is None else metas(tree)
    title = "" if tree is None else clean_line(tree.findtext(".//title") or "")
    text = "" if tree is None else clean_line(" ".join(tree.itertext("a", "p", "h1", "h2", "h3", "li")))
    name = meta.get("og:site_name") or _SEAM.split(title)[-1] or parts.netloc
    script = language(title + text)
    place = _PLACES.get((parts.hostname or "").rpartition(".")[2], "HK" if script == "Hant" else "CN")
    return Names(name, f"{parts.scheme}://{parts.netloc}/", place, script)


def written(about: Names, found: Sequence[Source], forms: Sequence[Shape], taken: str) -> str:
    """The site file. `taken` is the day it was made on."""
    patterns = "|".join(form.pattern for form in forms)
    examples = [url for form in forms for url in form.urls[:1]][:MOST_EXAMPLES]
    examples = list(dict.fromkeys([*examples, *(url for form in forms for url in form.urls)]))[:MOST_EXAMPLES]
    lines = [
        f"# Evidence ({taken}): made by `yiwen sites new` from {found[-1].url}; nobody has looked at it yet.",
        "# Guessed: jurisdiction and script. Check article, which is what these addresses have in common.",
        *(f"#   {len(form.urls)} such as {form.urls[0]}" for form in forms),
        f"name = {_text(about.name)}",
        f"home = {_text(about.home)}",
        f"jurisdiction = {_text(about.jurisdiction)} # guessed",
        *([f"script = {_text(about.script)} # guessed"] if about.script in ("Hans", "Hant") else []),
        f"article = '{patterns}'",
        "examples = [",
        *(f"    {_text(url)}," for url in examples),
        "]",
    ]
    return "\n".join([*lines, *_lists(found, re.compile(patterns)), "", *_perhaps(found[-1])]).rstrip() + "\n"


def _perhaps(page: Source) -> Iterator[str]:
    """What looks like further lists of a page, as remarks: links with a section's short name."""
    likely = (link for link in page.links if 2 <= han_count(link.title) <= _SECTION and not link.date)
    sections = {link.url: link.title for link in likely if link.url != page.url and urlsplit(link.url).path.strip("/")}
    for url, title in list(sections.items())[:MOST_SECTIONS]:
        yield f"# Perhaps a list too: {url} ({title})"


def _lists(found: Sequence[Source], article: re.Pattern[str]) -> Iterator[str]:
    """The lists that name articles, each with how many; those that name none as a remark."""
    for source in found:
        ours = sum(1 for link in source.links if article.search(link.url))
        if not ours:
            yield f"\n# Not taken, since none of its {len(source.links)} links is an article: {source.url}"
            continue
        kind = "" if source.kind == "html" else f'kind = "{source.kind}"\n'
        further = _further(source)
        more = f"\npages = {_text(further)}\nmax_pages = 2" if further else ""
        yield f"\n[[list]] # {ours} of its {len(source.links)} links are articles"
        yield f"{kind}url = {_text(source.url)}{more}"


_ENDING = re.compile(r"(?:\.s?html?|\.jhtml|\.aspx|/)?$")


def _further(source: Source) -> str:
    """The address of a list's further pages, where it links to page two: list_2.html beside list.html, or ?page=2."""
    ending = _ENDING.search(source.url)
    stem, end = (source.url[: ending.start()], ending[0]) if ending else (source.url, "")
    second = re.compile(rf"{re.escape(stem)}([_-]?)2{re.escape(end)}|{re.escape(source.url)}([?&]\w+=)2")
    found = next((two for link in source.links if (two := second.fullmatch(link.url))), None)
    if found is None:
        return ""
    return f"{stem}{found[1]}{{n}}{end}" if found[2] is None else f"{source.url}{found[2]}{{n}}"


def _text(value: str) -> str:
    """Text as TOML writes it; JSON's strings are TOML's."""
    return json.dumps(value, ensure_ascii=False)
