"""The history that stored captures tell when they are read again. Pure.

The fetches of an article are gone through as they followed each other, and decided about as if they were being recorded
(`archive.history.compare.decide`). So the history is the one that today's reader would have recorded from the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.history.compare import Known, decide, fingerprint, first_details
from archive.models import Event, Reading
from archive.text import fold


@dataclass(frozen=True)
class Sighting:
    """One fetch of an article's page, `captures` the ids of its parts: what the archive says, and today's reading.

    `verdict` is the one recorded, `shown` the version (its id) that it showed. `reading` is None where the capture
    cannot be read again: what the archive says then stands.
    """

    captures: tuple[str, ...]
    at: datetime
    run_id: int | None
    verdict: str
    shown: int | None
    reading: Reading | None


@dataclass(frozen=True)
class Version:
    """A version that the archive has, as it is read now; `capture_id` is the first that it was read from."""

    id: int
    number: int
    first_seen: datetime
    capture_id: str
    reading: Reading
    superseded_by: int | None = None


@dataclass(frozen=True)
class Happened:
    """An event that is recorded (with its `id`), or is to be."""

    at: datetime
    run_id: int | None
    event: Event
    id: int | None = None


@dataclass(frozen=True)
class History:
    """What the archive has of an article: `sightings` in their order, and the events that stand."""

    sightings: tuple[Sighting, ...]
    versions: tuple[Version, ...] = ()
    events: tuple[Happened, ...] = ()
    status: str = "live"


@dataclass(frozen=True)
class State:
    """A version as it should be: `row` is the id it has in the archive, None for one that is recovered."""

    reading: Reading
    captures: tuple[str, ...]
    first_seen: datetime
    last_seen: datetime
    row: int | None = None


@dataclass
class Teller:
    """Goes through a history. `states` are by their fingerprints, in the order of their first sighting; `shows` says
    by capture which one it showed; `untrue` are the ids of suspicions and withdrawals that no longer stand. `renewed`
    maps the fingerprints of states that were told in an older reader's words, their captures being lost, to today's."""

    history: History
    known: Known | None = None
    states: dict[str, State] = field(default_factory=dict)
    shows: dict[str, str | None] = field(default_factory=dict)
    events: list[Happened] = field(default_factory=list)
    untrue: list[int] = field(default_factory=list)
    renewed: dict[str, str] = field(default_factory=dict)
    shown: int | None = None  # the version that the last fetch to show one showed, as the archive says
    recovered: datetime | None = None  # when it was last seen by a fetch that had shown nothing
    changed_at: datetime | None = None

    def see(self, sighting: Sighting) -> None:
        """One fetch."""
        reading = self._read(sighting)
        if reading and self.known and reading.reader != self.known.current.reader:
            self._settle(sighting, reading)
        mark = None if reading is None else self._show(sighting, reading)
        self.shown = self.shown if sighting.shown is None else sighting.shown
        self.shows.update(dict.fromkeys(sighting.captures, mark))

    def _read(self, sighting: Sighting) -> Reading | None:
        """What a fetch shows of the article, None where it shows nothing."""
        reading = sighting.reading
        if reading is None:
            return self._kept(sighting)
        if reading.verdict != "article":
            return None
        if sighting.verdict == "gone" and self.known and not _have_in_common(self.known.current, reading):
            return None  # the address of a page that was taken away shows another one
        return first_details(self.known.current, reading) if self.known else reading

    def _kept(self, sighting: Sighting) -> Reading | None:
        """What the archive says of a fetch that cannot be read again, in the words that its version has today."""
        if sighting.shown is None:
            return None
        if self.known and sighting.shown == self.shown:
            return self.known.current
        words = words_of(self.history, sighting.shown)
        return replace(_worded(self.known.current, words), reader=words.reader) if self.known else words

    def _settle(self, sighting: Sighting, reading: Reading) -> None:
        """What is known is another reader's, its captures being lost: whether it is the state of this fetch is what the
        archive says, and then it has the words of this reading."""
        known, mark = self.known, fingerprint(reading.title, reading.text)
        assert known is not None
        current, before = replace(known.current, reader=reading.reader), known.current_fingerprint
        if sighting.shown is None or sighting.shown != self.shown or mark in self.states:
            self.known = replace(known, current=current)
            return
        self.renewed[before] = mark
        self.shows = {capture: mark if one == before else one for capture, one in self.shows.items()}
        state = replace(self.states[before], reading=_worded(current, reading), captures=sighting.captures)
        self.states = {mark if one == before else one: state if one == before else s for one, s in self.states.items()}
        numbers = {found: number for number, found in enumerate(self.states, 1)}
        self.known = replace(known, current=state.reading, current_fingerprint=mark, versions=numbers)

    def _show(self, sighting: Sighting, reading: Reading) -> str:
        decision = decide(self.known, reading)
        mark, at = str(decision.fingerprint), sighting.at
        if decision.kind in ("new", "changed"):
            self.changed_at = at
        first = self.states.setdefault(mark, State(reading, sighting.captures, at, at))
        self.states[mark] = replace(first, last_seen=at)
        self.events += [Happened(at, sighting.run_id, event) for event in decision.events]
        numbers = {found: number for number, found in enumerate(self.states, 1)}
        self.known = Known("live", _worded(reading, first.reading), mark, numbers)
        self.recovered = at if sighting.shown is None else self.recovered
        return mark

    def hear(self, happened: Happened) -> None:
        """A suspicion or a withdrawal stands where the article did not show itself meanwhile."""
        since = str(happened.event.detail.get("suspected_at", ""))
        began = datetime.fromisoformat(since) if since else happened.at
        if self.known is None or (self.recovered and self.recovered >= began):
            self.untrue += [happened.id] if happened.id is not None else []
        elif happened.event.kind == "withdrawn":
            self.known = replace(self.known, status="withdrawn", suspected_at=None)
        else:
            self.known = replace(self.known, suspected_at=happened.at)


def _have_in_common(before: Reading, after: Reading) -> bool:
    """Whether two texts share a paragraph."""
    return not {*map(fold, before.text.split("\n"))}.isdisjoint(map(fold, after.text.split("\n")))


def _worded(reading: Reading, words: Reading) -> Reading:
    """`reading` with the headline and text of another."""
    return replace(
        reading,
        title=words.title,
        text=words.text,
        title_original=words.title_original,
        text_original=words.text_original,
    )


def words_of(history: History, version_id: int) -> Reading:
    """A version as today's reader reads the capture that it cites, or as it was read, where that shows no article."""
    version = next(version for version in history.versions if version.id == version_id)
    cited = (s.reading for s in history.sightings if s.captures[0] == version.capture_id)
    return next((found for found in cited if found and found.verdict == "article"), version.reading)


def tell(history: History) -> Teller:
    """Go through a history. Its `known` is None where no reading shows an article."""
    teller = Teller(history)
    for moment in _in_order(history):
        if isinstance(moment, Sighting):
            teller.see(moment)
        else:
            teller.hear(moment)
    return teller


def _in_order(history: History) -> Iterator[Sighting | Happened]:
    """The fetches and the suspicions and withdrawals between them, each of these after the fetch that it is of."""
    judged = (happened for happened in history.events if happened.event.kind in ("suspected", "withdrawn"))
    moments: list[Sighting | Happened] = [*history.sightings, *judged]
    yield from sorted(moments, key=lambda moment: moment.at)
