"""How stored values become what a page shows. Pure; nothing here makes HTML, the templates escape everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from archive.history.diff import diff, kinds_of_change, size_of_change, word_spans
from archive.search import CLOSE, OPEN, parse
from archive.search import snippet as passage

_PUBLISHED = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::\d\d)?(.*))?")


@dataclass(frozen=True)
class Block:
    """A paragraph of an article (`text`), or a table of it (`rows` of equal length)."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(text: str) -> Iterator[Block]:
    """The paragraphs and tables of a stored text: runs of lines with cells parted by ` | ` are tables."""
    for is_table, lines in groupby(text.split("\n"), key=lambda line: " | " in f" {line} "):
        if is_table:
            yield Block(rows=_rows(list(lines)))
        else:
            yield from (Block(text=line) for line in lines if line)


def _rows(lines: list[str]) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(cell.strip() for cell in f" {line} ".split(" | ")) for line in lines]
    width = max(map(len, rows))
    return tuple(row + ("",) * (width - len(row)) for row in rows)


@dataclass(frozen=True)
class Piece:
    """A piece of a snippet; `hit` where it is what was searched for."""

    text: str
    hit: bool


def pieces(snippet: str) -> list[Piece]:
    """A snippet of `archive.search` in pieces."""
    found = re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", snippet.replace("\n", " "))
    return [Piece(text.strip(OPEN + CLOSE), text.startswith(OPEN)) for text in found if text]


def snippet(text: str, typed: str) -> str:
    """The passage of a simplified text that answers what was typed, matches between the marks of `archive.search`."""
    return passage(text, parse(typed))


def web_address(url: str | None) -> str | None:
    """`url` where a link may lead there: http and https only."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host(url: str) -> str:
    """The host of an address, as it is shown beside a link."""
    return urlsplit(url).netloc.removeprefix("www.") if web_address(url) else url


def published(value: str | None) -> str:
    """What a page says of its publication, as people read it, no more precise than it was."""
    match = _PUBLISHED.fullmatch(value or "")
    if not match:
        return value or ""
    day, time, offset = match.groups()
    shown = f"{day} {time}" if time else day
    return f"{shown} {offset}" if offset and offset != "+08:00" else shown


def script_of(language: str, *, original: bool) -> str:
    """The `lang` of an article's text, by which browsers choose the forms of characters."""
    return "zh-Hant" if original and language == "Hant" else "zh-Hans"


def plain(snippet: str) -> str:
    """A snippet without its marks, on one line."""
    return "".join(piece.text for piece in pieces(snippet))


def whole_number(text: str) -> int | None:
    """The number that an address gives, or None where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """How two versions differ: `title` as spans, `paragraphs`, the `kinds` of the change and its `size`."""
    texts = (old["title"], old["text"], new["title"], new["text"])
    return {
        "title": tuple(word_spans(old["title"], new["title"])),
        "paragraphs": diff(old["text"], new["text"]),
        "kinds": kinds_of_change(*texts),
        "size": size_of_change(*texts),
    }
