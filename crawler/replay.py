"""Replay: stored captures are read again by today's reader, offline, in the pool of processes.

An article, with every capture of all its addresses, is replayed at once and written in one transaction; what is done is
noted with it, so that a replay that was killed goes on where it was.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from archive.commands.board import Board
from archive.errors import EvidenceLost, UsageError
from archive.history.replayed import Effect
from archive.history.replaying import Sighting
from archive.models import Capture, Reading
from archive.store import Archive
from archive.store.captures import Dropped
from archive.store.replaying import Fetched, Stored, Unit
from archive.store.replays import Replays
from crawler.crawl.adding import own_site
from crawler.crawl.readers import Readers, Unread
from crawler.interpret import interpret_stored
from crawler.reading.article import reader_id
from crawler.site.model import Site

DROPPED = "their payloads were dropped by retention"
LOST = "their payloads are missing or damaged, which `yiwen verify` names"


@dataclass(frozen=True)
class Options:
    """`limit` is the most articles and other addresses to read; with `dry` nothing is written."""

    limit: int | None = None
    dry: bool = False


@dataclass
class Account:
    """What came of the replay of one site, as it goes on.

    `unread` counts fetches that could not be read again, by reason; `changed` are articles, by address, with what
    changed of them. `again` says whether some of it should be tried again.
    """

    site: str
    units: int = 0
    fetches: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    changed: dict[str, Effect] = field(default_factory=dict)
    again: bool = False

    def total(self, name: str) -> int:
        """A figure of the effects, summed."""
        return sum(int(getattr(effect, name)) for effect in self.changed.values())


def replay(
    archive: Archive,
    sites: Mapping[str, Site],
    ids: Iterable[str],
    clock: Callable[[], datetime],
    options: Options,
) -> list[Account]:
    """Replay these sites of an archive, one after the other. The caller holds their locks."""
    readers, left = Readers(), options.limit
    accounts = []
    try:
        with Board() as board:
            for site_id in ids:
                one = _Replay(archive, sites, Account(site_id), clock, readers, board)
                asyncio.run(one.run(replace(options, limit=left)))
                accounts.append(one.account)
                left = None if left is None else left - one.account.units
    finally:
        readers.close()
    if not options.dry and not archive.missing():
        archive.follow()
    return accounts


def site_of(page_site: str, url: str, sites: Mapping[str, Site]) -> Site | None:
    """The site that a page was fetched for: a file's, or one that `yiwen add` made. None where its file is gone."""
    if page_site in sites:
        return sites[page_site]
    try:
        site = own_site(url)
    except UsageError:
        return None
    return site if site.id == page_site else None


class _Replay:
    """The replay of one site."""

    def __init__(
        self,
        archive: Archive,
        sites: Mapping[str, Site],
        account: Account,
        clock: Callable[[], datetime],
        readers: Readers,
        board: Board,
    ) -> None:
        self.account, self._archive, self._replays = account, archive, Replays(archive)
        self._sites, self._clock, self._readers, self._board = sites, clock, readers, board

    async def run(self, options: Options) -> None:
        """Several units are in hand at once, so that every worker has something to read."""
        known = self._sites.get(self.account.site)
        reader = reader_id(known.rules) if known else reader_id()
        units = list(islice(self._replays.units(self.account.site, reader), options.limit))
        waiting = iter(units)
        async with asyncio.TaskGroup() as group:
            for _ in range(2 * (os.cpu_count() or 1)):
                group.create_task(self._work(waiting, len(units), reader, options))

    async def _work(self, waiting: Iterator[Unit], total: int, reader: str, options: Options) -> None:
        for unit in waiting:
            await self._replay(unit, reader, options)
            self.account.units += 1
            self._board.advance(self.account.site, self.account.units, total)

    async def _replay(self, unit: Unit, reader: str, options: Options) -> None:
        site = site_of(unit.site, unit.url, self._sites)
        fetches = self._replays.fetches(unit)
        if site is None:
            self.account.unread[f"there is no site file {unit.site}.toml"] += len(fetches)
            return
        reading = _Readings(self._archive, site, self._readers)
        sightings = [await reading.sighting(fetched) for fetched in fetches]
        if unit.article_id is None and (joined := self._joins(unit, sightings)):
            unit = joined
            sightings = [await reading.sighting(fetched) for fetched in self._replays.fetches(unit)]
        self.account.fetches += len(sightings)
        self.account.unread += reading.unread
        self.account.again |= not reading.whole
        if options.dry:
            effect = self._replays.foresee(unit, sightings)
        else:
            effect = self._replays.carry_out(unit, sightings, reader, self._clock(), whole=reading.whole)
        if effect:
            self.account.changed[unit.url] = effect

    def _joins(self, unit: Unit, sightings: Sequence[Sighting]) -> Unit | None:
        """The unit of the article that an address without one turns out to show, where the archive has it."""
        read = (s.reading for s in sightings if s.reading and s.reading.verdict == "article")
        found = next((self._replays.article_of(unit.url, reading) for reading in read), None)
        return replace(unit, article_id=found) if found else None


class _Readings:
    """Today's readings of one unit's captures, each page read once."""

    def __init__(self, archive: Archive, site: Site, readers: Readers) -> None:
        self._archive, self._site, self._readers = archive, site, readers
        self._read: dict[tuple, Reading | str] = {}
        self.unread: Counter[str] = Counter()
        self.whole = True

    async def sighting(self, fetched: Fetched) -> Sighting:
        """What a fetch shows, without a reading where there is nothing to read, or it cannot be read."""
        first = fetched[0]
        ids = tuple(stored.capture.id for stored in fetched)
        reading: Reading | str | None = None
        if first.digest is not None:
            key = tuple((stored.digest, stored.capture.url, stored.capture.final_url) for stored in fetched)
            reading = self._read[key] if key in self._read else await self._look(fetched)
            self._read[key] = reading
        if isinstance(reading, str):
            self.unread[reading] += 1
            reading = None
        return Sighting(ids, first.capture.fetched_at, first.run_id, first.verdict, first.shown, reading)

    async def _look(self, fetched: Fetched) -> Reading | str:
        """A fetch's reading, or why there is none."""
        try:
            captures = [self._load(stored) for stored in fetched if stored.digest]
            reading = await self._readers.run(interpret_stored, self._site, captures)
        except Dropped:
            return DROPPED
        except EvidenceLost:
            self.whole = False
            return LOST
        except Unread as error:
            self.whole = False
            return str(error)
        return reading.reason if reading.verdict == "failed" else reading

    def _load(self, stored: Stored) -> Capture:
        """The stored payload and headers as this fetch brought them; a 304 brought none of its own."""
        kept = self._archive.stored(str(stored.digest))
        status = kept.status if stored.verdict == "unmodified" else stored.capture.status
        return replace(stored.capture, status=status, headers=kept.headers, payload=kept.payload)
