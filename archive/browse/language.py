"""The words of the interface, in Chinese and in English: they are data, in words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every word or sentence by its key, then by language."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def say(language: str, key: str, **values: object) -> str:
    """The word for `key`, its `{names}` filled in; numbers get thousands separators. Raises KeyError."""
    shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
    return words()[key][language].format(**shown)


def known(language: str, key: str) -> str | None:
    """The word for `key` as it stands, or None where there is none."""
    word = words().get(key)
    return word[language] if word else None


def choose(asked: str | None, accepted: str) -> str:
    """The language that a reader asked for in the address, else the browser's, else Chinese, as the archive is."""
    if asked in LANGUAGES:
        return asked
    ranked = sorted((_preference(part) for part in accepted.split(",")), key=lambda pair: -pair[1])
    return next((tag for tag, weight in ranked if tag in LANGUAGES and weight > 0), "zh")


def _preference(part: str) -> tuple[str, float]:
    tag, _, rest = part.strip().partition(";")
    _, _, weight = rest.partition("q=")
    try:
        return tag[:2].lower(), float(weight or 1)
    except ValueError:
        return tag[:2].lower(), 0.0
