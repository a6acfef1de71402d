"""Chinese word boundaries, for readable diffs and for ranking. The only module that imports rjieba."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from archive.text import HAN

# A figure with its power, multiple and unit is one word: 96.6% changes as a whole, never as the digit 6 in it, and so
# do 10⁵, 3万 and 5毫克. A numeral in characters is a figure with what it counts (三成, 二十分钟), behind 第 or 百分之.
_UNIT = "[%％‰]|毫克|微克|千克|公斤|克|毫升|升|公里|千米|厘米|毫米|米|个百分点|成|倍|元|mg|μg|kg|ml|g(?![a-z])"
_DIGITS = rf"\d+(?:[.,:：/-]\d+)*[⁰¹²³⁴-⁹]*[十百千万萬亿億]*(?:{_UNIT})?|[¼½¾⅐-⅞]"
# A page may hold a million of them in a row: so many are looked at from each, no more.
_RUN = "{1,24}+"
_NUMERAL = "[零〇一二三四五六七八九十百千万萬亿億两兩]"
_COUNTED = (
    "分[钟鐘]|小[时時]|个|個|成[一二三四五六七八九半]?|倍|名|人|例|男|女|岁|歲|年|月|日|天|周|週|次|种|種|项|項|家|间|間|所|座|台|张|張|支|剂|劑"
    "|针|針|瓶|盒|片|粒|克|斤|公里|米|元|块|塊|角|级|級|位|折|届|屆|起|宗|批|份|条|條|号|號|期|章|层|層"
)
_CHARACTERS = (
    rf"[百千万萬]分之{_NUMERAL}+(?:[点點]{_NUMERAL}+)?|第{_NUMERAL}+"
    rf"|(?<![统統唯惟同单單逐专專])(?!一起){_NUMERAL}{_RUN}(?:[点點]{_NUMERAL}{_RUN})?(?:{_COUNTED})"
)
_FIGURE = re.compile(f"{_DIGITS}|{_CHARACTERS}")


@cache
def _dictionary() -> Any:
    import rjieba  # it takes a tenth of a second, which most commands need not wait for

    return rjieba


def words(text: str) -> list[str]:
    """The words of `text`, figures whole; joined again they are `text`."""
    parts: list[str] = []
    end = 0
    for figure in _FIGURE.finditer(text):
        parts += _dictionary().cut(text[end : figure.start()])
        parts.append(figure.group())
        end = figure.end()
    return parts + list(_dictionary().cut(text[end:]))


_CHARACTER = re.compile(f"{_FIGURE.pattern}|.", re.DOTALL)


def characters(text: str) -> list[str]:
    """The characters of `text`, figures whole; joined again they are `text`."""
    return _CHARACTER.findall(text)


_HAN_WORD = re.compile(f"^[{HAN}]+$", re.MULTILINE)


def han_words(text: str) -> list[str]:
    """The words of the dictionary in `text`, and the single characters between them, in reading order.

    Words that are not in the dictionary are not guessed: a guess depends on what stands around them.
    """
    return _HAN_WORD.findall("\n".join(_dictionary().cut(text, False)))


def han_words_within(text: str) -> set[str]:
    """The different words that `han_words` finds, and the two that make up a longer one.

    公共卫生 has 公共 and 卫生, but 发展中国家 has no 中国: what is left of it is no word.
    """
    found = set(_HAN_WORD.findall("\n".join(set(_dictionary().cut(text, False)))))
    return found.union(*(_halves(word) for word in found if len(word) > 3))


@lru_cache(maxsize=100_000)
def _halves(word: str) -> tuple[str, ...]:
    splits = ((word[:place], word[place:]) for place in range(2, len(word) - 1))
    return next((split for split in splits if all(map(_dictionary().has_word, split))), ())


def figures(text: str) -> list[str]:
    """The figures of `text` in reading order: `96.6%`, `1,200`, `2026-11-20`, `三成`."""
    return _FIGURE.findall(text)


def without_figures(text: str) -> str:
    """`text`, its figures left out."""
    return _FIGURE.sub("", text)
