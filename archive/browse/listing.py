"""What our template of Datasette's table of articles needs beside what Datasette gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request

from archive.browse import finding, queries, shaping
from archive.browse.room import Room

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette


def variables(datasette: Datasette, request: Request, database: str, view_name: str) -> Any:
    """`room`, and for a table what is asked of the archive; awaited by Datasette where it is a coroutine."""
    room = Room(datasette, request, database)
    if view_name != "table" or request.url_vars.get("table") != "articles":
        return {"room": room}
    return _articles(room)


async def _articles(room: Room) -> dict[str, Any]:
    searched = room.argument("_search")
    facets = await room.ask_in_time(lambda db: finding.facets(db, searched))
    sites = await room.ask(queries.site_names)
    return {"room": room, "snippet": shaping.snippet, "sites": sites, "facets": facets}
