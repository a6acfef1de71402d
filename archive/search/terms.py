"""Names of one thing on the mainland, in Taiwan and in Hong Kong, from terms.toml. Pure but for reading that file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from archive.search.expression import forms
from archive.search.query import Query, Term


def widened(query: Query) -> Query:
    """The query with every term also under the other names of what it names, or of what stands in it."""
    groups = tuple(tuple(map(_widened, group)) for group in query.groups)
    return replace(query, groups=groups, refused=tuple(map(_widened, query.refused)))


def _widened(term: Term) -> Term:
    others = (text.replace(name, other) for text in forms(term) for name in _longest(text) for other in names()[name])
    return replace(term, others=tuple(dict.fromkeys(others)))


def _longest(text: str) -> list[str]:
    """The longest name that stands in `text`, if there is one."""
    return sorted((name for name in names() if name in text), key=len, reverse=True)[:1]


@cache
def names() -> dict[str, tuple[str, ...]]:
    """Every name with the others of the same thing."""
    data = tomllib.loads(Path(__file__).with_name("terms.toml").read_text(encoding="utf-8"))
    groups = _joined(row for rows in data.values() for row in rows)
    return {name: tuple(other for other in group if other != name) for group in groups for name in group}


def _joined(rows: Iterable[list[str]]) -> list[list[str]]:
    groups: list[list[str]] = []
    for row in rows:
        shared = [group for group in groups if not set(group).isdisjoint(row)]
        groups = [group for group in groups if group not in shared]
        groups.append(list(dict.fromkeys(name for group in (*shared, row) for name in group)))
    return groups
