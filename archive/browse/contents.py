"""What Datasette is told of an archive: descriptions from the contract, hidden helper tables, and canned queries."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from archive.browse.trends import MOST_ARTICLES, SENTENCES
from archive.contract import Relation, contract

# Tables that only our code needs. Datasette hides the full-text index and its parts by itself.
HIDDEN = ("version_rows", "pages", "hosts", "places", "jobs", "told", "article_counts", "_sqlite_migrations")
# A view cannot be hidden, only closed; reading this one whole takes minutes.
CLOSED = ("articles_separated",)

_TABLES: dict[str, dict[str, Any]] = {
    "articles": {"sort_desc": "published_at", "size": 30, "label_column": "title"},
    "events": {"sort_desc": "id"},
    "runs": {"sort_desc": "started_at"},
    "captures": {"sort_desc": "id"},
    "changes": {"size": 50},
}


def metadata(names: Iterable[str]) -> dict[str, Any]:
    """Datasette's metadata for these databases, made anew each time, since Datasette writes into it."""
    return {"databases": {name: {"tables": _tables(), "title": "医闻 Yiwen"} for name in names}}


def _tables() -> dict[str, dict[str, Any]]:
    tables = {relation.what.name: _described(relation) for relation in contract()}
    return {**tables, **{name: {"hidden": True} for name in HIDDEN}}


def _described(relation: Relation) -> dict[str, Any]:
    return {
        "description": f"{relation.what.zh} {relation.what.en}",
        "columns": {column.name: f"{column.zh} · {column.en}".replace("`", "") for column in relation.columns},
        **{key: list(value) if isinstance(value, list) else value for key, value in _settings(relation).items()},
    }


def _settings(relation: Relation) -> dict[str, Any]:
    return _TABLES.get(relation.what.name, {})


@cache
def _canned() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("canned.toml").read_text(encoding="utf-8"))


def canned_queries() -> dict[str, dict[str, Any]]:
    """The queries that stand ready, by name."""
    ready = {name: dict(query) for name, query in _canned().items()}
    ready["figures"]["sql"] = SENTENCES.strip().replace(":articles", str(MOST_ARTICLES))
    return ready
