"""Ctrl-C and SIGTERM end a command in order: what it has in hand is undone or finished, and one line says so."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(Exception):
    """A command was told to end before it was done; `code` is what it exits with."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__("stopped before it was done; it can be run again")
        self.code = 128 + number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, and raise Stopped for either. A crawl sets handlers of its own meanwhile.

    A second signal ends the process at once.
    """
    if threading.current_thread() is not threading.main_thread():  # where Python takes no signals
        yield
        return
    told = [signal.SIGINT]

    def end(number: int, frame: FrameType | None) -> None:
        told[0] = signal.SIGTERM
        interrupt = signal.getsignal(signal.SIGINT)  # asyncio's own, while it runs
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(number, frame)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt as error:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        raise Stopped(told[0]) from error
    finally:
        signal.signal(signal.SIGTERM, before)
