"""The captures of the archive as WARC records, in the order of recording: one at a time in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version

from archive.clock import unstamp
from archive.errors import EvidenceLost
from archive.export.rows import chosen
from archive.models import Capture
from archive.store import Archive, captures, redaction
from archive.warc import Earlier, Writer

NO_ANSWER = "no answer came"
NOT_KEPT = "the payload is not kept (a list, or an answer without content)"
DROPPED = "the payload was dropped by retention"
REDACTED = "redacted"
DAMAGED = "the payload is damaged; see yiwen verify"

_COLUMNS = "id, url, final_url, fetched_at, http_status, digest, etag, last_modified, verdict"


def count(archive: Archive, query: str) -> int:
    """How many fetches there are to write."""
    where, values = _which(archive, query)
    return int(archive.db.conn.execute(f"SELECT count(*) FROM captures {where}", values).fetchone()[0])


def chunks(archive: Archive, query: str, now: datetime, left_out: Counter[str], *, gzipped: bool) -> Iterator[bytes]:
    """A record of the file itself, then one for each fetch; b"" for one that is left out and counted by reason.

    Without a query these are all fetches, also of what is no article; with one those of the articles that it means.
    """
    writer = Writer(gzipped=gzipped)
    yield writer.info(_info(query), now)
    where, values = _which(archive, query)
    redacted = redaction.digests(archive.db, archive.evidence)
    for row in archive.db.conn.execute(f"SELECT {_COLUMNS} FROM captures {where} ORDER BY rowid", values):
        record = _record(archive, writer, row)
        if isinstance(record, str):
            left_out[REDACTED if row[-1] == "redacted" or row[5] in redacted else record] += 1
        yield b"" if isinstance(record, str) else record


def _which(archive: Archive, query: str) -> tuple[str, tuple[object, ...]]:
    if not query:
        return "", ()
    ids = chosen(archive.db, query)
    return f"WHERE article_id IN ({ids.sql})", ids.values


def _info(query: str) -> dict[str, str]:
    return {
        "software": f"Yiwen {version('yiwen')}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "description": "Payloads after transfer and content decoding; what the headers said of them as sent is in"
        " X-Archive-Orig-*." + (f" Captures of the articles found by: {query}" if query else ""),
    }


def _record(archive: Archive, writer: Writer, row: tuple) -> bytes | str:
    """The record of one fetch, or why there is none."""
    capture_id, url, final_url, fetched_at, status, digest, etag, last_modified, _ = row
    if status is None:
        return NO_ANSWER
    try:
        if kept := captures.load_one(archive.evidence, capture_id):
            return writer.response(kept)
    except captures.Dropped:
        return DROPPED
    except EvidenceLost:
        return DAMAGED
    earlier = captures.first_with(archive.evidence, digest, url) if digest else None
    if earlier is None:
        return DROPPED if digest and captures.holds(archive.evidence, digest) else NOT_KEPT
    validators = (("etag", etag), ("last-modified", last_modified))
    headers = tuple((name, value) for name, value in validators if value)
    capture = Capture(capture_id, url, final_url, unstamp(fetched_at), status, headers)
    return writer.revisit(capture, Earlier(*earlier, digest))
