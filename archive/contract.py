"""The SQL contract as data: what each table, view and column is, for the docs and for the reading room."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Described:
    """A table, view or column in English and in Chinese."""

    name: str
    en: str
    zh: str


@dataclass(frozen=True)
class Relation:
    """A table or view with its columns, in the order of the schema."""

    what: Described
    columns: tuple[Described, ...]


@cache
def contract() -> tuple[Relation, ...]:
    """The relations that people may rely on, the ones they begin with first."""
    data = tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))
    return tuple(_relation(name, entry) for name, entry in data.items())


def _relation(name: str, entry: dict) -> Relation:
    columns = (Described(column, *text.rsplit(" | ", 1)) for column, text in entry["columns"].items())
    return Relation(Described(name, entry["en"], entry["zh"]), tuple(columns))
