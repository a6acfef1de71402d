"""From bytes to a decoded page and its tree. Pure."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import cache

import lxml.html
from charset_normalizer import from_bytes
from lxml import etree

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
# What a label means on Chinese pages: gb2312 and gbk are used for all of GB18030, big5 for Big5-HKSCS (2026-11).
_MEANT = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "hz-gb-2312"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "big5hkscs", "x-x-big5", "cp950"), "big5hkscs"),
}
_OTHER_BYTES = 0.02  # share of bytes that may be broken or of another encoding before a decoding is given up
_COMMON_SHARE = 0.7
_SURE = 0.97


def decode(payload: bytes, content_type: str | None = None) -> str | None:
    """The text of a page, or None where no decoding is plausible.

    A byte order mark decides; bytes that are valid UTF-8 are UTF-8 whatever they declare; else the declarations are
    tried, then GB18030 and Big5, and what gives the most common characters is taken.
    """
    for mark, name in _BOMS:
        if payload.startswith(mark):
            return payload[len(mark) :].decode(name, "replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        pass
    best = (0.0, "")
    for name in _candidates(payload, content_type):
        text = _try(payload, name)
        if text and (plausibility := _plausibility(text)) > best[0]:
            best = (plausibility, text)
        if best[0] >= _SURE:
            break
    if best[0] >= _COMMON_SHARE:
        return best[1]
    guess = from_bytes(payload[:100_000]).best()
    return payload.decode(guess.encoding, "replace") if guess and _looks_written(str(guess)) else None


def _candidates(payload: bytes, content_type: str | None) -> list[str]:
    declared = [match.decode("ascii") for match in _DECLARED.findall(payload[:4096])]
    header = _HEADER.findall(content_type or "")
    names = [_MEANT.get(label.lower(), label.lower()) for label in (*header, *declared)]
    return list(dict.fromkeys((*names, "utf-8", "gb18030", "big5hkscs")))


def _try(payload: bytes, name: str) -> str | None:
    try:
        text = payload.decode(name, "replace")
    except LookupError:
        return None
    return text if text.count("\ufffd") <= _OTHER_BYTES * len(payload) else None


@cache
def _common() -> frozenset[str]:
    """The characters that a Chinese page is mostly made of: level one of GB2312 and of Big5, and punctuation."""
    gb = bytes(byte for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for byte in (high, low))
    lows = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = bytes(byte for high in range(0xA4, 0xC7) for low in lows for byte in (high, low))
    marks = "，。、；：？！“”‘’（）《》〈〉【】「」『』—…·％　／～．－＋＝０１２３４５６７８９"
    return frozenset(gb.decode("gb2312", "ignore") + big5.decode("big5", "ignore") + marks)


def _plausibility(text: str) -> float:
    """The share of common characters among those that are not ASCII; every broken one counts against it."""
    counts = Counter(_FOREIGN.sub("", text[:_SAMPLE]))
    foreign = counts.total()
    if not foreign:
        return 1.0
    common = sum(times for character, times in counts.items() if character in _common())
    return (common - 2 * counts["\ufffd"]) / foreign


_SAMPLE = 200_000
_FOREIGN = re.compile(r"[\x00-\x7f\s]+")


def _looks_written(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return (
        letters > 0
        and text.count("\ufffd") + sum(not c.isprintable() and c not in "\r\n\t" for c in text) < letters / 50
    )


# libxml2 needs quadratic time for the attributes of one tag: 100,000 take 9 s. No written page has a tag this long.
_LONGEST_TAG = 100_000
_AFTER_HTML = re.compile(r"</(?:html|body)\s*+>(?=\s*+\S)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")


def parse(html: str) -> etree._Element | None:
    """The tree of a page, or None where there is none. Never takes long: monstrous tags lose their attributes."""
    text = _XML_DECLARATION.sub("", html.replace("\x00", ""))
    text = _AFTER_HTML.sub("", text)  # some pages go on after it; libxml2 would put that outside the body
    text = _without_monsters(text)
    if not text.strip():
        return None
    # Without huge_tree all below 256 levels is lost, and pages that never close their <font> get there; with it, 2,048.
    # Plain elements: those of lxml.html ask Python for their class each time one is touched, a tenth of all time.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def as_html(tree: etree._Element) -> lxml.html.HtmlElement:
    """The tree with elements of lxml.html, as other libraries want them."""
    return lxml.html.document_fromstring(etree.tostring(tree, encoding="unicode", method="html"))


def _without_monsters(text: str) -> str:
    pieces = text.split(">")
    if max(map(len, pieces)) <= _LONGEST_TAG:
        return text
    return ">".join(map(_shortened, pieces))


def _shortened(piece: str) -> str:
    start = piece.rfind("<")
    if start < 0 or len(piece) - start <= _LONGEST_TAG:
        return piece
    name = re.match(r"<[\w:-]*", piece[start:])
    return piece[:start] + (name.group() if name else "<x")
