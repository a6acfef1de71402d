"""From captures to a reading: the one way in for the crawl, `add`, `extract` and the tests. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from archive.models import Capture, Reading
from archive.text import fold, language, simplify
from crawler.addresses import registrable
from crawler.reading.article import PageRead, read_page, reader_id
from crawler.reading.emptied import emptied
from crawler.reading.joining import MOST_PAGES, joined
from crawler.reading.page import decode, parse
from crawler.reading.provenance import provenance
from crawler.site.model import Site


@dataclass(frozen=True)
class Part:
    """One page as it is read by itself, the address at which its article goes on, where it does, and that of its first
    page, where this is a further one."""

    reading: Reading
    next_page: str | None = None
    first_page: str | None = None


def warm_up() -> None:
    """Load what the first page would wait for."""
    reader_id()
    for place in ("CN", "TW", "HK"):
        simplify("醫", place)
    language("醫")


def explain(site: Site, capture: Capture) -> tuple[tuple[str, str], ...]:
    """Every visible line of a page with why it is no text of the article, "" where it is."""
    return tuple((one.line.text, one.why) for one in _read(site, capture, "").judgement)


def interpret(site: Site, captures: Sequence[Capture]) -> Reading:
    """What the captures of an article's pages show, in their order; mostly there is one.

    An article's `canonical_url` is its identity in the archive. Where a further page cannot be had, the whole is
    `failed`: a part of an article is not what its publisher showed.
    """
    first = captures[0].final_url
    readings = [look(site, capture, first if place else "").reading for place, capture in enumerate(captures)]
    for number, reading in enumerate(readings[1:], 2):
        if readings[0].verdict == "article" != reading.verdict:
            why = f"page {number} of the article: {reading.reason or reading.verdict}"
            return Reading("failed", reading.reader, reason=why)
    return joined(readings)


def interpret_stored(site: Site, captures: Sequence[Capture]) -> Reading:
    """What stored captures of one fetch show, the first page's before those of the further pages that were fetched.

    Only the pages that the article goes on to are read; where one of them was not fetched, the whole is `failed`.
    """
    first, *others = captures
    stored = {site.canonical(other.url): other for other in others}
    part, found = look(site, first), [first]
    while part.reading.verdict == "article" and part.next_page and len(found) < MOST_PAGES:
        further = stored.get(site.canonical(part.next_page))
        if further is None:
            why = f"page {len(found) + 1} of the article was not fetched"
            return Reading("failed", part.reading.reader, reason=why)
        found.append(further)
        part = look(site, further, first.final_url)
    return interpret(site, found)


def look(site: Site, capture: Capture, first: str = "") -> Part:
    """What one capture of a site shows; `first` is the address of its article's first page, where this is another."""
    reader = reader_id(site.rules)
    if capture.status is None:
        return Part(Reading("failed", reader, reason=capture.reason))
    if _sent_home(site, capture):
        return Part(Reading("gone", reader, reason=f"redirected to {capture.final_url}"))
    page = _read(site, capture, first)
    if page.reading.verdict == "list" and _led_away(site, capture):
        return Part(Reading("gone", reader, reason=f"redirected to a list, {capture.final_url}"))
    identified = replace(page.reading, canonical_url=identity(site, capture.final_url, page.reading.canonical_url))
    return Part(identified, page.next_page, page.first_page)


def where(site: Site, capture: Capture) -> dict[str, str]:
    """Where each field that is read of an article stands on its page, by the field's name."""
    return provenance(capture.payload, **_given(site, capture))


def _read(site: Site, capture: Capture, first: str) -> PageRead:
    return read_page(capture.payload, **_given(site, capture), first=first)


def _given(site: Site, capture: Capture) -> dict[str, Any]:
    """What a page is read with, beside its payload."""
    return {
        "url": capture.final_url,
        "content_type": capture.header("content-type"),
        "status": capture.status or 0,
        "fetched_at": capture.fetched_at,
        "jurisdiction": site.jurisdiction,
        "own": site.rules,
    }


def _sent_home(site: Site, capture: Capture) -> bool:
    """Whether an article's address led to the home page, a list or an error page, as sites do with what is removed."""
    if not _led_away(site, capture):
        return False
    final = site.canonical(capture.final_url)
    return _is_front(site, final) or bool(_FRONT.fullmatch(urlsplit(final).path))


_FRONT = re.compile(r"/?|.*/|/(?:index|default|main)\.\w+|/(?:error|err|404|not-?found)[\w./-]*", re.I)


def _led_away(site: Site, capture: Capture) -> bool:
    """Whether an address led to another, which is no article's."""
    final = site.canonical(capture.final_url)
    is_article = site.article.pattern and site.article.search(final)
    return final != site.canonical(capture.url) and not is_article


def is_lost(text: str, reading: Reading) -> bool:
    """Whether a page that showed an article with this text (as published) shows no paragraph of it any more."""
    if reading.verdict in ("list", "empty"):
        return True
    now = {fold(paragraph) for paragraph in reading.text_original.split("\n")}
    return reading.verdict == "article" and now.isdisjoint(fold(paragraph) for paragraph in text.split("\n"))


def replaced_by(site: Site, capture: Capture, reading: Reading, own: str) -> str | None:
    """The address of another article to which the address of the article `own`, whose text is lost, leads now."""
    led = site.canonical(capture.final_url) != site.canonical(capture.url)
    return reading.canonical_url if reading.verdict == "article" and led and reading.canonical_url != own else None


def is_emptied(before: Capture, text: str, after: Capture, reading: Reading) -> bool:
    """Whether `after`, which was read as `reading`, is the page of an earlier capture without its article's `text`."""
    pages = [decode(capture.payload, capture.header("content-type")) for capture in (before, after)]
    trees = [parse(html) for html in pages if html]
    if len(trees) < 2 or trees[0] is None or trees[1] is None:
        return False
    return emptied(trees[0], text.split("\n"), trees[1], reading.text_original.split("\n"))


def _is_front(site: Site, address: str) -> bool:
    """Whether an address is that of the site's home page or of one of its lists."""
    lists = {site.canonical(listing.url) for listing in site.lists}
    home = urlsplit(address).path in ("", "/") and not urlsplit(address).query
    return home or address in lists | {site.canonical(site.home)}


def identity(site: Site, final_url: str, claimed: str | None) -> str:
    """The address that an article is kept under: what its page claims where that can be believed, or where it was.

    A page's claim is believed on the same registrable domain and where the site's rule calls it an article too.
    """
    if not final_url:  # a saved page: its own claim is all there is
        return site.canonical(claimed) if claimed else ""
    found = site.canonical(final_url)
    if not claimed:
        return found
    claim = site.canonical(claimed)
    ours = registrable(claim) == registrable(found) and not _is_front(site, claim)
    believable = ours and (not site.article or site.article.search(claim))
    return claim if believable else found
