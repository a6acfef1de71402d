"""What a person typed, as terms and filters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.text import clean_line, fold_width

FIELDS = ("title", "site", "source", "status", "since", "until")
_PIECE = re.compile(
    rf'(?P<all>(?P<minus>-)?(?:(?P<field>{"|".join(FIELDS)}):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+)))',
    re.IGNORECASE,
)
_QUOTES = str.maketrans("“”„「」『』", '"' * 7)
_SEARCHABLE = re.compile(r"[^\W_]")
_EDGE = (
    ",.;:!?()[]{}<>、。，；：！？《》〈〉【】〔〕…·'‘’"  # around an unquoted word it is the sentence's, not the word's
)
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_VALUES = {
    "status": re.compile("live|withdrawn|redacted"),
    "since": _DAY,
    "until": _DAY,
    "site": re.compile(".+"),
    "source": re.compile(".+"),
}
_OR = ("OR", "|")
MOST_FILTERS = 200  # SQLite nests conditions at most 1,000 deep


@dataclass(frozen=True)
class Term:
    """A word or phrase that an article has, or with `in_title` its headline; or any of the `others` in its place."""

    text: str
    in_title: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filter:
    """A condition on an article's `site`, `source`, `status` or date (`since`, `until`: a year, month or day)."""

    field: str
    value: str
    wanted: bool = True


@dataclass(frozen=True)
class Query:
    """Every term of any one of `groups`, none of `refused`, and every filter. Without groups all articles are meant."""

    groups: tuple[tuple[Term, ...], ...] = ()
    refused: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """The wanted terms of all groups."""
        return tuple(term for group in self.groups for term in group)


def parse(typed: str) -> Query:
    """What `typed` asks for; what is no syntax is a term. Where it has no word, neither has the query."""
    groups: list[list[Term]] = [[]]
    refused: list[Term] = []
    filters: list[Filter] = []
    for piece in _pieces(typed):
        if piece is None:
            groups.append([])
        elif isinstance(piece[0], Filter):
            filters.append(piece[0])
        else:
            (groups[-1] if piece[1] else refused).append(piece[0])
    wanted = tuple(tuple(group) for group in groups if group)
    if not wanted and not filters:  # a refusal alone refuses nothing: it is text
        return Query((tuple(refused),) if refused else ())
    return Query(wanted, tuple(refused), tuple(dict.fromkeys(filters))[:MOST_FILTERS])


def _pieces(typed: str) -> Iterator[tuple[Term | Filter, bool] | None]:
    """The terms and filters, each with whether it is wanted; None for an OR between two pieces."""
    found = list(_PIECE.finditer(clean_line(fold_width(typed)).translate(_QUOTES)))
    for place, piece in enumerate(found):
        if piece["all"] in _OR and 0 < place < len(found) - 1:
            yield None
        elif filter_ := _filter(piece):
            yield filter_, True
        elif term := _term(piece):
            yield term, not piece["minus"]


def _text(piece: re.Match[str]) -> str:
    return piece["quoted"] if piece["word"] is None else piece["word"]


def _filter(piece: re.Match[str]) -> Filter | None:
    field, value = (piece["field"] or "").lower(), _text(piece).strip()
    if field not in _VALUES or not _VALUES[field].fullmatch(value):
        return None
    if piece["minus"] and field in ("since", "until"):
        return None
    return Filter(field, value, not piece["minus"])


def _term(piece: re.Match[str]) -> Term | None:
    in_title = (piece["field"] or "").lower() == "title"
    text = _text(piece) if in_title or not piece["field"] else piece["all"].removeprefix("-").replace('"', " ")
    text = text.strip() if piece["word"] is None else text.strip(_EDGE)
    return Term(text, in_title) if _SEARCHABLE.search(text) else None
