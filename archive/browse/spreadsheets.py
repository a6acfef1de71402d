"""CSV that Datasette writes, of tables and of queries: no cell of it is calculated by a spreadsheet.

As `yiwen export --format csv`, while it passes through: a piece of an answer may end anywhere in a cell or a character.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any

from archive.browse import guard
from archive.export.csv import guarded

if TYPE_CHECKING:
    from datasette.app import Datasette

_CELL = re.compile(r'"(?:[^"]|"")*+"|[^",\r\n]++')
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_END = "\r\n"


class Rows:
    """CSV in pieces, as Python's writer makes it, with each cell guarded; holds back what is no whole row yet."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, piece: bytes, *, last: bool) -> bytes:
        """The rows that are whole with this piece."""
        text = self._rest + self._decoder.decode(piece, last)
        end = len(text) if last else _whole(text)
        self._rest = text[end:]
        return _CELL.sub(_safe, text[:end]).encode()


def _whole(text: str) -> int:
    """Where the last whole row of `text` ends. Text before, between and behind quoted cells is every second piece."""
    pieces = text.split('"')
    behind = 0
    for number in range(len(pieces) - 1, -1, -1):
        if number % 2 == 0 and _END in pieces[number]:
            return len(text) - behind - (len(pieces[number]) - pieces[number].rfind(_END) - len(_END))
        behind += len(pieces[number]) + 1
    return 0


def _safe(cell: re.Match[str]) -> str:
    written = cell[0]
    value = written[1:-1].replace('""', '"') if written.startswith('"') else written
    safe = value if _NUMBER.fullmatch(value) else str(guarded(value))
    return written if safe == value else '"' + safe.replace('"', '""') + '"'


def of_archives(datasette: Datasette, application: Any) -> Any:
    """The application, its CSV of archives guarded."""

    async def wrapped(scope: dict, receive: Any, send: Any) -> None:
        rows: Rows | None = None

        async def send_guarded(message: dict) -> None:
            nonlocal rows
            if message["type"] == "http.response.start" and _is_csv(scope["path"], message["headers"]):
                rows = Rows()
                kept = [pair for pair in message["headers"] if bytes(pair[0]).lower() != b"content-length"]
                message = {**message, "headers": kept}
            elif message["type"] == "http.response.body" and rows is not None:
                last = not message.get("more_body")
                message = {**message, "body": rows.feed(message.get("body", b""), last=last)}
            await send(message)

        ours = scope["type"] == "http" and guard.guards(datasette, scope["path"])
        await application(scope, receive, send_guarded if ours else send)

    return wrapped


def _is_csv(path: str, headers: Any) -> bool:
    """Whether an answer is CSV; where it is not to be downloaded, Datasette calls it plain text."""
    kind = next((bytes(value) for name, value in headers if bytes(name).lower() == b"content-type"), b"")
    return kind.startswith(b"text/csv") or (kind.startswith(b"text/plain") and path.endswith(".csv"))
