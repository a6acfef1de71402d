"""The long-running scheduler: it begins what is due as processes of their own, and ends those that take too long.

A Twisted reactor cannot start twice, so each run is a process. What is due is asked every few seconds, of the site
files and of the archive's own record; nothing is remembered here but what is running, and what was tried.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Protocol, cast

import click

from archive.clock import local, stamp
from archive.errors import YiwenError
from archive.store.runs import Latest
from archive.text import inert
from crawler.service.hearing import Hearing

AT_ONCE = 4  # processes
EVERY = 2.0  # seconds between two looks
GRACE = timedelta(minutes=2)  # beyond its limit, before a process is told to end, and again before it is killed
STOP_WITHIN = 60.0  # seconds for all processes, when the scheduler is told to stop
_DUE = "what is due"


@dataclass(frozen=True)
class Work:
    """Something that is due: a command, and how long it may take."""

    name: str
    command: tuple[str, ...]
    limit: timedelta
    latest: Latest | None = None  # when it was done last, as it was seen to be due


@dataclass
class Running:
    """A process under way; `began` is in seconds of the monotonic clock, which does not jump."""

    work: Work
    process: subprocess.Popen[bytes]
    began: float
    hearing: Hearing
    told: bool = False  # to end


Tried = Mapping[str, datetime]


@dataclass(frozen=True)
class Agenda:
    """What is due but was not tried since, and by name what keeps others from being done, a line each fault."""

    due: Sequence[Work]
    faults: Mapping[str, str]


class Plan(Protocol):
    """What is to be done: `ask` gives the agenda; `claim` is asked before each start.

    `ended` is told the last line that the process said.
    """

    def ask(self, now: datetime, tried: Tried) -> Agenda: ...
    def claim(self, work: Work, now: datetime) -> bool: ...
    def ended(self, work: Work, now: datetime, code: int, said: str) -> None: ...


class Keeper:
    """Carries a plan out, as processes."""

    def __init__(
        self, plan: Plan, clock: Callable[[], datetime], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._plan, self._clock, self._monotonic = plan, clock, monotonic
        self._running: dict[str, Running] = {}
        self._tried: dict[str, datetime] = {}
        self._faults: Mapping[str, str] = {}  # as they were said last
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then let the processes under way finish the page in hand."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.is_set():
            self.tick()
            self._stopping.wait(EVERY)
        self._stop()

    def tick(self) -> None:
        """One look: note what ended, end what takes too long, begin what is due."""
        self._reap()
        now = self._monotonic()
        for running in self._running.values():
            self._hurry(running, now)
        for work in self._due():
            if work.name not in self._running and len(self._running) < AT_ONCE:
                self._tried[work.name] = self._clock()
                if self._claimed(work):
                    self._begin(work)

    def _due(self) -> Sequence[Work]:
        try:
            agenda = self._plan.ask(self._clock(), self._tried)
        except YiwenError as error:  # such as a locked archive: ask again, and leave what was said of files as it was
            agenda = Agenda((), {**self._faults, _DUE: f"cannot tell what is due: {error}"})
        for line in news(self._faults, agenda.faults):
            _say(self._clock(), line, err=True)
        self._faults = agenda.faults
        return agenda.due

    def _claimed(self, work: Work) -> bool:
        try:
            return self._plan.claim(work, self._clock())
        except YiwenError as error:
            _say(self._clock(), f"{work.name}: not begun: {error}", err=True)
            return False

    def _begin(self, work: Work) -> None:
        _say(self._clock(), f"{work.name}: begun")
        # In a group of its own, Ctrl-C reaches the scheduler only, which ends its processes in order.
        process = subprocess.Popen(work.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, process_group=0)
        hearing = Hearing(cast("IO[bytes]", process.stderr), partial(self._pass_on, work.name))
        self._running[work.name] = Running(work, process, self._monotonic(), hearing)

    def _pass_on(self, name: str, line: str) -> None:
        """A line of a process: one of JSON as it is, else with what says it."""
        if line.startswith("{") and line.isascii():
            _print(line)
        else:
            _say(self._clock(), f"{name}: {line}")

    def _hurry(self, running: Running, now: float) -> None:
        over = timedelta(seconds=now - running.began) - running.work.limit
        if over > 2 * GRACE:
            running.process.kill()
        elif over > GRACE and not running.told:
            running.process.terminate()  # once: a second one would end a crawl at once
            running.told = True

    def _reap(self) -> None:
        for name, running in list(self._running.items()):
            code = running.process.poll()
            if code is not None:
                del self._running[name]
                said = running.hearing.end()
                seconds = self._monotonic() - running.began
                _say(self._clock(), f"{name}: {_how(code)} after {seconds:.0f} s")
                self._tell(running.work, code, said)

    def _tell(self, work: Work, code: int, said: str) -> None:
        try:
            self._plan.ended(work, self._clock(), code, said)
        except YiwenError as error:
            _say(self._clock(), f"{work.name}: its end cannot be written down: {error}", err=True)

    def _stop(self) -> None:
        """Tell all processes to end, and kill those that do not."""
        for running in self._running.values():
            running.process.terminate()
        end = self._monotonic() + STOP_WITHIN
        while self._running and self._monotonic() < end:
            time.sleep(0.05)
            self._reap()
        for running in self._running.values():
            running.process.kill()
            running.process.wait()
        self._reap()


def _how(code: int) -> str:
    return "done" if code == 0 else f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit {code}"


def news(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """What to say of faults, line by line: each once, again where it is another, and that it is mended. Pure."""
    lines = [line for name, fault in now.items() if fault != before.get(name) for line in fault.splitlines()]
    return [*lines, *(f"{name}: in order again" for name in before if name not in now)]


def _say(now: datetime, text: str, *, err: bool = False) -> None:
    _print(f"{local(stamp(now))} {text}", err=err)


def _print(line: str, *, err: bool = False) -> None:
    """What processes and pages say may stand in a line."""
    click.echo(inert(line), err=err)
    sys.stdout.flush()
