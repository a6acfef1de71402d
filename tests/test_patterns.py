"""No page makes a pattern take long: each reads a string about once, whatever the string."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crawler.reading.hidden import hides
from crawler.reading.inline import inline_article
from crawler.reading.page import parse
from tests.conftest import HARD_LIMIT

# What these are given is bounded, or they begin at one place only. A new pattern that the sweep finds slow, and that is
# not used so, wants possessive repeats (`++`), a bound, or a place to begin at (`(?<!\w)`).
GIVEN = {
    "our own templates": ("archive.browse.guard._INLINE",),
    "lines of 120 characters at most": ("reading.aside._STAMPED", "reading.lines._CREDIT", "reading.lines._END_PARTS"),
    "lines whose blanks are run together": (
        "reading.credits._SOURCE_TITLE",
        "reading.headline._SEAM",
        "reading.lines._TRAILING_EDITOR",
        "reading.sources._LABELS",
        "trial.proposal._SEAM",
    ),
    "the one place where they must match": (
        "addresses._NUMERIC_END",
        "addresses._PRIVATE_NAME",
        "discover.shapes._HEX",
        "reading.credits._AFTER_CLOSING",
        "reading.credits._NAMES_AND_PLACE",
        "reading.hidden._NAME",
        "reading.links._BACK",
        "reading.links._FURTHER",
        "reading.links._NEXT",
        "reading.names.NAME",
        "reading.names._WORD",
        "site.model._HOST",
    ),
}


def test_no_pattern_reads_a_string_again_and_again() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.patterns"], capture_output=True, text=True, timeout=HARD_LIMIT)
    assert done.returncode == 0, done.stderr
    found = {line.partition("[")[0].removeprefix("crawler."): line for line in done.stdout.splitlines()}
    assert [
        line for name, line in found.items() if name not in {one for names in GIVEN.values() for one in names}
    ] == []


SENTENCE = "医保报销比例提高到百分之九十六，参保人员可享受门诊待遇。"
LONG = 1_000_000
REPEATED = ("\n", " ", '{"a":"', "content", '"', "a:", "{{", "= ", "\\", "<")


@pytest.mark.parametrize("piece", REPEATED)
def test_data_in_a_script_is_looked_at_once(piece: str) -> None:
    script = SENTENCE + piece * (LONG // len(piece))
    page = f'<script type="application/ld+json">{script}</script><script>var page = {script}</script>'
    tree = parse(f"<html><body>{page}</body></html>")
    assert tree is not None
    assert inline_article(tree) is None


def test_strings_of_an_object_that_is_no_json_are_read_as_before() -> None:
    text = SENTENCE * 3
    page = (
        f'<script>var page = {{id: 1, \'articleContent\' : "<p>{text}</p>", contentId: "x", other: "{text}"}}</script>'
    )
    found = inline_article(parse(f"<html><body>{page}</body></html>"))
    assert found is not None
    assert found.paragraphs == (text,)


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("height:0;overflow:hidden", True),
        ("overflow: hidden; color: red; max-width: 1px", True),
        ("height:0", False),
        ("overflow:hidden;height:100px", False),
        ("height:0;" * 100_000 + "opacity:1", False),
        ("/* none */" + "overflow:hidden;" * 100_000, False),
    ],
)
def test_a_style_is_looked_at_once(style: str, hidden: bool) -> None:
    assert hides(style) is hidden
