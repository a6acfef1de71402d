"""What of a page is the text of its article, line by line, with the reason. Pure. The only module that imports trafilatura.

The container comes first, and its lines are the text. trafilatura is the second opinion, for pages in which no
container is found: of a whole page it takes in much that surrounds the article (measured in 2026: leak .18, ours .01).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from trafilatura import bare_extraction

from archive.text import clean_line, fold, han_count
from crawler.reading.container import boxes, cards, end_of_article
from crawler.reading.headline import Headline
from crawler.reading.lines import ends_article, is_help_line, is_noise, opens_help_box, trimmed
from crawler.reading.links import is_file
from crawler.reading.outline import Element, Line
from crawler.reading.page import as_html

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
    own = sorted({*own, *_pieces(lines, own, head)})
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
    return ends_article(lines[place].text) and not lines[place].linked and bool(rest) and _is_sentence(rest[0])


_SEVERAL = 2


def _about_page(lines: Sequence[Line], head: Headline) -> list[Line]:
    """Lines that hold the whole headline and more: a directory writes them around a reprint, an article does not."""
    title = fold(head.text)
    if len(title) < 10:
        return []
    found = [line for line in lines if len(line.text) > len(head.text) + 10 and title in fold(line.text)]
    return found if len(found) >= _SEVERAL else []


_OPENING = 4


def _reason(line: Line, before: Sequence[Line], aside: set[Element], head: Headline) -> str:
    if (line.block in aside and line.linked) or (line.linky and _is_teaser(line)):
        return "leads to another story"
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


def _is_teaser(line: Line) -> bool:
    """A line that is a link: another story's headline. An attachment's link is text of a notice."""
    links = list(line.block.iter("a"))
    return not any(is_file(a.get("href") or "") or "附件" in line.text for a in links)


_FACTS = re.compile(r"\d{1,2}:\d{2}|(?:19|20)\d\d\s*[-/.年]|来源|來源|作者")
_LONGEST_FACTS = 60

# An article in pieces: a lead beside the container, or a second container behind an advertisement.
_GAP = 5
_FAR = 3


def _pieces(lines: Sequence[Line], own: Sequence[int], head: Headline) -> Iterator[int]:
    """The lines near a container that go on with its text: sentences in parts of the page that are built like it."""
    if not own:
        return
    near = _relatives(lines[own[0]].block, lines[own[-1]].block)
    written = fold("".join(lines[i].text for i in own))
    for steps in (range(own[-1] + 1, len(lines)), range(own[0] - 1, head.line, -1) if head.line >= 0 else ()):
        missed = 0
        for i in steps:
            if missed > _GAP or ends_article(lines[i].text):
                break
            if (
                i < own[0] and len(lines[i].text) <= _LONGEST_FACTS and _FACTS.search(lines[i].text)
            ):  # above time and credits stands a deck
                break
            leads = i < own[0] and _is_lead(lines[i])
            if (leads or _continues(lines[i], near) or _belongs(lines[i], near)) and not _repeats(
                lines[i].text, written
            ):
                missed = 0
                yield i
            else:
                missed += 1


_CAPTION = re.compile(r"caption|\bcap\b|图说|圖說|imgtext|(?:pic|img|photo)-?(?:text|desc|note|cap|title)", re.I)


def _belongs(line: Line, near: set[Element]) -> bool:
    """Whether a line beside the container is a caption, or a file of the article."""
    if not line.linky:
        names = f"{line.block.get('class') or ''} {line.block.get('id') or ''}"
        return (line.block.tag == "figcaption" or bool(_CAPTION.search(names))) and not is_noise(line.text)
    block = line.block
    return not _is_teaser(line) and any(parent in near for parent in islice(block.iterancestors(), _FAR))


def _repeats(text: str, written: str) -> bool:
    """Whether most of a line's clauses stand in the text already: a summary of it."""
    clauses = [fold(clause) for clause in _CLAUSE.split(text) if len(clause) >= 6]
    return sum(clause in written for clause in clauses) * 2 >= len(clauses)


_CLAUSE = re.compile(r"[，。！？；：、“”「」（）]")


def _relatives(*blocks: Element) -> set[Element]:
    """The parents of the text's blocks and theirs, up to where a page holds other things too."""
    found: set[Element] = set()
    for block in blocks:
        for _ in range(_FAR):
            block = block.getparent() if block is not None else None
            if block is None or block.tag in ("body", "html"):
                break
            found.add(block)
    return found


def _continues(line: Line, near: set[Element]) -> bool:
    """Whether a line outside the container is a sentence of the article."""
    if not _is_lead(line):
        return False
    return any(parent in near for parent in (line.block, *islice(line.block.iterancestors(), _FAR - 1)))


_LABELLED = re.compile(
    r"[【\[]?(?:核心提示|摘\s*要|导\s*读|導\s*讀|内容提要|内容简介|內容簡介|提要|核心摘要|简介)[】\]]?\s*[:：]?"
)


def _is_lead(line: Line) -> bool:
    """Whether a line outside the container may be the article's; a labelled summary is not."""
    return _is_sentence(line) and not _beside_text(line.block) and not _LABELLED.match(line.text)


def _is_sentence(line: Line) -> bool:
    ends = line.text.endswith(("。", "！", "？", "”", "」", "）"))
    return not line.linked and line.han >= 20 and ends and not is_noise(line.text)


def _beside_text(block: Element) -> bool:
    """Whether a block, by its names, holds what stands beside an article's text: a summary, a notice, a comment."""
    blocks = (block, *islice(block.iterancestors(), _FAR - 1))
    return any(_SUMMARY.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in blocks)


_SUMMARY = re.compile(
    r"summary|abstract|desc|digest|zhaiyao|daodu|brief|subtitle|deck|comment|related|recommend|footer|copyright|disclaim|author|promo|\bads?\b|tips",
    re.I,
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
