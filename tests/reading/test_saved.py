"""Whole pages in the manner of real sites, each saved as HTML, and beside it what a careful reader takes from it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive.models import Reading
from crawler.reading.article import read

SAVED = Path(__file__).parent / "saved"
PAGES = sorted(path.stem for path in SAVED.glob("*.html"))
FIELDS = ("source", "source_title", "author", "editor", "published_at", "updated_at", "language", "image")


def _read(name: str, given: dict[str, Any]) -> Reading:
    given = given | {"fetched_at": datetime.fromisoformat(given["fetched_at"])}
    return read((SAVED / f"{name}.html").read_bytes(), **given)


def _taken(reading: Reading, expected: dict[str, Any]) -> dict[str, Any]:
    """What was read, in the shape of the expectation: only the fields that it names."""
    found: dict[str, Any] = {name: getattr(reading, name) for name in FIELDS}
    found |= {
        "verdict": reading.verdict,
        "title": reading.title_original,
        "text": reading.text_original.split("\n"),
        "keywords": list(reading.keywords),
        "flags": [flag for flag in expected.get("flags", ()) if flag in reading.flags],
    }
    return {name: found[name] for name in expected}


@pytest.mark.parametrize("name", PAGES)
def test_a_saved_page_reads_as_a_person_reads_it(name: str) -> None:
    page = json.loads((SAVED / f"{name}.json").read_text(encoding="utf-8"))
    expected = {field: value for field, value in page.items() if field not in ("about", "given")}
    assert _taken(_read(name, page["given"]), expected) == expected


def test_every_page_has_its_expectation() -> None:
    assert PAGES
    assert sorted(path.stem for path in SAVED.glob("*.json")) == PAGES
