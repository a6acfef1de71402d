"""Processor time of the reader and of trafilatura over the same pages, in one process, in turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean, median

from trafilatura import bare_extraction

from crawler.reading.article import read

FETCHED = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True)
class Times:
    """Milliseconds a page, of each reader."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Ours over theirs, of the means."""
        return mean(self.ours) / mean(self.theirs)

    def rows(self) -> list[tuple[str, float, float]]:
        """Name, mean and median of each."""
        pairs = (("Yiwen's reader", self.ours), ("trafilatura with metadata", self.theirs))
        return [(name, mean(times), median(times)) for name, times in pairs]


def times(pages: Sequence[bytes]) -> Times:
    """Read every page with both, after a first round that fills their caches."""
    for page in pages[:6]:
        _ours(page)
        _theirs(page)
    pairs = [(_timed(_ours, page), _timed(_theirs, page)) for page in pages]
    return Times(tuple(ours for ours, _ in pairs), tuple(theirs for _, theirs in pairs))


def _ours(page: bytes) -> object:
    return read(page, url="https://www.example.cn/1.html", fetched_at=FETCHED, jurisdiction="CN")


def _theirs(page: bytes) -> object:
    return bare_extraction(page, with_metadata=True)


def _timed(reader: Callable[[bytes], object], page: bytes) -> float:
    began = time.process_time()
    reader(page)
    return (time.process_time() - began) * 1000
