"""Lists that are sitemaps or news sitemaps, gzipped or not, and indexes of them. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lxml import etree

from archive.text import clean_line
from crawler.addresses import canonical
from crawler.discover.link import Link, absolute
from crawler.site.model import Listing

# The protocol's own limit; what goes beyond it is no sitemap, or a bomb.
LARGEST_SITEMAP = 50 * 1024 * 1024


def sitemap_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    """The pages that a sitemap names, with the titles and dates of a news sitemap."""
    root = _sitemap(payload)
    for entry in () if root is None else root.iterfind("{*}url"):
        address = absolute(url, _text(entry, "{*}loc"), payload)
        if address:
            date = _text(entry, "{*}news/{*}publication_date") or _text(entry, "{*}lastmod")
            yield Link(address, _text(entry, "{*}news/{*}title"), date)


def nested_sitemaps(payload: bytes) -> tuple[str, ...]:
    """The addresses of the sitemaps that an index of sitemaps names; none where the payload is no index."""
    root = _sitemap(payload)
    entries = () if root is None else root.iterfind("{*}sitemap")
    return tuple(dict.fromkeys(canonical(place) for entry in entries if (place := _text(entry, "{*}loc"))))


def _sitemap(payload: bytes) -> etree._Element | None:
    """The root of a sitemap, mended where it is broken; None where it is no XML. Entities are never followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        return etree.fromstring(_unzipped(payload).lstrip(), parser)
    except etree.XMLSyntaxError:
        return None


def _unzipped(payload: bytes) -> bytes:
    if not payload.startswith(b"\x1f\x8b"):
        return payload[:LARGEST_SITEMAP]
    try:
        return zlib.decompressobj(31).decompress(payload, LARGEST_SITEMAP)
    except zlib.error:
        return b""


def _text(element: etree._Element, path: str) -> str:
    return clean_line(element.findtext(path) or "")
