"""How the pages of a list are asked for: by address, or by what is posted to one address. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from crawler.site import Listing


@dataclass(frozen=True)
class Ask:
    """One page of a list: GET of `url`; where `body` is given, POST of it as `media`."""

    url: str
    body: str = ""
    media: str = ""

    @property
    def name(self) -> str:
        """What tells it from the other pages of its list, for people to read."""
        return f"{self.url} {self.body}".strip()


def first_page(listing: Listing) -> Ask:
    """A list's first page."""
    return _ask(listing, listing.url, listing.first_page - 1)


def further_pages(listing: Listing) -> tuple[Ask, ...]:
    """Pages 2 to `max_pages` of a list."""
    numbers = range(listing.first_page, listing.first_page + listing.max_pages - 1)
    places = ((number, (listing.pages or listing.url).replace("{n}", str(number))) for number in numbers)
    return tuple(_ask(listing, place, number) for number, place in places)


def _ask(listing: Listing, url: str, number: int) -> Ask:
    if listing.form:
        fields = [(name, value.replace("{n}", str(number))) for name, value in listing.form]
        return Ask(url, urlencode(fields), "application/x-www-form-urlencoded")
    if listing.body:
        return Ask(url, listing.body.replace("{n}", str(number)), "application/json")
    return Ask(url)
