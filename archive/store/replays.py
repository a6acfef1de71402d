"""Replay: an article's history written down as `archive.history.replayed` tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from archive.clock import stamp
from archive.evidence import chain
from archive.history.compare import TEXTS
from archive.history.replayed import Effect, Replayed, effect, replay
from archive.history.replaying import History, Sighting, State, Version
from archive.models import Event, Reading
from archive.store import articles, events, identity, index, pages, replaying
from archive.store.archive import Archive
from archive.store.connection import plain_errors, transaction
from archive.store.replaying import Fetched, Unit


class Replays:
    """An archive's door for replay."""

    def __init__(self, archive: Archive) -> None:
        self._path, self._db = archive.path, archive.db

    def sites(self) -> list[str]:
        """The sites that addresses were fetched for, by id."""
        with plain_errors(self._path):
            return replaying.sites(self._db)

    def units(self, site: str, reader: str) -> list[Unit]:
        """The articles of a site, and its addresses without one, whose captures `reader` has not read."""
        with plain_errors(self._path):
            return replaying.units(self._db, site, reader)

    def fetches(self, unit: Unit) -> list[Fetched]:
        """Every fetch of a unit's addresses, oldest first."""
        with plain_errors(self._path):
            return replaying.fetches(self._db, unit)

    def article_of(self, url: str, reading: Reading) -> int | None:
        """The id of the article that a page at this address is, where the archive has it."""
        with plain_errors(self._path):
            return identity.of_page(self._db, url, url, reading).article_id

    def foresee(self, unit: Unit, sightings: Sequence[Sighting]) -> Effect | None:
        """What replaying a unit would change; None where no article is seen in it."""
        with plain_errors(self._path):
            before = replaying.history(self._db, unit, sightings)
            after = replay(before)
        return effect(before, after) if after else None

    def carry_out(
        self, unit: Unit, sightings: Sequence[Sighting], reader: str, now: datetime, *, whole: bool
    ) -> Effect | None:
        """Replay a unit in one transaction, and tell what it changed; `whole` where nothing is left to try again."""
        with plain_errors(self._path), transaction(self._db):
            return _carry_out(self._db, unit, sightings, reader, now, whole=whole)


def _carry_out(
    db: Database, unit: Unit, sightings: Sequence[Sighting], reader: str, now: datetime, *, whole: bool
) -> Effect | None:
    """Replay a unit, and tell what it changed; `whole` where `reader` has read all that can be read of it."""
    before = replaying.history(db, unit, sightings)
    after = replay(before)
    article_id = _write(db, unit, before, after, reader, now) if after else None
    _mark_pages(db, unit, article_id, sightings, reader, now)
    if whole:
        db.conn.execute(
            "UPDATE pages SET replayed = ? WHERE url = ? OR article_id = ?", (reader, unit.url, unit.article_id)
        )
    return effect(before, after) if after else None


def _write(db: Database, unit: Unit, before: History, after: Replayed, reader: str, now: datetime) -> int:
    """Write an article's history down as it was told. Returns the article's id."""
    article_id = unit.article_id
    if article_id is None:
        first = after.states[0]
        url = first.reading.canonical_url or unit.url
        article_id = articles.insert(db, unit.site, url, first.reading, first.first_seen)
    old = {version.id: version for version in before.versions}
    ids = _write_states(db, article_id, old, after.states, now)
    _supersede(db, {row: ids[place] for row, place in after.superseded.items()})
    for capture_id, place in after.shows.items():
        chain.show_other(db, capture_id, None if place is None else ids[place])
    articles.show_version(db, article_id, ids[after.current], after.reading, now)
    index.settle_versions(db, article_id)
    _write_events(db, article_id, before, after, reader, now)
    _write_article(db, article_id, after)
    if articles.find(db, unit.url) is None:
        db.conn.execute("INSERT INTO aliases VALUES (?, ?)", (unit.url, article_id))
    return article_id


def _write_states(
    db: Database, article_id: int, old: Mapping[int, Version], states: tuple[State, ...], now: datetime
) -> list[int]:
    """The ids of the versions, in the order of their numbers, each as it should be."""
    ids = [_version(db, article_id, state, old.get(state.row or 0), now) for state in states]
    numbers = {row: number for number, row in enumerate(ids, 1)}
    if any(old[row].number != number for row, number in numbers.items() if row in old) or old.keys() - numbers.keys():
        db.conn.execute("UPDATE version_rows SET number = -id WHERE article_id = ?", (article_id,))
    for (row, number), state in zip(numbers.items(), states, strict=True):
        db.conn.execute(
            "UPDATE version_rows SET number = ?, first_seen_at = ?, last_seen_at = ?, superseded_by = NULL"
            " WHERE id = ?",
            (number, stamp(state.first_seen), stamp(state.last_seen), row),
        )
    return ids


def _version(db: Database, article_id: int, state: State, known: Version | None, now: datetime) -> int:
    """A version's id: a new one for what is recovered; one that is there gets today's reading."""
    if known is None:
        return articles.add_version(db, article_id, state.reading, state.captures, now)
    if state.reading.reader != known.reading.reader or _texts(state.reading) != _texts(known.reading):
        articles.add_reading(db, known.id, state.reading, state.captures[0], now)
    return known.id


def _texts(reading: Reading) -> list[str]:
    return [getattr(reading, name) for name in TEXTS]


def _supersede(db: Database, replacements: Mapping[int, int]) -> None:
    db.conn.executemany(
        "UPDATE version_rows SET superseded_by = ?, number = -id WHERE id = ?",
        [(by, row) for row, by in replacements.items()],
    )


def _write_events(db: Database, article_id: int, before: History, after: Replayed, reader: str, now: datetime) -> None:
    """The events that were missing; one that tells of the replay and replaces those that no longer stand."""
    for missing in after.added:
        events.add(db, article_id, missing.run_id, missing.at, [missing.event])
    changed = [
        number
        for number, state in enumerate(after.states, 1)
        for version in before.versions
        if version.id == state.row and _texts(state.reading) != _texts(version.reading)
    ]
    told = {
        "versions": changed,
        "recovered": [n for n, state in enumerate(after.states, 1) if state.row is None and before.versions],
        "superseded": [v.id for v in before.versions if v.superseded_by is None and v.id in after.superseded],
        "replaces": list(after.replaced),
    }
    if not any(told.values()):
        return
    event = Event("reread", {**{name: value for name, value in told.items() if value}, "reader": reader})
    events.replace(db, article_id, after.replaced, now, event)
    if any(one.id in after.replaced for one in before.events if one.event.kind == "suspected"):
        pages.clear_suspicion(db, article_id)


def _write_article(db: Database, article_id: int, after: Replayed) -> None:
    first, last = after.states[0].first_seen, max(state.last_seen for state in after.states)
    db.conn.execute(
        "UPDATE articles SET status = ?, first_seen_at = ?, last_seen_at = ?,"
        " last_checked_at = max(last_checked_at, ?), last_changed_at = ?, version_count = ? WHERE id = ?",
        (
            after.status,
            stamp(first),
            stamp(last),
            stamp(last),
            stamp(after.changed_at),
            len(after.states),
            article_id,
        ),
    )


def _mark_pages(
    db: Database, unit: Unit, article_id: int | None, sightings: Iterable[Sighting], reader: str, now: datetime
) -> None:
    """Note what the last fetch of each address is read as. An address that turns out to be an article's is due."""
    for sighting in sightings:
        if sighting.reading and (sighting.verdict != "gone" or sighting.reading.verdict == "article"):
            db.conn.execute(
                "UPDATE pages SET verdict = ?, reader = ? WHERE capture_id = ?",
                (sighting.reading.verdict, reader, sighting.captures[0]),
            )
    if article_id is not None:
        db.conn.execute(
            "UPDATE pages SET article_id = ?, due_at = min(due_at, ?) WHERE url = ? AND article_id IS NULL",
            (article_id, stamp(now), unit.url),
        )
