"""What Scrapy's and Twisted's failures mean to a person."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest
from twisted.python.failure import Failure

from crawler.addresses import endpoint
from crawler.fetch.browser import Unrendered
from crawler.fetch.download import LONGEST_HEAD
from crawler.fetch.middlewares import Forbidden, Refused
from crawler.fetch.resolver import refused
from crawler.settings import DOWNLOAD_MAXSIZE

_PLAIN = {
    "CannotResolveHostError": "the host's name has no address",
    "DNSLookupError": "the host's name has no address",
    "ConnectionLost": "connection lost",
    "DownloadFailedError": "connection lost",
    "ConnectionRefusedError": "connection refused",
    "DownloadConnectionRefusedError": "connection refused",
    "DownloadTimeoutError": "no answer in time",
    "TCPTimedOutError": "no answer in time",
    "TimeoutError": "no answer in time",
    "NoRouteError": "no route to the host",
    "ResponseFailed": "connection lost",
    "ResponseNeverReceived": "connection lost",
}
_TOO_LARGE = ("DownloadCancelledError", "_DecompressionMaxSizeExceeded")
_ROBOTS = "Forbidden by robots.txt"


def was_refused(failure: Failure) -> bool:
    """Whether the request was not made, by our own guard or by robots.txt."""
    return bool(failure.check(Refused)) or (failure.check(IgnoreRequest) and str(failure.value) == _ROBOTS)


def for_good(failure: Failure) -> bool:
    """Whether a refused request would be refused in every run."""
    return bool(failure.check(Forbidden)) or str(failure.value) == _ROBOTS


def explain(failure: Failure) -> str:
    """The failure of a request in a few words."""
    if failure.check(Unrendered):
        return str(failure.value)
    name = failure.type.__name__ if failure.type else "unknown"
    if name in _TOO_LARGE or type(failure.value.__cause__).__name__ in _TOO_LARGE:
        largest = failure.request.meta.get("download_maxsize", DOWNLOAD_MAXSIZE)  # type: ignore[attr-defined]
        return f"larger than {largest // 2**20} MB"
    if failure.check(IgnoreRequest):
        text = str(failure.value)
        return "forbidden by robots.txt" if text == _ROBOTS else text or "ignored"
    if endpoint(failure.request.url) in refused:  # type: ignore[attr-defined]
        return "its name leads to a private address"
    if "ConnectionAborted" in failure.getErrorMessage():  # nobody else hangs up so
        return f"its headers are larger than {LONGEST_HEAD // 1024} KB"
    return _PLAIN.get(name, f"{name}: {failure.getErrorMessage()}"[:200])
