"""The pages to read: home, search and its feed, articles with their versions, and stored captures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from datasette.utils.asgi import Response
from sqlite_utils import Database

from archive.browse import captured, finding, queries, shaping
from archive.browse.room import Room
from archive.clock import parse_moment
from archive.errors import ArchiveError, NotInArchive, UsageError
from archive.export import atom
from archive.store.changes import with_words

IN_A_FEED = 50


async def home(room: Room) -> Response:
    """What the archive is and holds, and what happened lately."""

    def work(db: Database) -> dict[str, Any]:
        found = queries.home(db)
        return {**found, "changes": [with_words(db, change) for change in found["changes"]]}

    return await room.render("home", **await room.ask(work))


def _wanted(room: Room) -> finding.Wanted:
    year = room.argument("year")
    dated = year if len(year) == 4 and shaping.whole_number(year) else ""
    return finding.Wanted(room.argument("q").strip(), room.argument("site"), room.argument("status"), dated)


async def search(room: Room) -> Response:
    """The articles that match, best first."""
    wanted, page = _wanted(room), min(max(shaping.whole_number(room.argument("page")) or 1, 1), finding.MOST)

    def work(db: Database) -> dict[str, Any]:
        if not wanted.typed:
            return {"found": [], "total": 0, "sites": queries.site_names(db)}
        return {
            "found": finding.results(db, wanted, page),
            "total": finding.total(db, wanted),
            "sites": queries.site_names(db),
        }

    context: dict[str, Any] = {"wanted": wanted, "page": page, "size": finding.PAGE, "most": finding.MOST}
    counted = await room.ask_in_time(lambda db: finding.facets(db, wanted.typed)) if wanted.typed else {}
    return await room.render("search", **await room.ask(work), **context, facets=counted)


async def search_feed(room: Room) -> Response:
    """The newest articles of a search as an Atom feed."""
    wanted = _wanted(room)
    found = await room.ask(lambda db: finding.newest(db, wanted, IN_A_FEED))
    asked = {"q": wanted.typed, **wanted.narrowed}
    itself, page = (room.absolute(room.page(name, **asked)) for name in ("search.atom", "search"))
    title = f"{room.say('name')}: {wanted.typed or room.say('all')}"
    entries = [_entry(room, row) for row in found]
    updated = max((entry.updated for entry in entries), default=atom.NEVER)
    body = b"".join(atom.chunks(atom.Head(title, updated, itself, page), entries))
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _entry(room: Room, row: dict[str, Any]) -> atom.Entry:
    summary = shaping.plain(shaping.snippet(row["text"], room.argument("q")))
    return atom.entry_of(row, room.absolute(room.article(row["id"])), summary)


async def article(room: Room) -> Response:
    """One article: its newest state, a version (`version`), or what its page showed at the end of a day (`as_of`)."""
    article_id = int(room.request.url_vars["id"])
    number, day = shaping.whole_number(room.argument("version")), room.argument("as_of")
    try:
        moment = parse_moment(day, end_of_day=True) if day else None
        found = await room.ask(lambda db: queries.article(db, article_id, number, moment))
    except (NotInArchive, UsageError):
        why = room.say("version_missing", n=number) if number else room.say("day_missing", day=day)
        return await missing(room, why, {room.say("to_current"): room.article(article_id)})
    if found is None:
        return await missing(room)
    evidence = captured.beside(room.datasette.databases[room.database].path).exists()
    return await room.render("article", **found, evidence=evidence, day=day, citation=_citation(room, found))


def _citation(room: Room, found: dict[str, Any]) -> dict[str, Any]:
    """What a citation of the state at hand says, as the values of its sentence."""
    state, shown = found["state"], found["shown"]
    sites = room.site_titles(found["sites"], [found["article"]["site"]])
    return {
        "title": state["title_original"],
        "source": state["source"] or sites[0],
        "published": shaping.published(state["published_at"]) or "—",
        "url": found["article"]["url"],
        "number": state["number"] or 1,
        "first": room.local(shown.get("first_seen_at")),
        "last": room.local(shown.get("last_seen_at")),
        "mark": state["fingerprint"][:12],
        "page": room.absolute(room.lasting(found["article"]["id"], state["number"])),
    }


async def compare(room: Room) -> Response:
    """Two versions of an article, inline or side by side; without numbers, the newest two."""
    article_id = int(room.request.url_vars["id"])
    numbers = tuple(shaping.whole_number(room.argument(name)) for name in ("a", "b"))

    def work(db: Database) -> dict[str, Any] | None:
        found = queries.two_versions(db, article_id, *numbers)
        return {**found, **shaping.difference(found["old"], found["new"])} if found else None

    compared = await room.ask(work)
    if compared is None:
        return await missing(room)
    return await room.render("compare", **compared, side=room.argument("view") == "side")


async def capture(room: Room) -> Response:
    """What the publisher's server sent for an article, as text."""
    names = room.request.url_vars
    found = await room.ask(lambda db: queries.capture(db, int(names["id"]), names["capture"]))
    if found is None or not found["digest"]:
        return await missing(room)
    archive = room.datasette.databases[room.database].path
    try:
        kept = await asyncio.get_running_loop().run_in_executor(None, captured.fetch, archive, found["digest"])
    except ArchiveError:
        return await missing(room, room.say("capture_missing"))
    text, encoding = captured.as_text(kept)
    context: dict[str, Any] = {
        "text": text[: captured.LONGEST],
        "cut": len(text) > captured.LONGEST,
        "encoding": encoding,
    }
    return await room.render("capture", capture=found, kept=kept, **context)


async def missing(room: Room, why: str = "", ways: Mapping[str, str] | None = None) -> Response:
    """There is no such page, article, version or day."""
    message = why or room.say("missing_hint")
    return await room.render("error", status=404, title=room.say("missing"), message=message, ways=ways)
