"""Which answers to a request for an article's file are that file. Pure."""

from __future__ import annotations

from archive.models import Capture
from archive.store.attachments import Wanted

LARGEST = 20 * 1024 * 1024  # bytes; of a page it is less, since a page has to be read
WITHIN = 120  # seconds for one file
MOST = 20  # files of one article
_PAGES = ("text/html", "application/xhtml+xml")


def objection(file: Wanted, capture: Capture) -> str:
    """Why an answer is not the file, "" where it is. Sites answer with a page where a file was taken away (2026-11)."""
    if capture.status is None:
        return capture.reason
    if capture.status == 304 and file.digest:
        return ""
    if capture.status != 200:
        return f"HTTP {capture.status}"
    media = (capture.header("content-type") or "").partition(";")[0].strip().lower()
    if media in _PAGES:
        return "a page answered instead of the file"
    return "" if capture.payload else "an empty answer"
