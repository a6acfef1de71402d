"""Atom feeds (RFC 4287): articles as entries that a feed reader understands. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
ET.register_namespace("", ATOM)


@dataclass(frozen=True)
class Entry:
    """One article. `updated` and `published` are RFC 3339 times; `published` is "" where the page tells a day only."""

    url: str
    page: str
    title: str
    summary: str
    updated: str
    published: str = ""
    author: str = ""


def entry_id(url: str) -> str:
    """The same for the same article for ever, wherever the archive is served."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}"


def atom(title: str, itself: str, page: str, entries: Iterable[Entry]) -> bytes:
    """A feed: `itself` is its own address, `page` the one that a person reads."""
    listed = list(entries)
    root = ET.Element(f"{{{ATOM}}}feed", {f"{{{_XML}}}lang": "zh"})
    _add(root, "id", entry_id(itself))
    _add(root, "title", title)
    _add(root, "updated", max((entry.updated for entry in listed), default="1970-01-01T00:00:00Z"))
    _add(root, "author").append(_element("name", "医闻 Yiwen"))
    _add(root, "link", rel="self", type="application/atom+xml", href=itself)
    _add(root, "link", rel="alternate", type="text/html", href=page)
    root.extend(_entry(entry) for entry in listed)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(entry: Entry) -> ET.Element:
    element = _element("entry")
    _add(element, "id", entry_id(entry.url))
    _add(element, "title", entry.title)
    _add(element, "updated", entry.updated)
    if entry.published:
        _add(element, "published", entry.published)
    if entry.author:
        _add(element, "author").append(_element("name", entry.author))
    _add(element, "link", rel="alternate", type="text/html", href=entry.page)
    if entry.url.startswith(("http://", "https://")):
        _add(element, "link", rel="via", href=entry.url)
    _add(element, "summary", entry.summary)
    return element


def _element(name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.Element(f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = _element(name, text, **attributes)
    parent.append(element)
    return element
