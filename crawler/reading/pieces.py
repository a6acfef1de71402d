"""An article in pieces: a lead above its container, captions and files beside it, a second container below. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from archive.text import fold
from crawler.reading.headline import Headline
from crawler.reading.lines import ends_article, is_noise
from crawler.reading.links import is_file
from crawler.reading.outline import Element, Line

_FACTS = re.compile(
    r"^By\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:\d{1,2},\s+)?20\d\d|\d{1,2}:\d{2}|(?:19|20)\d\d\s*[-/.年]|来源|來源|作者"
)
_LONGEST_FACTS = 60

_GAP = 5
_FAR = 3


def beside(lines: Sequence[Line], own: Sequence[int], head: Headline) -> Iterator[int]:
    """The lines outside a container, whose lines are `own`, that belong to its text: indexes, in no order."""
    if not own:
        return
    near = _relatives(lines[own[0]].block, lines[own[-1]].block)
    written = fold("".join(lines[i].text for i in own))
    for steps in (range(own[-1] + 1, len(lines)), range(own[0] - 1, head.line, -1) if head.line >= 0 else ()):
        missed = 0
        for i in steps:
            if missed > _GAP or ends_article(lines[i].text):
                break
            if i < own[0] and _tells_facts(lines[i]):  # above time and credits stands a deck
                break
            ours = (i < own[0] and _is_lead(lines[i])) or _continues(lines[i], near) or _belongs(lines[i], near)
            if ours and not _repeats(lines[i].text, written):
                missed = 0
                yield i
            else:
                missed += 1


def _tells_facts(line: Line) -> bool:
    return len(line.text) <= _LONGEST_FACTS and bool(_FACTS.search(line.text))


_CAPTION = re.compile(r"caption|\bcap\b|图说|圖說|imgtext|(?:pic|img|photo)-?(?:text|desc|note|cap|title)", re.I)


def _belongs(line: Line, near: set[Element]) -> bool:
    """Whether a line beside the container is a caption, or a file of the article."""
    if not line.linky:
        names = f"{line.block.get('class') or ''} {line.block.get('id') or ''}"
        return (line.block.tag == "figcaption" or bool(_CAPTION.search(names))) and not is_noise(line.text)
    block = line.block
    return not is_teaser(line) and any(parent in near for parent in islice(block.iterancestors(), _FAR))


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
    return is_sentence(line) and not _beside_text(line.block) and not _LABELLED.match(line.text)


def is_sentence(line: Line) -> bool:
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


def is_teaser(line: Line) -> bool:
    """A line that is a link: another story's headline. An attachment's link is text of a notice."""
    links = list(line.block.iter("a"))
    return not any(is_file(a.get("href") or "") or "附件" in line.text for a in links)
