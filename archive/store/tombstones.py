"""Fetches that meet a redacted article: nothing of its page is written down."""

from __future__ import annotations

from dataclasses import replace

from sqlite_utils import Database

from archive.models import Capture, Outcome, Reading
from archive.store import articles, captures, redaction
from archive.store.captures import Sighting
from archive.store.recording import Fetch, Policy, record

REDACTED = "redacted"


def met(db: Database, fetch: Fetch) -> int | None:
    """The redacted article that a fetch met. What a known article's page claims is not believed: it is another one."""
    url, final_url, claimed = fetch.capture.url, fetch.capture.final_url, fetch.reading.canonical_url
    return redaction.article_at(db, url, final_url, claimed if articles.find(db, url) is None else None)


def record_meeting(db: Database, article_id: int, fetch: Fetch, policy: Policy) -> Outcome:
    """Write down a fetch that met a redacted article, without anything of the page.

    Where the address is another article's, that one is not shown there any more.
    """
    if fetch.past or articles.find(db, fetch.capture.url) in (None, article_id):
        return note(db, article_id, fetch.run_id, fetch.capture)
    why = f"redirected to another article, {fetch.capture.final_url}"
    gone = Reading("gone", fetch.reading.reader, reason=why)
    return record(db, Fetch(fetch.site, fetch.run_id, _bare(fetch.capture), gone), policy)


def _bare(capture: Capture) -> Capture:
    return replace(capture, payload=b"", headers=())


def note(db: Database, article_id: int, run_id: int | None, capture: Capture) -> Outcome:
    """Write down that a redacted article was met, without anything of the page, and that it is at this address too."""
    sighting = Sighting(REDACTED, REDACTED, article_id, None, run_id)
    captures.note(db, _bare(capture), sighting)
    if articles.find(db, capture.url) is None:
        db.conn.execute("INSERT INTO aliases VALUES (?, ?)", (capture.url, article_id))
    return Outcome("skipped", article_id, reason=REDACTED)
