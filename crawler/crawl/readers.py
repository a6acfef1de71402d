"""The pool of processes that read pages. The only module that imports pebble.

A page that hangs or kills its worker costs that page only. The pool itself may break as well, and is replaced: one
that says so (seen once in 2026-11, on a loaded machine), and one that falls silent. A worker that waits for work holds
a lock of the pool's, so where it is killed meanwhile, no other gets any.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import RLock
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from crawler.interpret import warm_up

T = TypeVar("T")

READ_WITHIN = 2.0  # seconds of processor time for one page, after which its worker is replaced
LIST_WITHIN = 30.0  # the same for one list, which may hold 50,000 links
HUNG_AFTER = 60.0  # seconds by the clock for either: on a machine that is busy a page waits, and is none the worse
MEMORY_OF_A_PAGE = 100 * 1024 * 1024  # bytes
SILENT_FOR = 70.0  # seconds: work that is begun has ended by then, so a pool that answers nothing has begun none
_TIME_IS_UP = signal.SIGPROF  # what ITIMER_PROF sends; nobody handles it, so it ends the process
_LOOKS = 20  # at a pool while it is silent
TASKS_OF_A_WORKER = 5_000  # then it is replaced too: libxml2 does not give all memory back


class Unread(Exception):
    """A page could not be read; the text says why."""


class Readers:
    """Workers that read, one a processor, and never more than `most`. `close` ends them."""

    def __init__(self, most: int | None = None) -> None:
        processors = os.cpu_count() or 1
        self._workers = min(most or processors, processors)
        self._pool = _new_pool(self._workers)
        self._heard = 0.0  # when there was an answer last, in seconds of the monotonic clock

    def close(self) -> None:
        """Let what is under way finish, and end the workers."""
        self._pool.close()
        self._pool.join()

    async def run(self, work: Callable[..., T], *args: object, within: float = READ_WITHIN) -> T:
        """What `work` gives in a worker, where it takes at most `within` seconds of processor time. Raises Unread."""
        try:
            return await self._answer(work, args, within)
        except Unread:
            raise
        except TimeoutError as error:
            raise Unread(f"the page could not be read within {HUNG_AFTER:.0f} s") from error
        except ProcessExpired as error:
            if error.exitcode == -_TIME_IS_UP:
                raise Unread(f"the page could not be read within {within:.0f} s of processor time") from error
            raise Unread(f"the page ended its reader (exit code {error.exitcode})") from error
        except Exception as error:  # the one broad catch: a page may break the reader, never the crawl
            raise Unread(f"the page broke the reader ({type(error).__name__}: {error})"[:300]) from error

    async def _answer(self, work: Callable[..., T], args: tuple[object, ...], within: float) -> T:
        """What the pool answers; one that breaks or falls silent is replaced, and the next one asked, once."""
        for _ in range(2):
            future, pool = asyncio.wrap_future(self._schedule(work, args, within)), self._pool
            with suppress(BrokenProcessPool):
                if await self._heard_of(future):
                    return future.result()
            self._replace(pool)
        raise Unread("the readers broke twice")

    async def _heard_of(self, future: asyncio.Future[T]) -> bool:
        """Whether there is an answer, before the pool was silent for too long."""
        asked = time.monotonic()
        while not (await asyncio.wait([future], timeout=SILENT_FOR / _LOOKS))[0]:
            if time.monotonic() - max(asked, self._heard) > SILENT_FOR:
                return False
        self._heard = time.monotonic()
        return True

    def _replace(self, pool: ProcessPool) -> None:
        """Begin a new pool, unless another page has done so; the old one's workers are ended aside."""
        if pool is self._pool:
            self._pool = _new_pool(self._workers)
            threading.Thread(target=_discard, args=(pool,), daemon=True).start()

    def _schedule(self, work: Callable[..., T], args: tuple[object, ...], within: float) -> ProcessFuture[T]:
        # Ctrl-C is for this process: the pool's threads and workers, which the first page begins, take the mask over.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._pool.schedule(_timed, args=(within, work, *args), timeout=HUNG_AFTER)
        except RuntimeError:  # what pebble raises once the pool is broken
            self._replace(self._pool)
            return self._pool.schedule(_timed, args=(within, work, *args), timeout=HUNG_AFTER)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """A worker's first act: load what is needed, so that no page's time goes into it, and take little more memory.

    Where a page needs more than that, libxml2 and Python say so and the page is unread.
    """
    warm_up()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if sys.platform == "linux":  # elsewhere the limit means something else, or nothing
        resource.setrlimit(resource.RLIMIT_DATA, (used + MEMORY_OF_A_PAGE, used + MEMORY_OF_A_PAGE))


def _timed(within: float, work: Callable[..., T], *args: object) -> T:
    """What `work` gives; where it takes more processor time, the system ends this worker, whatever it is doing."""
    signal.setitimer(signal.ITIMER_PROF, within)
    try:
        return work(*args)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _discard(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


class _Starting(SpawnContext):
    """How workers are started. It keeps their locks for as long as there is the pool.

    Pebble drops them before it ends the workers: one that was still starting printed a traceback (seen in 2026-11).
    """

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[RLock] = []

    def RLock(self) -> RLock:
        lock = super().RLock()
        self._locks.append(lock)
        return lock


def _new_pool(workers: int) -> ProcessPool:
    resource_tracker.ensure_running()  # else the first worker begins it, and it unblocks Ctrl-C
    return ProcessPool(
        max_workers=workers,
        max_tasks=TASKS_OF_A_WORKER,
        initializer=_begin,
        context=_Starting(),
    )
