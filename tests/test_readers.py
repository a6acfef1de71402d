"""The pool of readers: what a page does to its worker, or the pool to itself, never reaches the next page."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from collections.abc import Iterator
from multiprocessing import active_children
from threading import Timer

import pytest

from crawler.crawl import readers as module
from crawler.crawl.readers import Readers, Unread
from tests.conftest import told


@pytest.fixture
def readers() -> Iterator[Readers]:
    pool = Readers()
    yield pool
    pool.close()


def fine() -> str:
    return "read"


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def works_on() -> None:
    re.fullmatch("(a|a)*b", "a" * 60)  # within C, where Python hears nothing


def hangs() -> None:
    time.sleep(60)


def waits() -> str:
    time.sleep(1)
    return "read"


def worker() -> int:
    time.sleep(0.2)  # so that each of those who are asked at once takes one
    return os.getpid()


def breaks() -> None:
    raise ZeroDivisionError("one by nothing")


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (dies, "the page ended its reader"),
        (works_on, "the page could not be read within 2 s of processor time"),
        (hangs, "the page could not be read within 3 s"),
        (breaks, "the page broke the reader (ZeroDivisionError: one by nothing)"),
    ],
)
def test_a_page_that_harms_its_worker_is_told_and_the_next_is_read(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, work, why: str
) -> None:
    monkeypatch.setattr(module, "HUNG_AFTER", 3.0 if work is hangs else module.HUNG_AFTER)

    async def story() -> str:
        with pytest.raises(Unread) as unread:
            await readers.run(work)
        assert str(unread.value).startswith(why)
        return await readers.run(fine)

    assert told(story()) == "read"


@pytest.mark.parametrize("most", [1, 99])
def test_a_pool_whose_idle_workers_are_killed_is_replaced(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """The one that waits for work holds the pool's lock, and takes it along; where all are gone, the pool breaks."""

    async def story() -> list[str]:
        found = []
        for _ in range(3):
            workers = set(await asyncio.gather(*(readers.run(worker) for _ in range(8))))
            monkeypatch.setattr(module, "SILENT_FOR", 12.0)
            for pid in list(workers)[:most]:
                os.kill(pid, signal.SIGKILL)
            found += await asyncio.gather(*(readers.run(fine) for _ in range(8)))
        return found

    assert told(story()) == ["read"] * 24


def test_a_worker_that_is_still_starting_at_the_end_says_nothing(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 2026-11-29 one printed a traceback, of which cron would have written a mail."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    pool = Readers(2)

    async def story() -> tuple[int, int]:
        asked = asyncio.create_task(pool.run(worker))
        await asyncio.sleep(0)  # it begins both workers
        late = max(process.pid or 0 for process in active_children())
        os.kill(late, signal.SIGSTOP)
        return await asked, late

    first, late = told(story())
    os.kill(first, signal.SIGSTOP)  # the pool ends it first, and has to wait
    Timer(1, os.kill, (late, signal.SIGCONT)).start()
    pool.close()
    assert capfd.readouterr().err == ""


def test_a_page_that_only_has_to_wait_is_read(readers: Readers) -> None:
    """On 2026-11-29 honest pages failed that took .1 s of a processor, as the machine had others to do."""
    assert told(readers.run(waits, within=0.5)) == "read"


def test_a_pool_that_is_broken_is_replaced(readers: Readers) -> None:
    async def story() -> list[str]:
        before = await readers.run(fine)
        readers._pool.stop()  # as it stops itself when one of its threads has died
        return [before, await readers.run(fine), await readers.run(fine)]

    assert told(story()) == ["read"] * 3
