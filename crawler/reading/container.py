"""Where the article is: the element whose lines weigh most. Pure.

Every line gives a weight to its ancestors; lines of links, of credits, and of runs of like cards give little or none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from crawler.reading.aside import TEASER_SIZE, cards, end_of_article
from crawler.reading.headline import Headline
from crawler.reading.lines import is_noise
from crawler.reading.outline import Element, Line

_DECAY = (1.0, 0.6, 0.3, 0.1)
_GOOD = re.compile(
    r"article|content|detail|story|editor|main|text|body|正文|zoom|ucap|pressrelease|paragraph|news", re.I
)
_BAD = re.compile(
    r"comment|related|recommend|relate|footer|foot|side|hot|rank|nav|menu|breadcrumb|share|copyright|disclaimer|crumb|tags?\b"
    r"|popular|more|advert|\bad\b|banner|login|feed|widget|pinglun|tuijian|xiangguan",
    re.I,
)
_LEAVES = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "blockquote", "figcaption", "pre", "dd", "dt")
)


def find_container(lines: Sequence[Line], head: Headline) -> Element | None:
    """The element that holds the article under this headline."""
    scores: dict[Element, float] = defaultdict(float)
    linked: dict[Element, int] = defaultdict(int)
    total: dict[Element, int] = defaultdict(int)
    aside = cards(lines)
    end = end_of_article(lines, head.line + 1, aside)
    for index, line in enumerate(lines):
        told_aside = index >= end or line.block in aside
        weight = _ASIDE * line.han * (not line.linky) if told_aside else _weight(line) * _nearness(index - head.line)
        if len(head.text) >= 8 and head.text in line.text:
            weight = 0.0  # text about the page, written for search engines
        _spread(line, weight, scores, linked, total)
    if not scores:
        return None
    best = max(scores, key=lambda e: scores[e] * (1 - linked[e] / max(1, total[e])) * _class_factor(e))
    return _with_twins(best, lines)


def _with_twins(best: Element, lines: Sequence[Line]) -> Element:
    """The parent of the best element, or of one around it, whose other children go on with the article.

    So do the entries of a live page: they are of one class, have sentences, and neither links nor a headline of their
    own.
    """
    around = (best, *islice(best.iterancestors(), _ENTRY_LEVELS))
    entry = next((element for element in around if _go_on(_twins(element), lines)), None)
    return best if entry is None else entry.getparent()


_ENTRY_LEVELS = 2
_ENTRIES = frozenset(("div", "section", "article", "li"))


def _twins(element: Element) -> list[Element]:
    """The siblings of an element that have its tag and its class."""
    parent, kind = element.getparent(), element.get("class")
    if parent is None or not kind or element.tag not in _ENTRIES:
        return []
    return [
        other for other in parent if other is not element and other.tag == element.tag and other.get("class") == kind
    ]


def _go_on(twins: Sequence[Element], lines: Sequence[Line]) -> bool:
    inside = {inner: twin for twin in twins for inner in islice(twin.iter(), TEASER_SIZE)}
    own = [(inside[line.block], line) for line in lines if line.block in inside]
    writing = {twin for twin, line in own if not line.linked and line.han >= 15 and line.text.endswith("。")}
    other = {twin for twin, line in own if line.block.tag == "h1" or (line.linky and line.han >= 6)}
    return bool(writing - other)


_NEAR = 12
_ASIDE = 0.02  # a feed of teasers may be fifty times as long as the article


def _nearness(distance: int) -> float:
    """Text above the headline is seldom the article; what follows at once mostly is."""
    if distance < 0:
        return 0.5
    return 1.5 if distance <= _NEAR else 1.0


def _weight(line: Line) -> float:
    if line.linky or is_noise(line.text):
        return 0.0
    marks = sum(map(line.text.__contains__, "，。；：、！？"))
    return min(line.han, 300) * (1.0 if marks else 0.4) + 5 * marks


def _spread(
    line: Line, weight: float, scores: dict[Element, float], linked: dict[Element, int], total: dict[Element, int]
) -> None:
    element = line.block.getparent() if line.block.tag in _LEAVES else line.block
    for factor in _DECAY:
        if element is None:
            return
        if weight:
            scores[element] += weight * factor
        linked[element] += line.linked
        total[element] += len(line.text)
        element = element.getparent()


def _class_factor(element: Element) -> float:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    factor = 0.4 if _BAD.search(names) and not _GOOD.search(names) else 1.0
    return factor * (1.2 if _GOOD.search(names) or element.tag in ("article", "main") else 1.0)
