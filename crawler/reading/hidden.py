"""What a page hides from its readers: by attribute, by style, by a class or id that a style block hides. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from archive.text import han_count

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*0(?:px|em|pt|%)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:^|[;{\s])(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{3,}"
    r"|(?:^|[;{\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|!|$).*overflow\s*:\s*hidden"
    r"|overflow\s*:\s*hidden.*(?:^|[;{\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|!|$)"
    r"|clip\s*:\s*rect\(\s*0|transform\s*:\s*scale\(\s*0\s*\)",
    re.IGNORECASE | re.DOTALL,
)
# Most declarations have none of these; the search for the rest is dear.
_SUSPICIOUS = re.compile(
    r"none|hidden|collapse|opacity|-\d\d\d|font-size\s*:\s*0|rect\(|scale\(|background", re.IGNORECASE
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"(?:[a-z]+)?([.#])([\w-]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)  # the same few styles stand on every element of a page
def hides(style: str) -> bool:
    """Whether a style declaration hides what it is given to."""
    if not _SUSPICIOUS.search(style):
        return False
    if _HIDING.search(style):
        return True
    colour, ground = _COLOUR.search(style), _GROUND.search(style)
    return bool(colour and ground and colour[1].strip().lower() == ground[1].strip().lower())


_LONGEST = 200_000


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of each rule; not of those inside @media and the like, which hide it on paper only."""
    depth = start = opened = 0
    for brace in _BRACE.finditer(css):
        if brace.group() == "{":
            opened = brace.start() if depth == 0 else opened
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            selectors = css[start:opened]
            if "@" not in selectors:
                yield selectors, css[opened + 1 : brace.start()]
            start = brace.end()


# An article that a script shows once the page is there: WeChat's accounts send theirs with opacity 0 (2026-11).
_VEIL = re.compile(r"(?:visibility\s*:\s*hidden|opacity\s*:\s*0)", re.IGNORECASE)
_AN_ARTICLE = 100


def _holds_an_article(element: etree._Element) -> bool:
    """Whether a veiled part of a page has the text of an article in it, and few links."""
    han = han_count("".join(element.itertext()))
    linked = sum(han_count("".join(anchor.itertext())) for anchor in element.iter("a"))
    return han >= _AN_ARTICLE and linked * 5 < han


_MARKED = etree.XPath("//*[@style or @hidden or @type]")


class Hidden:
    """What a page's style blocks hide; tells of each element whether it is hidden itself."""

    def __init__(self, tree: etree._Element) -> None:
        self._classes: set[str] = set()
        self._ids: set[str] = set()
        for style in tree.iter("style"):
            self._learn(style.text or "")
        self._marked = set(_MARKED(tree))

    def _learn(self, css: str) -> None:
        for selectors, declarations in _rules(_COMMENT.sub("", css[:_LONGEST])):
            if hides(declarations):
                for selector in selectors.split(","):
                    name = _NAME.fullmatch(selector.strip())
                    if name:
                        (self._classes if name[1] == "." else self._ids).add(name[2])

    def __call__(self, element: etree._Element) -> bool:
        get = element.get
        if element in self._marked:
            style = get("style") or ""
            if get("hidden") is not None or get("type") == "hidden" or hides(style):
                return not (_VEIL.search(style) and _holds_an_article(element))
        if self._ids and get("id") in self._ids:
            return True
        return bool(self._classes) and not self._classes.isdisjoint((get("class") or "").split())
