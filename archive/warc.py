"""WARC files (ISO 28500): captures as records, and records as captures. The only module that imports warcio.

A payload is stored after transfer and content decoding. The headers that spoke of it as it was sent are kept under the
names that web archives use for them, `X-Archive-Orig-...`, and Content-Length is that of the record.
"""

from __future__ import annotations

import re
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO, StringIO
from pathlib import Path
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.clock import stamp
from archive.errors import Unreadable
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
        record.rec_headers.headers = _printable(record.rec_headers.headers)
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
    return StatusAndHeaders(f"{status} {phrase}".strip(), _printable(headers), protocol="HTTP/1.1")


_ODD = re.compile(r"[^\x20-\x7e]+")


def _printable(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers in plain ASCII, the rest percent-encoded: a server may send anything, the end of a line too."""
    return [(name, _ODD.sub(lambda odd: quote(odd[0], errors="replace"), value)) for name, value in headers]


@dataclass(frozen=True)
class Record:
    """A record of a file as its head tells: `kind` is response, resource, revisit or another WARC-Type.

    `offset` is its place in the file. `requested` is the address that was asked for, `url` the one that answered; `at`
    is None where its date is none; `media` is the type of a page, without parameters. A revisit refers to the record
    with its `digest`, or to that of `refers_url` at `refers_at`.
    """

    offset: int
    kind: str
    url: str
    requested: str
    at: datetime | None
    status: int | None
    media: str
    digest: str
    refers_url: str = ""
    refers_at: str = ""

    @property
    def unmodified(self) -> bool:
        """Whether it is a revisit of which no bytes came."""
        return self.kind == "revisit" and self.status in (None, HTTPStatus.NOT_MODIFIED)


def records(path: Path) -> Iterator[Record]:
    """Every record of a WARC file, one after the other. Raises Unreadable where it is none or is damaged."""
    with _readable(path), path.open("rb") as file:
        reader = ArchiveIterator(file)
        for record in reader:
            if record.format != "warc":
                raise Unreadable(f"{path}: an ARC file; make a WARC file of it first, say with `warcio recompress`")
            yield _record(record, reader.offset)


def _record(record: ArcWarcRecord, offset: int) -> Record:
    head, http = record.rec_headers, record.http_headers
    if record.length is None:
        raise EOFError("a record without Content-Length: its head was cut off")
    url = head.get_header("WARC-Target-URI") or ""
    code = http.get_statuscode() if http else ""
    media = http.get_header("content-type") if http else head.get_header("Content-Type")
    return Record(
        offset,
        record.rec_type,
        url,
        head.get_header(REQUESTED) or url,
        _date(head.get_header("WARC-Date") or ""),
        int(code) if code.isdecimal() else None,
        (media or "").partition(";")[0].strip().lower(),
        head.get_header("WARC-Payload-Digest") or "",
        head.get_header("WARC-Refers-To-Target-URI") or "",
        head.get_header("WARC-Refers-To-Date") or "",
    )


def _date(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)


def payload_at(path: Path, offset: int, limit: int) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Payload (decoded, at most `limit` bytes and one) and headers, as they came, of the record at a place in a file.

    Raises Unreadable where the record ends too early, or its block is not the one that it names by digest. Digests of
    payloads are not trusted: programs differ over what they are of where the content was sent encoded.
    """
    with _readable(path), path.open("rb") as file:
        file.seek(offset)
        record = next(iter(ArchiveIterator(file, check_digests=True)))
        payload = record.content_stream().read(limit + 1)
        if len(payload) <= limit and record.raw_stream.limit > 0:
            raise Unreadable(f"{path}: the record at {offset} ends too early")
        if any(problem.startswith("block") for problem in record.digest_checker.problems):
            raise Unreadable(f"{path}: the record at {offset} was altered: it does not have its digest")
        return payload, _as_sent(record.http_headers.headers if record.http_headers else [])


def _as_sent(headers: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Headers with those in their place that `_mended` put aside."""
    plain = [(name.lower(), value) for name, value in headers]
    if not any(name.startswith(ORIGINAL) for name, _ in plain):
        return tuple(plain)
    return tuple((name.removeprefix(ORIGINAL), value) for name, value in plain if name != "content-length")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What warcio makes of a damaged file as one clear line, and nothing of its own on standard error."""
    try:
        with redirect_stderr(StringIO()):
            yield
    except ArchiveLoadFailed as error:
        why = (
            "is not compressed record by record: `warcio recompress` it"
            if "non-chunked" in str(error)
            else "is damaged"
        )
        raise Unreadable(f"{path}: {why}") from error
    except OSError as error:
        raise Unreadable(f"{path}: cannot be read ({error.strerror or error})") from error
    except (zlib.error, EOFError, StopIteration, AttributeError, ValueError) as error:  # each from some cut of a file
        raise Unreadable(f"{path}: ends too early or is damaged") from error
