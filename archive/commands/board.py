"""The progress of a long job, on a terminal's standard error only: a bar a site, or one for what is done in stages."""

from __future__ import annotations

import sys
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text


class _What(TextColumn):
    """Cut to one line where it is long, as an address may be, so that the bar and its numbers keep their room."""

    def render(self, task: Task) -> Text:
        text = super().render(task)
        text.no_wrap, text.overflow = True, "ellipsis"
        return text


class _Count(MofNCompleteColumn):
    """So many of so many; nothing where nobody can tell how many there are."""

    def render(self, task: Task) -> Text:
        return Text() if task.total is None else super().render(task)


class Board:
    """Bars. Silent where standard error is no terminal, whatever the environment says of it."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        shown = console.is_terminal and sys.stderr.isatty()
        whole = Column(no_wrap=True)
        columns = (
            _What("{task.description}", markup=False, table_column=Column()),
            BarColumn(),
            _Count(table_column=whole),
            TimeElapsedColumn(table_column=whole),
        )
        self._progress = Progress(*columns, console=console, disable=not shown, transient=True)
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

    def stage(self, what: str, done: int, total: int | None) -> None:
        """What one job does at the moment; the bar of its stage before goes."""
        for name in [name for name in self._bars if name != what]:
            self._progress.remove_task(self._bars.pop(name))
        self.advance(what, done, total)

    def advance(self, name: str, done: int, total: int | None) -> None:
        """`done` of `total` so far; the total may grow, and may be unknown."""
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._bars[name], completed=done, total=total)
