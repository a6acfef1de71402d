"""Pages saved by a browser: where they were saved from. Pure."""

from __future__ import annotations

import re

# Internet Explorer, Chrome and Firefox write `<!-- saved from url=(0030)https://... -->`, SingleFile a comment with
# `url: https://...` on a line of its own (2026-11).
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://\S+)", re.IGNORECASE)
_SINGLE_FILE = re.compile(rb"<!--\s*Page saved with SingleFile\s+url:\s*(https?://\S+)", re.IGNORECASE)
_HEAD = 4_096  # bytes; both stand before the page, or right behind its doctype


def saved_from(payload: bytes) -> str | None:
    """The address that the program that saved the page has noted in it."""
    for pattern in (_SAVED_FROM, _SINGLE_FILE):
        if found := pattern.search(payload[:_HEAD]):
            return found[1].decode("ascii", "replace").removesuffix("-->")
    return None
