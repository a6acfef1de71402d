"""The geometry of small bar charts. Pure; a template draws it as SVG, coloured by the style sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

BAR, GAP = 8, 2


@dataclass(frozen=True)
class Bar:
    """One value: its place in the drawing, and what a pointer resting on it is told."""

    x: int
    y: float
    width: int
    height: float
    label: str
    value: int


@dataclass(frozen=True)
class Chart:
    """Bars from left to right; `top` is the value of a bar of full height."""

    width: int
    height: int
    top: int
    bars: tuple[Bar, ...]
    first: str
    last: str


def bars(values: Sequence[tuple[str, int]], *, height: int = 48, bar: int = BAR, top: int = 0) -> Chart:
    """A chart of labelled values; with `top`, at that scale, so that several charts can be compared."""
    top = max(top, 1, *(value for _, value in values)) if values else max(top, 1)
    drawn = tuple(_bar(n, label, value, top, height, bar) for n, (label, value) in enumerate(values))
    labels = [label for label, _ in values] or [""]
    return Chart(max(len(values) * (bar + GAP) - GAP, 1), height, top, drawn, labels[0], labels[-1])


def _bar(n: int, label: str, value: int, top: int, height: int, width: int) -> Bar:
    tall = round(value / top * height, 1)
    tall = max(tall, 1.0) if value else 0.0  # a small value is still seen
    return Bar(n * (width + GAP), round(height - tall, 1), width, tall, label, value)


def days(last: str, count: int) -> list[str]:
    """The `count` days up to and with `last` (`2026-11-24`)."""
    end = date.fromisoformat(last)
    return [(end - timedelta(days=back)).isoformat() for back in range(count - 1, -1, -1)]


def months(first: str, last: str, most: int = 120) -> list[str]:
    """Every month from `first` to `last` (`2026-11`), at most the newest `most`."""
    return list(_months(first, last))[-most:]


def year_before(month: str) -> str:
    """The first of the twelve months that end with `month`."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year:04}-01" if number == 12 else f"{year - 1:04}-{number + 1:02}"


def _months(first: str, last: str) -> Iterator[str]:
    year, month = (int(part) for part in first.split("-"))
    while (now := f"{year:04}-{month:02}") <= last:
        yield now
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def along(labels: Sequence[str], counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """The counts in the order of the labels, 0 where there is none."""
    return [(label, counted.get(label, 0)) for label in labels]
