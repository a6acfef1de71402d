"""The values that travel through the project. All are frozen; none knows a database, a page or a network."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

Verdict = Literal[
    "article",  # one article was read
    "gone",  # 404, 410, or a page that says so with status 200
    "challenged",  # an anti-bot page answered instead
    "walled",  # a login or pay wall with no article text
    "empty",  # a page with nothing to read: a JavaScript shell, an emptied body
    "list",  # a list of other pages
    "error",  # the server or the page says that something failed
    "binary",  # not a text document
    "attachment",  # a file that an article links to was asked for; a reason says why it is not kept
    "undecodable",  # no character encoding is plausible
    "unmodified",  # the server says, or the bytes show, that nothing changed since the last capture
    "failed",  # nothing came: time-out, refused connection, reset
]


def new_capture_id(fetched_at: datetime) -> str:
    """A capture's id: its time in UTC and random digits, made before it is stored, so that both files can name it."""
    return f"{fetched_at:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:12]}"


@dataclass(frozen=True)
class Capture:
    """One response, its payload after transfer and content decoding; evidence, never changed.

    `status` is None where no response came; `reason` then says why. Header names are in lower case.
    """

    id: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    payload: bytes = b""
    reason: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the payload, in hexadecimal."""
        return hashlib.sha256(self.payload).hexdigest()

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True)
class Reading:
    """What one reader made of one capture.

    Times are ISO 8601 at the precision that the page gives: `2026-11-20`, `2026-11-20T08:30+08:00` or
    `2026-11-20T08:30:15+08:00`. `title` and `text` are simplified, the `_original` ones as published; text is one
    paragraph a line, a table row is one line with its cells parted by ` | `. Several authors are parted by a blank.
    `attachments` are pairs of name and address of the files that the article links to.
    """

    verdict: Verdict
    reader: str
    reason: str = ""
    title: str = ""
    text: str = ""
    title_original: str = ""
    text_original: str = ""
    source: str = ""
    source_title: str = ""
    author: str = ""
    editor: str = ""
    published_at: str | None = None
    updated_at: str | None = None
    language: str = ""
    flags: tuple[str, ...] = ()
    canonical_url: str | None = None
    keywords: tuple[str, ...] = ()
    image: str | None = None
    attachments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Event:
    """Something that happened to an article. `detail` is what can be written as JSON."""

    kind: str
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What recording one capture came to."""

    kind: str
    article_id: int | None = None
    version_id: int | None = None
    events: tuple[Event, ...] = ()
    reason: str = ""
