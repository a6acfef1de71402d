"""The sites that are shipped, and the page that explains their files: neither may drift from what is true."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from archive.health import Expect
from crawler.addresses import canonical, refusal
from crawler.site import Listing, Site
from crawler.site_file import EXPECT_KEYS, LIST_KEYS, READ_KEYS, SITE_KEYS, load_site, load_sites

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "crawler" / "sites"
PAGE = ROOT / "docs" / "sites.md"


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_site_proves_its_pattern_by_examples(path: Path) -> None:
    site = load_site(path)
    assert len(site.examples) >= 2
    assert [site.objection(canonical(url)) for url in site.examples] == [None] * len(site.examples)
    assert [refusal(url) for url in (site.home, *site.examples)] == [None] * (len(site.examples) + 1)
    assert [site.objection(canonical(listing.url)) for listing in site.lists] == ["no article"] * len(site.lists)
    assert site.named_hosts == frozenset()
    assert site.delay >= 1


def test_the_shipped_sites_span_the_places() -> None:
    assert {site.jurisdiction[:3].rstrip("-") for site in load_sites(SHIPPED)} >= {"CN", "HK", "TW", "INT"}


def documented(heading: str) -> dict[str, list[str]]:
    """The rows of a table of docs/sites.md by key: type, default, meaning, example."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = (re.split(r"(?<!\\)\|", line)[1:-1] for line in section.splitlines() if line.startswith("| `"))
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in rows}


def defaults(cls: type) -> dict[str, object]:
    return {one.name: MISSING if one.default is MISSING else one.default for one in fields(cls)}


@pytest.mark.parametrize(
    ("heading", "keys", "cls"),
    [("A site", SITE_KEYS, Site), ("A list", LIST_KEYS, Listing), ("What a good run looks like", EXPECT_KEYS, Expect)],
)
def test_the_documentation_has_every_key_and_its_default(heading: str, keys: dict, cls: type) -> None:
    rows = documented(heading)
    assert list(rows) == list(keys)
    assert set(defaults(cls)) - set(keys) <= {"id", "lists", "named_hosts", "rules", "expect"}
    for key, (_, default, *_) in rows.items():
        written = default.strip("`")
        actual = defaults(cls)[key]
        if actual is MISSING:
            assert written == "required"
        elif actual in ("", (), None):
            assert written == "none"
        else:
            assert keys[key](tomllib.loads(f"default = {written}")["default"]) == actual


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("A site", SITE_KEYS),
        ("A list", LIST_KEYS),
        ("Rules for reading", READ_KEYS),
        ("What a good run looks like", EXPECT_KEYS),
    ],
)
def test_the_documented_examples_are_right(heading: str, keys: dict) -> None:
    assert set(documented(heading)) == set(keys)
    for key, (*_, example) in documented(heading).items():
        table = tomllib.loads(example.strip("`").replace("\\|", "|"))
        keys[key](table[key])


def test_the_first_file_of_the_documentation_works(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    first = page.partition("```toml\n")[2].partition("```")[0]
    assert len(first.splitlines()) <= 10
    (tmp_path / "dawn.toml").write_text(first, encoding="utf-8")
    assert load_site(tmp_path / "dawn.toml").lists
