"""What makes a version, what a capture means for an article, and how two texts differ. All pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from archive.history.diff import kinds_of_change, size_of_change
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

    `current` is the current version's reading by today's reader; `versions` maps every fingerprint to its version's
    number. `suspected_at` is set while the page has answered that it is gone and no later run has confirmed it;
    `elsewhere` says that another address of the article showed it when it was last asked.
    """

    status: str
    current: Reading
    current_fingerprint: str
    versions: Mapping[str, int]
    suspected_at: datetime | None = None
    elsewhere: bool = False


@dataclass(frozen=True)
class Decision:
    """What to record: `kind` is the capture's outcome, `reason` why where it is no article's ordinary fetch."""

    kind: str
    fingerprint: str | None = None
    events: tuple[Event, ...] = ()
    reason: str = ""


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
    events = back + _change_events(known, reading, mark) + detail_events(known.current, reading)
    return Decision("unchanged" if mark == known.current_fingerprint else "changed", mark, events)


def return_events(status: str, suspected_at: datetime | None) -> tuple[Event, ...]:
    """What it means that an article shows itself: nothing, or that it is back."""
    if status == "withdrawn":
        return (Event("restored", {"from": "withdrawn"}),)
    return (Event("restored", {"from": "suspected"}),) if suspected_at else ()


def _change_events(known: Known, reading: Reading, mark: str) -> tuple[Event, ...]:
    if mark == known.current_fingerprint:
        return ()
    before, after = known.current, reading
    detail = {
        "from": known.versions[known.current_fingerprint],
        "version": known.versions.get(mark, max(known.versions.values()) + 1),
        "kinds": kinds_of_change(before.title, before.text, after.title, after.text),
        "size": size_of_change(before.title, before.text, after.title, after.text),
        "returned": mark in known.versions,
    }
    return (Event("changed", detail),)


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
