"""Politeness: turns at a host, over all sites of a process; robots.txt, Retry-After and failures are heeded."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.fetch.turns import LONGEST_PAUSE, Turns
from tests.conftest import Desk, told


class Clock:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)

    def turns(self) -> Turns:
        return Turns(lambda: self.seconds, self.sleep)


def starts(pauses: list[float], slow: float = 0.0) -> list[float]:
    """When requests with these pauses may start at one host that is free at once."""
    clock = Clock()
    turns = clock.turns()

    async def ask() -> list[float]:
        found = []
        for place, pause in enumerate(pauses):
            await turns.take("a.example", pause, 1)
            found.append(clock.seconds)
            turns.give_back("a.example")
            if place == 0 and slow:
                turns.slow("a.example", slow)
        return found

    return told(ask())


def test_requests_to_a_host_keep_the_longest_pause_that_any_side_asks_for() -> None:
    assert starts([2, 2, 2]) == [0, 2, 4]
    assert starts([0, 0, 0]) == [0, 0, 0]
    assert starts([1, 3, 1]) == [0, 3, 6]  # two sites at one host
    assert starts([2, 2, 2], slow=10) == [0, 10, 20]  # robots.txt was read with the first
    assert starts([2, 2, 2], slow=1) == [0, 2, 4]
    assert starts([2, 2], slow=3600) == [0, LONGEST_PAUSE]


def test_another_host_does_not_wait() -> None:
    clock = Clock()
    turns = clock.turns()

    async def ask() -> None:
        await turns.take("a.example", 5, 1)
        await turns.take("b.example", 5, 1)

    told(ask())
    assert clock.seconds == 0


@pytest.mark.parametrize(("most", "at_once"), [((1, 1), 1), ((4, 4), 4), ((4, 2), 2)])
def test_no_more_requests_are_on_their_way_than_the_strictest_site_allows(most: tuple[int, int], at_once: int) -> None:
    running, highest = 0, 0

    async def one(turns: Turns, allowed: int) -> None:
        nonlocal running, highest
        await turns.take("a.example", 0, allowed)
        running += 1
        highest = max(highest, running)
        for _ in range(5):
            await asyncio.sleep(0)
        running -= 1
        turns.give_back("a.example")

    async def ask() -> None:
        turns = Clock().turns()
        await turns.take("a.example", 0, min(most))
        turns.give_back("a.example")
        await asyncio.gather(*(one(turns, most[n % 2]) for n in range(12)))

    told(ask())
    assert (running, highest) == (0, at_once)


class Host(BaseHTTPRequestHandler):
    """A host with two sites on it, slow enough that requests at the same time would meet."""

    log: list[str]
    here: list[str]
    met: list[tuple[str, ...]]
    lock = threading.Lock()

    def do_GET(self) -> None:
        with self.lock:
            self.log.append(self.path)
            self.here.append(self.path)
            if len(self.here) > 1:
                self.met.append(tuple(self.here))
        time.sleep(0.03)
        with self.lock:
            self.here.remove(self.path)
        body = self.answer().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self) -> str:
        if self.path == "/robots.txt":
            return "User-agent: *\nCrawl-delay: 0.01\n"
        if self.path.endswith("/list.html"):
            return "".join(f'<p><a href="{number}.html">社区门诊时间调整之{number}</a></p>' for number in range(6))
        text = "<p>2026-11-20 08:00</p><p>社区卫生服务中心自下周起延长门诊时间。</p>"
        return f"<html><title>{self.path}</title><h1>门诊</h1>{text}</html>"

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def host() -> Iterator[tuple[int, type[Host]]]:
    handler = type("Here", (Host,), {"log": [], "here": [], "met": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port, handler
    server.shutdown()
    server.server_close()


SITE = """name = "{id}"
home = "http://127.0.0.1:{port}/"
jurisdiction = "CN"
article = '/{id}/\\d+\\.html'
delay = 0
[[list]]
url = "http://127.0.0.1:{port}/{id}/list.html"
"""


def test_two_sites_of_a_host_share_its_one_connection(desk: Desk, host: tuple[int, type[Host]]) -> None:
    port, handler = host
    for name in ("a", "b"):
        (desk.sites / f"{name}.toml").write_text(SITE.format(id=name, port=port), encoding="utf-8")
    done = desk.run("crawl", "a", "b", *desk.places)
    assert len([path for path in handler.log if path != "/robots.txt"]) == 14
    assert handler.met == []
    assert f"a: 127.0.0.1:{port}: robots.txt asks for 0.01 s between requests; 0.01 s are kept" in done.err


def test_a_host_that_asks_for_patience_gets_it_also_from_later_runs(desk: Desk) -> None:
    desk.servers.fail("dawn", "429")  # with a Retry-After of that evening, eleven hours later
    (row,) = desk.crawl(1, "dawn", code=1).data
    assert row["outcome"] == "failed"
    first = [path for host, _, path, _, _ in desk.servers.requests if host == "dawn"]
    assert len(first) == len(set(first)) <= 5  # each at most once, and no more than were on their way
    desk.servers.fail("dawn", None)
    desk.servers.clear_log()
    assert "host left alone: it answered HTTP 429" in desk.crawl(1, "dawn", hours=10, code=None).data[0]["reason"]
    assert desk.servers.requests == []
    assert desk.sql("SELECT strikes FROM hosts") == [(1,)]
    assert desk.crawl(1, "dawn", hours=12).data[0]["new"] > 0
    assert desk.sql("SELECT strikes FROM hosts") == [(0,)]  # it answered well


def test_a_host_that_fails_again_and_again_is_left_alone(desk: Desk) -> None:
    desk.crawl(1, "dawn")
    desk.servers.fail("dawn", "503")
    desk.servers.clear_log()
    row = desk.crawl(2, "dawn", "--recheck", code=1).data[0]
    assert "host left alone: it answered 5 times in a row that it fails" in row["skips"]
    assert len(desk.servers.requests) < 15
