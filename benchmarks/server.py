"""The generated site as a small HTTP/1.1 server in a process of its own, so that it takes no time from the crawlers.

`python -m benchmarks.server N` prints its port. `/mode/validators`, `/mode/same` and `/mode/sidebars` say how it
answers from then on: with validators (and 304), with the same bytes and no validators, with another edition.
"""

from __future__ import annotations

import asyncio
import sys
from email.utils import formatdate

from benchmarks.pages import page, title_of

PAGES_OF_A_LIST = 100


class Site:
    """The answers, made before anyone asks."""

    def __init__(self, count: int) -> None:
        self.mode = "validators"
        self._editions = [[page(number, edition) for number in range(count)] for edition in (1, 2)]
        self._count = count

    def answer(self, path: str, headers: bytes) -> bytes:
        """A whole HTTP answer."""
        if path.startswith("/mode/"):
            self.mode = path.removeprefix("/mode/")
            return _response(b"ok")
        if path == "/robots.txt":
            return _response(b"User-agent: *\nDisallow: /private/\n", b"text/plain")
        if path.startswith("/list_"):
            return _response(self._list(int(path[6:-5])))
        if path.startswith("/news/"):
            return self._page(int(path[6:-5]), headers)
        return _response(b"<html><title>404</title></html>", status=b"404 Not Found")

    def _page(self, number: int, headers: bytes) -> bytes:
        if self.mode != "validators":
            return _response(self._editions[self.mode == "sidebars"][number])
        etag = b'"%d"' % number
        if b"if-none-match: " + etag in headers.lower():
            return b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n"
        extra = b"ETag: " + etag + b"\r\nLast-Modified: " + formatdate(1_763_600_000, usegmt=True).encode() + b"\r\n"
        return _response(self._editions[0][number], extra=extra)

    def _list(self, number: int) -> bytes:
        numbers = range(number * PAGES_OF_A_LIST, min(self._count, (number + 1) * PAGES_OF_A_LIST))
        items = "".join(f'<li><a href="/news/{n}.html">{title_of(n)}</a></li>' for n in numbers)
        return f'<meta charset="utf-8"><ul class="news">{items}</ul>'.encode()


def _response(body: bytes, kind: bytes = b"text/html", status: bytes = b"200 OK", extra: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n%b\r\n" % (status, kind, len(body), extra)
    return head + body


class _Connection(asyncio.Protocol):
    def __init__(self, site: Site) -> None:
        self._site, self._received = site, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            self._transport.write(self._site.answer(path, head))  # type: ignore[attr-defined]


async def main(count: int) -> None:
    """Serve until killed."""
    site = Site(count)
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(site), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
