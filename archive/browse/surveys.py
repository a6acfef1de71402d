"""The pages that look across the archive: changes, figures, sites, and how things went over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from datasette.utils.asgi import Response
from sqlite_utils import Database

from archive.browse import charts, figures, queries, trends
from archive.browse.room import Room
from archive.browse.shaping import whole_number
from archive.history.diff import KINDS
from archive.store.changes import newest

SIZES = (10, 100, 1000)
PAGE = 20
SENTENCES = 100  # on a page
DAYS = 30


async def changes(room: Room) -> Response:
    """The publishers' changes, newest first, with what changed in a line or two."""
    wanted = {
        "site": room.argument("site"),
        "kind": room.argument("kind") if room.argument("kind") in KINDS else "",
        "size": whole_number(room.argument("size")),
    }
    number = max(whole_number(room.argument("page")) or 1, 1)

    def work(db: Database) -> dict[str, Any]:
        found = newest(db, wanted, PAGE + 1, (number - 1) * PAGE)
        return {"changes": found[:PAGE], "more": len(found) > PAGE, "sites": queries.site_names(db)}

    context: dict[str, Any] = {"wanted": wanted, "number": number, "kinds": KINDS, "sizes": SIZES}
    return await room.render("changes", **await room.ask(work), **context)


async def figures_of(room: Room) -> Response:
    """Every sentence of the archive with a term and a number."""
    term, number = room.argument("term").strip(), max(whole_number(room.argument("page")) or 1, 1)

    def work(db: Database) -> dict[str, Any]:
        found = trends.sentences(db, term, trends.MOST_ARTICLES) if term else []
        matching = trends.matches(db, term, 100_000) if term else 0
        return {"sentences": found, "matching": matching, "sites": queries.site_names(db)}

    context: dict[str, Any] = {"term": term, "most": trends.MOST_ARTICLES, "marked": figures.marked}
    return await room.render("figures", **await room.ask(work), **context, number=number, size=SENTENCES)


async def sites(room: Room) -> Response:
    """How every site does: its last run, its last thirty days, and why it is disabled."""

    def work(db: Database) -> dict[str, Any]:
        last = (trends.last_run(db) or "")[:10]
        days = charts.days(last, DAYS) if last else []
        found = trends.runs_by_day(db, days[0]) if days else []
        return {"health": trends.health(db), "days": days, "charts": _of_sites(found, days)}

    return await room.render("sites", **await room.ask(work))


def _of_sites(found: Iterable[Mapping[str, Any]], days: list[str]) -> dict[str, dict[str, Any]]:
    """Each site's charts by its id: new articles, and failures, a day."""
    counted: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: {"new": {}, "failed": {}})
    for row in found:
        for what in ("new", "failed"):
            counted[row["site"]][what][row["day"]] = row[what] or 0
    return {
        site: {what: charts.bars(charts.along(days, values)) for what, values in both.items()}
        for site, both in counted.items()
    }


async def over_time(room: Room) -> Response:
    """Articles a site and month, changes a kind and month, and a term's articles a month."""
    term = room.argument("term").strip()

    def work(db: Database) -> dict[str, Any]:
        articles, changed = trends.articles_by_month(db), trends.changes_by_month(db)
        months = _span(str(row["month"]) for row in (*articles, *changed))
        return {
            "months": months,
            "articles": _series(articles, "site", "articles", months),
            "changes": _series(changed, "kind", "changes", months),
            "sites": queries.site_names(db),
        }

    found = await room.ask(work)
    held = await room.ask_in_time(lambda db: trends.term_by_month(db, term)) if term else []
    named = ({**row, "term": term} for row in held or ())
    found["held"] = _series(named, "term", "articles", found["months"]).get(term)
    return await room.render("over_time", **found, term=term, too_slow=held is None)


def _span(months: Iterable[str]) -> list[str]:
    """Every month from the first that is a date to the last, a year at least."""
    dated = sorted(month for month in set(months) if len(month) == 7 and month > "1990" and month[4] == "-")
    return charts.months(min(dated[0], charts.year_before(dated[-1])), dated[-1]) if dated else []


def _series(found: Iterable[Mapping[str, Any]], name: str, value: str, months: list[str]) -> dict[str, dict[str, Any]]:
    """Each series with its values by month, its total and its chart; all charts at one scale, the largest first."""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for row in found:
        counted[row[name]][row["month"]] = row[value]
    top = max((max(values.values()) for values in counted.values()), default=1)
    series = {key: _one(values, months, top) for key, values in counted.items()}
    return dict(sorted(series.items(), key=lambda item: -item[1]["total"]))


def _one(values: Mapping[str, int], months: list[str], top: int) -> dict[str, Any]:
    shown = charts.along(months, values)
    return {"values": dict(shown), "total": sum(values.values()), "chart": charts.bars(shown, top=top, bar=12)}
