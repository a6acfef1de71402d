"""The only way out that a browser has: a proxy on loopback that resolves, checks and connects, in that order and once.

A browser resolves names itself, follows redirects unseen, and opens sockets for what no page-level hook is told of
(workers, WebSockets, prefetching). So it is given no other way than this: what is checked here is the very address that
is then connected to, and a name that changes its address in between gains nothing.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Coroutine, Set
from typing import Self

from crawler.addresses import endpoint, is_public, refusal, registrable

LARGEST_HEAD = 64 * 1024
CONNECT_WITHIN = 10.0  # seconds
_CHUNK = 64 * 1024
_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d{1,10})\s*$")
# What speaks of the connection to a proxy is not passed on; the connection ends with its answer.
_HOP = re.compile(rb"(?im)^(?:proxy-[\w-]+|connection|keep-alive):[^\n]*\n")


class NotPassedOn(Exception):
    """A request that goes nowhere."""


class Gateway:
    """A guarded HTTP proxy, shut until it is opened for a page.

    It passes on what goes to a domain that the page was seen to ask, and nothing that the browser does for itself.
    `refused` maps the hosts that were not asked since it was opened to the reason.
    """

    def __init__(self, named_hosts: Set[tuple[str, int]]) -> None:
        self._named = named_hosts
        self._left = 0
        self._domains: set[str] = set()
        self._connections: set[asyncio.Task[None]] = set()
        self.refused: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LARGEST_HEAD)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        self.shut()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def open(self, most: int) -> None:
        """Let at most so many bytes come in from now on; beyond them it shuts itself."""
        self._left, self.refused = most, {}

    def expect(self, url: str) -> None:
        """The page asks for this: pass on what goes to its domain."""
        self._domains.add(registrable(url))

    @property
    def overdrawn(self) -> bool:
        """Whether more wanted to come in than was allowed."""
        return self._left < 0

    def shut(self) -> None:
        """End every connection, and let nothing through until it is opened again."""
        self._domains.clear()
        for connection in self._connections:
            connection.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._pass_on(reader, writer)
        except (NotPassedOn, OSError, ValueError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # it must not pass, one side hung up, or what came is no HTTP: the browser sees its connection end
        finally:
            self._connections.discard(task)
            writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        tunnel = method == "CONNECT"
        url = f"https://{target}/" if tunnel else target
        to_server, from_server = await self._connect(url)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await _either(self._upload(reader, from_server), self._download(to_server, writer))
            else:
                from_server.write(_for_server(head, target))
                length = _LENGTH.search(head)
                from_server.write(await reader.readexactly(int(length[1])) if length else b"")
                await self._download(to_server, writer)
        finally:
            from_server.close()

    async def _connect(self, url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the host of `url`, at an address that was checked. Raises NotPassedOn."""
        if registrable(url) not in self._domains or refusal(url, self._named):
            raise NotPassedOn
        host, port = endpoint(url)
        async with asyncio.timeout(CONNECT_WITHIN):
            return await asyncio.open_connection(await self._address(host, port), port)

    async def _address(self, host: str, port: int) -> str:
        """An address of the host: a public one, unless the site's file names the host with this port."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        free = addresses if (host, port) in self._named else [one for one in addresses if is_public(one)]
        if not free:
            self.refused[host] = "its name leads to a private address"
            raise NotPassedOn
        return free[0]

    async def _download(self, server: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await server.read(_CHUNK):
            self._left -= len(data)
            if self.overdrawn:
                self.shut()
                return
            writer.write(data)
            await writer.drain()

    async def _upload(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            server.write(data)
            await server.drain()


def _for_server(head: bytes, target: str) -> bytes:
    """A request's head as a server wants it: a path instead of a whole address, and no connection to be kept."""
    path = re.sub(r"^\w+://[^/?#]*", "", target) or "/"
    line, rest = head.split(b"\r\n", 1)
    method, version = line.split(b" ")[0], line.split(b" ")[-1]
    path = path if path.startswith("/") else f"/{path}"
    return b"%s %s %s\r\nConnection: close\r\n%s" % (method, path.encode(), version, _HOP.sub(b"", rest))


async def _either(*directions: Coroutine[None, None, None]) -> None:
    """Until one of the directions ends."""
    tasks = [asyncio.ensure_future(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
