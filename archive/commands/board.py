"""The progress of a long job, on a terminal's standard error only."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Board:
    """One bar a site. Silent where standard error is no terminal."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def tell(self, name: str, where: str) -> None:
        """What is being done for `name` at the moment."""
        if name in self._bars:
            self._progress.update(self._bars[name], description=f"{name} {where}")

    def advance(self, name: str, done: int, total: int) -> None:
        """`done` of `total` so far; the total may grow."""
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name)
        self._progress.update(self._bars[name], completed=done, total=total)
