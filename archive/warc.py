"""WARC files (ISO 28500): captures as records, and records as captures. The only module that imports warcio.

A payload is stored after transfer and content decoding. The headers that spoke of it as it was sent are kept under the
names that web archives use for them, `X-Archive-Orig-...`, and Content-Length is that of the record.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.clock import stamp
from archive.models import Capture

ORIGINAL = "x-archive-orig-"
OF_THE_SENT = ("content-encoding", "transfer-encoding", "content-length")  # headers that speak of the bytes as sent
REQUESTED = "Yiwen-Requested-URI"  # the address that was asked for, where redirects led to another
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True)
class Earlier:
    """The capture that a revisit refers to."""

    id: str
    final_url: str
    fetched_at: str
    digest: str


class Writer:
    """Makes records, each as the bytes to write; with `gzipped` each is a gzip member of its own."""

    def __init__(self, *, gzipped: bool) -> None:
        self._buffer = BytesIO()
        self._writer = WARCWriter(self._buffer, gzip=gzipped, warc_version="1.1")

    def info(self, fields: Mapping[str, str], now: datetime) -> bytes:
        """The record at the beginning of a file."""
        record = self._writer.create_warcinfo_record("", fields)
        record.rec_headers.replace_header("WARC-Date", stamp(now))
        return self._bytes(record)

    def response(self, capture: Capture) -> bytes:
        """A capture with its payload. There is no request record, since requests are not kept."""
        headers = [(_mended(name), value) for name, value in capture.headers]
        headers.append(("content-length", str(len(capture.payload))))
        record = self._writer.create_warc_record(
            capture.final_url,
            "response",
            payload=BytesIO(capture.payload),
            length=len(capture.payload),
            warc_headers_dict={**_about(capture), "WARC-Payload-Digest": f"sha256:{capture.digest}"},
            http_headers=_http(capture, headers),
        )
        return self._bytes(record)

    def revisit(self, capture: Capture, earlier: Earlier) -> bytes:
        """A fetch that brought what an earlier one had brought: the same bytes, or the answer that nothing changed.

        The latter has no headers: those of a 304 would be replayed in the place of the page.
        """
        unmodified = capture.status == HTTPStatus.NOT_MODIFIED
        record = self._writer.create_revisit_record(
            capture.final_url,
            f"sha256:{earlier.digest}",
            earlier.final_url,
            earlier.fetched_at,
            http_headers=None if unmodified else _http(capture, list(capture.headers)),
            warc_headers_dict={**_about(capture), "WARC-Refers-To": _record_id(earlier.id)},
        )
        if unmodified:
            record.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
        return self._bytes(record)

    def _bytes(self, record: ArcWarcRecord) -> bytes:
        self._writer.write_record(record)
        written = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return written


def _about(capture: Capture) -> dict[str, str]:
    about = {"WARC-Record-ID": _record_id(capture.id), "WARC-Date": stamp(capture.fetched_at)}
    return about if capture.url == capture.final_url else {**about, REQUESTED: capture.url}


def _record_id(capture_id: str) -> str:
    """The same for the same capture in every export."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'yiwen:{capture_id}')}>"


def _mended(name: str) -> str:
    return ORIGINAL + name if name in OF_THE_SENT else name


def _http(capture: Capture, headers: list[tuple[str, str]]) -> StatusAndHeaders:
    status = capture.status or 0
    phrase = HTTPStatus(status).phrase if status in HTTPStatus.__members__.values() else ""
    return StatusAndHeaders(f"{status} {phrase}".strip(), headers, protocol="HTTP/1.1")
