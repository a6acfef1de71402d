"""One command's time and memory, its children included."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

EVERY = 0.25  # seconds between two looks at the memory


@dataclass(frozen=True)
class Run:
    """What a command took: seconds of the whole process, megabytes of it and its children at each look."""

    seconds: float
    memory: tuple[float, ...]
    out: str

    @property
    def peak(self) -> float:
        return max(self.memory, default=0.0)

    @property
    def growth(self) -> float:
        """Mean memory in the last quarter over that in the second: 1 where it is flat."""
        quarter = max(1, len(self.memory) // 4)
        return mean(self.memory[-quarter:]) / mean(self.memory[quarter : 2 * quarter] or self.memory)


def run(command: Sequence[str], *, codes: Sequence[int] = (0,)) -> Run:
    """Run a command to its end. Raises RuntimeError with what it said where it failed."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        looks: list[float] = []
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, looks, ended))
        watcher.start()
        out, err = process.communicate()
        seconds = time.perf_counter() - began
        ended.set()
        watcher.join()
    if process.returncode not in codes:
        raise RuntimeError(f"{' '.join(command)}: exit {process.returncode}\n{out[-2000:]}\n{err[-2000:]}")
    return Run(seconds, tuple(looks), out)


def _watch(pid: int, looks: list[float], ended: threading.Event) -> None:
    while not ended.wait(EVERY):
        looks.append(sum(map(_megabytes, _tree(pid))))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for file in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, file.read_text().split())
            except OSError:
                continue
    return found


def _megabytes(pid: int) -> float:
    """Proportional set size: memory that processes share is counted once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
