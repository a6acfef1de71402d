"""Whether a link is about the topic that its list is to be read for: terms in its headline and summary. Pure."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.text import clean_line, fold_width, language, simplify
from crawler.discover.link import Link
from crawler.site.model import Listing

_FOLDER = Path(__file__).parent.parent / "topics"
TOPICS = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
FROM_A_SUMMARY = 2  # different terms: a summary tells of a hospital in passing


@dataclass(frozen=True)
class Terms:
    """Words that tell a topic, words that tell of another one, and what holds one of the first and tells nothing."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()


def about(listing: Listing, link: Link) -> bool:
    """Whether a link is wanted from its list: all are where it names no terms, and what has no headline is not judged.

    Terms are looked for in simplified characters, whatever the script of either side.
    """
    if not (listing.topics or listing.include or listing.exclude) or not link.title:
        return True
    terms, own = _shipped(listing.topics), Terms(_all_plain(listing.include), _all_plain(listing.exclude))
    if _found(own, own.exclude, link.title):
        return False
    if _found(own, own.include, link.title) or not (own.include or terms.include):
        return True
    if _found(terms, terms.exclude, link.title):
        return False
    if _found(terms, terms.include, link.title):
        return True
    told = _found(own, own.include, link.summary) | _found(terms, terms.include, link.summary)
    return len(told) >= FROM_A_SUMMARY


@cache
def _shipped(topic: str) -> Terms:
    if not topic:
        return Terms()
    table = tomllib.loads((_FOLDER / f"{topic}.toml").read_text(encoding="utf-8"))
    return Terms(**{name: _all_plain(tuple(" ".join(groups.values()).split())) for name, groups in table.items()})


@cache
def _all_plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_plain, words))


def _plain(text: str) -> str:
    text = clean_line(text)
    # By Hong Kong's table wherever it is from: that one alone takes 衞 for 卫, and it knows what the common one does.
    return fold_width(simplify(text, "HK") if language(text) == "Hant" else text).lower()


def _found(terms: Terms, wanted: tuple[str, ...], text: str) -> set[str]:
    """Which of `wanted` stand in a text, but for those that stand within one of `terms.besides` only."""
    found = _pattern(wanted, terms.besides).finditer(_plain(text)) if wanted and text else ()
    return {one["term"] for one in found if one["term"]}


@cache
def _pattern(wanted: tuple[str, ...], besides: tuple[str, ...]) -> re.Pattern[str]:
    # What holds a term comes before it: 健康发展 is met as such and not as 健康.
    held = "|".join(map(re.escape, besides)) or "(?!)"
    return re.compile(f"(?:{held})|(?P<term>{'|'.join(map(_alternative, wanted))})")


def _alternative(term: str) -> str:
    """A term in Latin letters is a whole word: WHO is not in whole."""
    return rf"(?<![a-z]){re.escape(term)}(?![a-z])" if term[0].isascii() else re.escape(term)
