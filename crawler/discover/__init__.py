"""Discovery: which pages a list announces, and which of them are a site's articles. Pure; one reader for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crawler.discover.age import day_of
from crawler.discover.asking import Ask, ask_for
from crawler.discover.data import data_links, extracted
from crawler.discover.diagnosis import why_none
from crawler.discover.feed import feed_links
from crawler.discover.link import Link
from crawler.discover.page import page_links
from crawler.discover.paging import BEYOND_THE_END, Course, Leaf
from crawler.discover.sitemap import LARGEST_SITEMAP, nested_sitemaps, sitemap_links
from crawler.discover.sorting import OFF_TOPIC, TOO_OLD, Sorted, judge, sort_links
from crawler.discover.topic import TOPICS
from crawler.site import Listing

__all__ = [
    "BEYOND_THE_END",
    "LARGEST_SITEMAP",
    "OFF_TOPIC",
    "READERS",
    "TOO_OLD",
    "TOPICS",
    "Ask",
    "Course",
    "Leaf",
    "Link",
    "Sorted",
    "ask_for",
    "day_of",
    "extracted",
    "judge",
    "links_of",
    "nested_sitemaps",
    "sort_links",
    "why_none",
]

Reader = Callable[[Listing, bytes, str, str | None], Iterator[Link]]
READERS: dict[str, Reader] = {"html": page_links, "feed": feed_links, "sitemap": sitemap_links, "json": data_links}


def links_of(listing: Listing, payload: bytes, url: str, content_type: str | None) -> tuple[Link, ...]:
    """The pages that one answer announces, in its order, doubles included; none at all means that the list is broken.

    `url` is the address that answered. What is no address of a page (javascript:, mailto:, #top) is left out. An index
    of sitemaps announces no page: ask `nested_sitemaps`.
    """
    return tuple(READERS[listing.kind](listing, payload, url, content_type))
