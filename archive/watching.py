"""How a long job tells how far it is, to whoever watches: a bar in a terminal, or nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

# What is done at the moment, how much of it, and of how much in all (None where nobody can tell).
Watch = Callable[[str, int, int | None], None]
_EVERY = 100  # items, so that telling costs nothing beside the work


def unwatched(what: str, done: int, total: int | None) -> None:
    """Nobody watches."""


def watched(items: Iterable[T], watch: Watch, what: str, total: int) -> Iterator[T]:
    """The items, as they are; `watch` is told when they begin, after every hundred, and when they end."""
    watch(what, 0, total)
    for done, item in enumerate(items, 1):
        yield item
        if done % _EVERY == 0:
            watch(what, done, total)
    watch(what, total, total)
