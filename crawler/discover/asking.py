"""How the pages of a list are asked for: by address, or by what is posted to one address. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from crawler.site.model import Listing


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


_DAY = re.compile(r"\{date:([^{}]+)\}")
SOME_DAY = date(2026, 1, 2)


def has_pages(listing: Listing) -> bool:
    """Whether a list goes on over further pages."""
    return has_numbers(listing) or by_day(listing)


def has_numbers(listing: Listing) -> bool:
    """Whether the further pages are told by a number."""
    return bool(listing.pages) or listing.posts_its_pages


def by_day(listing: Listing) -> bool:
    """Whether each day has a page of its own."""
    return any(_DAY.search(text) for text in (listing.url, listing.body, *(value for _, value in listing.form)))


def ask_for(listing: Listing, page: int, today: date = SOME_DAY, key: str = "") -> Ask:
    """One of a list's pages, the first is 1; where each day has its own, that is today's and the second yesterday's."""
    number = str(listing.first_page + page - 2)
    day = today - timedelta(days=page - 1)

    def filled(text: str) -> str:
        dated = _DAY.sub(lambda found: day.strftime(found[1]), text)
        return dated.replace("{n}", number).replace("{key}", key)

    url = filled(listing.url if page == 1 or not listing.pages else listing.pages)
    if listing.form:
        fields = [(name, filled(value)) for name, value in listing.form]
        return Ask(url, urlencode(fields), "application/x-www-form-urlencoded")
    return Ask(url, filled(listing.body), "application/json") if listing.body else Ask(url)
