"""A stored capture as text: what the publisher's server sent, to be read and never to be run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from archive.models import Capture
from archive.schema.evidence import captures_migrations
from archive.store.captures import load
from archive.store.connection import open_database

LONGEST = 1_000_000  # characters that are shown
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_READ_AS = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}


def beside(archive: str) -> Path:
    """Where the evidence of an archive lies."""
    return Path(archive).with_name("captures.db")


def fetch(archive: str, digest: str) -> Capture:
    """The stored capture with this digest. Raises ArchiveError where there is none, or it was altered."""
    evidence = open_database(beside(archive), captures_migrations, write=False, durable=False)
    try:
        return load(evidence, digest)
    finally:
        evidence.close()


def as_text(capture: Capture) -> tuple[str, str]:
    """The payload as text, and the encoding it was read in; bytes that do not fit are shown as replacements."""
    for encoding in _encodings(capture):
        try:
            return capture.payload.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return capture.payload.decode("utf-8", "replace"), "utf-8"


def _encodings(capture: Capture) -> Iterator[str]:
    """Valid UTF-8 is UTF-8 whatever it declares, as for the reader; then what is declared, then the usual."""
    yield "utf-8"
    declared = (capture.header("content-type") or "").encode("ascii", "ignore") + capture.payload[:4096]
    for match in _CHARSET.finditer(declared):
        name = match.group(1).decode("ascii").lower()
        yield _READ_AS.get(name, name)
    yield from ("gb18030", "big5hkscs")
