"""Why a list gave no link, for the one who has to mend its site file. Pure."""

from __future__ import annotations

from dataclasses import replace

from archive.models import Capture
from crawler.discover.page import page_links
from crawler.site.model import Listing

_NOTHING = {
    "feed": "no entry of a feed was found in it",
    "sitemap": "no address of a sitemap was found in it",
    "json": "no entry was found in it: look at extract, items and address",
}


def why_none(listing: Listing, capture: Capture) -> str:
    """What to say of a list in whose answer no link was found."""
    if not listing.link:
        return _NOTHING.get(listing.kind, "no link was found in it")
    every = page_links(replace(listing, link=""), capture.payload, capture.final_url, capture.header("content-type"))
    return f"link {listing.link!r} selects none of its {sum(1 for _ in every)} links"
