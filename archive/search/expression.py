"""A query as FTS5 expressions over the two indexes, `articles_fts` and `articles_words`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.search.query import Query, Term, parse
from archive.text import is_han, is_mark, language, separate, simplify
from archive.words import han_words

NOTHING = '""'
Express = Callable[[Term], str]


def match_expression(typed: str) -> str:
    """What a person typed as an FTS5 expression over `articles_fts`; one that matches nothing where it has no word.

    FTS5 knows nothing of sites, sources, states and dates: such filters are left out here.
    """
    query = parse(typed)
    return matching(query if query.groups or not query.refused else Query((query.refused,)))


def matching(query: Query) -> str:
    """The terms of a query, as an expression over `articles_fts` or `versions_fts`; one for nothing without any."""
    wanted = any_group(query, in_text) or NOTHING
    return f"({wanted}) NOT ({any_of(query.refused, in_text)})" if query.groups and query.refused else wanted


def any_group(query: Query, express: Express) -> str:
    """Every term of any one group; "" without any, or where a group has no term that can be expressed."""
    groups = [" AND ".join(filter(None, map(express, group))) for group in query.groups]
    if not all(groups):
        return ""
    return groups[0] if len(groups) == 1 else " OR ".join(f"({group})" for group in groups)


def any_of(terms: Sequence[Term], express: Express) -> str:
    """Any of the terms."""
    return " OR ".join(map(express, terms))


def forms(term: Term) -> list[str]:
    """The forms of a term in the index: as typed, and where it may be traditional, as it is simplified anywhere."""
    return list(dict.fromkeys(form for text in (term.text, *term.others) for form in _in_either_script(text)))


def _in_either_script(text: str) -> tuple[str, ...]:
    if language(text) == "Hans":
        return (text,)
    return (text, *(simplify(text, place) for place in ("CN", "TW", "HK")))


def in_text(term: Term) -> str:
    """A term in `articles_fts`, wherever it is wanted."""
    return in_title(term) if term.in_title else _alternatives([phrase(form) for form in forms(term)])


def in_title(term: Term) -> str:
    """A term in a headline, in `articles_fts`."""
    return f"{{title}} : {_alternatives([phrase(form) for form in forms(term)])}"


def phrase(text: str) -> str:
    """One form as a phrase of the index's tokens: pairs of Han characters, words, numbers, marks."""
    tokens = separate(text).split(" ")
    last, before = tokens[-1], tokens[-2] if len(tokens) > 1 else ""
    if not is_han(last) or len(last) > 1:
        return _quoted(" ".join(tokens))
    if is_han(before) and len(before) > 1:  # the pairs say it all, and it need not be its run's last character
        return _quoted(" ".join(tokens[:-1]))
    return _quoted(" ".join(tokens)) + ("*" if not before or is_mark(before) else "")


def is_character(term: Term) -> bool:
    """Whether a term is one Han character, which `articles_words` has as a token."""
    return all(len(form) == 1 and is_han(form) for form in forms(term))


def character(term: Term) -> str:
    """A term of one character in `articles_words`."""
    mark = "h" if term.in_title else "c"
    return _alternatives([_quoted(mark + form) for form in forms(term)])


def whole(term: Term) -> str:
    """A term as whole words in `articles_words`; "" where it has no Han character and so is always whole."""
    return whole_in_title(term) if term.in_title else _whole(term, "w")


def whole_in_title(term: Term) -> str:
    """A term as whole words of a headline, in `articles_words`; "" where it has no Han character."""
    return _whole(term, "t")


def _whole(term: Term, mark: str) -> str:
    found = [[_quoted(mark + word) for word in han_words(form)] for form in forms(term)]
    return _alternatives([" AND ".join(words) for words in found]) if all(found) else ""


def _alternatives(expressions: Sequence[str]) -> str:
    different = list(dict.fromkeys(expressions))
    return different[0] if len(different) == 1 else f"({' OR '.join(f'({one})' for one in different)})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
