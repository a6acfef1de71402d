"""Awkward addresses for tests of the crawler's guards. The lists link only one redirect and one forbidden page."""

from __future__ import annotations

import gzip

from crawler.demo.response import Response

MOVED_TO = "/news/2026/1101.html"
_HTML = ("Content-Type", "text/html; charset=utf-8")
_REDIRECTS = {
    "/traps/moved.html": MOVED_TO,
    "/traps/loop.html": "/traps/loop-back.html",
    "/traps/loop-back.html": "/traps/loop.html",
    "/traps/other-port.html": "http://127.0.0.1:1/",
}
_REFRESH = '<html><head><meta http-equiv="refresh" content="0;url=http://127.0.0.1:1/inner"></head><body>正在跳转</body></html>'
_FORBIDDEN = "<html><head><title>内部资料</title></head><body><p>这一页不应被抓取。</p></body></html>"
_ZIPPED = (
    "<html><head><title>压缩传输</title></head><body><h1>压缩传输</h1><p>这一页的正文以压缩方式传送。</p></body></html>"
)
_BIG_LINE = "<p>这一页没有别的内容，只是很长，用来检查下载上限。</p>\n"


def trap(path: str) -> Response | None:
    """What is answered at a trap's address, or None where there is no trap."""
    if path in _REDIRECTS:
        return Response(301, (("Location", _REDIRECTS[path]),))
    if path == "/traps/gzip.html":
        return Response(200, (_HTML, ("Content-Encoding", "gzip")), gzip.compress(_ZIPPED.encode(), mtime=0))
    page = _page(path)
    return None if page is None else Response(200, (_HTML,), page.encode())


def _page(path: str) -> str | None:
    if path == "/traps/big.html":
        return f"<html><body>{_BIG_LINE * (6_000_000 // len(_BIG_LINE.encode()) + 1)}</body></html>"
    return {"/traps/refresh.html": _REFRESH, "/traps/forbidden.html": _FORBIDDEN}.get(path)
