"""Which of the links of a list a site follows, and which not for which reason. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from crawler.discover.link import Link
from crawler.site import Site


def sort_links(site: Site, links: Iterable[Link]) -> tuple[tuple[Link, ...], dict[str, int]]:
    """The links to follow, in order, each page once; and how many were skipped for which reason.

    The reasons are `no article`, `off site`, `denied` and `duplicate`. http and https are one page.
    """
    wanted: dict[str, Link] = {}
    skipped: Counter[str] = Counter()
    for link in links:
        objection = site.objection(link.url)
        page = link.url.partition("://")[2]
        if objection:
            skipped[objection] += 1
        elif page in wanted:
            skipped["duplicate"] += 1
            wanted[page] = _completed(wanted[page], link)
        else:
            wanted[page] = link
    return tuple(wanted.values()), dict(skipped)


def _completed(first: Link, other: Link) -> Link:
    """`first` with what it lacks: the same page is often linked by a picture and then by its headline."""
    return replace(first, title=first.title or other.title, date=first.date or other.date)
