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
    r"|clip\s*:\s*rect\(\s*0|transform\s*:\s*scale\(\s*0\s*\)",
    re.IGNORECASE,
)
# Hidden where both are there.
_TINY = re.compile(r"(?:^|[;{\s])(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE)
_CUT_OFF = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
# Most declarations have none of these; the search for the rest is dear.
_SUSPICIOUS = re.compile(
    r"none|hidden|collapse|opacity|-\d\d\d|font-size\s*:\s*0|rect\(|scale\(|background", re.IGNORECASE
)
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)  # one that is not closed goes to the end, as in a browser
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"(?:[a-z]+)?([.#])([\w-]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)  # the same few styles stand on every element of a page
def hides(style: str) -> bool:
    """Whether a style declaration hides what it is given to."""
    if not _SUSPICIOUS.search(style):
        return False
    if _HIDING.search(style) or (_TINY.search(style) and _CUT_OFF.search(style)):
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


_MARKED = etree.XPath("//*[@style or @hidden or @type = 'hidden']")
_NAMED = etree.XPath("//*[@class or @id]")


def hidden_elements(tree: etree._Element) -> set[etree._Element]:
    """The elements that a page hides, each itself, by their attributes or by its style blocks."""
    found = {element for element in _MARKED(tree) if _is_hidden(element)}
    names = {name for style in tree.iter("style") for name in _hiding_names(style.text or "")}
    if names:
        found.update(element for element in _NAMED(tree) if not names.isdisjoint(_names(element)))
    return found


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style") or ""
    marked = element.get("hidden") is not None or element.get("type") == "hidden"
    return (marked or hides(style)) and not (_VEIL.search(style) and _holds_an_article(element))


def _hiding_names(css: str) -> Iterator[str]:
    """The classes and ids that a style block hides, as `.name` and `#name`."""
    for selectors, declarations in _rules(_COMMENT.sub("", css[:_LONGEST])):
        if hides(declarations):
            found = (_NAME.fullmatch(selector.strip()) for selector in selectors.split(","))
            yield from (name[1] + name[2] for name in found if name)


def _names(element: etree._Element) -> Iterator[str]:
    yield f"#{element.get('id')}"
    yield from (f".{name}" for name in (element.get("class") or "").split())
