"""Which of the links of a list are followed, by the rules of which site, and which not for which reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.discover.link import Link
from crawler.discover.topic import about
from crawler.site.model import Listing, Site

OFF_TOPIC, TOO_OLD = "off topic", "too old"


def _new(link: Link) -> bool:
    return False


@dataclass(frozen=True)
class Sorted:
    """The links to follow in order, each page once, with the site by whose rules; and how many were skipped for what.

    The reasons are `no article`, `off site`, `off site, and that site is disabled`, `denied`, `too old`, `off topic`,
    `duplicate`.
    """

    wanted: tuple[tuple[Site, Link], ...]
    skipped: dict[str, int]

    @property
    def articles(self) -> int:
        """How many pages are articles, of any topic and age."""
        return len(self.wanted) + self.skipped.get(OFF_TOPIC, 0) + self.skipped.get(TOO_OLD, 0)


def sort_links(
    site: Site,
    listing: Listing,
    links: Iterable[Link],
    others: Sequence[Site] = (),
    is_old: Callable[[Link], bool] = _new,
) -> Sorted:
    """Sort the links of one of a site's lists; `others` are the sites that have files. http and https are one page."""
    wanted: dict[str, tuple[Site, Link]] = {}
    skipped: Counter[str] = Counter()
    for announced in links:
        owner, link, objection = judge(site, listing, announced, others, is_old)
        page = link.url.partition("://")[2]
        if objection:
            skipped[objection] += 1
        elif page in wanted:
            skipped["duplicate"] += 1
            wanted[page] = (owner, _completed(wanted[page][1], link))
        else:
            wanted[page] = (owner, link)
    return Sorted(tuple(wanted.values()), dict(skipped))


def judge(
    site: Site, listing: Listing, link: Link, others: Sequence[Site] = (), is_old: Callable[[Link], bool] = _new
) -> tuple[Site, Link, str]:
    """By whose rules a link is followed, its spelling there, and why it is not followed, "" where it is."""
    owner, objection = owner_of(site, link.url, others)
    if not objection and is_old(link):
        objection = TOO_OLD
    if not objection and not about(listing, link):
        objection = OFF_TOPIC
    return owner, replace(link, url=owner.canonical(link.url)), objection or ""


def owner_of(site: Site, url: str, others: Sequence[Site]) -> tuple[Site, str | None]:
    """By whose rules an address that a site names is read, and why it is not followed; None where it is."""
    objection = site.objection(site.canonical(url))
    follows = objection == "off site" and site.offsite == "follow"
    return _claimant(site, url, others) if follows else (site, objection)


def _claimant(site: Site, url: str, others: Sequence[Site]) -> tuple[Site, str | None]:
    """The site whose file calls a foreign address its article; an enabled one before a disabled one."""
    claiming = [other for other in others if other.objection(other.canonical(url)) is None]
    if not claiming:
        return site, "off site"
    owner = next((other for other in claiming if other.enabled), None)
    return (owner, None) if owner else (site, "off site, and that site is disabled")


def _completed(first: Link, other: Link) -> Link:
    """`first` with what it lacks: the same page is often linked by a picture and then by its headline."""
    return replace(first, title=first.title or other.title, date=first.date or other.date)
