"""Generated fetches for `benchmarks.load`, and two ways to record them: as a crawl does, and many at a time.

An ordinary article has 1,200 characters on a page of 55 KB. What fills an archive between two sizes is shorter, so that
a million of them can be recorded within hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby

from archive.evidence import chain
from archive.health import Expect, ListRun, PagesRun
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, SiteRow, captures, journal, recording, runs
from archive.store.connection import transaction
from archive.store.pages import Visit
from archive.store.recording import Fetch
from archive.store.runs import Ending
from benchmarks.corpus import LENGTH, article
from benchmarks.pages import page

START = datetime(2026, 1, 1, tzinfo=UTC)
SITES = 40
SOURCES = 300
CHANGED = 50  # one article in so many
IN_A_RUN = 25  # articles
SHORT = 100  # characters of an article that fills
AT_ONCE = 80  # runs that are written in one transaction to fill
EXPECT = Expect(text=0, title=0, date=0, script=0)
_kept_page = cache(page)


def site(number: int) -> SiteRow:
    """The site with this number."""
    home = f"https://site{number}.example/"
    return SiteRow(f"site{number}", f"站点{number}", "", home, "CN", "Hans", True, "", "0 6 * * *")


def site_of(number: int) -> int:
    """The site of an article: those of one run are of one site."""
    return number // IN_A_RUN % SITES


def moment(number: int) -> datetime:
    """When an article is fetched first: a million within a year."""
    return START + timedelta(minutes=number / 2)


def fetches(first: int, last: int, length: int = LENGTH) -> Iterator[Fetch]:
    """The fetches of the articles from `first` to `last`; one in `CHANGED` is fetched again with another figure."""
    for number in range(first, last + 1):
        for version in (1, 2) if number % CHANGED == 0 else (1,):
            yield _fetch(number, version, length)


def _fetch(number: int, version: int, length: int) -> Fetch:
    made, of = article(number, length), site_of(number)
    url = f"https://site{of}.example/{number}.html"
    text = made.text if version == 1 else f"{made.text}\n更正：就诊率为{number % 90 + 5}.6%。"
    reading = Reading(
        "article",
        "bench",
        title=made.title,
        text=text,
        title_original=made.title,
        text_original=text,
        source=f"来源{number % SOURCES}",
        published_at=made.published,
        language="Hans",
        canonical_url=url,
    )
    html = f"<html><title>{made.title}</title>{text}</html>".encode()
    if length == LENGTH:
        html = _kept_page(number % 600, version) + b"<!-- %d -->" % number
    now = moment(number) + timedelta(minutes=version - 1)
    return Fetch(f"site{of}", None, Capture(new_capture_id(now), url, url, now, 200, payload=html), reading)


def by_run(fetched: Iterable[Fetch]) -> Iterator[tuple[SiteRow, list[Fetch]]]:
    """Fetches in the runs of their sites."""
    for name, of in groupby(fetched, key=lambda fetch: fetch.site):
        yield site(int(name.removeprefix("site"))), list(of)


def ending(found: list[Fetch]) -> Ending:
    """The ending of a run in which everything went well."""
    many = len(found)
    pages = PagesRun(many, 0, many, many, many, many, many, LENGTH)
    counts = {"discovered": many, "fetched": many, "new": many}
    return Ending("complete", "", counts, {}, (ListRun("/", many, many),), pages)


def tomorrow(visit: Visit) -> datetime:
    """When an address is due again."""
    return visit.now + timedelta(days=1)


def fill(archive: Archive, fetched: Iterable[Fetch]) -> None:
    """Record fetches by the functions that record in a crawl, `AT_ONCE` runs in a transaction, without waiting for the
    disk. Their articles must be new, but for the second versions."""
    with _careless(archive):
        batch: list[tuple[SiteRow, list[Fetch]]] = []
        for run in by_run(fetched):
            batch.append(run)
            if len(batch) == AT_ONCE:
                _write(archive, batch)
                batch = []
        _write(archive, batch)


def _write(archive: Archive, batch: list[tuple[SiteRow, list[Fetch]]]) -> None:
    with transaction(archive.evidence):
        with transaction(archive.db):
            ended = [(of.id, _run(archive, of, found)) for of, found in batch]
        journal.follow(archive.db, archive.evidence)
        for of_id, run_id in ended:
            journal.note_site(archive.db, archive.evidence, of_id, [run_id])


def _run(archive: Archive, of: SiteRow, found: list[Fetch]) -> int:
    now = found[0].capture.fetched_at
    runs.note_site(archive.db, of, now)
    run_id = runs.start(archive.db, of.id, now)
    for fetch in found:
        captures.keep(archive.evidence, fetch.capture)
        recording.record(archive.db, replace(fetch, run_id=run_id), tomorrow)
        chain.link(archive.db, "response", fetch.capture.id, of=archive.evidence)
    runs.finish(archive.db, run_id, now, ending(found), timedelta(hours=20), EXPECT)
    return run_id


@contextmanager
def _careless(archive: Archive) -> Iterator[None]:
    """Leave it to the system when what is written goes to the disk."""
    both = (archive.db, archive.evidence)
    before = [db.execute("PRAGMA synchronous").fetchone()[0] for db in both]
    try:
        for db in both:
            db.execute("PRAGMA synchronous = OFF")
        yield
    finally:
        for db, usual in zip(both, before, strict=True):
            db.execute(f"PRAGMA synchronous = {usual}")
