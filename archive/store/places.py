"""How far into a site's lists a crawl has come that was ended before they were read. Internal to the crawler."""

from __future__ import annotations

from sqlite_utils import Database


def of_site(db: Database, site: str, *, deep: bool) -> dict[str, int]:
    """The page at which each unfinished list of a site is to be read on; `deep` are the places of its backfill."""
    return dict(db.conn.execute("SELECT list, page FROM places WHERE site = ? AND deep = ?", (site, deep)))


def keep(db: Database, site: str, name: str, page: int, *, deep: bool) -> None:
    """The list is being read at this page; 0 where it has been read."""
    if page:
        db.conn.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?, ?)", (site, name, deep, page))
    else:
        db.conn.execute("DELETE FROM places WHERE site = ? AND list = ? AND deep = ?", (site, name, deep))
