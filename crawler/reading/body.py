"""What of a page is the text of its article, line by line, with the reason. Pure. The only module that imports trafilatura.

The container comes first, and its lines are the text. trafilatura is the second opinion, for pages in which no
container is found: of a whole page it takes in much that surrounds the article (measured in 2026: leak .18, ours .01).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from trafilatura import bare_extraction

from archive.text import clean_line, fold, han_count
from crawler.reading.aside import boxes, cards, end_of_article
from crawler.reading.headline import Headline
from crawler.reading.lines import ends_article, is_help_line, is_noise, opens_help_box, trimmed
from crawler.reading.outline import Element, Line
from crawler.reading.page import as_html
from crawler.reading.pieces import beside, is_sentence, is_teaser

CREDIT = "a credit, a button or a notice"


@dataclass(frozen=True)
class Judged:
    """A line of a page, and why it is no text of the article; "" where it is."""

    line: Line
    why: str


def judged(
    lines: Sequence[Line], head: Headline, containers: Iterable[Element], kept: Iterable[Element] = ()
) -> tuple[Judged, ...]:
    """Every line of a page in reading order, judged. What is in `kept` is text whatever it looks like."""
    inside, sure = _within(containers), _within(kept)
    own = [i for i, line in enumerate(lines) if line.block in inside]
    own = sorted({*own, *beside(lines, own, head)})
    above = _above(lines, own, head)
    rest = [i for i in own if i not in above]
    reasons = dict.fromkeys(above, "above the headline") | _reasons(lines, rest, head)
    return tuple(
        Judged(line, "" if line.block in sure else reasons.get(i, "outside the article"))
        for i, line in enumerate(lines)
    )


def _within(elements: Iterable[Element]) -> set[Element]:
    return {inner for element in elements for inner in element.iter()}


_AN_ARTICLE = 60  # Han characters below what looks like the headline: then it is


def _above(lines: Sequence[Line], own: Sequence[int], head: Headline) -> set[int]:
    """The lines above the headline, where they are the lesser part."""
    above = {i for i in own if i < head.line}
    over, under = sum(lines[i].han for i in above), sum(lines[i].han for i in own if i > head.line)
    return above if under > over or under >= _AN_ARTICLE else set()


def _reasons(lines: Sequence[Line], own: Sequence[int], head: Headline) -> dict[int, str]:
    """For each line of the container, why it is no text, "" where it is."""
    inner = [lines[i] for i in own]
    aside = cards(inner)
    below = next((place for place, i in enumerate(own) if i > head.line), 0)
    end = end_of_article(inner, below, aside)
    found: dict[int, str] = {}
    text: list[Line] = []
    framed = _within(boxes(inner, end, aside))
    written_about = _about_page(inner, head)
    helping = False
    for place, i in enumerate(own):
        line = lines[i]
        helping = opens_help_box(line.text) or (helping and is_help_line(line.text))
        if place >= end:
            found[i] = "below a list of other stories"
        elif line.block in framed:
            found[i] = "in a box of other stories"
        elif helping:
            found[i] = "numbers to call for help"
        elif _heads_own_box(inner, place):
            found[i] = ""
        elif line in written_about and text:
            found[i] = "about the page, for search engines"
        else:
            found[i] = _reason(line, text, aside, head)
        if not found[i]:
            text.append(line)
    return found


def _heads_own_box(lines: Sequence[Line], place: int) -> bool:
    """Whether a heading such as 相关链接 stands over a paragraph of the article's own."""
    rest = lines[place + 1 : place + 2]
    return ends_article(lines[place].text) and not lines[place].linked and bool(rest) and is_sentence(rest[0])


_SEVERAL = 2


def _about_page(lines: Sequence[Line], head: Headline) -> list[Line]:
    """Lines that hold the whole headline and more: a directory writes them around a reprint, an article does not."""
    title = fold(head.text)
    if len(title) < 10:
        return []
    found = [line for line in lines if len(line.text) > len(head.text) + 10 and title in fold(line.text)]
    return found if len(found) >= _SEVERAL else []


_OPENING = 4
# What an article cites is its own, links too.
_REFERENCES = re.compile(r"[【\[]?(?:參考|参考)(?:資料|资料|文獻|文献)[】\]]?[:：]?|[注註][释釋解]?[:：]?")
_REFERRED = 12


def _reason(line: Line, before: Sequence[Line], aside: set[Element], head: Headline) -> str:
    if (line.block in aside and line.linked) or (line.linky and is_teaser(line)):
        return "" if any(_REFERENCES.fullmatch(one.text) for one in before[-_REFERRED:]) else "leads to another story"
    if (is_noise(line.text) or ends_article(line.text)) and not _signs(line.text, before):
        return CREDIT
    if not trimmed(line.text):
        return "nothing but a credit"
    return "repeats the headline" if len(before) < _OPENING and fold(line.text) == fold(head.text) else ""


def plain(texts: Iterable[str], title: str) -> list[str]:
    """Paragraphs that were found as data, without credits and the headline's repetition."""
    kept = [trimmed(text) for text in texts if text and not is_noise(text)]
    return kept[1:] if kept and fold(kept[0]) == fold(title) else kept


def paragraphs(judgement: Iterable[Judged]) -> list[str]:
    """The article's paragraphs."""
    return [trimmed(one.line.text) for one in judgement if not one.why]


_DATE = re.compile(
    r"[12]\d{3}年\d{1,2}月\d{1,2}日|[二一][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)


def _signs(text: str, before: Sequence[Line]) -> bool:
    """Whether a date signs a notice: below its text and the short line that names the office."""
    return (
        bool(_DATE.fullmatch(text))
        and len(before) > 1
        and len(before[-1].text) <= 40
        and before[-1].text[-1] not in "。！？"
    )


_ENOUGH = 60


def second_opinion(tree: Element) -> list[str]:
    """The paragraphs that trafilatura finds in a page, where they are sentences enough to be an article."""
    document = bare_extraction(as_html(tree), fast=True, include_comments=False, include_tables=True)
    text = getattr(document, "text", None) or ""
    texts = [clean_line(line) for line in text.split("\n")]
    kept = [text for text in texts if text and not is_noise(text)]
    sentences = [text for text in kept if any(mark in text for mark in "，。！？")]
    return kept if sum(map(han_count, sentences)) >= _ENOUGH else []
