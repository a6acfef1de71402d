"""Discovery: which pages a list, a feed or a sitemap announces, and which of them are a site's articles. Pure."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urljoin

import feedparser
from lxml import etree
from lxml.cssselect import CSSSelector
from w3lib.html import remove_tags
from w3lib.url import safe_url_string

from archive.text import clean_line
from crawler.addresses import canonical
from crawler.reading.page import decode
from crawler.site import Listing, Site


@dataclass(frozen=True)
class Link:
    """A page that is announced: its address (absolute, canonical), its headline and date as the list writes them."""

    url: str
    title: str = ""
    date: str = ""


def links_of(listing: Listing, payload: bytes, url: str, content_type: str | None) -> tuple[Link, ...]:
    """The pages that one answer announces, in its order, doubles included; none at all means that the list is broken.

    `url` is the address that answered. What is no address of a page (javascript:, mailto:, #top) is left out. An index
    of sitemaps announces no page: ask `nested_sitemaps`.
    """
    read = {"html": _page_links, "feed": _feed_links, "sitemap": _sitemap_links}[listing.kind]
    return tuple(read(listing, payload, url, content_type))


def sort_links(site: Site, links: Iterable[Link]) -> tuple[tuple[Link, ...], dict[str, int]]:
    """The links to follow, in order, each page once; and how many were skipped for which reason.

    The reasons are `no article`, `off site`, `denied` and `duplicate`. http and https are one page.
    """
    wanted: dict[str, Link] = {}
    skipped: Counter[str] = Counter()
    for link in links:
        objection = site.objection(link.url)
        page = link.url.partition("://")[2]
        if objection:
            skipped[objection] += 1
        elif page in wanted:
            skipped["duplicate"] += 1
            wanted[page] = _completed(wanted[page], link)
        else:
            wanted[page] = link
    return tuple(wanted.values()), dict(skipped)


def _completed(first: Link, other: Link) -> Link:
    """`first` with what it lacks: the same page is often linked by a picture and then by its headline."""
    return replace(first, title=first.title or other.title, date=first.date or other.date)


def further_pages(listing: Listing) -> tuple[str, ...]:
    """The addresses of pages 2 to `max_pages` of a list."""
    if not listing.pages:
        return ()
    numbers = range(listing.first_page, listing.first_page + listing.max_pages - 1)
    return tuple(listing.pages.replace("{n}", str(number)) for number in numbers)


# HTML lists


def _page_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    text = decode(payload, content_type)
    root = None if text is None else _html(text)
    if root is None:
        return
    base = urljoin(url, next((element.get("href") for element in root.iter("base") if element.get("href")), "").strip())
    for anchor in _anchors(root, listing.link):
        address = _absolute(base, anchor.get("href", ""), payload)
        if address:
            title = _title(anchor)
            yield Link(address, title, _date_beside(anchor, title))


def _html(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        return etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but white space and comments
        return None


def _anchors(root: etree._Element, selector: str) -> Iterable[etree._Element]:
    """The links that are selected, or that lie in what is selected, each once."""
    selected = CSSSelector(selector, translator="html")(root) if selector else [root]
    return dict.fromkeys(anchor for element in selected for anchor in element.iter("a", "area"))


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs")


_WITH_HOST = re.compile(r"https?://[^/?#]")


def _absolute(base: str, href: str, payload: bytes) -> str | None:
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        address = canonical(safe_url_string(urljoin(base, href), encoding=_query_encoding(href, payload)))
    except ValueError:
        return None
    return address if _WITH_HOST.match(address) else None


def _query_encoding(href: str, payload: bytes) -> str:
    """The encoding that a browser would write the query of `href` in: the page's, the one its bytes are found in."""
    written = _NOT_ASCII.search(href.partition("?")[2])
    if written is None:
        return "utf-8"
    return next((name for name in _ENCODINGS if written[0].encode(name, "ignore") in payload), "utf-8")


def _title(anchor: etree._Element) -> str:
    """The headline: the title attribute, as text is often cut short; else a heading within the link; else its text."""
    given = clean_line(anchor.get("title", ""))
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"), anchor)
    return given or clean_line("".join(heading.itertext()))


# A day with its year, western or of the Republic of China, and the time where it follows.
_DATE = re.compile(
    r"(?:民國|民国)?\s*(?<!\d)(?:(?:19|20)\d\d|1[0-4]\d)\s*[-/.年]\s*(?:0?[1-9]|1[0-2])\s*[-/.月]\s*(?:0?[1-9]|[12]\d|3[01])"
    r"(?!\d)日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
)


def _date_beside(anchor: etree._Element, title: str) -> str:
    """The date in the row of a list that holds this link and no other, or within the link; never the headline's."""
    row = anchor
    for parent in islice(anchor.iterancestors(), 4):
        if _holds_others(parent, anchor.get("href")):
            break
        row = parent
    beside = " ".join(row.xpath(".//text()[not(ancestor::a)]"))
    within = clean_line(" ".join(anchor.itertext())).replace(title, " ", 1)
    found = _DATE.search(clean_line(beside)) or _DATE.search(within)
    return found[0].strip() if found else ""


def _holds_others(element: etree._Element, href: str) -> bool:
    """Whether links to other pages lie in `element`; so many links to one page are no row either, and cost no time."""
    links = list(islice(element.iter("a"), 20))
    return len(links) == 20 or any(link.get("href") not in (None, href) for link in links)


# Feeds


def _feed_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    text = decode(payload, content_type)
    headers = {"content-location": url}
    if text is not None:
        # Our own decoding is surer than a charset in a header or declaration: feedparser is given UTF-8 and told so.
        payload, headers["content-type"] = text.encode("utf-8", "replace"), "application/xml; charset=utf-8"
    # A stream, since feedparser would take bytes that look like an address or a path as the place of the feed.
    feed = feedparser.parse(
        io.BytesIO(payload), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    for entry in feed.entries:
        address = _absolute(url, _entry_address(entry), payload)
        if address:
            yield Link(address, _entry_title(entry), entry.get("published") or entry.get("updated") or "")


def _entry_address(entry: feedparser.FeedParserDict) -> str:
    # Where an Atom entry has several such links, the page comes first and feedparser's `link` is the last, a picture
    # (2026-11, a feed of Macao's television).
    pages = (link.get("href") for link in entry.get("links", ()) if link.get("rel") == "alternate")
    id_ = entry.get("id", "")
    return next(filter(None, pages), None) or entry.get("link") or (id_ if id_.startswith("http") else "")


def _entry_title(entry: feedparser.FeedParserDict) -> str:
    html = entry.get("title_detail", {}).get("type") == "text/html"
    title = entry.get("title", "")
    return clean_line(remove_tags(title) if html else title)


# Sitemaps

# The protocol's own limit; what goes beyond it is no sitemap, or a bomb.
LARGEST_SITEMAP = 50 * 1024 * 1024


def _sitemap_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    root = _sitemap(payload)
    for entry in () if root is None else root.iterfind("{*}url"):
        address = _absolute(url, _text(entry, "{*}loc"), payload)
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
