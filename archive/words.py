"""Chinese word boundaries, for readable diffs. The only module that imports rjieba."""

from __future__ import annotations

import re

import rjieba

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


def figures(text: str) -> list[str]:
    """The figures of `text` in reading order: `96.6%`, `1,200`, `2026-11-20`."""
    return _FIGURE.findall(text)
