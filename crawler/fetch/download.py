"""Scrapy's download handler, with an end to the headers of an answer: its own limits begin with the body."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from twisted.web._newclient import BODY, DONE

LONGEST_HEAD = 256 * 1024  # bytes, status line and headers; servers send 16 KB at most


class _Protocol(_LenientHTTP11ClientProtocol):
    """Hangs up where an answer's headers do not end."""

    _head = 0

    def request(self, request: Any) -> Any:
        self._head = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:
        super().dataReceived(bytes)
        if self._parser is not None and self._parser.state not in (BODY, DONE):
            self._head += len(bytes)
            if self._head > LONGEST_HEAD:
                self.abort()


class Factory(_LenientHTTP11ClientFactory):
    """Makes the protocol of each connection."""

    def buildProtocol(self, addr: Any) -> _Protocol:
        return _Protocol(self._quiescentCallback)


class Http(HTTP11DownloadHandler):
    """Downloads http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = Factory
