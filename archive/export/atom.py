"""Atom feeds (RFC 4287): articles as entries that a feed reader understands. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from archive.text import inert

ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
NEVER = "1970-01-01T00:00:00Z"
ET.register_namespace("", ATOM)


@dataclass(frozen=True)
class Head:
    """What a feed says of itself. `itself` is its own address, `page` the one that a person reads; "" in a file."""

    title: str
    updated: str
    itself: str = ""
    page: str = ""


@dataclass(frozen=True)
class Entry:
    """One article. `updated` and `published` are RFC 3339 times; `published` is "" where the page tells a day only.

    `page` is where it is read; `content` its whole text, where the feed has it.
    """

    url: str
    page: str
    title: str
    summary: str
    updated: str
    published: str = ""
    author: str = ""
    content: str = ""


def entry_of(article: Mapping[str, Any], page: str, summary: str, content: str = "") -> Entry:
    """The entry of an article, which is a row of the contract."""
    return Entry(
        url=article["url"],
        page=page,
        title=article["title"],
        summary=summary,
        updated=article["last_changed_at"],
        published=_full_time(article["published_at"] or ""),
        author=article["author"] or article["source"],
        content=content,
    )


def _full_time(value: str) -> str:
    """What a page says of its publication as an RFC 3339 time, or "" where it tells a day only."""
    if "T" not in value:
        return ""
    return datetime.fromisoformat(value).isoformat(timespec="seconds")


def entry_id(url: str) -> str:
    """The same for the same article for ever, wherever the archive is served."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, url)}"


def chunks(head: Head, entries: Iterable[Entry]) -> Iterator[bytes]:
    """A feed, entry by entry."""
    root = ET.Element(f"{{{ATOM}}}feed", {f"{{{_XML}}}lang": "zh"})
    _add(root, "id", entry_id(head.itself or head.title))
    _add(root, "title", head.title)
    _add(root, "updated", head.updated)
    _add(root, "author").append(_element("name", "医闻 Yiwen"))
    if head.itself:
        _add(root, "link", rel="self", type="application/atom+xml", href=head.itself)
    if head.page:
        _add(root, "link", rel="alternate", type="text/html", href=head.page)
    end = b"</feed>"
    yield ET.tostring(root, encoding="utf-8", xml_declaration=True).removesuffix(end)
    for entry in entries:
        yield ET.tostring(_entry(entry), encoding="utf-8")
    yield end


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
    if entry.url.startswith(("http://", "https://")) and entry.url != entry.page:
        _add(element, "link", rel="via", href=entry.url)
    if entry.summary:
        _add(element, "summary", entry.summary)
    if entry.content:
        _add(element, "content", entry.content, type="text")
    return element


def _element(name: str, text: str = "", **attributes: str) -> ET.Element:
    """XML 1.0 has no place for controls."""
    element = ET.Element(f"{{{ATOM}}}{name}", {key: inert(value) for key, value in attributes.items()})
    element.text = inert(text) or None
    return element


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = _element(name, text, **attributes)
    parent.append(element)
    return element
