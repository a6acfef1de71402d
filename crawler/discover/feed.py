"""Lists that are feeds: RSS and Atom, broken ones too. The only import of feedparser. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterator

import feedparser
from w3lib.html import remove_tags

from archive.text import clean_line
from crawler.discover.link import LONGEST_SUMMARY, Link, absolute
from crawler.reading.page import decode
from crawler.site.model import Listing


def feed_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    """The pages of the feed's entries."""
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
        address = absolute(url, _entry_address(entry), payload)
        if address:
            date = entry.get("published") or entry.get("updated") or ""
            yield Link(address, _entry_title(entry), date, _entry_summary(entry))


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


def _entry_summary(entry: feedparser.FeedParserDict) -> str:
    return clean_line(remove_tags(entry.get("summary", "")))[:LONGEST_SUMMARY]
