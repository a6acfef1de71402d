"""How far a list is read: from page to page while they bring something new, within limits. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from crawler.discover.asking import SOME_DAY, Ask, ask_for, by_day, has_pages
from crawler.discover.sorting import OFF_TOPIC, TOO_OLD, Sorted
from crawler.site.model import Listing

BEYOND_THE_END = (404, 410)  # what a page answers that a list does not have


@dataclass(frozen=True)
class Leaf:
    """One page of a list as it was read: its number, all its addresses, those to follow, and those of them known."""

    number: int
    addresses: frozenset[str]
    found: Sorted
    known: frozenset[str]


@dataclass
class Course:
    """One list in one run. A `deep` one goes on over what is known, as a backfill does.

    `oldest` is the first day whose links are not too old; `left_at` the page at which an earlier run stopped short, 0
    where none did. `key` is what another page told of its address. `nested` is the address of a sitemap that the list's
    index names, `depth` the indexes above it.
    """

    listing: Listing
    deep: bool = False
    oldest: date | None = None
    left_at: int = 0
    nested: str = ""
    depth: int = 0
    today: date = SOME_DAY
    key: str = ""
    _met: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, listing: Listing, today: date, *, deep: bool, since: date | None, places: Mapping[str, int]) -> Course:
        """How a list is to be read today; `places` are the pages at which a site's lists were left."""
        oldest = since if deep or listing.max_age is None else today - listing.max_age
        course = cls(listing, deep, oldest, today=today)
        course.left_at = places.get(course.name, 0)
        return course

    def into(self, sitemap: str) -> Course:
        """How a sitemap is read that this one names."""
        return Course(self.listing, self.deep, self.oldest, nested=sitemap, depth=self.depth + 1)

    def is_old(self, day: date | None) -> bool:
        """Whether what is dated so is too old; what has no date is not."""
        return day is not None and self.oldest is not None and day < self.oldest

    @property
    def name(self) -> str:
        """What the list is called among those of its site, whatever the day."""
        return Ask(self.nested or self.listing.url, self.listing.body or urlencode(self.listing.form)).name

    @property
    def limit(self) -> int:
        """How many of its pages may be read."""
        if self.nested or not has_pages(self.listing):
            return 1
        return (
            self.listing.backfill_pages if self.deep else self.listing.days if self.by_day else self.listing.max_pages
        )

    @property
    def by_day(self) -> bool:
        """Whether its pages are days, of which one without news says nothing of the next."""
        return by_day(self.listing)

    def ask(self, number: int) -> Ask:
        """How one of its pages is asked for, the first is 1."""
        return Ask(self.nested) if self.nested else ask_for(self.listing, number, self.today, self.key)

    def after(self, leaf: Leaf) -> tuple[int, str]:
        """The page to ask for next, or 0 and why the list is not read on."""
        why = self._end(leaf, self._met)
        self._met |= leaf.addresses
        unfinished = self.left_at if self.left_at > leaf.number else 0
        if unfinished and (why == ALL_KNOWN or (self.deep and not why)):
            self.left_at = 0
            return unfinished, ""
        return (0, why) if why else (leaf.number + 1, "")

    def _end(self, leaf: Leaf, met: Set[str]) -> str:
        if self.by_day:
            return self._end_of_days(leaf.number)
        wanted = frozenset(link.url for _, link in leaf.found.wanted)
        if not leaf.addresses:
            return "no link"
        if leaf.addresses <= met:
            return "no link that the pages before did not have"
        if not wanted and leaf.found.skipped.get(TOO_OLD) and not leaf.found.skipped.get(OFF_TOPIC):
            return f"all from before {self.oldest}"
        if wanted and wanted <= leaf.known and not self.deep:
            return ALL_KNOWN
        return "as many pages as it may be read" if leaf.number >= self.limit else ""

    def _end_of_days(self, number: int) -> str:
        if self.is_old(self.today - timedelta(days=number)):
            return f"all from before {self.oldest}"
        return "as many days as may be read" if number >= self.limit else ""


ALL_KNOWN = "all known"
