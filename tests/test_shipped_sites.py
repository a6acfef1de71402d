"""The sites that are shipped, and the page that explains their files: neither may drift from what is true."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from archive.health import Expect
from crawler.addresses import canonical, refusal
from crawler.site.file import EXPECT_KEYS, LIST_KEYS, READ_KEYS, SITE_KEYS, load_site
from crawler.site.folder import load_sites
from crawler.site.model import Listing, Site

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


SITES = load_sites(SHIPPED)
ENABLED = [site for site in SITES if site.enabled]


def test_forty_sites_of_all_places_are_crawled() -> None:
    places = Counter(site.jurisdiction for site in ENABLED)
    assert len(ENABLED) >= 40
    assert set(places) >= {"CN", "HK", "MO", "TW", "INT"}
    assert sum(place.startswith("CN-") for place in places) >= 5  # provinces
    assert {listing.kind for site in ENABLED for listing in site.lists} >= {"html", "feed", "json"}


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_an_example_is_claimed_by_its_own_site_only(site: Site) -> None:
    urls = map(canonical, site.examples)
    claims = {url: [other.id for other in SITES if other.objection(other.canonical(url)) is None] for url in urls}
    assert claims == {canonical(url): [site.id] for url in site.examples}


def test_each_minute_belongs_to_one_site() -> None:
    minutes = Counter(minute for site in ENABLED for minute in site.schedule.split()[0].split(","))
    assert all(minute.isdecimal() for minute in minutes)
    assert set(minutes.values()) == {1}


@pytest.mark.parametrize("site", [site for site in SITES if not site.enabled], ids=lambda site: site.id)
def test_a_disabled_site_names_those_that_carry_its_news(site: Site) -> None:
    assert {other.id for other in ENABLED} & set(re.findall(r"\w+", site.reason))


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.id)
def test_a_shipped_site_says_what_it_is_and_how_well_that_is_known(site: Site) -> None:
    assert site.name and site.name_en and site.script
    assert not site.enabled or site.expect.newest
    text = (SHIPPED / f"{site.id}.toml").read_text(encoding="utf-8")
    assert re.match(r"# Evidence \(20\d\d-\d\d, confidence [ABC]\b", text)


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
