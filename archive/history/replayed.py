"""What of an article's history is to be written, where its captures were read again. Pure.

What the archive has of the history that is told now stays; the difference is what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archive.history.compare import fingerprint
from archive.history.diff import size_of_change
from archive.history.replaying import Happened, History, State, Teller, Version, tell, words_of
from archive.models import Reading

# The events that follow from readings. Suspicions and withdrawals are verdicts of their day, and are only taken back.
DERIVED = ("new", "changed", "details", "restored")


@dataclass(frozen=True)
class Replayed:
    """An article's history as it should be.

    `states` are its versions, number 1 first; `shows` maps captures to the place of the state that they show, where
    the archive says something else; `superseded` maps ids of versions to the place of the state that replaces them.
    `added` and `replaced` are events, the latter by id. `current` and `reading` are what the article shows last.
    """

    states: tuple[State, ...]
    shows: Mapping[str, int | None]
    superseded: Mapping[int, int]
    added: tuple[Happened, ...]
    replaced: tuple[int, ...]
    current: int
    reading: Reading
    status: str
    changed_at: datetime


def replay(history: History) -> Replayed | None:
    """The history that today's readings tell; None where none of them shows an article."""
    teller = tell(history)
    return _compared(history, teller) if teller.known else None


def _compared(history: History, teller: Teller) -> Replayed:
    """What was told against what the archive has."""
    marks = list(teller.states)
    rows = _rows(history, teller)
    states = [replace(state, row=rows.get(mark)) for mark, state in teller.states.items()]
    row_of = {place: state.row for place, state in enumerate(states)}
    places = {mark: place for place, mark in enumerate(marks)}
    shows = {capture: None if mark is None else places[mark] for capture, mark in teller.shows.items()}
    superseded = {
        version.id: _replacement(history, version, states, shows)
        for version in history.versions
        if version.id not in rows.values()
    }
    said = {capture: sighting.shown for sighting in history.sightings for capture in sighting.captures}
    added, replaced = _events(history, teller)
    known = teller.known
    assert known is not None and teller.changed_at is not None
    return Replayed(
        tuple(states),
        {
            capture: place
            for capture, place in shows.items()
            if (None if place is None else row_of[place] or -1) != said[capture]
        },
        superseded,
        added,
        replaced,
        places[known.current_fingerprint],
        known.current,
        known.status,
        teller.changed_at,
    )


def _rows(history: History, teller: Teller) -> dict[str, int]:
    """The version that the archive has of each state, by fingerprint: the first whose own capture shows it."""
    found: dict[str, int] = {}
    for version in sorted(history.versions, key=lambda v: (v.superseded_by is not None, v.number)):
        words = words_of(history, version.id)
        mark = fingerprint(words.title, words.text)
        mark = teller.renewed.get(mark, mark)
        if mark in teller.states:
            found.setdefault(mark, version.id)
    return found


def _replacement(history: History, version: Version, states: Sequence[State], shows: Mapping[str, int | None]) -> int:
    """The state in place of a version that was an error: what its captures show, else what the page showed before."""
    own = (s for s in history.sightings if s.shown == version.id or version.capture_id in s.captures)
    told = (shows[sighting.captures[0]] for sighting in own)
    earlier = [place for place, state in enumerate(states) if state.first_seen < version.first_seen]
    return next((place for place in told if place is not None), earlier[-1] if earlier else 0)


def _events(history: History, teller: Teller) -> tuple[tuple[Happened, ...], tuple[int, ...]]:
    """The events to add, and the ids of those that no longer stand."""
    missing = list(teller.events)
    gone = list(teller.untrue)
    for recorded in history.events:
        if recorded.event.kind not in DERIVED:
            continue
        same = (one for one in missing if (one.at, one.event) == (recorded.at, recorded.event))
        if found := next(same, None):
            missing.remove(found)
        elif recorded.id is not None:
            gone.append(recorded.id)
    return tuple(missing), tuple(gone)


@dataclass(frozen=True)
class Effect:
    """What a replay changes of one article. `reread` are versions whose text is read differently now, by `characters`
    removed and added; `recovered` and `superseded` are versions too. `is_new` where the archive had no such article."""

    reread: int = 0
    characters: int = 0
    recovered: int = 0
    superseded: int = 0
    is_new: bool = False
    events: int = 0  # added or taken back

    def __bool__(self) -> bool:
        return self != Effect()


def effect(history: History, replayed: Replayed) -> Effect:
    """What `replayed` changes of `history`."""
    before = {version.id: version for version in history.versions}
    sizes = [
        size_of_change(old.title, old.text, state.reading.title, state.reading.text)
        for state in replayed.states
        if state.row is not None and (old := before[state.row].reading)
    ]
    return Effect(
        sum(size > 0 for size in sizes),
        sum(sizes),
        sum(state.row is None for state in replayed.states),
        sum(before[row].superseded_by is None for row in replayed.superseded),
        not history.versions,
        len(replayed.added) + len(replayed.replaced),
    )
