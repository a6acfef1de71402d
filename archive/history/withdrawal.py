"""When a page that is gone counts as withdrawn: a verdict over time, weighed against the rest of its site. Pure.

One failure proves nothing, and a site that fails as a whole proves nothing of one article. So the page has to be gone
in two runs, `confirm_withdrawal_after` apart, in which other articles of the site showed themselves. Where much of the
site is gone, only time tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

# A site that answers "gone" for most pages is broken or moved; after so long, on so many days, its word is taken.
TROUBLE_LASTS = timedelta(days=14)
TROUBLE_DAYS = 7
FEW = 4  # pages; fewer that fail are no trouble of a site's
RETURNS_WITHIN = timedelta(days=30)
EMPTIED = "emptied: the page's frame without its article"


@dataclass(frozen=True)
class Look:
    """What one article's address answered in a run: the article (`shown`), or nothing that can be read."""

    url: str
    shown: bool


@dataclass(frozen=True)
class Showing:
    """How many addresses of articles of a site, or of a section of it, showed theirs in a run, and how many did not.

    Addresses that an earlier run had found gone and withdrawn articles are not counted: nothing else is expected.
    """

    shown: int = 0
    bad: int = 0

    @property
    def in_trouble(self) -> bool:
        """Whether so much fails that a missing page says nothing about its article."""
        return self.bad >= FEW and self.bad > self.shown


def section(url: str) -> str:
    """The part of a site that an address belongs to: its host and first folder."""
    parts = urlsplit(url)
    return f"{parts.netloc}/{parts.path.split('/')[1]}" if parts.path.count("/") > 1 else parts.netloc


@dataclass(frozen=True)
class Day:
    """The health of a site in one run, as a whole and by section; `lone` where the site has one living article at most.

    `failed` where nothing of the site could be had, its lists neither.
    """

    whole: Showing
    sections: dict[str, Showing]
    lone: bool
    failed: bool = False

    def troubles(self) -> list[str]:
        """What is in trouble, in words: the whole, or sections of it."""
        if self.whole.in_trouble:
            return [_told(self.whole, "the articles looked at")]
        return [_told(health, f"{name}/") for name, health in sorted(self.sections.items()) if health.in_trouble]

    def doubts(self, url: str) -> bool:
        """Whether a page of the site may be missing because the site, or its section, is in trouble."""
        return self.failed or self.whole.in_trouble or self.sections.get(section(url), Showing()).in_trouble

    def vouches(self, url: str) -> bool:
        """Whether other articles show that the site is well. A site's only article has no others."""
        return not self.doubts(url) and (self.whole.shown > 0 or (self.lone and self.whole.bad == 0))


def _told(health: Showing, where: str) -> str:
    return f"{health.bad} of {health.bad + health.shown} of {where} were gone, challenged or failed"


def day_of(looks: Iterable[Look], *, lone: bool, failed: bool) -> Day:
    """The health of a site in a run, from what its articles' addresses answered."""
    whole, sections = Showing(), dict[str, Showing]()
    for look in looks:
        name = section(look.url)
        whole, sections[name] = _and(whole, look), _and(sections.get(name, Showing()), look)
    return Day(whole, sections, lone, failed)


def _and(health: Showing, look: Look) -> Showing:
    return Showing(health.shown + look.shown, health.bad + (not look.shown))


@dataclass(frozen=True)
class Missing:
    """A page that is gone in this run. Times are when it was fetched.

    `first` is when it was missed first, `sure` when it was by an earlier run in which its site was not in trouble;
    `days` is on how many days it was found gone since, `returns` how often it came back lately, `reason` what answered.
    """

    url: str
    first: datetime
    sure: datetime | None
    now: datetime
    days: int
    returns: int
    reason: str


def is_withdrawn(page: Missing, after: timedelta, day: Day) -> bool:
    """Whether the page counts as withdrawn now; `after` is the site's `confirm_withdrawal_after`.

    A page that comes and goes has to be gone twice as long with every return. A site in trouble is believed only what
    it says itself: pages that are there without their text may be made by a script from now on.
    """
    if page.sure is not None and day.vouches(page.url):
        return page.now - page.sure >= min(after * 2 ** min(page.returns, 16), max(after, TROUBLE_LASTS))
    lasted = page.now - page.first >= TROUBLE_LASTS and page.days >= TROUBLE_DAYS
    return lasted and page.reason != EMPTIED


MOST_WITNESSES = 20


def witnesses(missed: Iterable[str], candidates: Iterable[str]) -> list[str]:
    """The addresses to look at beside those just missed, so that the next run can tell whether the site is well.

    One more than was missed, of the same sections first; `candidates` are articles' addresses, the last seen first.
    """
    sections = [section(url) for url in missed]
    wanted = min(len(sections) + 1, MOST_WITNESSES) if sections else 0
    return sorted(candidates, key=lambda url: section(url) not in sections)[:wanted]
