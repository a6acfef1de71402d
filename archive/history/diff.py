"""How two states of an article differ: by paragraphs and words, with the kinds and size of the change. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from archive.text import fold
from archive.words import characters, figures, without_figures, words

# The kinds of a change, the weightiest first.
KINDS = ("headline", "figures", "correction", "added", "removed", "wording", "moved")

_CORRECTION = re.compile(r"更正|勘误|勘誤|订正|訂正|编者按|編者按|更新说明|更新說明|correction", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A run of text that is the `same` in both states, or was `removed` from the first or `added` by the second."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a diff; `kind` is `changed` where it has words of both states."""

    kind: Literal["same", "removed", "added", "changed"]
    spans: tuple[Span, ...]


def diff(old: str, new: str) -> tuple[Paragraph, ...]:
    """The paragraphs (lines) of both texts in reading order, each with its runs of same, removed and added words."""
    before, after = old.split("\n") if old else [], new.split("\n") if new else []
    matcher = SequenceMatcher(a=[fold(p) for p in before], b=[fold(p) for p in after], autojunk=False)
    found: list[Paragraph] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            found += [Paragraph("same", (Span("same", text),)) for text in after[b1:b2]]
        else:
            found += _replaced(before[a1:a2], after[b1:b2])
    return tuple(found)


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Paragraph]:
    """Paragraphs that took the place of others: like ones are paired in order, the rest removed or added."""
    rest = list(after)
    for text in before:
        match = next((i for i, other in enumerate(rest) if _alike(text, other)), None)
        if match is None:
            yield Paragraph("removed", (Span("removed", text),))
            continue
        for other in rest[:match]:
            yield Paragraph("added", (Span("added", other),))
        yield Paragraph("changed", tuple(word_spans(text, rest[match])))
        del rest[: match + 1]
    for other in rest:
        yield Paragraph("added", (Span("added", other),))


def _alike(a: str, b: str) -> bool:
    matcher = SequenceMatcher(a=a, b=b, autojunk=False)
    return matcher.quick_ratio() > 0.5 and matcher.ratio() > 0.5


def word_spans(old: str, new: str) -> Iterator[Span]:
    """Runs of same, removed and added words of two lines; figures are whole words."""
    before, after = words(old), words(new)
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            yield Span("same", "".join(after[b1:b2]))
            continue
        if a2 > a1:
            yield Span("removed", "".join(before[a1:a2]))
        if b2 > b1:
            yield Span("added", "".join(after[b1:b2]))


def kinds_of_change(old_title: str, old_text: str, new_title: str, new_text: str) -> list[str]:
    """The kinds of one change, the weightiest first, as in KINDS. A paragraph that stands elsewhere was `moved`."""
    paragraphs = diff(old_text, new_text)
    changed = [p for p in paragraphs if p.kind == "changed"]
    added, removed, moved = _added_and_removed(paragraphs)
    notes = [*added, *(span.text for p in changed for span in p.spans if span.kind == "added")]
    kinds = {
        "headline": fold(old_title) != fold(new_title),
        "figures": _figures_differ(old_title, new_title) or any(_figures_changed(p) for p in changed),
        "correction": any(map(_CORRECTION.search, notes)),
        "added": bool(added),
        "removed": bool(removed),
        "wording": any(not _only_figures(p) for p in changed),
        "moved": bool(moved),
    }
    return [kind for kind, found in kinds.items() if found]


def _added_and_removed(paragraphs: Sequence[Paragraph]) -> tuple[list[str], list[str], list[str]]:
    """The paragraphs that were added, that were removed, and that were only moved: removed here and added there."""
    added, removed = ([p.spans[0].text for p in paragraphs if p.kind == kind] for kind in ("added", "removed"))
    moved = Counter(map(fold, added)) & Counter(map(fold, removed))
    return _without(moved, added), _without(moved, removed), list(moved.elements())


def _without(some: Counter[str], texts: Sequence[str]) -> list[str]:
    """`texts` without `some` of them (folded), each as often as it is there."""
    left, rest = Counter(some), []
    for text in texts:
        if left[fold(text)]:
            left[fold(text)] -= 1
        else:
            rest.append(text)
    return rest


def _figures_differ(old: str, new: str) -> bool:
    return figures(fold(old)) != figures(fold(new))


def _side(paragraph: Paragraph, other: str) -> str:
    return "".join(span.text for span in paragraph.spans if span.kind != other)


def _figures_changed(paragraph: Paragraph) -> bool:
    return _figures_differ(_side(paragraph, "added"), _side(paragraph, "removed"))


def _only_figures(paragraph: Paragraph) -> bool:
    edits = [span.text for span in paragraph.spans if span.kind != "same"]
    return all(not without_figures(text).strip() for text in edits)


def is_reworded(old: str, new: str) -> bool:
    """Whether words or figures of a line stand in place of others: neither line is the other with parts left out.

    Only lines that are the same for the most part tell: a summary of an article is no rewording of it.
    """
    return any(_replaces(p) for p in diff(old, new) if p.kind == "changed")


_MOSTLY = 0.75


def _replaces(paragraph: Paragraph) -> bool:
    before, after = (characters(fold(_side(paragraph, other))) for other in ("added", "removed"))
    if _holds(before, after) or _holds(after, before):
        return False
    return SequenceMatcher(a=before, b=after, autojunk=False).ratio() >= _MOSTLY


def _holds(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Whether `part` is `whole` with some left out."""
    rest = iter(whole)
    return all(one in rest for one in part)


def size_of_change(old_title: str, old_text: str, new_title: str, new_text: str) -> int:
    """How many characters were removed and added, headline included, white space left out; moved ones count once."""
    paragraphs = diff(old_text, new_text)
    changed = (span for p in paragraphs if p.kind == "changed" for span in p.spans)
    spans = [span.text for span in (*word_spans(old_title, new_title), *changed) if span.kind != "same"]
    return sum(len(fold(text)) for texts in (spans, *_added_and_removed(paragraphs)) for text in texts)


def diff_as_data(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, object]:
    """Two states, each with `title` and `text`, compared: `kinds`, spans of the `title`, and `paragraphs`."""
    paragraphs = diff(old["text"], new["text"])
    return {
        "kinds": kinds_of_change(old["title"], old["text"], new["title"], new["text"]),
        "title": [span.__dict__ for span in word_spans(old["title"], new["title"])],
        "paragraphs": [{"kind": p.kind, "spans": [span.__dict__ for span in p.spans]} for p in paragraphs],
    }
