"""Whether a page is the page of an article that was taken out of it. Pure.

Publishers also withdraw an article by emptying it: address, menus and lists of links stay, the text is gone, and what a
reader then takes for the text is some note of the frame. Only the earlier page tells. A page that is made by a script,
or by another template, is none of that: it says nothing of its article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from archive.text import fold, han_count
from crawler.reading.outline import Element, Line, outline

ALIKE = 0.5  # of the frame's places, in either direction, that both pages must have
_NOTHING = 10  # Han characters
_TELLING = 8
_MOSTLY = 0.6
Place = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Seen:
    """An earlier page: the places of its article and of its frame, and every line that it had, folded."""

    article: frozenset[Place]
    frame: frozenset[Place]
    own: frozenset[str]
    all: frozenset[str]


def emptied(before: Element, text: Sequence[str], after: Element, read: Sequence[str]) -> bool:
    """Whether `after` is the page `before` without its article.

    `text` are the article's paragraphs as they stand in `before`; `read` is what a reader took for text in `after`,
    nothing where it took none.
    """
    seen = _seen(outline(before).lines, {fold(paragraph) for paragraph in text})
    lines = outline(after).lines
    if not seen.article or any(fold(line.text) in seen.own for line in lines if line.han >= _TELLING):
        return False
    return _same_frame(seen, lines) and not _anything_new(seen, after, lines, read)


def _seen(lines: Sequence[Line], paragraphs: set[str]) -> _Seen:
    own = [line for line in lines if fold(line.text) in paragraphs]
    frame = frozenset(_place(line.block) for line in lines if fold(line.text) not in paragraphs)
    texts = frozenset(fold(line.text) for line in lines)
    telling = frozenset(fold(line.text) for line in own if line.han >= _TELLING)
    return _Seen(_places(own, lines), frame, telling, texts)


def _places(own: Sequence[Line], lines: Sequence[Line]) -> frozenset[Place]:
    """Where the article stands: the element around all of it, or, where that holds much else, those around its parts."""
    if not own:
        return frozenset()
    chains = [[*line.block.iterancestors()][::-1] for line in own]
    common = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, zip(*chains, strict=False))]
    if common:
        inside = set(common[-1].iter())
        han = sum(line.han for line in lines if line.block in inside)
        if sum(line.han for line in own) >= _MOSTLY * han:
            return frozenset((_place(common[-1]),))
    return frozenset(_place(chain[-1]) for chain in chains if chain)


def _place(element: Element) -> Place:
    """Where an element stands in a template: the tags, ids and classes above it, without numbers."""
    chain = (element, *element.iterancestors())
    return tuple((str(e.tag), re.sub(r"\d+", "0", f"{e.get('id', '')} {e.get('class', '')}")) for e in chain)


def _same_frame(seen: _Seen, lines: Sequence[Line]) -> bool:
    now = {_place(line.block) for line in lines}
    both = len(now & seen.frame)
    return both > 0 and both >= ALIKE * len(seen.frame) and both >= ALIKE * len(now)


def _anything_new(seen: _Seen, after: Element, lines: Sequence[Line], read: Sequence[str]) -> bool:
    """Whether the article's place holds another text now; where the place is gone too, whether anything was read."""
    there = [e for e in after.iter() if isinstance(e.tag, str) and _place(e) in seen.article]
    if not there:
        return sum(han_count(text) for text in read if fold(text) not in seen.all) >= _NOTHING
    inside = {inner for element in there for inner in element.iter()}
    new = (line for line in lines if line.block in inside and not line.linky and fold(line.text) not in seen.all)
    return sum(line.han for line in new) >= _NOTHING
