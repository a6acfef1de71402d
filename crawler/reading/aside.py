"""What of a page tells of other stories: runs of teasers, boxes inside an article, the heading it ends at. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from archive.text import han_count
from crawler.reading.lines import ends_article
from crawler.reading.outline import Element, Line

TEASER_SIZE = 200  # elements; what is larger is no teaser but a part of the page


def cards(lines: Sequence[Line]) -> set[Element]:
    """The blocks that stand in a run of like ones, each with a link: teasers of other stories, not paragraphs."""
    found: set[Element] = set()
    parents: dict[Element, dict[Element, None]] = defaultdict(dict)
    like = _Siblings()
    for line in lines:
        item = _item(line.block, like)
        if item is not None:
            parents[item.getparent()][item] = None
    found.update(_alternating(lines))
    found.update(_remarks(lines))
    for items in parents.values():
        linked = [item for item in items if _has_headline_link(item)]
        if len(linked) >= 3 and len(linked) >= 0.7 * len(items):
            found.update(inner for item in linked for inner in islice(item.iter(), TEASER_SIZE))
    return found


_TIMES = 4


def _alternating(lines: Sequence[Line]) -> Iterator[Element]:
    """The blocks of teasers that stand below their headlines without a frame of their own: link, text, link, text."""
    run: list[Element] = []
    links = since = 0
    for line in (*lines, None):
        if line is not None and line.linky and line.han >= 6:
            links, since = links + 1, 0
        elif line is not None and links and since < 2 and line.han <= 90:
            run.append(line.block)
            since += 1
        else:
            yield from run if links >= _TIMES and len(run) >= _TIMES else ()
            run, links, since = [], 0, 0


_STAMPED = re.compile(
    r"\S{2}.*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*\d{1,2}:\d{2}|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*\d{1,2}:\d{2}.*\D{2}"
)
_MANY = 5


def _remarks(lines: Sequence[Line]) -> Iterator[Element]:
    """The blocks of readers' remarks: short texts, each beside a line of a name and a time, five times and more."""
    run: list[Element] = []
    stamps = since = 0
    for line in (*lines, None):
        if line is not None and len(line.text) <= 60 and _STAMPED.search(line.text):
            stamps, since = stamps + 1, 0
        elif line is not None and stamps and since < 3 and line.han <= 150:
            run.append(line.block)
            since += 1
        else:
            yield from run if stamps >= _MANY and len(run) >= _MANY else ()
            run, stamps, since = [], 0, 0


class _Siblings:
    """How many children of an element's parent are like it; each parent is counted once."""

    def __init__(self) -> None:
        self._counts: dict[Element, Counter[tuple[str, str | None]]] = {}

    def __call__(self, element: Element) -> int:
        parent = element.getparent()
        if parent not in self._counts:
            self._counts[parent] = Counter((child.tag, child.get("class")) for child in parent)
        return self._counts[parent][element.tag, element.get("class")]


def _item(block: Element, like: _Siblings) -> Element | None:
    for _ in range(5):
        if block is None or block.getparent() is None:
            return None
        if block.tag in ("li", "dl", "article") or (block.tag == "div" and like(block) >= 3):
            return block
        block = block.getparent()
    return None


def _has_headline_link(item: Element) -> bool:
    return any(han_count("".join(a.itertext())) >= 6 for a in islice(item.iter("a"), TEASER_SIZE))


def end_of_article(lines: Sequence[Line], start: int, aside: set[Element]) -> int:
    """The index of the heading, from `start` on, below which a page tells of other stories; the end if there is none."""
    found = (
        i
        for i in range(max(0, start), len(lines))
        if _closes(lines[i])
        and not _goes_on(lines[i].text, lines[i + 1 : i + _BOX + 5], aside)
        and not _is_box(i, lines, aside)
    )
    return next(found, len(lines))


def boxes(lines: Sequence[Line], end: int, aside: set[Element]) -> set[Element]:
    """The frames, before the article's end, that hold a heading of other stories and these stories."""
    frames = (_box(i, lines) for i in range(end) if _closes(lines[i]) and _is_box(i, lines, aside))
    return {frame for frame in frames if frame is not None}


def _box(heading: int, lines: Sequence[Line]) -> Element | None:
    """The smallest element that holds a heading and a link below it, if that is not a part of the page as a whole."""
    frame = lines[heading].block.getparent()
    for _ in range(_BOX_LEVELS):
        if frame is None or frame.tag in ("body", "html", "article", "main", "td"):
            return None
        inside = set(frame.iter())
        rest = [line for line in lines[heading + 1 : heading + _BOX * 3] if line.block in inside]
        if any(line.linked for line in rest):
            above = any(line.block in inside for line in lines[max(0, heading - 1) : heading])
            return None if above else frame
        frame = frame.getparent()
    return None


_BOX_LEVELS = 3


def _is_box(heading: int, lines: Sequence[Line], aside: set[Element]) -> bool:
    """Whether a heading of other stories stands in a frame with them, and the article goes on below that frame."""
    frame = _box(heading, lines)
    if frame is None:
        return False
    inside = set(frame.iter())
    below = [line for line in lines[heading + 1 :] if line.block not in inside][: _BOX * 2]
    written = [line for line in below if not line.linked and line.text.endswith(("。", "！", "？", "”", "」"))]
    linky = sum(line.linky for line in below) + sum(line.block in aside for line in written)
    return len(written) >= 2 and linky * 3 <= len(below)


def _closes(line: Line) -> bool:
    """Whether a line heads other stories; one that names a single story (延伸阅读：…) stands inside an article too."""
    return ends_article(line.text) and not (line.linked and len(line.text) > _HEADING)


_HEADING = 14


_BOX = 8


_OWN_BOX = re.compile(r"相关链接|相關連結|新闻链接|延伸阅读|延伸閱讀|相关报道|相關報道|相关阅读|相關閱讀")


def _goes_on(heading: str, rest: Sequence[Line], aside: set[Element]) -> bool:
    """Whether the article goes on below a heading of other stories: a box of a few links, then paragraphs.

    Without any link it may be a box of the article's own (新闻链接), if its heading allows that.
    """
    after = next((i for i, line in enumerate(rest[: _BOX + 1]) if not line.linky and line.han > 20), None)
    if after is None or not (any(line.linky for line in rest[:after]) or _OWN_BOX.search(heading)):
        return False
    following = rest[after : after + 3]
    return (
        len(following) == 3
        and not any(line.block in aside for line in following)
        and sum((not line.linked and "，" in line.text) or line.han > 60 for line in following) >= 2
    )
