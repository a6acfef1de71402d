"""Which article a fetched page is. Two histories are never merged: where pages claim each other's address, they are
linked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.history.compare import is_same_story
from archive.models import Event, Reading
from archive.store import articles, events


@dataclass(frozen=True)
class Identity:
    """The article that a page is, None for a new one; `claimed` is another one, whose address it claims as its own."""

    article_id: int | None
    claimed: int | None = None


def of_page(db: Database, url: str, final_url: str, reading: Reading) -> Identity:
    """The article of the address asked for, or of the one that answered; else of the one that the page claims.

    The claim of a page that is new is believed where it tells that article's story: templates put one article's address
    on many pages.
    """
    own, claimed = articles.find(db, url, final_url), articles.find(db, reading.canonical_url)
    if claimed is None or claimed == own:
        return Identity(own)
    if own is None and is_same_story(articles.known(db, claimed).current, reading):
        return Identity(claimed)
    return Identity(own, claimed)


def link(db: Database, article_id: int, claimed: int, run_id: int | None, now: datetime) -> None:
    """One event on each of two articles, the first time that the page of one claims the other's address."""
    address = "SELECT url FROM articles WHERE id = ?"
    own, other = (db.conn.execute(address, (one,)).fetchone()[0] for one in (article_id, claimed))
    known = "SELECT 1 FROM events WHERE article_id = ? AND kind = 'linked' AND json_extract(detail, '$.claims') = ?"
    if db.conn.execute(known, (article_id, other)).fetchone() is None:
        events.add(db, article_id, run_id, now, [Event("linked", {"claims": other})])
        events.add(db, claimed, run_id, now, [Event("linked", {"claimed_by": own})])
