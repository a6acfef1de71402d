"""A server of traps: answers that never end, that swell, and that are made to be slow to read."""

from __future__ import annotations

import gzip
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

from tests.reading.pages import TITLE, page

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HTML, XML = "text/html; charset=utf-8", "application/xml"
SWOLLEN = bytes(150 * 1024 * 1024)  # what each bomb unpacks to
FULL = 5 * 1024 * 1024 - 1_000  # just below what a page may have


@cache
def made(path: str) -> bytes:
    """The body at a path; the bombs take a while."""
    return {**ENCODED, **BODIES}[path][1]()


def filled(unit: str, before: str = "", after: str = "") -> bytes:
    """A page that is as long as a page may be, of one thing over and over."""
    size = FULL - len((before + after).encode())
    return before.encode() + unit.encode() * (size // len(unit.encode())) + after.encode()


def laughs(body: str) -> bytes:
    """A document whose entities name each other, ten times each: three billion characters."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "哈">{entities}]>{body}'.encode()


FEED = "<rss><channel><item><title>&e9;</title><link>{home}/news/1.html</link></item></channel></rss>"
INDEX = "<sitemapindex><sitemap><loc>{home}/index.xml?{n}</loc></sitemap></sitemapindex>"
_NEXT = "<a href='/news/next_{n}.html'>下一页</a>"

# Bodies by path, with their encoding or media type.
ENCODED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "/news/gzip.html": ("gzip", lambda: gzip.compress(SWOLLEN, 1)),
    "/news/nested.html": ("gzip, gzip", lambda: gzip.compress(gzip.compress(SWOLLEN, 1))),
    "/news/br.html": ("br", lambda: brotli.compress(SWOLLEN, quality=1)),
    "/news/zstd.html": ("zstd", lambda: zstd.compress(SWOLLEN)),
}
BODIES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "/bomb.xml.gz": (XML, lambda: gzip.compress(b"<urlset>" + SWOLLEN, 1)),
    "/links.html": (HTML, lambda: filled("<a href=/n/>")),
    "/items.html": (HTML, lambda: filled("<li>")),
    "/news/items.html": (HTML, lambda: filled("<li>")),
    "/news/links.html": (HTML, lambda: filled("<a href=/x/>一</a>")),
    "/news/attributes.html": (HTML, lambda: filled(" a=1", "<html><body><p", ">")),
    "/news/deep.html": (HTML, lambda: filled("<b><i><font>")),
    "/news/fine.html": (HTML, lambda: page().encode()),
}


class Traps(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]
    names: tuple[str, ...]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.close_connection = True
        home = f"http://127.0.0.1:{self.server.server_port}"
        path = self.path.partition("?")[0]
        if endless := {"/news/endless.html": b"x" * 65536, "/news/dribble.html": b"x"}.get(path):
            self._go_on(endless, 0 if len(endless) > 1 else 0.2)
        elif path == "/news/chunks.html":
            self._go_on(b"3e8\r\n" + b"x" * 1000 + b"\r\n", 0, chunked=True)
        elif path == "/news/heads.html":
            self.send_response_only(200)
            self.flush_headers()
            while self._write(b"X-Long: " + b"y" * 10_000 + b"\r\n"):
                pass
        elif path == "/news/headers.html":
            self._send(HTML, b"x", [("X-Long", "y" * 1000)] * 200)
        elif path in ENCODED:
            self._send(HTML, made(path), [("Content-Encoding", ENCODED[path][0])])
        else:
            self._send(*self._body(path, home))

    def _body(self, path: str, home: str) -> tuple[str, bytes]:
        if path == "/list.html":
            return HTML, "".join(f"<a href='/news/{name}.html'>{name}</a>" for name in self.names).encode()
        if path == "/feed.xml":
            return XML, laughs(FEED.format(home=home))
        if path == "/index.xml":
            return XML, INDEX.format(home=home, n=len(self.asked)).encode()
        if path.startswith("/news/next"):
            number = int(path[len("/news/next") : -len(".html")].strip("_") or 1) + 1
            return HTML, page(below=_NEXT.format(n=number), title=f"{TITLE}之{number}").encode()
        return (BODIES[path][0], made(path)) if path in BODIES else (HTML, b"")

    def _send(self, media: str, body: bytes, headers: list[tuple[str, str]] | None = None) -> None:
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", media)
        for name, value in headers or ():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        with suppress(ConnectionError):
            self.end_headers()
            self._write(body)

    def _go_on(self, piece: bytes, pause: float, *, chunked: bool = False) -> None:
        self.send_response(200)
        self.send_header("Content-Type", HTML)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while self._write(piece):
            time.sleep(pause)

    def _write(self, piece: bytes) -> bool:
        try:
            self.wfile.write(piece)
        except (ConnectionError, TimeoutError):
            return False
        return True

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@contextmanager
def traps(names: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """The server's port, and what it was asked; `names` are the pages that its list links to."""
    asked: list[str] = []
    for path in (*ENCODED, *BODIES):
        made(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Set", (Traps,), {"asked": asked, "names": names}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()
