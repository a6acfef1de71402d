"""`python -m tests.patterns`: feed each compiled pattern long strings made of what it looks for; print the slow ones.

A pattern that reads each place of a string again and again needs seconds for what another needs a millisecond.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from itertools import product
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import archive
import crawler

LENGTH = 16_000
WITHIN = 0.25  # seconds of processor time for one search; what is linear takes a few milliseconds
CHARACTERS, PAIRS = 10, 3
CATEGORIES = {"DIGIT": "1", "SPACE": " ", "WORD": "a", "NOT_DIGIT": "a", "NOT_SPACE": "a", "NOT_WORD": " "}
UNBOUNDED = "字"  # of a negated class, and of the dot


def compiled() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the project keeps, by its name."""
    for package in (archive, crawler):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                module = importlib.import_module(found.name)
                for name, value in vars(module).items():
                    for number, pattern in enumerate(_within(value)):
                        yield f"{found.name}.{name}[{number}]", pattern


def _within(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, list | tuple | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _within(inner)


def pieces(parsed: Any) -> Iterator[str]:
    """What a pattern is made of: a character of each class, and its literal words."""
    word = ""
    for op, value in parsed:
        if op is _parser.LITERAL:
            word += chr(value)
            continue
        yield from (word, word[:1]) if word else ()
        word = ""
        if op is _parser.IN:
            yield from filter(None, (_member(*one) for one in value))
        elif op in (_parser.ANY, _parser.NOT_LITERAL):
            yield UNBOUNDED
        elif op is _parser.BRANCH:
            for branch in value[1]:
                yield from pieces(branch)
        elif op is _parser.ATOMIC_GROUP:
            yield from pieces(value)
        elif isinstance(value, tuple) and isinstance(value[-1], _parser.SubPattern):
            yield from pieces(value[-1])
    yield from (word, word[:1]) if word else ()


def _member(op: Any, value: Any) -> str:
    if op is _parser.RANGE:
        return chr(value[0])
    if op is _parser.LITERAL:
        return chr(value)
    return UNBOUNDED if op is _parser.NEGATE else CATEGORIES[str(value).removeprefix("CATEGORY_")]


def seeds(pattern: re.Pattern[str]) -> list[str]:
    """What is repeated: the pieces, evenly taken, and pairs of the first ones."""
    found = list(dict.fromkeys(pieces(_parser.parse(pattern.pattern, pattern.flags))))
    chosen = found[:: max(1, len(found) // CHARACTERS)]
    pairs = [a + b for a, b in product(chosen[:PAIRS], repeat=2) if a != b]
    return list(dict.fromkeys([*chosen, *pairs]))


def _end(*_: object) -> None:
    raise TimeoutError


def slow(pattern: re.Pattern[str]) -> str | None:
    """A piece whose repetition takes the pattern too long; None where there is none."""
    for seed in seeds(pattern):
        signal.setitimer(signal.ITIMER_VIRTUAL, WITHIN)
        try:
            pattern.search(seed * (LENGTH // len(seed)) + "\x01")
        except TimeoutError:
            return seed
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return None


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, _end)
    tried = set()
    for name, pattern in compiled():
        if (pattern.pattern, pattern.flags) not in tried and (seed := slow(pattern)) is not None:
            print(f"{name} {seed!r}", flush=True)
        tried.add((pattern.pattern, pattern.flags))
