"""Lists that are HTML pages, or parts of one: which links they hold, with headline and date. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

from lxml import etree

from archive.text import clean_line
from crawler.discover.data import extracted, held
from crawler.discover.link import Link, absolute
from crawler.reading.page import decode
from crawler.reading.rules import elements, is_xpath, value_of
from crawler.site.model import Listing


def page_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    """The links that the list selects, in their order, doubles included."""
    text = decode(payload, content_type)
    root = None if text is None else _html(_markup(listing, text))
    if root is None:
        return
    base = urljoin(url, next((element.get("href") for element in root.iter("base") if element.get("href")), "").strip())
    for anchor in _anchors(root, listing.link):
        address = absolute(base, anchor.get("href", ""), payload)
        if address:
            row = _row(anchor)
            title = _told(anchor, row, listing.title) if listing.title else _title(anchor)
            date = _told(anchor, row, listing.date) if listing.date else _date_beside(anchor, row, title)
            yield Link(address, title, date)


def _markup(listing: Listing, text: str) -> str:
    """The HTML, where a script or JSON holds it; several pieces of JSON are one after the other."""
    if not listing.items:
        return extracted(listing.extract, text)
    return "\n".join(piece for piece in held(listing, text) if isinstance(piece, str))


def _html(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        return etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # nothing but white space and comments
        return None


def _anchors(root: etree._Element, selector: str) -> Iterable[etree._Element]:
    """The links that are selected, or that lie in what is selected, each once."""
    selected = elements(root, selector) if selector else [root]
    return dict.fromkeys(anchor for element in selected for anchor in element.iter("a", "area"))


def _title(anchor: etree._Element) -> str:
    """The headline: the title attribute, as text is often cut short; else a heading within the link; else its text."""
    given = clean_line(anchor.get("title", ""))
    heading = next(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"), anchor)
    return given or clean_line("".join(heading.itertext()))


# A day with its year, western or of the Republic of China, and the time where it follows.
_DATE = re.compile(
    r"(?:(?:民國|民国)\s*)?(?<!\d)(?:(?:19|20)\d\d|1[0-4]\d)\s*[-/.年]\s*(?:0?[1-9]|1[0-2])\s*[-/.月]\s*(?:0?[1-9]|[12]\d|3[01])"
    r"(?!\d)日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
)


def _told(anchor: etree._Element, row: etree._Element, expression: str) -> str:
    """What a site's expression finds: CSS within the row of a link, XPath from the link itself."""
    return value_of(anchor if is_xpath(expression) else row, expression)


def _row(anchor: etree._Element) -> etree._Element:
    """The row of a list that holds this link and no other."""
    row = anchor
    for parent in islice(anchor.iterancestors(), 4):
        if _holds_others(parent, anchor.get("href")):
            break
        row = parent
    return row


def _date_beside(anchor: etree._Element, row: etree._Element, title: str) -> str:
    """The date in the row of a link, or within the link; never the headline's."""
    beside = " ".join(row.xpath(".//text()[not(ancestor::a)]"))
    within = clean_line(" ".join(anchor.itertext())).replace(title, " ", 1)
    found = _DATE.search(clean_line(beside)) or _DATE.search(within)
    return found[0].strip() if found else ""


def _holds_others(element: etree._Element, href: str) -> bool:
    """Whether links to other pages lie in `element`; so many links to one page are no row either, and cost no time."""
    links = list(islice(element.iter("a"), 20))
    return len(links) == 20 or any(link.get("href") not in (None, href) for link in links)
