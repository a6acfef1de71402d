"""Full-text search: a person's words, in either script, and the articles that match, best first.

Blanks mean and, quotes a phrase, `-` not, `OR` or; `title:`, `site:`, `source:`, `status:`, `since:` and `until:`
narrow. Nothing that a person types is an error: what is no syntax is text.
"""

from archive.search.expression import match_expression
from archive.search.find import MOST, Found, count, find, matching, search
from archive.search.query import parse
from archive.search.snippets import CLOSE, OPEN, snippet

__all__ = [
    "CLOSE",
    "MOST",
    "OPEN",
    "Found",
    "count",
    "find",
    "match_expression",
    "matching",
    "parse",
    "search",
    "snippet",
]
