"""What makes a version, what a capture means for an article, and how two texts differ. All pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from archive.history.diff import is_reworded, kinds_of_change, size_of_change
from archive.models import Event, Reading
from archive.text import fold

# What an article's page says about itself beside headline and text: a change of these is an event, not a version.
DETAILS = ("source", "source_title", "author", "editor", "published_at")
ABOUT = (*DETAILS, "language")
TEXTS = ("title", "text", "title_original", "text_original")


@lru_cache(maxsize=8)
def fingerprint(title: str, text: str) -> str:
    """The identity of a version: SHA-256 over simplified, folded headline and text, in hexadecimal.

    The last ones are kept, since recording one fetch asks for the same one three times.
    """
    return hashlib.sha256(f"{fold(title)}\n{fold(text)}".encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """What the archive knows of the article that a capture shows.

    `current` is the current version's reading, by today's reader where its page could be read again; `versions` maps
    every fingerprint to its version's number. `suspected_at` is set while the page has answered that it is gone and no
    later run has confirmed it; `elsewhere` says that another address of the article showed it when it was last asked.
    """

    status: str
    current: Reading
    current_fingerprint: str
    versions: Mapping[str, int]
    suspected_at: datetime | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class Decision:
    """What to record: `kind` is the capture's outcome, `reason` why where it is no article's ordinary fetch.

    `rereads` says that the reading is one more of the current version.
    """

    kind: str
    fingerprint: str | None = None
    events: tuple[Event, ...] = ()
    reason: str = ""
    rereads: bool = False


# What a fetch that shows no article counts as, by its verdict.
_COUNTED = {"challenged": "challenged", "failed": "failed", "error": "failed", "undecodable": "failed"}


def decide(known: Known | None, reading: Reading) -> Decision:
    """What `reading` means for an article that is `known`, or that is seen for the first time.

    `kind` is `new`, `changed`, `unchanged`, `suspected`, `challenged`, `failed` or `skipped`.
    """
    if reading.verdict == "article":
        return _decide_new(reading) if known is None else _decide_seen(known, reading)
    if reading.verdict == "gone" and known is not None:
        return _decide_gone(known, reading)
    kind = _COUNTED.get(reading.verdict, "skipped")
    return Decision(kind, reason=reading.reason or reading.verdict)


def _decide_new(reading: Reading) -> Decision:
    return Decision("new", fingerprint(reading.title, reading.text), (Event("new", {"version": 1}),))


def _decide_seen(known: Known, reading: Reading) -> Decision:
    mark = fingerprint(reading.title, reading.text)
    back = return_events(known.status, known.suspected_at)
    if known.current.reader != reading.reader and not _proves_change(known, reading, mark):
        return Decision("unchanged", mark, back + _reread_events(known, reading, mark), rereads=True)
    events = back + _change_events(known, reading, mark) + _events_of_details(known, reading)
    return Decision("unchanged" if mark == known.current_fingerprint else "changed", mark, events)


def _proves_change(known: Known, reading: Reading, mark: str) -> bool:
    """Whether the page must have changed, where it can only be compared with what another reader read of it before."""
    if mark == known.current_fingerprint:
        return False
    return mark in known.versions or is_reworded_page(known.current, reading)


def is_reworded_page(before: Reading, after: Reading) -> bool:
    """Whether the page must have changed between two readings by different readers.

    A reader takes lines in or leaves them out, whole or in part, or takes other lines; it never puts a word or figure
    of a line in place of another. Both are compared as published: a reader may simplify in another way too.
    """
    pairs = ((before.title_original, after.title_original), (before.text_original, after.text_original))
    return any(is_reworded(old, new) for old, new in pairs)


def _reread_events(known: Known, reading: Reading, mark: str) -> tuple[Event, ...]:
    """What another reader reads differently of a page that may have changed as well, in figures; nothing if nothing."""
    detail: dict[str, object] = {"version": known.versions[known.current_fingerprint], "reader": reading.reader}
    if mark != known.current_fingerprint:
        detail |= _difference(known.current, reading)
    if details := _details_of(known, reading):
        detail["details"] = details
    return (Event("reread", {**detail, "lost": True}),) if len(detail) > 2 else ()


def _details_of(known: Known, reading: Reading) -> list[str]:
    return [name for event in detail_events(known.current, reading) for name in event.detail]


def _events_of_details(known: Known, reading: Reading) -> tuple[Event, ...]:
    """What changed beside headline and text; nothing of it is known where another reader read the version before."""
    return detail_events(known.current, reading) if known.current.reader == reading.reader else ()


def return_events(status: str, suspected_at: datetime | None) -> tuple[Event, ...]:
    """What it means that an article shows itself: nothing, or that it is back."""
    if status == "withdrawn":
        return (Event("restored", {"from": "withdrawn"}),)
    return (Event("restored", {"from": "suspected"}),) if suspected_at else ()


def _change_events(known: Known, reading: Reading, mark: str) -> tuple[Event, ...]:
    if mark == known.current_fingerprint:
        return ()
    detail = {
        "from": known.versions[known.current_fingerprint],
        "version": known.versions.get(mark, max(known.versions.values()) + 1),
        **_difference(known.current, reading),
        "returned": mark in known.versions,
    }
    lost = {} if known.current.reader == reading.reader else {"lost": True}
    return (Event("changed", {**detail, **lost}),)


def _difference(before: Reading, after: Reading) -> dict[str, object]:
    texts = (before.title, before.text, after.title, after.text)
    return {"kinds": kinds_of_change(*texts), "size": size_of_change(*texts)}


def first_details(before: Reading, after: Reading) -> Reading:
    """`after` with the facts that it lost, or that are relative to the time of the fetch, as they were read before.

    A publication time that a page gives relatively (3小时前) moves with every fetch: the first sight's stands. A detail
    that the page no longer names keeps its last value.
    """
    kept = {name: getattr(before, name) for name in ABOUT if not getattr(after, name) and getattr(before, name)}
    if "relative_time" in after.flags and before.published_at:
        kept["published_at"] = before.published_at
    return replace(after, **kept)


def is_same_story(one: Reading, other: Reading) -> bool:
    """Whether two pages show one article: the same headline, or half of the shorter text in the same paragraphs."""
    if fold(one.title) == fold(other.title):
        return True
    texts = [{fold(paragraph) for paragraph in reading.text.split("\n")} for reading in (one, other)]
    shorter = min(sum(map(len, paragraphs)) for paragraphs in texts)
    return 2 * sum(map(len, texts[0] & texts[1])) >= shorter > 0


def detail_events(before: Reading, after: Reading) -> tuple[Event, ...]:
    """One `details` event naming what changed beside headline and text, old and new; none where nothing did."""
    changes = {
        name: {"old": old, "new": new}
        for name in DETAILS
        if (old := getattr(before, name)) != (new := getattr(after, name)) and new and fold(old or "") != fold(new)
    }
    return (Event("details", changes),) if changes else ()


def _decide_gone(known: Known, reading: Reading) -> Decision:
    if known.status == "withdrawn":
        return Decision("unchanged", reason="still withdrawn")
    if known.elsewhere:
        return Decision("skipped", reason=GONE_HERE)
    events = () if known.suspected_at else (Event("suspected", {"reason": reading.reason}),)
    return Decision("suspected", events=events, reason=GONE)


GONE, GONE_HERE = "gone, to be confirmed", "gone here, shown at another address"
