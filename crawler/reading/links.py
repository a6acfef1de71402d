"""Where a page leads: its own address as it claims it, its files, and the page on which its article goes on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from archive.text import clean_line
from crawler.reading.outline import Element


def absolute(base: str, address: str) -> str | None:
    """An address on a page, whole; None where it is none."""
    try:
        return urljoin(base, address.strip())
    except ValueError:  # a page may write http://[ or worse
        return None


def canonical(tree: Element, url: str) -> str | None:
    """The address that a page claims for itself."""
    claims = (a for a in tree.iter("link") if "canonical" in (a.get("rel") or "").lower() and a.get("href"))
    return next((absolute(url, link.get("href")) for link in claims), None)


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|wps|et|ofd)(?:$|[?#])", re.I)


def is_file(address: str) -> bool:
    """Whether an address is that of a document, not of a page."""
    return bool(_FILE.search(address))


def attachments(blocks: Iterable[Element], url: str) -> tuple[tuple[str, str], ...]:
    """The files that these blocks link to, as pairs of name and address, each once."""
    anchors = [anchor for block in blocks for anchor in block.iter("a") if is_file(anchor.get("href") or "")]
    pairs = ((clean_line("".join(anchor.itertext())), absolute(url, anchor.get("href"))) for anchor in anchors)
    return tuple(dict.fromkeys((name, address) for name, address in pairs if name and address))


_NEXT = re.compile(
    r"[\[【<\s]*(?:下一?[页頁]|后一?[页頁]|後一?[页頁]|next(?:\s*page)?|第?\s*\d{1,2}\s*[页頁]?|[>›»]{1,2})[\]】>›»\s]*",
    re.I,
)
_NAME = re.compile(r"(?P<stem>.*?)(?P<ending>\.\w{2,5})?/?")
_NUMBER = re.compile(r"(?:[_-]p?|/p?|[_-]page[_-]?)(?P<number>\d{1,2})")
_MOST_ANCHORS = 200
_PARAMETERS = frozenset(("page", "p", "pn", "pageno", "page_no", "pageindex", "currentpage"))


def next_page(tree: Element, url: str, first: str) -> str | None:
    """The address of the page of the same article that follows `url`; `first` is the article's own address."""
    here = _number(first, url)
    anchors = (a for a in tree.iter("a") if _NEXT.fullmatch(_text(a).strip() or " "))
    addresses = (address for a in islice(anchors, _MOST_ANCHORS) if (address := absolute(url, a.get("href") or "")))
    found = {number: address for address in addresses if (number := _number(first, address)) > here}
    return found[min(found)] if found else None


_BACK = re.compile(
    r"[\[【<《«\s]*(?:上一?[页頁]|前一?[页頁]|prev(?:ious)?(?:\s*page)?|第?\s*\d{1,2}\s*[页頁]?|[<‹«]{1,2})[\]】》\s]*",
    re.I,
)
_FURTHER = re.compile(rf"(?P<stem>.+?){_NUMBER.pattern}(?P<ending>(?:\.\w{{2,5}})?/?)")


def first_page(tree: Element, url: str) -> str | None:
    """The address of the article's first page, where `url` is a further one and leads back; None for other pages."""
    first = first_address(url)
    here = _number(first, url) if first else 0
    if first is None or here < 2:
        return None
    anchors = (a for a in tree.iter("a") if _BACK.fullmatch(_text(a).strip() or " "))
    addresses = (address for a in islice(anchors, _MOST_ANCHORS) if (address := absolute(url, a.get("href") or "")))
    beside = first.rpartition("/")[0] == url.rpartition("/")[0]  # else 11.html is the page before 12.html of many sites
    back = any(urlsplit(a)[1:4] == urlsplit(first)[1:4] or (beside and 0 < _number(first, a) < here) for a in addresses)
    return first if back else None


def first_address(url: str) -> str | None:
    """The address of the first page, if `url` is that of a further one, as its form goes."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _PARAMETERS]
    if parts.query and len(query) < len(parse_qsl(parts.query)):
        return parts._replace(query=urlencode(query)).geturl()
    found = _FURTHER.fullmatch(parts.path)
    return parts._replace(path=found["stem"] + found["ending"]).geturl() if found else None


def _text(anchor: Element) -> str:
    return "".join(anchor.itertext()) if len(anchor) else anchor.text or ""


def _number(first: str, url: str) -> int:
    """Which page of the article an address is: 0 for its own and for addresses of other things."""
    try:
        one, other = urlsplit(first), urlsplit(url)
    except ValueError:
        return 0
    if one.netloc != other.netloc:
        return 0
    if one.path == other.path:
        return _by_query(one.query, other.query)
    stem, ending = _stem(one.path)
    stem_of_other, ending_of_other = _stem(other.path)
    if ending != ending_of_other or not stem or not stem_of_other.startswith(stem):
        return 0
    number = _NUMBER.fullmatch(stem_of_other[len(stem) :])
    return int(number["number"]) if number else 0


def _stem(path: str) -> tuple[str, str]:
    found = _NAME.fullmatch(path)
    return (found["stem"], found["ending"] or "") if found else (path, "")


def _by_query(one: str, other: str) -> int:
    before, after = dict(parse_qsl(one)), dict(parse_qsl(other))
    number = next((after.pop(name) for name in list(after) if name.lower() in _PARAMETERS), "")
    same = {name: value for name, value in before.items() if name.lower() not in _PARAMETERS} == after
    return int(number) if same and number.isdecimal() and len(number) < 3 else 0
