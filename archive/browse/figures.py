"""Sentences that hold a term and a number. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.search import CLOSE, OPEN
from archive.text import clean_line, fold, han_count, simplify

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?[”』」]?")
# Digits with their unit; 百分之五十; numerals of two characters or more that count (三十二, 一千); 五成.
_NUMBER = re.compile(
    r"\d+(?:[.,:：/-]\d+)*(?:[%％‰]|个百分点|万|亿)?|百分之[〇零一二三四五六七八九十百点两]+"
    r"|(?!万一)(?=[百千万亿]{0,24}[〇零一二三四五六七八九十两])[〇零一二三四五六七八九十百千万亿两]{2,}|[一二三四五六七八九两]成[一二三四五六七八九半]?"
)
_DATE = re.compile("[年月日号时]")
LONGEST = 400  # characters; what is longer is no sentence but a page without punctuation


def forms(term: str) -> tuple[str, ...]:
    """A term as the archive's simplified, folded text may hold it, whichever script it was typed in."""
    plain = clean_line(term)
    typed = dict.fromkeys((plain, *(simplify(plain, where) for where in ("CN", "TW", "HK"))))
    return tuple(fold(form).lower() for form in typed if form)


def sentences(text: str, term: str) -> list[str]:
    """The sentences and table rows of a simplified text that hold the term and a number, in order."""
    wanted = forms(term)
    lines = (line for line in text.split("\n") if _may_hold(line, wanted))
    found = (match.group().strip() for line in lines for match in _SENTENCE.finditer(line))
    return [one for one in found if len(one) <= LONGEST and _may_hold(one, wanted) and _holds(one, wanted)]


def _may_hold(text: str, wanted: Iterable[str]) -> bool:
    """Whether folding `text` could bring a form forth: folding makes no Han character, and is slow."""
    return any(form[0] in text or not han_count(form[0]) for form in wanted)


def _holds(sentence: str, wanted: Iterable[str]) -> bool:
    folded = fold(sentence).lower()
    return any(form in folded and _NUMBER.search(folded.replace(form, "·")) for form in wanted)


def marked(sentence: str) -> str:
    """A sentence with its numbers, those of dates left out, between the marks that snippets have."""
    return _NUMBER.sub(lambda match: _marked(match, sentence), sentence)


def _marked(match: re.Match[str], sentence: str) -> str:
    dates = _DATE.match(sentence, match.end())
    return match.group() if dates else f"{OPEN}{match.group()}{CLOSE}"
