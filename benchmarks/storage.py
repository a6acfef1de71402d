"""What stored payloads take of their raw size, and how long one takes to come back, through the archive's own door."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from archive.health import Expect
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, SiteRow
from archive.store.recording import Fetch
from archive.store.runs import Ending

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SITE = SiteRow("bench", "晨星健康", "", "https://bench.example/", "CN", "", True, "", "0 6 * * *")


@dataclass(frozen=True)
class Stored:
    """Shares of raw size: first captures without a dictionary and with one, an edited page, one with another sidebar.

    `has_dictionary` is whether the first half of the pages were enough for one. `ms` are the milliseconds that each
    payload took to come back.
    """

    plain: float
    trained: float
    edited: float
    around: float
    has_dictionary: bool
    ms: tuple[float, ...]

    @property
    def first(self) -> float:
        """The larger share of the two kinds of first captures."""
        return max(self.plain, self.trained)

    @property
    def median_ms(self) -> float:
        return median(self.ms)

    @property
    def slow_ms(self) -> float:
        """The 95th percentile."""
        return quantiles(self.ms, n=20)[-1]


def stored(path: Path, pages: Sequence[bytes], later: Sequence[bytes]) -> Stored:
    """Record the pages, the first half of them before a dictionary is trained, then each edited, then `later` ones.

    `later` are the same pages as they are when what surrounds their articles has changed; it may be empty.
    """
    half = len(pages) // 2
    with Archive.open(path, write=True) as archive:
        plain = _share(archive, 0, pages[:half])
        run = archive.start_run(SITE, NOON)
        archive.finish_run(run, NOON, Ending("complete", "", {}, {}), timedelta(hours=6), Expect())
        trained = _share(archive, half, pages[half:])
        edited = _share(archive, 0, [_edited(page) for page in pages])
        around = _share(archive, 0, later) if later else 0.0
        digests = [digest for (digest,) in archive.evidence.execute("SELECT digest FROM captures ORDER BY digest")]
        has_dictionary = bool(archive.evidence.execute("SELECT count(*) FROM dictionaries").fetchone()[0])
        return Stored(
            plain, trained, edited, around, has_dictionary, tuple(_timed(archive, digest) for digest in digests)
        )


def _share(archive: Archive, first: int, pages: Sequence[bytes]) -> float:
    """Record a fetch of each page; its packed size over its raw size."""
    before = _packed(archive)
    for number, page in enumerate(pages, first):
        url, at = f"https://bench.example/{number}.html", NOON + timedelta(seconds=_rows(archive))
        capture = Capture(new_capture_id(at), url, url, at, 200, (), page)
        fetch = Fetch("bench", None, capture, Reading("empty", "bench"))
        archive.record(fetch, lambda visit: visit.now + timedelta(days=1))
    return (_packed(archive) - before) / sum(map(len, pages))


def _packed(archive: Archive) -> int:
    return int(archive.evidence.execute("SELECT coalesce(sum(length(payload)), 0) FROM captures").fetchone()[0])


def _rows(archive: Archive) -> int:
    return int(archive.evidence.execute("SELECT count(*) FROM captures").fetchone()[0])


def _edited(page: bytes) -> bytes:
    """The page with a figure changed in its middle and a sentence added."""
    middle = len(page) // 2
    return page[:middle] + "更正：应为69.1%，特此说明。".encode() + page[middle + 5 :]


def _timed(archive: Archive, digest: str) -> float:
    began = time.perf_counter()
    archive.stored(digest)
    return (time.perf_counter() - began) * 1000
