"""A change of an article in a line or two: its figures, old and new, and the words around what differs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.history.diff import Paragraph, Span, diff, word_spans
from archive.words import figures


def what_changed(old: Mapping[str, Any], new: Mapping[str, Any], kinds: Iterable[str]) -> dict[str, Any]:
    """The `figures` that differ between two versions, and an `excerpt` of all that does; `kinds` are the change's."""
    headline = Paragraph("changed", tuple(word_spans(old["title"], new["title"])))
    paragraphs = [*([headline] if old["title"] != new["title"] else []), *diff(old["text"], new["text"])]
    return {"figures": changed_figures(paragraphs) if "figures" in kinds else [], "excerpt": excerpt(paragraphs)}


@dataclass(frozen=True)
class Change:
    """A figure that was changed: as it was and as it is; one of them may be empty."""

    old: str
    new: str


def changed_figures(paragraphs: Iterable[Paragraph]) -> list[Change]:
    """The figures that differ, in reading order, each once; `paragraphs` are those of a diff, headline first."""
    found = [change for paragraph in paragraphs for change in _changed(paragraph.spans)]
    return list(dict.fromkeys(found))


def _changed(spans: Sequence[Span]) -> Iterator[Change]:
    """Figures in a removed run are paired with those in the run that took its place."""
    for removed, added in _replacements(spans):
        before, after = figures(removed), figures(added)
        for n in range(max(len(before), len(after))):
            old, new = (side[n] if n < len(side) else "" for side in (before, after))
            if old != new:
                yield Change(old, new)


def _replacements(spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    removed = ""
    for span in spans:
        if span.kind == "removed":
            removed += span.text
        elif span.kind == "added" and removed:
            yield removed, span.text
            removed = ""
        else:
            removed = ""


def excerpt(paragraphs: Iterable[Paragraph], around: int = 14, most: int = 3) -> list[tuple[Span, ...]]:
    """The first paragraphs that differ, with little of what is the same, to show a change in a line or two."""
    differing = [paragraph for paragraph in paragraphs if paragraph.kind != "same"][:most]
    return [tuple(_shortened(paragraph.spans, around)) for paragraph in differing]


def _shortened(spans: Sequence[Span], around: int) -> Iterator[Span]:
    last = len(spans) - 1
    for n, span in enumerate(spans):
        text = span.text
        if span.kind == "same" and len(text) > 2 * around:
            head = text[:around] if n > 0 else ""
            tail = text[-around:] if n < last else ""
            text = f"{head}…{tail}"
        elif len(text) > 6 * around:
            text = f"{text[: 6 * around]}…"
        yield Span(span.kind, text)
