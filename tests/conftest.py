"""What every scenario needs: the sample sites on loopback, an archive of its own, and the `yiwen` command."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from archive.errors import ArchiveError
from archive.store import Archive
from crawler.demo.content import HOSTS
from crawler.demo.server import Logged, SampleSites
from tests.schemas import make

FIRST_DAY = datetime(2026, 11, 20, 1, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
HARD_LIMIT = 120  # seconds for one command


@dataclass(frozen=True)
class Result:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @classmethod
    def of(cls, done: subprocess.CompletedProcess[bytes]) -> Result:
        return cls(done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def data(self) -> Any:
        return json.loads(self.out)


def started(command: list[str], **environment: str) -> Result:
    """Run a command with this added to the environment."""
    given = {**os.environ, **environment}
    return Result.of(subprocess.run(command, capture_output=True, timeout=HARD_LIMIT, env=given))


@cache
def loaded() -> socket.socket:
    """Where to ask for a copy of a process that has loaded the commands; it ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-m", "tests.loaded", str(theirs.fileno())]
        null = subprocess.DEVNULL
        subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=null, stdout=null)
    return ours


def copied(arguments: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    """Run `yiwen` with these arguments in a process that need not load it: see loaded.py."""
    asked = {"arguments": arguments, "environment": dict(os.environ), "folder": str(Path.cwd()), "seconds": HARD_LIMIT}
    with ExitStack() as stack:
        request, out, err = (stack.enter_context(TemporaryFile(buffering=0)) for _ in range(3))
        request.write(json.dumps(asked).encode())
        here, there = os.pipe()
        socket.send_fds(loaded(), [b"."], [request.fileno(), out.fileno(), err.fileno(), there])
        os.close(there)
        code = int(os.read(here, 9))
        os.close(here)
        assert code != -signal.SIGALRM, f"it took more than {HARD_LIMIT} s: {arguments}"
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


@dataclass(frozen=True)
class Desk:
    """A folder with site files and an archive, and the commands run in it."""

    servers: SampleSites | Closed
    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "archive.db"

    @property
    def sites(self) -> Path:
        return self.folder / "sites"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "crawler", *arguments]

    def run(self, *arguments: str, code: int | None = 0, **environment: str) -> Result:
        """Run `yiwen` with these arguments; with `code`, its exit code must be that."""
        result = started(self.command(*arguments), **environment) if environment else Result.of(copied(arguments))
        assert code is None or result.code == code, f"exit {result.code}\n{result.out}\n{result.err}"
        return result

    def crawl(self, day: int, *options: str, code: int | None = 0, hours: float = 0) -> Result:
        """Crawl on a day (the first is 1): the sites show that day, and the clock says so."""
        self.servers.day = day
        return self.run("crawl", *self.places, "--now", self.now(day, hours), "--json", *options, code=code)

    @property
    def places(self) -> tuple[str, ...]:
        return "--sites", str(self.sites), "--archive", str(self.archive)

    def now(self, day: int, hours: float = 0) -> str:
        return (FIRST_DAY + timedelta(days=day - 1, hours=hours)).isoformat()

    def ask(self, command: str, *arguments: str, code: int | None = 0) -> Result:
        """Run a command that reads the archive, and take its data."""
        return self.run(command, "--archive", str(self.archive), "--json", *arguments, code=code)

    def recorded(self) -> int:
        """How many articles are recorded, also while a crawl is just making the files."""
        try:
            return int(self.sql("SELECT count(*) FROM articles")[0][0]) if self.archive.exists() else 0
        except (ArchiveError, sqlite3.OperationalError):
            return 0

    def slow(self, site: str) -> None:
        """Let a site's crawl take a while."""
        file = self.sites / f"{site}.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("delay = 0", "delay = 0.3"), encoding="utf-8")

    def writing(self) -> Archive:
        """The archive, open for writing: what follows is not recorded by a command."""
        return Archive.open(self.archive, write=True)

    def sql(self, query: str, *values: object) -> list[tuple]:
        with Archive.open(self.archive) as archive:
            return archive.db.execute(query, values).fetchall()


# Files whose tests take long: they are begun first, so that no worker has one to do when the others are done.
LONG = (
    "test_rendering.py",
    "test_crawl.py",
    "test_benchmarks.py",
    "test_sites_commands.py",
    "test_backup.py",
    "test_replay.py",
    "test_replay_stories.py",
    "test_health.py",
    "test_knowing.py",
    "test_schedule.py",
    "test_faults.py",
    "test_reading_room.py",
    "test_search.py",
    "test_withdrawal.py",
    "test_hard_pages.py",
    "test_several_pages.py",
    "test_paging.py",
    "test_hostile.py",
    "test_history.py",
    "test_stopping.py",
    "test_readers.py",
    "test_operations.py",
    "test_import.py",
    "test_polite.py",
    "test_commands.py",
    "test_chain.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, each with its tests in their own order."""
    items.sort(key=lambda item: LONG.index(item.path.name) if item.path.name in LONG else len(LONG))


def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened; fail after the hard limit."""
    end = time.monotonic() + HARD_LIMIT
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def told(story: Coroutine[Any, Any, Any]) -> Any:
    """What the story comes to, in a thread of its own: playwright keeps a loop running in the suite's."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, story).result()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A fresh archive beside fresh sample sites on their first day."""
    with SampleSites(day=1) as servers:
        servers.write_site_files(tmp_path / "sites")
        yield Desk(servers, tmp_path)


@dataclass
class Closed:
    """Sample sites that have closed: where they were, and every request that they had."""

    addresses: dict[str, str]
    requests: list[Logged]

    def url(self, host: str, path: str) -> str:
        return self.addresses[host] + path


@pytest.fixture(scope="session")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An archive after three daily crawls that look at everything again, made once for all. For reading only."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "three_days"
    with FileLock(f"{shared}.lock"):
        if not (shared / "servers.json").exists():
            shutil.rmtree(shared, ignore_errors=True)
            crawl_three_days(shared)
    folder = Path(shutil.copytree(shared, tmp_path_factory.mktemp("read"), dirs_exist_ok=True))
    return Desk(Closed(**json.loads((folder / "servers.json").read_bytes())), folder)


def crawl_three_days(folder: Path) -> None:
    with SampleSites(day=1) as servers:
        servers.write_site_files(folder / "sites")
        desk = Desk(servers, folder)
        for day in (1, 2, 3):
            desk.crawl(day, *(["--recheck"] if day > 1 else []))
        closed = {"addresses": {host: servers.url(host, "") for host in HOSTS}, "requests": servers.requests}
    (folder / "servers.json").write_text(json.dumps(closed), encoding="utf-8")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small archive of three days, recorded without a crawl. For copying only."""
    path = tmp_path_factory.mktemp("small") / "archive.db"
    with Archive.open(path, write=True) as archive:
        make.record(archive)
    return path


@pytest.fixture
def path(small: Path, tmp_path: Path) -> Path:
    """Where a copy of the small archive is, to do as one likes with."""
    return Path(shutil.copytree(small.parent, tmp_path / "copy")) / "archive.db"


CHROMIUM = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def datasette(*files: Path, **options: str) -> Iterator[httpx.Client]:
    """A real `datasette serve` over these files, with no flags but the port, and a client to ask it."""
    program = Path(sys.executable).with_name("datasette")
    flags = [word for name, value in options.items() for word in ("--setting", name, value)]
    command = [str(program), "serve", *map(str, files), "--port", "0", *flags]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        try:
            address = next(line for line in server.stderr if "running on" in line).split("running on ")[1].split()[0]
            threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop it
            with httpx.Client(base_url=address, timeout=HARD_LIMIT) as client:
                yield client
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def room(three_days: Desk) -> Iterator[httpx.Client]:
    """The reading room over the archive of three days."""
    with datasette(three_days.archive) as client:
        yield client


@dataclass
class Reader:
    """A person at a browser: `complaints` is what the console said, `elsewhere` what was asked of other hosts."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.elsewhere.append(url)

    def go(self, path: str) -> Page:
        """Open a page of the reading room."""
        self.page.goto(self.address + path)
        return self.page

    def overflows(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium, the system's own."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "the tests of the reading room need Chromium (apt-get install chromium)"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM))
        yield found
        found.close()


@contextmanager
def reading(browser: Browser, client: httpx.Client, **options: Any) -> Iterator[Reader]:
    """A reader in a window of their own, who in the end must have seen no fault and asked no other host."""
    context: BrowserContext = browser.new_context(**{"locale": "zh-CN", **options})
    reader = Reader(context.new_page(), str(client.base_url).rstrip("/"))
    yield reader
    context.close()
    assert reader.complaints == []
    assert reader.elsewhere == []


DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "is_mobile": True, "has_touch": True}


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def reader(request: pytest.FixtureRequest, browser: Browser, room: httpx.Client) -> Iterator[Reader]:
    """A reader at a desk, and one with a phone in the dark."""
    with reading(browser, room, **request.param) as found:
        yield found
