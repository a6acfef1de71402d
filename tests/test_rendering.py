"""Pages made by scripts, rendered by a real Chromium that has no way out but past the crawler's guards."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.fetch.gateway import Gateway
from tests.conftest import HARD_LIMIT, Desk
from tests.reading.pages import PARAGRAPHS, TITLE

# What each page does before it shows its article; {inner} is a private server, {udp} a port that nothing may reach.
SCRIPTS = {
    "good": "",
    "state": "document.cookie = 'seen=1'; localStorage.seen = 1;",
    "stateless": "if (document.cookie || localStorage.seen) throw 'something was kept';",
    "asking": """
        for (const path of ['fetch', 'iframe', 'image', 'window', 'prefetch', 'socket', 'worker', 'frame'])
            tries[path]('{inner}/' + path);
        const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{udp}'}}]}});
        peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer));
        fetch('file:///etc/passwd').catch(() => 0); fetch('/moved-in').catch(() => 0);
        navigator.sendBeacon('{inner}/beacon', 'x'); new EventSource('{inner}/events');
        navigator.serviceWorker?.register('/worker.js').catch(() => 0);
        for (let i = 0; i < 3; i++) alert(i);""",
    "flood": "setInterval(() => fetch('/flood?' + Math.random()), 0);",
    "loop": "while (true) {{}}",
    "huge": "document.write('<p>' + '长'.repeat(6e6)); throw 'enough';",
    "leaving": "location = '{inner}/leaving'; throw 'gone';",
}
TRIES = """const add = (tag, facts) => document.body.append(Object.assign(document.createElement(tag), facts));
const asked = url => `fetch('${{url}}', {{mode: 'no-cors'}})`;
const tries = {{
    fetch: url => fetch(url, {{mode: 'no-cors'}}).catch(() => 0),
    iframe: url => add('iframe', {{src: url}}),
    frame: url => add('iframe', {{src: '/moved-in'}}),
    image: url => add('img', {{src: url}}),
    window: url => open(url),
    prefetch: url => add('link', {{rel: 'prefetch', href: url}}),
    socket: url => new WebSocket(url.replace('http', 'ws')),
    worker: url => new Worker(URL.createObjectURL(new Blob([asked(url)]))),
}};"""
SHOWN = f"document.title = '{TITLE}_晨光网'; fetch('/data.json').then(answer => answer.json()).then(data =>" + (
    " document.body.insertAdjacentHTML('beforeend', '<h1>' + data[0] + '</h1>' + data.slice(1)"
    ".map(text => '<p>' + text + '</p>').join('')));"
)
NAMES = (*SCRIPTS, "moved", "file")
LIST = f"<ul></ul><script>document.querySelector('ul').innerHTML = {json.dumps(NAMES)}.map("
LIST += "name => `<li><a href='/news/${name}.html'>${name}</a></li>`).join('')</script>"


@dataclass
class Trap:
    """The site, a private server beside it, and a UDP port: what reached them."""

    site: int = 0
    inner: int = 0
    udp: int = 0
    reached: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


class Site(BaseHTTPRequestHandler):
    trap: Trap

    def do_GET(self) -> None:
        if self.server.server_port == self.trap.inner:
            self.trap.reached.append(self.path)
        self.trap.asked.append(self.path)
        status, headers, body = self._answer(f"http://127.0.0.1:{self.trap.inner}")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def _answer(self, inner: str) -> tuple[int, dict[str, str], bytes]:
        html = {"Content-Type": "text/html; charset=utf-8", "X-Yiwen-Rendered": "a lie"}
        name = Path(self.path).stem
        if self.path == "/list.html":
            return 200, html, LIST.encode()
        if self.path == "/data.json":
            return 200, {"Content-Type": "application/json"}, json.dumps([TITLE, *PARAGRAPHS]).encode()
        if self.path in ("/moved-in", "/news/moved.html"):
            return 302, {"Location": f"{inner}/{name}"}, b""
        if self.path == "/news/file.html":
            return 200, {"Content-Type": "application/zip", "Content-Disposition": "attachment"}, b"PK"
        if script := SCRIPTS.get(name) if self.path.startswith("/news/") else None:
            script = (TRIES + script).format(inner=inner, udp=self.trap.udp)
        return 200, html, f"<html><body><script>{script or ''}{SHOWN}</script></body></html>".encode()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def trap() -> Iterator[Trap]:
    trap = Trap()
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Site,), {"trap": trap})) for _ in range(2)]
    trap.site, trap.inner = (server.server_port for server in servers)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)
        trap.udp = listening.getsockname()[1]
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield trap
        with pytest.raises(BlockingIOError):
            listening.recv(1)
    for server in servers:
        server.shutdown()
        server.server_close()


def write_site(desk: Desk, port: int) -> None:
    home = f"http://127.0.0.1:{port}"
    text = f"name = '屏'\nhome = '{home}/'\njurisdiction = 'CN'\narticle = '/news/'\ndelay = 0\nrender = true\n"
    (desk.sites / "script.toml").write_text(f"{text}[[list]]\nurl = '{home}/list.html'\n", encoding="utf-8")


# The real command, with less patience.
IMPATIENT = "import crawler.fetch.rendering; crawler.fetch.rendering.WITHIN = 8; from crawler.cli import main; main()"


def test_pages_of_scripts_are_read_and_hostile_ones_reach_nothing(desk: Desk, trap: Trap) -> None:
    write_site(desk, trap.site)
    command = [sys.executable, "-c", IMPATIENT, "crawl", "script", *desk.places, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT)
    assert done.returncode in (0, 1), done.stderr
    assert trap.reached == []
    assert sum(path.startswith("/flood") for path in trap.asked) <= 500
    rows = desk.sql("SELECT url, verdict, reason FROM captures WHERE verdict <> 'list'")
    found = {Path(url).stem: (verdict, reason) for url, verdict, reason in rows}
    read = {name for name, (verdict, _) in found.items() if verdict == "article"}
    assert read == {"good", "state", "stateless", "asking"}, found
    assert found["huge"] == ("failed", "larger than 5 MB when rendered")
    assert found["loop"] == ("failed", "it was not rendered within 8 s")
    assert found["flood"] in (("failed", "it makes more than 500 requests"), found["loop"])  # on a slow machine
    assert found["leaving"] == ("failed", "its scripts went on to an address that must not be asked")
    assert found["file"] == ("failed", "it is a file to be saved, not a page")
    assert found["moved"][0] == "failed"
    assert set(desk.sql("SELECT title, text FROM articles")) == {(TITLE, "\n".join(PARAGRAPHS))}
    with Archive.open(desk.archive) as archive:
        marks = archive.evidence.execute("SELECT headers FROM captures WHERE url LIKE '%/good.html'").fetchall()
    assert [dict(json.loads(headers))["x-yiwen-rendered"][:20] for (headers,) in marks] == ["rendered by Chromium"]
    desk.ask("verify")


@pytest.mark.parametrize(
    ("hidden", "wanted"),
    [
        ("crawler.fetch.browser.find_spec = lambda name: None", "yiwen[render]"),
        ("", "apt-get install chromium"),
    ],
)
def test_what_is_missing_is_told_before_any_request(desk: Desk, trap: Trap, hidden: str, wanted: str) -> None:
    write_site(desk, trap.site)
    code = f"from crawler.cli import main; import crawler.fetch.browser\n{hidden}\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code, "crawl", "script", *desk.places],
        capture_output=True,
        text=True,
        timeout=HARD_LIMIT,
        env={"PATH": "/nowhere"},
    )
    assert done.returncode == 2
    assert wanted in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert trap.asked == []


def test_the_gateway_connects_to_the_address_that_it_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name leads to a public address when it is looked up first, and to loopback from then on."""
    answers = ["93.184.215.14", "127.0.0.1"]
    connected: list[tuple[str, int]] = []

    async def connect(host: str, port: int, **_: object) -> None:
        connected.append((host, port))
        raise ConnectionRefusedError

    async def ask() -> dict[str, str]:
        async def looked_up(host: str, port: int, **_: object) -> list[tuple]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]

        async with Gateway(frozenset()) as gateway:
            gateway.open(1000)
            gateway.expect("http://news.example.com/")
            host, port = gateway.address.removeprefix("http://").split(":")
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", looked_up)
            real = asyncio.open_connection
            for line in ("GET http://news.example.com/ HTTP/1.1", "CONNECT news.example.com:443 HTTP/1.1"):
                reader, writer = await real(sock=_connected(host, int(port)))
                monkeypatch.setattr(asyncio, "open_connection", connect)
                writer.write(f"{line}\r\n\r\n".encode())
                assert await reader.read() == b""
                writer.close()
            return gateway.refused

    with ThreadPoolExecutor(1) as apart:
        refused = apart.submit(asyncio.run, ask()).result()
    assert connected == [("93.184.215.14", 80)]
    assert refused == {"news.example.com": "its name leads to a private address"}


def _connected(host: str, port: int) -> socket.socket:
    connection = socket.create_connection((host, port))
    connection.setblocking(False)
    return connection
