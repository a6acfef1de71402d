"""No request leaves the public web, unless the site file itself names the host and port: real crawls of loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.fetch.resolver import GuardedResolver
from tests.conftest import Desk
from tests.reading.pages import page

LOCAL = [
    "http://127.0.0.1:{port}/x.html",
    "http://localhost:{port}/x.html",
    "http://2130706433:{port}/x.html",
    "http://[::ffff:127.0.0.1]:{port}/x.html",
    "http://0x7f.1:{port}/x.html",
    "http://user@127.0.0.1:{port}/x.html",
    "http://169.254.169.254/latest/meta-data/x.html",
    "file:///etc/passwd#x.html",
]
# More spellings and ways, all of them in one crawl.
LISTED = [
    *LOCAL,
    "http://0177.0.0.1:{port}/x.html",
    "http://127.1:{port}/x.html",
    "http://127。0。0。1:{port}/x.html",
    "http://①②⑦.⓪.⓪.①:{port}/x.html",
    "http://LOCALHOST.:{port}/x.html",
    "http://[::1]:{port}/x.html",
    "http://[::ffff:7f00:1]:{port}/x.html",
    "http://[64:ff9b::7f00:1]:{port}/x.html",
    "http://good.example@127.0.0.1:{port}/x.html",
    "http://127.0.0.1:{port}\\@good.example/x.html",
    "http://[fe80::1]:{port}/x.html",
    "http://127.0.0.1:22/x.html",
    "gopher://127.0.0.1:{port}/x.html",
    "ftp://127.0.0.1:{port}/x.html",
]
ITEM = "<item><title>乙</title><link>{url}</link></item>"
INDEX = "<sitemapindex><sitemap><loc>{inner}</loc></sitemap></sitemapindex>"


class Quiet(BaseHTTPRequestHandler):
    """Answers with a page, and logs nothing."""

    def answer(self, body: str) -> None:
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Inner(Quiet):
    """A private server: whatever reaches it is a breach, be it a connection without a request."""

    reached: list[str]

    def setup(self) -> None:
        self.reached.append(str(self.client_address))
        super().setup()

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.answer("")


class Outer(Quiet):
    """The site: its list links what it must not, and its pages lead there by every way that a page has."""

    inner_port: int

    def do_GET(self) -> None:
        inner = f"http://127.0.0.1:{self.inner_port}/x.html"
        refresh = f'<html><head><meta http-equiv="refresh" content="0;url={inner}"></head><body>跳转</body></html>'
        urls = [url.format(port=self.inner_port) for url in LISTED]
        links = "".join(f'<a href="{url}">链接</a>' for url in urls)
        own = "".join(f'<a href="/{name}.html">甲</a>' for name in ("moved", "refresh", "canonical", "next", "schemes"))
        pages = {
            "/list.html": f"<html>{links}{own}",
            "/feed.xml": f"<rss><channel>{''.join(ITEM.format(url=url) for url in urls)}</channel></rss>",
            "/sitemap.xml": INDEX.format(inner=inner),
            "/urls.xml": f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>",
            "/list.json": json.dumps([{"url": url} for url in urls]),
            "/canonical.html": page(head=f'<link rel="canonical" href="{inner}">'),
            "/next.html": page(below=f'<a href="{inner.replace("/x", "/next_2")}">下一页</a>'),
            "/refresh.html": refresh,
        }
        if self.path in ("/moved.html", "/robots.txt", "/schemes.html"):
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd" if "schemes" in self.path else inner)
            self.end_headers()
            return
        self.answer(pages.get(self.path, ""))


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], **known: object) -> Iterator[int]:
    """A server on loopback whose handler knows this. Yields its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (handler,), known))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def servers() -> Iterator[tuple[int, list[str]]]:
    """The outer server's port, and the paths at which the inner one was reached."""
    reached: list[str] = []
    with serving(Inner, reached=reached) as inner, serving(Outer, inner_port=inner) as outer:
        yield outer, reached


def write_site(folder: Path, port: int) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "outer.toml").write_text(
        f"""name = "外"
home = "http://127.0.0.1:{port}/"
jurisdiction = "CN"
article = '\\.html$'
delay = 0
[[list]]
url = "http://127.0.0.1:{port}/list.html"
[[list]]
url = "http://127.0.0.1:{port}/feed.xml"
kind = "feed"
[[list]]
url = "http://127.0.0.1:{port}/sitemap.xml"
kind = "sitemap"
[[list]]
url = "http://127.0.0.1:{port}/urls.xml"
kind = "sitemap"
[[list]]
url = "http://127.0.0.1:{port}/list.json"
kind = "json"
address = "url"
""",
        encoding="utf-8",
    )


def test_no_way_leads_from_a_site_to_a_private_server(desk: Desk, servers: tuple[int, list[str]]) -> None:
    port, reached = servers
    write_site(desk.folder / "outer", port)
    desk.run("crawl", "--sites", str(desk.folder / "outer"), "--archive", str(desk.archive), "--json", code=None)
    assert reached == []
    reasons = dict(desk.sql("SELECT reason, sum(count) FROM skips GROUP BY reason"))
    assert reasons["not a public address of the web"] >= 2
    read = {url.rpartition("/")[2] for (url,) in desk.sql("SELECT url FROM captures WHERE verdict = 'article'")}
    assert read == {"canonical.html", "next.html"}


@pytest.mark.parametrize("url", LOCAL)
def test_a_private_address_is_not_added(desk: Desk, servers: tuple[int, list[str]], url: str) -> None:
    port, reached = servers
    result = desk.run("add", url.format(port=port), "--archive", str(desk.archive), code=2)
    assert result.err.startswith("yiwen: ")
    assert reached == []


class Moving(Quiet):
    """A public site whose name leads elsewhere as soon as it has shown its first article."""

    moved: Path

    def do_GET(self) -> None:
        pages = {"/list.html": '<a href="/1.html">甲</a><a href="/2.html">乙</a>', "/1.html": page(), "/2.html": page()}
        if self.path == "/1.html":
            self.moved.touch()
        self.answer(pages.get(self.path, ""))


# What the machine's resolver and the network are for one process: the public address is a server on loopback.
NETWORK = """
import os, socket
PUBLIC = ("93.184.215.14", 80)
getaddrinfo, connect = socket.getaddrinfo, socket.socket.connect_ex
def answer(host, *rest, **more):
    if host != "news.example.com":
        return getaddrinfo(host, *rest, **more)
    found = ("127.0.0.1", {inner}) if os.path.exists({moved!r}) else PUBLIC
    return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", found)]
socket.getaddrinfo = answer
socket.socket.connect_ex = lambda self, to: connect(self, ("127.0.0.1", {outer}) if to == PUBLIC else to)
"""


MOVING = """
name = "移"
home = "http://news.example.com/"
jurisdiction = "CN"
article = '/\\d\\.html$'
delay = 0
[[list]]
url = "http://news.example.com/list.html"
"""


def write_network(folder: Path, inner: int, outer: int = 0) -> str:
    """The PYTHONPATH for which news.example.com leads to the outer server, and to the inner one once it has moved."""
    network = NETWORK.format(inner=inner, outer=outer, moved=str(folder / "moved"))
    (folder / "sitecustomize.py").write_text(network, encoding="utf-8")
    return f"{folder}:{Path.cwd()}"


def test_a_name_that_leads_to_a_private_address_is_not_asked(desk: Desk) -> None:
    reached: list[str] = []
    with serving(Inner, reached=reached) as inner:
        (desk.folder / "moved").touch()
        network = write_network(desk.folder, inner=inner)
        url = "http://news.example.com/x.html"
        result = desk.run("add", url, "--archive", str(desk.archive), "--json", code=1, PYTHONPATH=network)
    assert result.data[0]["verdict"] == "failed"
    assert desk.sql("SELECT reason FROM captures WHERE verdict = 'failed'") == [
        ("its name leads to a private address",)
    ]
    assert reached == []


def test_a_name_that_moves_to_a_private_address_within_a_crawl_is_asked_no_more(desk: Desk) -> None:
    reached: list[str] = []
    sites = desk.folder / "moving"
    sites.mkdir()
    (sites / "moving.toml").write_text(MOVING, encoding="utf-8")
    with serving(Inner, reached=reached) as inner, serving(Moving, moved=desk.folder / "moved") as outer:
        network = write_network(desk.folder, inner, outer)
        desk.run("crawl", "--sites", str(sites), "--archive", str(desk.archive), code=None, PYTHONPATH=network)
    assert desk.sql("SELECT url, verdict, reason FROM captures WHERE url LIKE '%/_.html' ORDER BY url") == [
        ("http://news.example.com/1.html", "article", ""),
        ("http://news.example.com/2.html", "failed", "its name leads to a private address"),
    ]
    assert reached == []


def test_a_proxy_of_the_environment_is_not_used(desk: Desk, servers: tuple[int, list[str]]) -> None:
    port, reached = servers
    result = desk.run("crawl", "harbour", *desk.places, "--limit", "1", HTTP_PROXY=f"http://127.0.0.1:{port}")
    assert "HTTP_PROXY is set and not used" in result.err
    assert reached == []


def test_a_page_above_the_cap_is_recorded_as_failed(desk: Desk) -> None:
    url = desk.servers.url("dawn", "/traps/big.html")
    desk.run("add", url, *desk.places, code=1)
    assert desk.sql("SELECT verdict, reason FROM captures") == [("failed", "larger than 5 MB")]


def test_a_loop_of_redirects_ends(desk: Desk) -> None:
    desk.run("add", desk.servers.url("dawn", "/traps/loop.html"), *desk.places, code=1)
    asked = [path for _, _, path, _, _ in desk.servers.requests if path.startswith("/traps/")]
    assert len(asked) <= 6
    assert desk.sql("SELECT verdict FROM captures") == [("failed",)]


def test_an_answer_that_changes_is_checked_each_time() -> None:
    """Scrapy connects to what the resolver lets through, and to nothing else."""

    class Names:
        def __init__(self) -> None:
            self.answers = iter(("93.184.215.14", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "93.184.215.15"))

        def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any, **__: Any) -> None:
            receiver.addressResolved(SimpleNamespace(host=next(self.answers)))

    let_through: list[str] = []
    receiver = SimpleNamespace(addressResolved=lambda address: let_through.append(address.host))
    resolver = GuardedResolver(SimpleNamespace(nameResolver=Names()), frozenset({("127.0.0.1", 8000)}))
    for _ in range(5):
        resolver.resolveHostName(receiver, "news.example.com", 8080)
    assert let_through == ["93.184.215.14", "93.184.215.15"]
