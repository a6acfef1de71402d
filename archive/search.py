"""Full-text search: a person's words as an FTS5 expression, and the articles that match, best first.

Blanks mean and, quotes a phrase, `-` not, `OR` or. Nothing that a person types is an error: what is no syntax is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlite_utils import Database

from archive.store.connection import rows
from archive.text import clean_line, fold_width, separate, simplify

_PIECE = re.compile(r'(?P<not>-)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')
_TOKEN = re.compile(r"\w")
_QUOTES = str.maketrans("“”„「」『』＂", '""""""""')
NOTHING = '""'

# The marks that snippets put around a match; they never occur in cleaned text.
OPEN, CLOSE = "\x02", "\x03"


@dataclass(frozen=True)
class _Term:
    text: str
    wanted: bool


def match_expression(query: str) -> str:
    """`query` as an FTS5 expression over `articles_fts`; one that matches nothing where `query` has no word."""
    groups: list[list[str]] = [[]]
    refused: list[str] = []
    for term in _terms(query):
        if term is None:
            groups.append([])
        elif term.wanted:
            groups[-1].append(_phrase(term.text))
        else:
            refused.append(_phrase(term.text))
    wanted = " OR ".join(f"({' AND '.join(group)})" for group in groups if group)
    if not wanted:
        return NOTHING
    return f"({wanted}) NOT ({' OR '.join(refused)})" if refused else wanted


def _terms(query: str) -> list[_Term | None]:
    """The terms in order, None for each OR between two of them."""
    found: list[_Term | None] = []
    for piece in _PIECE.finditer(clean_line(fold_width(query)).translate(_QUOTES)):
        text = piece["quoted"] if piece["word"] is None else piece["word"]
        if piece["word"] in ("OR", "|"):
            found.append(None)
        elif _TOKEN.search(text):
            found.append(_Term(text, not piece["not"]))
    return found


def _phrase(text: str) -> str:
    """One term as a phrase: as typed, and as simplified where that differs, since the index holds simplified text."""
    forms = dict.fromkeys((text, *(simplify(text, where) for where in ("CN", "TW", "HK"))))
    phrases = [f'"{separate(form)}"' for form in forms]
    return phrases[0] if len(phrases) == 1 else f"({' OR '.join(phrases)})"


_SEARCH = """
SELECT a.id, a.site, a.url, a.status, a.title, a.source, a.published_at, a.first_seen_at, a.version_count,
    replace(snippet(articles_fts, 1, char(2), char(3), '…', 48), char(8203), '') AS snippet
FROM articles_fts JOIN articles a ON a.id = articles_fts.rowid
WHERE articles_fts MATCH ? ORDER BY bm25(articles_fts, 8.0, 1.0), a.published_at DESC LIMIT ?
"""


def search(db: Database, query: str, limit: int = 20) -> list[dict]:
    """The articles that match, best first, each with a `snippet` in which matches stand between OPEN and CLOSE."""
    return rows(db, _SEARCH, match_expression(query), limit)


def count(db: Database, query: str) -> int:
    """How many articles match."""
    return int(
        db.conn.execute(
            "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", (match_expression(query),)
        ).fetchone()[0]
    )
