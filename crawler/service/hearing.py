"""What the scheduler's processes say, passed on line by line while they run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

LONGEST = 64 * 1024  # bytes; a longer line is passed on in pieces
_DRAIN_WITHIN = 2.0  # seconds, once the process has ended


class Hearing:
    """Reads one process's standard error in a thread of its own. `last` is the last line that was not empty.

    A process never waits for its scheduler's own output longer than that takes, and never for one that is closed.
    """

    def __init__(self, pipe: IO[bytes], pass_on: Callable[[str], None]) -> None:
        self.last = ""
        self._thread = threading.Thread(target=self._hear, args=(pipe, pass_on), daemon=True)
        self._thread.start()

    def _hear(self, pipe: IO[bytes], pass_on: Callable[[str], None]) -> None:
        with pipe:
            while piece := pipe.readline(LONGEST):
                line = piece.decode("utf-8", "replace").rstrip()
                if line:
                    self.last = line
                    with suppress(OSError):  # read on: a full pipe would hold the process up
                        pass_on(line)

    def end(self) -> str:
        """The last line, once the process has ended. What it began itself may hold the pipe open: not waited for."""
        self._thread.join(_DRAIN_WITHIN)
        return self.last
