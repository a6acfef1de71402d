"""The headline of a page, as displayed. Pure.

The page's title names it, with a suffix or without; where the title names only the site, its place above the text does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.text import clean_line, fold
from crawler.reading.lines import SECTIONS, is_noise
from crawler.reading.outline import HEADINGS, Element, Line


@dataclass(frozen=True)
class Headline:
    """A page's headline and the index of its line, -1 where it stands nowhere among the visible lines."""

    text: str
    line: int


def headline(tree: Element, lines: Sequence[Line], meta: dict[str, str], data: dict[str, Any]) -> Headline:
    """The headline as displayed: the longest heading contained in the page's title, else what comes nearest."""
    title = clean_line(next(("".join(node.itertext()) for node in tree.iter("title")), "")[:500])
    flat = fold(title)
    inside = [
        (index, line)
        for index, line in enumerate(lines)
        if not line.linky
        and 4 <= len(line.text) <= 120
        and fold(line.text) in flat
        and line.block.tag != "li"
        and line.text not in SECTIONS
    ]
    headings = [(i, line) for i, line in inside if line.block.tag in HEADINGS] or inside
    if headings:
        index, line = max(headings, key=lambda pair: (len(fold(pair[1].text)), -pair[0]))
        whole = fold(without_suffix(title))
        opens = flat.startswith(fold(line.text)) and line.block.tag in HEADINGS
        if opens or len(fold(line.text)) >= 0.4 * len(whole):
            return Headline(line.text, index)
    return _fallback(title, lines, meta, data)


def _fallback(title: str, lines: Sequence[Line], meta: dict[str, str], data: dict[str, Any]) -> Headline:
    stated = [str(data.get("headline") or ""), meta.get("articletitle", ""), meta.get("og:title", ""), title]
    wanted = [without_suffix(clean_line(text)) for text in stated if text.strip()]
    for text in wanted:
        for index, line in enumerate(lines):
            if line.block.tag in HEADINGS and len(line.text) >= 6 and _akin(line.text, text):
                return Headline(line.text, index)
    first = next(((i, line) for i, line in enumerate(lines) if line.block.tag == "h1" and len(line.text) >= 6), None)
    if first and (not wanted or not _stands(wanted[0], lines)):
        return Headline(first[1].text, first[0])
    text = wanted[0] if wanted else ""
    return Headline(text, next((i for i, line in enumerate(lines) if fold(line.text) == fold(text)), -1))


def _stands(text: str, lines: Sequence[Line]) -> bool:
    flat = fold(text)
    return any(flat in fold(line.text) for line in lines if len(line.text) < 200)


def _akin(one: str, other: str) -> bool:
    a, b = set(fold(one)), set(fold(other))
    return len(a & b) >= 0.8 * min(len(a), len(b)) and len(one) >= 0.5 * min(len(other), 40)


_SEAM = re.compile(r"\s*(?:[_|｜»>]+|\s[-–—·]+\s|(?<=[^\s\-–—])[-–—](?=[^\s\-–—]))\s*")


def without_suffix(title: str) -> str:
    """A page title without the names of section and site behind it."""
    seams = list(_SEAM.finditer(title))
    for seam in seams:
        head, tail = title[: seam.start()], title[seam.end() :]
        if len(head) >= 5 and _names_site(tail, head):
            return head.strip()
    return title.strip()


_SITE = re.compile(
    r"网|網|报|報|频道|頻道|新闻|新聞|社|台|在线|委员会|委員會|局|中心|资讯|財經|财经|健康|News|\.com|\.cn"
)


def _names_site(tail: str, head: str) -> bool:
    """Whether what follows a seam is names of sections and a site, not the other half of a headline."""
    parts = [part for part in _SEAM.split(tail) if part]
    return (
        bool(parts)
        and all(len(part) <= 14 for part in parts)
        and (bool(_SITE.search(tail)) or len(tail) <= 6 or len(parts) > 1 or len(tail) < len(head) / 3)
    )


_ABOVE = 10
_LABEL = re.compile(r"^(?:主题|主題|标题|標題|题目|題目)\s*[:：]\s*")
_CRUMBS = re.compile(r"^第.{1,6}[期版]|[>»›]|(?:\|.*){2}|\d{1,2}:\d{2}|(?:19|20)\d\d\s*[-/.年]\s*\d")
_SENTENCE = re.compile(r"[。；，,;]$")


def above(lines: Sequence[Line], first: int, head: Headline) -> Headline:
    """The headline by its place above the text that begins at line `first`, where `head` does not stand above it.

    What the page's title says is kept where it is a headline in itself and no heading contradicts it.
    """
    if 0 <= head.line <= first and head.text not in SECTIONS:
        return head
    nearby = [i for i in range(first - 1, max(-1, first - _ABOVE), -1) if _heads(lines[i])]
    nearby += [first] if first < len(lines) and _opens(lines, first) else []
    headings = [i for i in nearby if lines[i].block.tag in HEADINGS]
    named = [
        i for i in nearby if _TITLED.search(f"{lines[i].block.get('class') or ''} {lines[i].block.get('id') or ''}")
    ]
    best = next(iter(headings or named or _top(nearby)), None)
    if best is None:
        return head
    text = _LABEL.sub("", lines[best].text)
    return Headline(text, best) if _outdoes(text, head.text, bool(headings)) else head


_TITLED = re.compile(r"title|headline|biaoti|\bbt\b", re.I)


def _top(nearby: Sequence[int]) -> list[int]:
    """The uppermost of the lines that stand together nearest the text: below a headline may stand its deck."""
    together = [i for n, i in enumerate(nearby) if i == nearby[0] - n]
    return together[-1:]


def _heads(line: Line) -> bool:
    """Whether a line may be a headline by its looks."""
    text = line.text
    return (
        6 <= len(text) <= 80
        and line.han >= 4
        and not line.linky
        and text not in SECTIONS
        and not (_CRUMBS.search(text) or _SENTENCE.search(text) or is_noise(text))
    )


def _opens(lines: Sequence[Line], first: int) -> bool:
    """Whether the text itself begins with a headline: a short line without a stop, before a longer one."""
    rest = lines[first + 1 : first + 4]
    return _heads(lines[first]) and lines[first].han <= 40 and any(line.han > 40 for line in rest)


def _outdoes(text: str, stated: str, heading: bool) -> bool:
    """Whether a line above the text is rather the headline than what the page's title states."""
    if len(fold(stated)) < 8 or _akin(text, stated) or fold(text) in fold(stated):
        return True
    return bool(_SITE.search(stated)) and (heading or len(stated) <= 24)
