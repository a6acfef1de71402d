"""One HTTP response of a sample host, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Response:
    """Status, headers beside Content-Length, body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
