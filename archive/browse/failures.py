"""What a reader is told where a page cannot be made: in their language, without scripts and without the insides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from datasette.utils.asgi import Base400, Request, Response

from archive.browse import guard, queries
from archive.browse.archives import archives, interrupted
from archive.browse.room import Room

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette

SORTS = ("_sort", "_sort_desc")


class Told(NamedTuple):
    """An answer's status, the words' keys for its title and message, and what of the exception itself may be shown."""

    status: int
    title: str
    message: str
    said: str = ""


def explained(exception: Exception) -> Told:
    """What to tell of an exception."""
    status = int(getattr(exception, "status", 500))
    if getattr(exception, "title", "") == "SQL Interrupted" or interrupted(exception):
        return Told(503, "too_slow", "too_slow_hint")
    if status == 404:
        return Told(status, "missing", "missing_address_hint")
    if status == 403:
        return Told(status, "closed", "closed_hint")
    if said := _said(exception):
        return Told(min(status, 400), "refused", "refused_hint", said)
    return Told(500, "failed", "failed_hint")


def _said(exception: Exception) -> str:
    """The exception's own words; those that Datasette raises on purpose, some of them as 500, name no file."""
    if isinstance(exception, Base400):
        return str(exception.args[0]) if exception.args else ""
    return "" if getattr(exception, "message_is_html", True) else str(getattr(exception, "message", ""))


def answers(datasette: Datasette, request: Request, exception: Exception, others: list) -> list:
    """What answers an exception: ours, or the others' where the address is not an archive's.

    Datasette makes every answer and sends the first. Its own is made too only where something failed: it logs all that
    was at hand, and itself fails where no exception was raised, at an address without a page.
    """
    ours = answer(datasette, request, exception)
    if ours is None:
        return others
    return [ours, *others] if explained(exception).status == 500 else [ours]


def answer(datasette: Datasette, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]] | None:
    """An answer of ours, or None where the address is not an archive's."""
    if not archives(datasette) or not guard.guards(datasette, request.path):
        return None

    async def made() -> Response:
        told, room = explained(exception), Room.at(datasette, request)
        said, ways = await _with_an_index(room) if told.status == 503 else (told.said, {})
        title, message = room.say(told.title), f"{room.say(told.message)} {said}".strip()
        if ending := _of_program(request.path):
            return _plainly(told.status, title, message, as_json=ending == "json")
        return await room.render("error", status=told.status, title=title, message=message, ways=ways)

    return made


def _of_program(path: str) -> str:
    ending = path.rpartition(".")[2]
    return ending if ending in ("json", "csv", "atom", "blob", "db") else ""


def _plainly(status: int, title: str, message: str, *, as_json: bool) -> Response:
    """What a program is told; as JSON in Datasette's own form."""
    if as_json:
        return Response.json({"ok": False, "error": message, "status": status, "title": title}, status=status)
    return Response.text(f"{title}: {message}\n", status=status)


async def _with_an_index(room: Room) -> tuple[str, dict[str, str]]:
    """What to ask of a table that took too long; where it was sorted, with its links in other orders by their names.

    Only an index of one column has rows with the same value in the order that a further page asks for.
    """
    table = room.request.url_vars.get("table", "")
    columns = await room.ask(lambda db: queries.indexed_columns(db, table))
    asked = next((room.argument(name) for name in SORTS if room.argument(name)), "")
    if not asked:
        return (room.say("filtered_too_slow", columns=", ".join(columns)) if columns else ""), {}
    anew = dict.fromkeys((*SORTS, "_sort_by_desc", "_next"))
    orders = [name for name, alone in columns.items() if alone and name != asked]
    links = {name: room.here(**{**anew, "_sort_desc": name}) for name in orders}
    return room.say("sorted_too_slow"), {room.say("as_it_is"): room.here(**anew), **links}
