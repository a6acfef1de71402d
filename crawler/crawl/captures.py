"""Captures made of Scrapy's answers, and of none."""

from __future__ import annotations

from datetime import datetime

from scrapy.http import Response

from archive.models import Capture, new_capture_id
from archive.store import Page
from archive.store.attachments import Wanted
from crawler.fetch.browser import RENDERED


def capture_of(url: str, response: Response, now: datetime) -> Capture:
    """An answer as evidence: its payload after transfer and content decoding, its headers in lower case.

    A page that a browser rendered is evidence of another kind: a header that no server can send says so.
    """
    sent = (
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    marks = ((RENDERED, flag) for flag in response.flags if flag.startswith("rendered by "))
    headers = (*(pair for pair in sent if pair[0] != RENDERED), *marks)
    return Capture(new_capture_id(now), url, response.url, now, response.status, headers, response.body)


def validators(known: Page | Wanted) -> dict[str, str]:
    """The headers of a conditional request for what answered with these validators last."""
    pairs = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return {name: value for name, value in pairs if value}


def missing(url: str, now: datetime, why: str) -> Capture:
    """What stands for an answer that did not come."""
    return Capture(new_capture_id(now), url, url, now, None, reason=why)
