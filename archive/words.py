"""Chinese word boundaries, for readable diffs and for ranking. The only module that imports rjieba."""

from __future__ import annotations

import re
from functools import lru_cache

import rjieba

from archive.text import HAN

# A figure with its unit sign is one word: 96.6% changes as a whole, never as the digit 6 in it.
_FIGURE = re.compile(r"\d+(?:[.,:：/-]\d+)*[%％‰]?")


def words(text: str) -> list[str]:
    """The words of `text`, figures whole; joined again they are `text`."""
    parts: list[str] = []
    end = 0
    for figure in _FIGURE.finditer(text):
        parts += rjieba.cut(text[end : figure.start()])
        parts.append(figure.group())
        end = figure.end()
    return parts + list(rjieba.cut(text[end:]))


_HAN_WORD = re.compile(f"^[{HAN}]+$", re.MULTILINE)


def han_words(text: str) -> list[str]:
    """The words of the dictionary in `text`, and the single characters between them, in reading order.

    Words that are not in the dictionary are not guessed: a guess depends on what stands around them.
    """
    return _HAN_WORD.findall("\n".join(rjieba.cut(text, False)))


def han_words_within(text: str) -> set[str]:
    """The different words that `han_words` finds, and the two that make up a longer one.

    公共卫生 has 公共 and 卫生, but 发展中国家 has no 中国: what is left of it is no word.
    """
    found = set(_HAN_WORD.findall("\n".join(set(rjieba.cut(text, False)))))
    return found.union(*(_halves(word) for word in found if len(word) > 3))


@lru_cache(maxsize=100_000)
def _halves(word: str) -> tuple[str, ...]:
    splits = ((word[:place], word[place:]) for place in range(2, len(word) - 1))
    return next((split for split in splits if all(map(rjieba.has_word, split))), ())


def figures(text: str) -> list[str]:
    """The figures of `text` in reading order: `96.6%`, `1,200`, `2026-11-20`."""
    return _FIGURE.findall(text)
