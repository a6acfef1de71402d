"""A page that a list announces, and how its address is made whole. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from w3lib.url import safe_url_string

from crawler.addresses import canonical

LONGEST_SUMMARY = 500  # characters; some feeds give whole articles


@dataclass(frozen=True)
class Link:
    """A page that is announced: its address (absolute, canonical); headline, date and summary as the list has them."""

    url: str
    title: str = ""
    date: str = ""
    summary: str = ""


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs")
_WITH_HOST = re.compile(r"https?://[^/?#]")


def absolute(base: str, href: str, payload: bytes) -> str | None:
    """The address that `href`, written in `payload`, has from `base`; None where it is no address of a page."""
    href = href.strip()
    if not href or href.startswith("#"):
        return None
    try:
        address = canonical(safe_url_string(urljoin(base, href), encoding=_query_encoding(href, payload)))
    except ValueError:
        return None
    return address if _WITH_HOST.match(address) else None


def _query_encoding(href: str, payload: bytes) -> str:
    """The encoding that a browser would write the query of `href` in: the page's, the one its bytes are found in."""
    written = _NOT_ASCII.search(href.partition("?")[2])
    if written is None:
        return "utf-8"
    return next((name for name in _ENCODINGS if written[0].encode(name, "ignore") in payload), "utf-8")
