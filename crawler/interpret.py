"""From captures to a reading: the one way in for the crawl, `add`, `extract` and the tests. Pure."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from archive.models import Capture, Reading
from crawler.addresses import canonical, registrable
from crawler.reading.article import read, reader_id
from crawler.site import Site


def interpret(site: Site, capture: Capture) -> Reading:
    """What a capture of a site shows. An article's `canonical_url` is its identity in the archive."""
    if capture.status is None:
        return Reading("failed", reader_id(), reason=capture.reason)
    if site.article and _sent_home(site, capture):
        return Reading("gone", reader_id(), reason=f"redirected to {capture.final_url}")
    reading = read(
        capture.payload,
        url=capture.final_url,
        content_type=capture.header("content-type"),
        status=capture.status,
        fetched_at=capture.fetched_at,
        jurisdiction=site.jurisdiction,
    )
    return replace(reading, canonical_url=identity(site, capture.final_url, reading.canonical_url))


def _sent_home(site: Site, capture: Capture) -> bool:
    """Whether an article's address led to the home page or a list, as sites do with what they took away."""
    final = canonical(capture.final_url)
    if final == canonical(capture.url):
        return False
    lists = {canonical(listing.url) for listing in site.lists}
    return urlsplit(final).path in ("", "/") or final in lists | {canonical(site.home)}


def identity(site: Site, final_url: str, claimed: str | None) -> str:
    """The address that an article is kept under: what its page claims where that can be believed, or where it was.

    A page's claim is believed on the same registrable domain and where the site's rule calls it an article too.
    """
    if not final_url:  # a saved page: its own claim is all there is
        return canonical(claimed) if claimed else ""
    found = canonical(final_url)
    if not claimed:
        return found
    claim = canonical(claimed)
    believable = registrable(claim) == registrable(found) and (not site.article or site.article.search(claim))
    return claim if believable else found
