"""The house keeps its order: one-way imports, pure rooms, each heavy library in one module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for room in ("archive", "crawler") for path in (ROOT / room).rglob("*.py"))

# The thin Scrapy shell: all other modules of the crawler are free of it.
SHELL = {
    "crawler/crawl/captures.py",
    "crawler/fetch/download.py",
    "crawler/crawl/extensions.py",
    "crawler/fetch/failures.py",
    "crawler/fetch/middlewares.py",
    "crawler/crawl/pipelines.py",
    "crawler/fetch/rendering.py",
    "crawler/fetch/resolver.py",
    "crawler/crawl/run.py",
    "crawler/crawl/session.py",
    "crawler/spiders/lists.py",
    "crawler/spiders/news.py",
}
ONE_HOME = {
    "apprise": "crawler/service/notify.py",
    "apscheduler": "crawler/service/schedule.py",
    "backports.zstd": "archive/store/packing.py",
    "feedparser": "crawler/discover/feed.py",
    "filelock": "crawler/crawl/locks.py",
    "htmldate": "crawler/reading/dates.py",
    "jmespath": "crawler/discover/json_path.py",
    "opencc": "archive/text.py",
    "pebble": "crawler/crawl/readers.py",
    "playwright": "crawler/fetch/rendering.py",
    "rjieba": "archive/words.py",
    "scrapy_playwright": "crawler/fetch/rendering.py",
    "trafilatura": "crawler/reading/body.py",
    "warcio": "archive/warc.py",
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{name(path)} imports {module}"
        for path in paths
        for module in imports(path)
        if any(module == root or module.startswith(f"{root}.") for root in forbidden)
    ]


def test_the_archive_knows_no_crawler_no_page_and_no_network() -> None:
    archive = [path for path in MODULES if name(path).startswith("archive/")]
    assert offenders(archive, "crawler", "scrapy", "twisted", "lxml", "requests", "httpx", "urllib.request") == []


def test_only_the_shell_knows_scrapy() -> None:
    rest = [path for path in MODULES if name(path).startswith("crawler/") and name(path) not in SHELL]
    assert offenders(rest, "scrapy", "twisted") == []


def test_the_pure_rooms_know_no_shell() -> None:
    reading = [path for path in MODULES if name(path).startswith("crawler/reading/")]
    assert offenders(reading, "crawler.crawl", "crawler.fetch", "archive.store", "sqlite3") == []
    history = [path for path in MODULES if name(path).startswith("archive/history/")]
    assert offenders(history, "archive.store", "archive.commands", "sqlite3", "sqlite_utils") == []


def test_only_the_reading_room_knows_datasette() -> None:
    rest = [path for path in MODULES if not name(path).startswith("archive/browse/")]
    assert offenders(rest, "datasette", "markupsafe") == []
    assert offenders([path for path in rest if name(path).startswith("archive/")], "jinja2") == []


@pytest.mark.parametrize(("library", "home"), ONE_HOME.items())
def test_a_heavy_library_has_one_home(library: str, home: str) -> None:
    homes = {name(path) for path in MODULES if offenders([path], library)}
    assert homes == {home}


def test_only_one_module_reads_the_clock() -> None:
    readers = {name(path) for path in MODULES if ".now(" in path.read_text(encoding="utf-8")}
    assert readers == {"archive/clock.py"}
