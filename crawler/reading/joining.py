"""The pages of one article as one reading. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from archive.models import Reading
from archive.text import fold

MOST_PAGES = 20


def joined(readings: Sequence[Reading]) -> Reading:
    """The pages of one article as one reading: texts in order, what a page repeats left out, facts from the first
    that has them."""
    first, *others = readings
    if not others:
        return first
    originals = [reading.text_original.split("\n") for reading in readings]
    simplified = [reading.text.split("\n") for reading in readings]
    kept = _without_repetitions(originals)
    facts = ("source", "source_title", "author", "editor", "published_at")
    return replace(
        first,
        text="\n".join(simplified[page][line] for page, line in kept),
        text_original="\n".join(originals[page][line] for page, line in kept),
        flags=tuple(dict.fromkeys(flag for reading in readings for flag in reading.flags)),
        attachments=tuple(dict.fromkeys(one for reading in readings for one in reading.attachments)),
        **{
            name: next((v for reading in readings if (v := getattr(reading, name))), getattr(first, name))
            for name in facts
        },
    )


def _without_repetitions(pages: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """The lines to keep, as pairs of page and line: a later page may begin with the lead or the last lines again."""
    kept = [(0, line) for line in range(len(pages[0]))]
    seen = {fold(line) for line in pages[0]}
    for number, lines in enumerate(pages[1:], 1):
        start = next((i for i, line in enumerate(lines) if fold(line) not in seen), len(lines))
        kept += [(number, line) for line in range(start, len(lines))]
        seen.update(map(fold, lines))
    return kept
