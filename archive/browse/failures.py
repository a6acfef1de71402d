"""What a reader is told where a page cannot be made: in their language, without scripts and without the insides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Base400, Request, Response

from archive.browse import guard
from archive.browse.archives import archives, interrupted
from archive.browse.room import Room

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette


def explained(exception: Exception) -> tuple[int, str, str, str]:
    """The status, the words' keys for title and message, and what of the exception itself may be shown."""
    status = int(getattr(exception, "status", 500))
    if getattr(exception, "title", "") == "SQL Interrupted" or interrupted(exception):
        return 503, "too_slow", "too_slow_hint", ""
    if status == 404:
        return status, "missing", "missing_hint", ""
    if status < 500 and not getattr(exception, "message_is_html", False):
        return status, "refused", "refused_hint", _said(exception)
    return status, "failed", "failed_hint", ""


def _said(exception: Exception) -> str:
    """The exception's own words; those that Datasette raises on purpose name no file."""
    if isinstance(exception, Base400):
        return str(exception.args[0]) if exception.args else ""
    return str(getattr(exception, "message", ""))


def answer(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """A page of ours, or None where the address is not an archive's or not one that a person reads."""
    path = request.path
    if not archives(datasette) or not guard.guards(datasette, path) or _for_programs(path):
        return None

    async def page() -> Response:
        status, title, message, said = explained(exception)
        room = Room.at(datasette, request)
        told = f"{room.say(message)} {said}".strip()
        return await room.render("error", status=status, title=room.say(title), message=told)

    return page


def _for_programs(path: str) -> bool:
    return path.rpartition(".")[2] in ("json", "csv", "atom", "blob", "db")
