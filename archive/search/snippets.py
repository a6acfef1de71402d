"""The passage of a text that answers a query, with what was searched for marked. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from archive.search.expression import forms
from archive.search.query import Query, Term
from archive.text import LETTER, fold_for_index, is_han, split_tokens

# The marks around a match; they never occur in cleaned text.
OPEN, CLOSE = "\x02", "\x03"
WIDTH = 90  # characters of a snippet
BEFORE = 24  # of them before the first match, at most
_SENTENCE = re.compile(r"[。！？!?；;\n]\s*")


def snippet(text: str, query: Query) -> str:
    """Some `WIDTH` characters of `text` where most of the query stands, on one line, matches between OPEN and CLOSE.

    The beginning of `text` where it has no match.
    """
    found = _matches(text, query)
    start = _start(text, _densest(found))
    end = min(len(text), start + WIDTH)
    inside = [(max(a, start), min(b, end)) for a, b in found if a < end and b > start]
    passage = _marked(text[start:end], [(a - start, b - start) for a, b in inside]).strip().replace("\n", " ")
    return f"{'…' if start else ''}{passage}{'…' if end < len(text) else ''}"


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    pieces, end = [], 0
    for a, b in spans:
        pieces += [text[end:a], OPEN, text[a:b], CLOSE]
        end = b
    return "".join((*pieces, text[end:]))


def _densest(found: list[tuple[int, int]]) -> int:
    """Where the match stands after which most others follow within a snippet."""
    starts = [a for a, _ in found]
    ahead = [bisect_right(starts, a + WIDTH - BEFORE) - place for place, a in enumerate(starts)]
    return starts[ahead.index(max(ahead))] if starts else 0


def _start(text: str, place: int) -> int:
    """The beginning of the sentence of `place` where that is near, else a few characters before."""
    if place <= BEFORE:
        return 0
    ends = [end.end() + place - BEFORE for end in _SENTENCE.finditer(text[place - BEFORE : place])]
    return ends[-1] if ends else place - BEFORE // 2


def _matches(text: str, query: Query) -> list[tuple[int, int]]:
    """The spans of the query's terms in `text`, in order, those that touch or overlap made one."""
    spans: list[tuple[int, int]] = []
    plain = all(split_tokens(form) == [form] and is_han(form) for term in query.terms for form in forms(term))
    folded = text if plain else fold_for_index(text)  # Han characters have one form
    for a, b in sorted(match.span() for term in query.terms for match in _pattern(term).finditer(folded)):
        if spans and a <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(b, spans[-1][1]))
        else:
            spans.append((a, b))
    return spans


@lru_cache(maxsize=256)
def _pattern(term: Term) -> re.Pattern[str]:
    """What the index takes a term for, over text that `fold_for_index` folded."""
    return re.compile("|".join(_phrase(split_tokens(fold_for_index(form))) for form in forms(term)))


def _phrase(tokens: list[str]) -> str:
    pattern, before = "", ""
    for token in tokens:
        pattern += (" +" if is_han(before) and is_han(token) else " *") if before else ""
        pattern += _token(token)
        before = token
    return pattern


def _token(token: str) -> str:
    if token.isascii() and token.isdigit():
        return f"(?<![0-9]){token}(?![0-9])"
    return f"(?<!{LETTER}){re.escape(token)}(?!{LETTER})" if re.match(LETTER, token) else re.escape(token)
