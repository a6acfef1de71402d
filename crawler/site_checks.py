"""What only a whole site file shows to be wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.addresses import refusal
from crawler.site import Listing, Site


def contradictions(site: Site) -> Iterator[tuple[str, str]]:
    """What only the whole file shows to be wrong, as pairs of key and fault."""
    if not site.enabled and not site.reason:
        yield "reason", 'is missing: a disabled site says why, such as reason = "an anti-bot page answers"'
    if site.enabled and not site.lists:
        yield "list", "is missing: give at least one [[list]] with a url, or enabled = false with a reason"
    for key, url in _addresses(site):
        fault = refusal(url, site.named_hosts)
        if fault:
            yield key, f"{url!r} {fault}: write an address that may be requested, such as https://www.example.cn/"
    for url in site.examples:
        objection = site.objection(site.canonical(url))
        if objection and not refusal(url, site.named_hosts):
            yield "examples", f"{url!r} is no article by article and deny ({objection}): mend the one or the other"
    if site.keep_query is not None and site.drop_query:
        yield "drop_query", "stands beside keep_query, which drops all others already: leave one out"
    for number, listing in enumerate(site.lists, 1):
        yield from ((f"list {number}: {key}", fault) for key, fault in _list_contradictions(listing))


def _list_contradictions(listing: Listing) -> Iterator[tuple[str, str]]:
    if (listing.pages or listing.posts_its_pages) and listing.max_pages == 1:
        key = "pages" if listing.pages else "{n}"
        yield "max_pages", f"is 1, so {key} is never used: write how many pages to read, such as max_pages = 3"
    if listing.max_pages > 1 and not (listing.pages or listing.posts_its_pages):
        yield "pages", "is missing: max_pages needs the address of the further pages, with {n} for the number"
    if listing.link and listing.kind != "html":
        yield "link", f"selects elements of an HTML page, and this is a {listing.kind}: leave it out"
    if listing.kind == "json" and not listing.address:
        yield "address", 'is missing: say where an entry has its address, such as address = "url"'
    for key in ("items", "address", "title", "date", "summary", "extract"):
        if getattr(listing, key) and listing.kind != "json":
            yield key, f'is for kind = "json", and this is a {listing.kind}: leave it out'
    if listing.form and listing.body:
        yield "body", "stands beside form, and only one of them can be posted: leave one out"


def _addresses(site: Site) -> Iterator[tuple[str, str]]:
    yield "home", site.home
    for number, listing in enumerate(site.lists, 1):
        yield f"list {number}: url", listing.url
        if listing.pages:
            yield f"list {number}: pages", listing.pages.replace("{n}", str(listing.first_page))
    for url in site.examples:
        yield "examples", url
