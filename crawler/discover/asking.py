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


def has_pages(listing: Listing) -> bool:
    """Whether a list goes on over further pages."""
    return bool(listing.pages) or listing.posts_its_pages


def ask_for(listing: Listing, page: int) -> Ask:
    """One of a list's pages, the first is 1."""
    number = str(listing.first_page + page - 2)
    url = listing.url if page == 1 else (listing.pages or listing.url).replace("{n}", number)
    if listing.form:
        fields = [(name, value.replace("{n}", number)) for name, value in listing.form]
        return Ask(url, urlencode(fields), "application/x-www-form-urlencoded")
    if listing.body:
        return Ask(url, listing.body.replace("{n}", number), "application/json")
    return Ask(url)
