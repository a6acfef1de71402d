"""Whose turn it is at a host, over all sites of one process: so many requests at once, and a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

LONGEST_PAUSE = 60.0  # seconds; more would keep a run from ending


@dataclass
class _Place:
    """One host: `most` requests at once, `pause` seconds from the start of one to that of the next."""

    most: int = 1_000
    pause: float = 0.0
    running: int = 0
    last: float = float("-inf")
    door: asyncio.Lock = field(default_factory=asyncio.Lock)
    left: asyncio.Event = field(default_factory=asyncio.Event)


class Turns:
    """Requests take turns in the order in which they come. `now` and `sleep` are seconds of the event loop."""

    def __init__(
        self,
        now: Callable[[], float] = lambda: asyncio.get_running_loop().time(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now, self._sleep = now, sleep
        self._places: dict[str, _Place] = {}

    async def take(self, host: str, pause: float, most: int) -> None:
        """Wait for a turn at a host; where sites differ, the longer pause and the fewer requests hold."""
        place = self._place(host)
        place.pause, place.most = max(place.pause, pause), min(place.most, most)
        async with place.door:
            while place.running >= place.most:
                place.left.clear()
                await place.left.wait()
            while (wait := place.last + place.pause - self._now()) > 0:
                await self._sleep(wait)
            place.running += 1
            place.last = self._now()

    def give_back(self, host: str) -> None:
        """The request has been answered, or never will be."""
        place = self._place(host)
        place.running -= 1
        place.left.set()

    def slow(self, host: str, pause: float) -> float:
        """The host itself asks for this pause. Returns the one that is kept from now on."""
        place = self._place(host)
        place.pause = max(place.pause, min(pause, LONGEST_PAUSE))
        return place.pause

    def _place(self, host: str) -> _Place:
        return self._places.setdefault(host, _Place())
