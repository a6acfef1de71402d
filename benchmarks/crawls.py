"""The crawls that are measured: bare Scrapy, Scrapy with trafilatura inline, Yiwen's first crawl and second ones."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from benchmarks.measure import Run, run
from benchmarks.server import PAGES_OF_A_LIST
from benchmarks.spiders import CONCURRENCY

SITE = """\
name = "晨星健康"
home = "http://127.0.0.1:{port}/"
jurisdiction = "CN"
article = '/news/\\d+\\.html'
delay = 0
concurrency = {concurrency}
[[list]]
url = "http://127.0.0.1:{port}/list_0.html"
link = "ul.news a"
"""
MORE = """\
pages = "http://127.0.0.1:{port}/list_{{n}}.html"
first_page = 1
max_pages = {lists}
"""


@dataclass(frozen=True)
class Measured:
    """One crawl: its name, the pages it was about, and what it took."""

    name: str
    pages: int
    run: Run

    @property
    def rate(self) -> float:
        """Pages a second of the whole process, its start included."""
        return self.pages / self.run.seconds


@contextmanager
def serving(count: int) -> Iterator[int]:
    """The generated site, by its port."""
    command = [sys.executable, "-m", "benchmarks.server", str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def crawls(count: int, folder: Path) -> Iterator[Measured]:
    """Every crawl in turn. Raises RuntimeError where one did not do what it should have."""
    lists = -(-count // PAGES_OF_A_LIST)
    with serving(count) as port:
        for name in ("bare", "trafilatura"):
            done = run([sys.executable, "-m", "benchmarks.spiders", name, str(port), str(lists)])
            _expect(name, {"pages": int(done.out)}, {"pages": count})
            yield Measured(f"Scrapy, {name}", count, done)
        _site_file(folder, port, lists)
        yield _yiwen(folder, port, count, "first", "validators", 20, {"new": count})
        for day, (name, mode) in enumerate((("304", "validators"), ("same bytes", "same"), ("sidebars", "sidebars"))):
            yield _yiwen(folder, port, count, name, mode, 21 + day, {"changed": 0, "unchanged": count, "new": 0})


def _site_file(folder: Path, port: int, lists: int) -> None:
    text = SITE.format(port=port, concurrency=CONCURRENCY) + (MORE.format(port=port, lists=lists) if lists > 1 else "")
    (folder / "sites").mkdir()
    (folder / "sites" / "bench.toml").write_text(text, encoding="utf-8")


def _yiwen(folder: Path, port: int, count: int, name: str, mode: str, day: int, expected: dict[str, int]) -> Measured:
    urlopen(f"http://127.0.0.1:{port}/mode/{mode}").read()
    command = [sys.executable, "-m", "crawler", "crawl", "--sites", str(folder / "sites"), "--json"]
    command += ["--archive", str(folder / "archive.db"), "--now", f"2026-11-{day}T01:00:00+00:00"]
    done = run(command + (["--recheck"] if "new" not in expected or not expected["new"] else []))
    _expect(name, json.loads(done.out)[0], {"failed": 0, **expected})
    return Measured(f"Yiwen, {name}", count, done)


def _expect(name: str, found: dict, expected: dict[str, int]) -> None:
    wrong = {key: found[key] for key, value in expected.items() if found[key] != value}
    if wrong:
        raise RuntimeError(f"the crawl {name!r} gave {wrong}, and should have given {expected}: {found}")
