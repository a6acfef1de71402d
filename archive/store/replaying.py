"""What replay needs of the archive: which captures of a site are to be read again, and the history they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.clock import unstamp
from archive.history.compare import ABOUT, TEXTS
from archive.history.replaying import Happened, History, Sighting, Version
from archive.models import Capture, Event, Reading
from archive.store import captures, events


@dataclass(frozen=True)
class Unit:
    """What is replayed at once: an article with all its addresses (`url` is its own), or an address without one."""

    site: str
    url: str
    article_id: int | None


@dataclass(frozen=True)
class Stored:
    """A row of `captures`: `capture` without headers and payload, the verdict recorded and the version it showed."""

    capture: Capture
    digest: str | None
    verdict: str
    shown: int | None
    run_id: int | None


Fetched = tuple[Stored, ...]  # one fetch, the captures of its further pages after that of the first


def units(db: Database, site: str, reader: str) -> list[Unit]:
    """What of a site `reader` has not read yet, in the order of first sight."""
    found = db.conn.execute(
        "SELECT DISTINCT p.article_id, CASE WHEN a.id IS NULL THEN p.url ELSE a.url END FROM pages p"
        " LEFT JOIN articles a ON a.id = p.article_id WHERE coalesce(a.site, p.site) = ? AND p.replayed IS NOT ?"
        " AND coalesce(a.status, '') <> 'redacted' ORDER BY a.id, p.url",
        (site, reader),
    )
    return [Unit(site, url, article_id) for article_id, url in found]


def sites(db: Database) -> list[str]:
    """The sites of which there are pages, by id."""
    return [row[0] for row in db.conn.execute("SELECT DISTINCT site FROM pages ORDER BY site")]


def fetches(db: Database, unit: Unit) -> list[Fetched]:
    """The fetches of a unit's addresses, in the order of their times."""
    found: list[list[Stored]] = []
    for first, one in _stored(db, unit):
        if first:
            found.append([one])
        elif found:
            found[-1].append(one)
    return sorted(map(tuple, found), key=lambda fetched: fetched[0].capture.fetched_at)


def _stored(db: Database, unit: Unit) -> Iterator[tuple[bool, Stored]]:
    """Each capture, and whether it is of a first page. Those of one fetch were written together, so they follow it."""
    found = db.conn.execute(
        "SELECT id, url, final_url, fetched_at, http_status, digest, verdict, version_id, run_id,"
        f" url IN (SELECT url FROM pages) AND url NOT IN ({captures.FURTHER}) FROM captures"
        " WHERE (article_id = :article OR url = :url OR url IN (SELECT url FROM pages WHERE article_id = :article))"
        " AND verdict <> 'attachment' ORDER BY rowid",
        {"article": unit.article_id, "url": unit.url},
    )
    for capture_id, url, final_url, fetched_at, status, *facts, first in found:
        yield bool(first), Stored(Capture(capture_id, url, final_url, unstamp(fetched_at), status), *facts)


def history(db: Database, unit: Unit, sightings: Sequence[Sighting]) -> History:
    """What the archive has of a unit, beside what its captures are read as now."""
    if unit.article_id is None:
        return History(tuple(sightings))
    status = db.conn.execute("SELECT status FROM articles WHERE id = ?", (unit.article_id,)).fetchone()[0]
    return History(tuple(sightings), _versions(db, unit.article_id), _events(db, unit.article_id), status)


def _versions(db: Database, article_id: int) -> tuple[Version, ...]:
    names = (*TEXTS, *ABOUT, "reader")
    found = db.conn.execute(
        f"SELECT v.id, v.number, v.first_seen_at, c.capture_id, v.superseded_by, {', '.join(f'v.{n}' for n in names)}"
        " FROM versions v JOIN version_captures c ON c.version_id = v.id AND c.part = 1 WHERE v.article_id = ?"
        " ORDER BY v.number",
        (article_id,),
    )
    return tuple(
        Version(
            version_id,
            number,
            unstamp(first_seen),
            capture_id,
            Reading("article", **dict(zip(names, texts, strict=True))),
            superseded,
        )
        for version_id, number, first_seen, capture_id, superseded, *texts in found
    )


def _events(db: Database, article_id: int) -> tuple[Happened, ...]:
    found = events.of_article(db, article_id)
    return tuple(Happened(unstamp(e["at"]), e["run_id"], Event(e["kind"], e["detail"]), e["id"]) for e in found)
