"""`python -m benchmarks.reading_room`: how long every page of the reading room takes over a generated archive."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import click
from sqlite_utils import Database

from archive.clock import stamp
from archive.commands.show import Printer
from archive.store import Archive, index
from benchmarks.pages import BODIES, CHANGES, DEEDS, PLACES, WHATS

WORST = 300  # milliseconds that no page may take
TIMES = 7  # requests of each page, of which the median is printed
SITES = 12
CHARACTERS = 1200
LAST_DAY = datetime(2026, 11, 24, tzinfo=UTC)
YEARS = 5

COMMON, RARE = "医保局", "石桥疾控中心培训了村医"
PAGES = {
    "home": "/",
    "articles": "/archive/articles",
    "articles of a site, withdrawn": "/archive/articles?site=site03&status=withdrawn",
    "articles, live": "/archive/articles?status=live",
    "articles, a later page": "/archive/articles?_sort_desc=published_at&_next=2024-06-01,1",
    "articles, as data": "/archive/articles.json",
    "articles, searched": f"/archive/articles?_search={quote(COMMON)}",
    "search, a common word": f"/archive/-/search?q={quote(COMMON)}",
    "search, a rare phrase": f"/archive/-/search?q={quote(RARE)}",
    "search, narrowed": f"/archive/-/search?q={quote(COMMON)}&site=site03&year=2025",
    "feed": f"/archive/-/search.atom?q={quote(COMMON)}",
    "article": "/archive/articles/20",
    "two versions": "/archive/articles/20/compare",
    "changes": "/archive/-/changes",
    "changes of a site and kind": "/archive/-/changes?site=site03&kind=figures",
    "figures": f"/archive/-/figures?term={quote('复诊比例')}",
    "sites": "/archive/-/sites",
    "over time": "/archive/-/over-time",
    "over time, a common word": f"/archive/-/over-time?term={quote(COMMON)}",
    "tables": "/archive",
    "events of a kind": "/archive/events?kind=new",
    "articles by site and month": "/archive/sites_by_month",
    "table of captures": "/archive/captures",
}


class _Writer:
    """Writes a generated archive; everything follows from its seed."""

    def __init__(self, db: Database, count: int) -> None:
        self.db, self.count, self.random = db, count, Random(1)
        self.sentences = {body: [self._sentence(body) for _ in range(1000)] for body in BODIES}

    def _sentence(self, body: str) -> str:
        pick = self.random.choice
        figure = f"{self.random.uniform(1, 99):.1f}%"
        return f"{pick(PLACES)}{body}{pick(DEEDS)}，{pick(WHATS)}的{pick(CHANGES)}较去年同期变化{figure}。"

    def _text(self, body: str) -> str:
        """An article is about one body, so that each body's name stands in an eighth of the articles."""
        found: list[str] = []
        while sum(map(len, found)) < CHARACTERS:
            found.append("".join(self.random.sample(self.sentences[body], 4)))
        return "\n".join(found)

    def write(self) -> None:
        for number in range(SITES):
            values = (
                f"site{number:02}",
                f"第{number}卫生网",
                "",
                "https://www.example.cn/",
                "CN",
                "Hans",
                1,
                "",
                "",
                "",
                None,
            )
            self._insert("sites", values)
            self._runs(f"site{number:02}")
        for number in range(1, self.count + 1):
            self._article(number)

    def _insert(self, table: str, values: tuple[object, ...]) -> None:
        self.db.conn.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def _runs(self, site: str) -> None:
        sql = """INSERT INTO runs (site, started_at, finished_at, outcome, discovered, fetched, new, failed)
            VALUES (?, ?, ?, 'complete', 40, 60, 20, 2)"""
        for day in range(365):
            at = stamp(LAST_DAY - timedelta(days=day))
            self.db.conn.execute(sql, (site, at, at))

    def _article(self, number: int) -> None:
        seen = LAST_DAY - timedelta(days=YEARS * 365 * (1 - number / self.count))
        at, published = stamp(seen), f"{seen:%Y-%m-%dT%H:%M}+08:00"
        body = self.random.choice(BODIES)
        title, text = self._sentence(body)[:26], self._text(body)
        changed, site = number % 20 == 0, f"site{number % SITES:02}"
        url, status = f"https://www.example.cn/news/{number}.html", "withdrawn" if number % 97 == 0 else "live"
        about = ("晨星健康", "", "王小禾", "", published, "Hans", "")
        texts = (title, text, title, text)
        ids = (2 * number, 2 * number + 1) if changed else (2 * number,)
        self._insert("articles", (number, site, url, status, *texts, *about, at, at, at, at, len(ids), ids[-1]))
        index.add(self.db, number, title, text)
        for place, version in enumerate(ids, 1):
            self._version(version, number, place, at, title, text if place == len(ids) else self._before(text))
        if changed:
            detail = {"from": 1, "version": 2, "kinds": ["figures"], "size": 10, "returned": False}
            self._event(at, number, "changed", detail)
        self._event(at, number, "withdrawn" if status == "withdrawn" else "new", {"version": 1})

    def _before(self, text: str) -> str:
        return text.replace("变化", "变化约", 1).replace("%", "1%", 1)

    def _version(self, version: int, number: int, place: int, at: str, title: str, text: str) -> None:
        capture = f"20261124T{version:012}"
        self._insert("version_rows", (version, number, place, at, at, str(version), None, version))
        about = ("晨星健康", "", "王小禾", "", "2026-11-24", None, "Hans", "", "", None, "[]")
        self._insert("readings", (version, version, capture, "r", at, title, text, title, text, *about))
        self._insert("version_captures", (version, 1, capture))
        fetched = ("https://www.example.cn/", "https://www.example.cn/", at, 200, "article", "", "d", None, None, 1000)
        self._insert("captures", (capture, number, version, None, *fetched))

    def _event(self, at: str, number: int, kind: str, detail: dict) -> None:
        sql = "INSERT INTO events (at, article_id, kind, detail) VALUES (?, ?, ?, ?)"
        self.db.conn.execute(sql, (at, number, kind, json.dumps(detail)))


def make(path: Path, count: int) -> None:
    """Write an archive of `count` articles."""
    with Archive.open(path, write=True) as archive:
        archive.db.conn.execute("BEGIN IMMEDIATE")
        _Writer(archive.db, count).write()
        archive.db.conn.execute("COMMIT")


@contextmanager
def served(path: Path) -> Iterator[str]:
    program = Path(sys.executable).with_name("datasette")
    command = [str(program), "serve", str(path), "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as server:
        assert server.stderr is not None
        try:
            address = next(line for line in server.stderr if "running on" in line).split("running on ")[1].split()[0]
            Thread(target=server.stderr.read, daemon=True).start()  # what it says of failures must not fill the pipe
            yield address
        finally:
            server.terminate()


def milliseconds(address: str) -> float:
    """How long a page takes; infinitely long where it is not answered."""
    began = time.perf_counter()
    try:
        with urlopen(address) as answer:
            answer.read()
    except HTTPError:
        return math.inf
    return (time.perf_counter() - began) * 1000


@click.command()
@click.option("--articles", "count", default=100_000, show_default=True, type=click.IntRange(20))
@click.option("--archive", "kept", type=click.Path(dir_okay=False, path_type=Path), help="Keep it here, or use it.")
@click.option("--strict", is_flag=True, help="Exit with 1 where a page takes too long.")
def bench(count: int, kept: Path | None, strict: bool) -> None:
    """Measure every page of the reading room."""
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "archive.db"
        if not path.exists():
            make(path, count)
        with served(path) as address:
            taken = {name: [milliseconds(address + page) for _ in range(TIMES)] for name, page in PAGES.items()}
    rows = [(name, f"{times[0]:.0f}", f"{median(times):.0f}") for name, times in taken.items()]
    Printer().table((f"page, ms at {count:,} articles", "first", "median"), rows, right=("first", "median"))
    slow = [name for name, times in taken.items() if median(times) > WORST]
    click.echo(f"{'MISSED' if slow else 'met   '} every page in {WORST} ms: {', '.join(slow) or 'all'}")
    sys.exit(1 if strict and slow else 0)


if __name__ == "__main__":
    bench()
