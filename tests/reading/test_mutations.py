"""Real-looking pages, damaged at random: always a verdict, never an exception, and the same answer each time."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reading.pages import read_page

PAGES = sorted(path.read_bytes() for path in (Path(__file__).parent / "saved").glob("*.html"))
PIECES = (b"<div>", b"</div>", b"<table><tr><td>", b"</body></html>", b"<!--", b"<script>", b"\x00", b"\xff\xfe", b"<p")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A saved page with some spans cut out, doubled or broken by a stray piece of markup."""
    page = draw(st.sampled_from(PAGES))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(page)))
        size = draw(st.sampled_from((1, 7, 300, 3_000)))
        kind = draw(st.sampled_from(("cut", "double", "insert", "truncate")))
        if kind == "truncate":
            page = page[:at]
        elif kind == "insert":
            page = page[:at] + draw(st.sampled_from(PIECES)) + page[at:]
        elif kind == "double":
            page = page[: at + size] + page[at:]
        else:
            page = page[:at] + page[at + size :]
    return page


@settings(max_examples=250, deadline=None)
@given(damaged())
def test_a_damaged_page_gets_a_verdict_and_the_same_one_again(page: bytes) -> None:
    reading = read_page(page)
    assert (reading.verdict == "article") == bool(reading.text)
    assert "\n\n" not in reading.text
    assert read_page(page) == reading
