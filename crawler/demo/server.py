"""The two sample hosts as HTTP servers on loopback. They change only with `day`, and log what they are asked."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from crawler.demo.answers import FAILURES, WAYS, failure, respond, taken_away
from crawler.demo.content import HOSTS, SampleError
from crawler.demo.response import Response
from crawler.demo.site_files import site_file

Logged = tuple[str, str, str, dict[str, str], int]


class SampleSites:
    """Both hosts, running while the context is open: `with SampleSites(day=1) as sites: ...`.

    `day` may be set at any time; `ports` are those of the hosts `dawn` and `harbour`, 0 for a free one.
    """

    def __init__(self, day: int = 1, ports: tuple[int, int] = (0, 0)) -> None:
        self.day = day
        self._wanted = ports
        self._servers: dict[str, _Server] = {}
        self._failing: dict[str, str | None] = {}
        self._hidden: dict[tuple[str, str], str] = {}
        self._broken: dict[tuple[str, str], int] = {}
        self._put: dict[tuple[str, str], bytes] = {}
        self._log: list[Logged] = []
        self._lock = threading.Lock()

    def __enter__(self) -> SampleSites:
        try:
            for host, port in zip(HOSTS, self._wanted, strict=True):
                self._servers[host] = _Server(self, host, port)
                threading.Thread(target=self._servers[host].serve_forever, args=(0.05,), daemon=True).start()
        except OSError as error:
            self._stop()
            raise SampleError(f"port {port} for the sample host {host}: {error.strerror}; choose another") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()
        self._servers.clear()

    @property
    def ports(self) -> tuple[int, int]:
        """The ports of `dawn` and `harbour`."""
        dawn, harbour = (self._servers[host].server_address[1] for host in HOSTS)
        return dawn, harbour

    def url(self, host: str, path: str) -> str:
        """The absolute address of `path` on a host."""
        return f"http://127.0.0.1:{self._servers[host].server_address[1]}{path}"

    def write_site_files(self, folder: Path) -> list[Path]:
        """Write `dawn.toml` and `harbour.toml`, the site files of the running hosts, into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{host}.toml" for host in HOSTS]
        for host, file in zip(HOSTS, files, strict=True):
            file.write_text(site_file(host, self.url(host, "")), encoding="utf-8")
        return files

    @property
    def requests(self) -> list[Logged]:
        """Every request so far: host, method, target, headers in lower case, status answered."""
        with self._lock:
            return list(self._log)

    def clear_log(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._log.clear()

    def fail(self, host: str, mode: str | None) -> None:
        """Let a host answer everything with `503`, `404` or `challenge` (412), or, with None, as it should again."""
        if host not in HOSTS or mode not in (None, *FAILURES):
            raise SampleError(f"fail({host!r}, {mode!r}): a host is one of {HOSTS}, a mode one of {FAILURES} or None")
        self._failing[host] = mode

    def hide(self, host: str, path: str, way: str = "404") -> None:
        """Let one page of a host be missing from now on, in one of the `WAYS` of `crawler.demo.answers`."""
        if way not in WAYS:
            raise SampleError(f"hide({host!r}, {path!r}, {way!r}): a way is one of {WAYS}")
        self._hidden[host, path] = way

    def bring_back(self, host: str, path: str) -> None:
        """Show a hidden page again."""
        del self._hidden[host, path]

    def break_for(self, host: str, path: str, times: int) -> None:
        """Let so many answers at an address be failures (503)."""
        self._broken[host, path] = times

    def put(self, host: str, target: str, body: bytes | None) -> None:
        """Let an address answer with this page and status 200 or, with None, as it should again."""
        if body is None:
            del self._put[host, target]
        else:
            self._put[host, target] = body

    def respond(self, host: str, method: str, target: str, headers: dict[str, str]) -> Response:
        """What `host` answers now; the request goes to the log."""
        mode, day = self._failing.get(host), self.day
        if self._broken.get((host, target), 0):
            self._broken[host, target] -= 1
            mode = "503"
        way = None if mode else self._hidden.get((host, target))
        if body := self._put.get((host, target)):
            answered = Response(200, (("Content-Type", "text/html; charset=utf-8"),), body)
        elif way:
            answered = taken_away(way, host, target, day)
        else:
            answered = failure(mode, day) if mode else respond(host, target, day, self.url(host, ""), headers)
        with self._lock:
            self._log.append((host, method, target, headers, answered.status))
        return answered


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sites: SampleSites, host: str, port: int) -> None:
        self.sites, self.host = sites, host
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle of the big page is no error; anything else is a fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answered = self.server.sites.respond(self.server.host, self.command, self.path, headers)
        self.send_response(answered.status)
        for name, value in answered.headers:
            self.send_header(name, value)
        if answered.status != 304:
            self.send_header("Content-Length", str(len(answered.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answered.body)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """JSON or a form that is posted chooses as the same fields in the address would, and is logged so."""
        posted = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.headers.get("Content-Type") == "application/json":
            posted = urlencode(json.loads(posted))
        self.path += f"?{posted}"
        self.do_GET()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are kept in `SampleSites.requests`, not printed."""
