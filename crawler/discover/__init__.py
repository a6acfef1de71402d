"""Discovery: which pages a list announces, and which of them are a site's articles. Pure; one reader for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from archive.models import Capture
from crawler.discover.age import day_of
from crawler.discover.asking import Ask, ask_for
from crawler.discover.data import data_links, extracted
from crawler.discover.diagnosis import why_none
from crawler.discover.feed import feed_links
from crawler.discover.link import Link
from crawler.discover.page import page_links
from crawler.discover.paging import BEYOND_THE_END, Course, Leaf
from crawler.discover.sitemap import LARGEST_SITEMAP, nested_sitemaps, sitemap_links
from crawler.discover.sorting import OFF_TOPIC, TOO_OLD, Sorted, judge, owner_of, sort_links
from crawler.discover.topic import TOPICS
from crawler.site.model import Listing

__all__ = [
    "BEYOND_THE_END",
    "LARGEST_SITEMAP",
    "OFF_TOPIC",
    "READERS",
    "TOO_OLD",
    "TOPICS",
    "Ask",
    "Course",
    "Found",
    "Leaf",
    "Link",
    "Sorted",
    "ask_for",
    "day_of",
    "extracted",
    "judge",
    "links_of",
    "nested_sitemaps",
    "owner_of",
    "read_list",
    "sort_links",
    "why_none",
]

MOST_LINKS = 50_000  # of one answer: what a sitemap may hold at most

Reader = Callable[[Listing, bytes, str, str | None], Iterator[Link]]
READERS: dict[str, Reader] = {"html": page_links, "feed": feed_links, "sitemap": sitemap_links, "json": data_links}


def links_of(listing: Listing, payload: bytes, url: str, content_type: str | None) -> tuple[Link, ...]:
    """The pages that one answer announces, in its order, doubles included; none at all means that the list is broken.

    `url` is the address that answered. What is no address of a page (javascript:, mailto:, #top) is left out. An index
    of sitemaps announces no page: ask `nested_sitemaps`. Of a monstrous list it is the first `MOST_LINKS` and one more.
    """
    return tuple(islice(READERS[listing.kind](listing, payload, url, content_type), MOST_LINKS + 1))


@dataclass(frozen=True)
class Found:
    """What one answer of a list holds: links or, for an index, sitemaps; `why_none` says why neither.

    `problem` is "" where nothing is wrong with the answer itself.
    """

    links: tuple[Link, ...] = ()
    nested: tuple[str, ...] = ()
    problem: str = ""
    why_none: str = ""


def read_list(listing: Listing, capture: Capture) -> Found:
    """Everything that is to be had of a list's answer."""
    links = links_of(listing, capture.payload, capture.final_url, capture.header("content-type"))
    nested = nested_sitemaps(capture.payload) if listing.kind == "sitemap" else ()
    if len(links) > MOST_LINKS:
        return Found(links[:MOST_LINKS], nested, f"holds more than {MOST_LINKS:,} links; what follows is left out")
    return Found(links, nested, why_none="" if links or nested else why_none(listing, capture))
