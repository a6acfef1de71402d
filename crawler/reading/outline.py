"""One pass over a page: its visible lines in reading order, each with where it stands. Everything else looks at these.

Pure. A line is what a browser would show on a line of its own; a row of a table of data is one line, its cells parted
by ` | `.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.text import clean_line, han_count
from crawler.reading.hidden import hidden_elements

Element = Any  # lxml.html.HtmlElement: lxml has no types

DROPPED = frozenset(
    "title script style noscript iframe noframes template svg canvas object embed select option button input head link meta"
    " map audio video source track dialog datalist".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul textarea"
    " caption marquee".split()
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


@dataclass(frozen=True)
class Line:
    """A visible line. `block` is the nearest block element around it; `linked` counts its characters inside links.

    `parts` are its pieces as inline elements part them: a template may set an outlet and a time apart by style alone.
    """

    text: str
    block: Element
    han: int
    linked: int
    parts: tuple[str, ...] = ()

    @property
    def spaced(self) -> str:
        """The text with a blank between its pieces."""
        return clean_line(" ".join(self.parts)) if len(self.parts) > 1 else self.text

    @property
    def linky(self) -> bool:
        """Whether the line is mostly links."""
        return self.linked * 2 > len(self.text)


@dataclass(frozen=True)
class Outline:
    """The lines of a page, and what was hidden: `hidden_han` Han characters in `hidden_links` links."""

    lines: tuple[Line, ...]
    hidden: tuple[Element, ...]


class _Open(NamedTuple):
    """An element whose children are being walked, the block it is in (itself, if it is one), whether inside a link."""

    element: Element
    block: Element
    link: bool
    children: Iterator[Element]


class _Walk:
    def __init__(self, hides: set[Element]) -> None:
        self._hides = hides
        self.lines: list[Line] = []
        self.hidden: list[Element] = []
        self._parts: list[str] = []
        self._linked = 0

    def flush(self, block: Element) -> None:
        text = clean_line("".join(self._parts)) if self._parts else ""
        if text:
            linked = min(self._linked, len(text))
            self.lines.append(Line(text, block, han_count(text), linked, tuple(self._parts)))
        self._parts, self._linked = [], 0

    def text(self, text: str | None, link: bool) -> None:
        if text:
            self._parts.append(text)
            if link:
                self._linked += len(text.strip())

    def walk(self, root: Element) -> None:
        """Everything below `root`, without recursion: pages that never close their tags are 2,000 levels deep."""
        trail: list[_Open] = []
        self._open(trail, root, root, False)
        while trail:
            top = trail[-1]
            child = next(top.children, None)
            if child is not None:
                if not self._open(trail, child, top.block, top.link):
                    self.text(child.tail, top.link)
                continue
            trail.pop()
            if top.element is top.block:
                self.flush(top.block)
            if trail:
                self.text(top.element.tail, trail[-1].link)

    def _open(self, trail: list[_Open], element: Element, block: Element, link: bool) -> bool:
        """Begin an element whose children are to be seen too; whether there are such."""
        tag = element.tag
        if not isinstance(tag, str) or tag in DROPPED:
            return False
        if element in self._hides:
            self.hidden.append(element)
            return False
        if tag == "br":
            self.flush(block)
            return False
        if tag == "tr" and _is_data(element):
            self._row(element, block)
            return False
        if tag in _BLOCKS:
            self.flush(block)
            block = element
        link = link or tag == "a"
        self.text(element.text, link)
        trail.append(_Open(element, block, link, iter(element)))
        return True

    def _row(self, row: Element, block: Element) -> None:
        self.flush(block)
        cells = [clean_line("".join(cell.itertext())) for cell in row if cell.tag in ("td", "th")]
        text = " | ".join(cells).strip(" |")
        if text:
            linked = sum(len(clean_line("".join(a.itertext()))) for a in row.iter("a"))
            self.lines.append(Line(text, row, han_count(text), min(linked, len(text))))


def _is_data(row: Element) -> bool:
    """Whether a table row holds data: two or more cells, none of them with blocks of its own or a long text."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2:
        return False
    return all(not _is_layout(cell) for cell in cells)


def _is_layout(cell: Element) -> bool:
    if any(inner.tag in ("table", "ul", "ol", "h1", "h2", "h3", "form") for inner in cell.iterdescendants()):
        return True
    return sum(1 for _ in cell.iter("p", "div")) > 3 or sum(map(len, cell.itertext())) > 500


def outline(tree: Element) -> Outline:
    """The visible lines of a tree."""
    walk = _Walk(hidden_elements(tree))
    walk.walk(tree)
    walk.flush(tree)
    return Outline(tuple(walk.lines), tuple(walk.hidden))
