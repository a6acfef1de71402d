"""Lists that are JSON, or hold JSON in a script. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from w3lib.html import remove_tags

from archive.text import clean_line
from crawler.discover.json_path import at
from crawler.discover.link import LONGEST_SUMMARY, Link, absolute
from crawler.reading.page import decode
from crawler.site.model import Listing

FIELD = re.compile(r"\{([^{}]+)\}")


def data_links(listing: Listing, payload: bytes, url: str, content_type: str | None) -> Iterator[Link]:
    """The pages that the entries of a JSON list name; none where it is no JSON, or `items` leads to no entry."""
    for entry in held(listing, decode(payload, content_type) or ""):
        address = absolute(url, _address(listing.address, entry), payload)
        if address:
            title, date, summary = (_text(entry, path) for path in (listing.title, listing.date, listing.summary))
            yield Link(address, title, date, summary[:LONGEST_SUMMARY])


def extracted(pattern: re.Pattern[str] | None, text: str) -> str:
    """What a pattern finds in a text: its first group, or all that it matches; the text itself without a pattern."""
    found = pattern.search(text) if pattern else None
    return found[found.re.groups and 1] if found else "" if pattern else text


def held(listing: Listing, text: str) -> list[Any]:
    """What is at `items` in the JSON that a list is or holds; nothing where it is no JSON."""
    try:
        found = at(listing.items or "@", json.loads(extracted(listing.extract, text).lstrip("\ufeff")))
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else [found]


def _address(written: str, entry: Any) -> str:
    """The value at a path, or a template with the value at each {path} put in; nothing where a value is missing."""
    if not FIELD.search(written):
        return _text(entry, written)
    values = {path: _text(entry, path) for path in FIELD.findall(written)}
    if not all(values.values()):
        return ""
    # What the World Health Organization gives begins with a slash (2026-11): it is not doubled.
    return FIELD.sub(lambda place: values[place[1]].lstrip("/" if _after_slash(place) else ""), written)


def _after_slash(place: re.Match[str]) -> bool:
    return place.string[: place.start()].endswith("/")


def _text(entry: Any, path: str) -> str:
    value = at(path, entry) if path else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean_line(remove_tags(value) if isinstance(value, str) else str(value))
