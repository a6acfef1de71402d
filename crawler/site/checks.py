"""What only a whole site file shows to be wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.addresses import refusal
from crawler.discover.asking import ask_for, by_day, has_numbers
from crawler.site.model import Listing, Site
from crawler.site.values import data_path, expression


def contradictions(site: Site) -> Iterator[tuple[str, str]]:
    """What only the whole file shows to be wrong, as pairs of key and fault."""
    if not site.enabled and not site.reason:
        yield "reason", 'is missing: a disabled site says why, such as reason = "an anti-bot page answers"'
    if site.enabled and not site.lists:
        yield "list", "is missing: give at least one [[list]] with a url, or enabled = false with a reason"
    wrong = [(key, url, fault) for key, url in _addresses(site) if (fault := refusal(url, site.named_hosts))]
    for key, url, fault in wrong:
        yield key, f"{url!r} {fault}: write an address that may be requested, such as https://www.example.cn/"
    for url in site.examples if not wrong else ():  # what is an article is told by the hosts of all of them
        if objection := site.objection(site.canonical(url)):
            yield "examples", f"{url!r} is no article by article and deny ({objection}): mend the one or the other"
    if site.keep_query is not None and site.drop_query:
        yield "drop_query", "stands beside keep_query, which drops all others already: leave one out"
    if (needed := sum(listing.max_pages for listing in site.lists)) >= site.budget:
        yield "budget", f"is {site.budget}, and the lists alone need {needed} requests: write more"
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
    yield from _unfit(listing)
    yield from _placeholders(listing)
    if listing.form and listing.body:
        yield "body", "stands beside form, and only one of them can be posted: leave one out"


_JSON_ONLY = ("address", "summary")
_JSON_OR_HTML = ("items", "title", "date", "extract")


def _unfit(listing: Listing) -> Iterator[tuple[str, str]]:
    """Keys that do not fit the kind of the list."""
    for key in (*_JSON_ONLY, *_JSON_OR_HTML):
        if getattr(listing, key) and listing.kind not in ("json", "html")[: 1 if key in _JSON_ONLY else 2]:
            fit = 'kind = "json"' if key in _JSON_ONLY else 'kind = "json" or "html"'
            yield key, f"is for {fit}, and this is a {listing.kind}: leave it out"
    check = data_path if listing.kind == "json" else expression
    for key in ("title", "date") if listing.kind in ("json", "html") else ():
        try:
            _ = getattr(listing, key) and check(getattr(listing, key))
        except ValueError as error:
            yield key, str(error)


def _placeholders(listing: Listing) -> Iterator[tuple[str, str]]:
    """What {key} and {date:...} need beside them."""
    written = (listing.url, listing.pages, listing.body, *(value for _, value in listing.form))
    if bool(listing.key_url) != bool(listing.key):
        yield (
            "key" if listing.key_url else "key_url",
            "is missing: a key is found by a pattern, key, in a page, key_url",
        )
    elif listing.key_url and not any("{key}" in text for text in written):
        yield "key", "is never used: write {key} where it stands in url, pages, form or body"
    elif not listing.key_url and any("{key}" in text for text in written):
        yield "key_url", "is missing: say in which page {key} is found, and key for the pattern that finds it"
    if by_day(listing) and has_numbers(listing):
        yield "pages", "stands beside {date:...}: a list goes on by days or by numbers, so leave one out"


def _addresses(site: Site) -> Iterator[tuple[str, str]]:
    yield "home", site.home
    for number, listing in enumerate(site.lists, 1):
        yield f"list {number}: url", ask_for(listing, 1, key="key").url
        if listing.pages:
            yield f"list {number}: pages", ask_for(listing, 2, key="key").url
        if listing.key_url:
            yield f"list {number}: key_url", listing.key_url
    for url in site.examples:
        yield "examples", url
