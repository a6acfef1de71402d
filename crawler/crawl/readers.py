"""The pool of processes that read pages. The only module that imports pebble.

A page that hangs or kills its worker costs that page only. The pool itself may break as well (seen once in 2026-11,
in a crawl of the tests on a loaded machine); pages that come later get a new one.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context, resource_tracker
from typing import TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from crawler.interpret import warm_up

T = TypeVar("T")

READ_WITHIN = 2.0  # seconds for one page, after which its worker is replaced
LIST_WITHIN = 30.0  # seconds for one list, which may hold 50,000 links
MEMORY_OF_A_PAGE = 120 * 1024 * 1024  # bytes
ANSWER_WITHIN = 300.0  # seconds, the wait for a worker included; beyond it the pool is broken and does not know it
TASKS_OF_A_WORKER = 5_000  # then it is replaced too: libxml2 does not give all memory back

_WORKERS = get_context("forkserver")  # one process loads the reader, and every worker is a copy of it
_WORKERS.set_forkserver_preload(["crawler.crawl.warm"])


class Unread(Exception):
    """A page could not be read; the text says why."""


class Readers:
    """Workers that read, one a processor. `close` ends them."""

    def __init__(self) -> None:
        self._pool = _new_pool()

    def close(self) -> None:
        """Let what is under way finish, and end the workers."""
        self._pool.close()
        self._pool.join()

    async def run(self, work: Callable[..., T], *args: object, within: float = READ_WITHIN) -> T:
        """What `work` gives in a worker, where that takes no longer than `within` seconds. Raises Unread."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN) as patience:
                return await asyncio.wrap_future(self._schedule(work, args, within))
        except TimeoutError as error:
            limit = ANSWER_WITHIN if patience.expired() else within
            raise Unread(f"the page could not be read within {limit:.0f} s") from error
        except ProcessExpired as error:
            raise Unread(f"the page ended its reader (exit code {error.exitcode})") from error
        except Exception as error:  # the one broad catch: a page may break the reader, never the crawl
            raise Unread(f"the page broke the reader ({type(error).__name__}: {error})"[:300]) from error

    def _schedule(self, work: Callable[..., T], args: tuple[object, ...], within: float) -> ProcessFuture[T]:
        # Ctrl-C is for this process: the pool's threads and workers, which the first page begins, take the mask over.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self._pool.schedule(work, args=args, timeout=within)
        except RuntimeError:  # what pebble raises once the pool is broken
            self._pool.stop()
            self._pool = _new_pool()
            return self._pool.schedule(work, args=args, timeout=within)
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


def _new_pool() -> ProcessPool:
    resource_tracker.ensure_running()  # else the first worker begins it, and it unblocks Ctrl-C
    return ProcessPool(
        max_workers=os.cpu_count() or 1,
        max_tasks=TASKS_OF_A_WORKER,
        initializer=_begin,
        context=_WORKERS,
    )
