"""The articles that answer a query, best first, and how many there are.

First those that have every term as a whole word, of them those that have it in the headline, of them the newest. Only
as many rows are ranked as are asked for: each rank is asked for its newest by itself, until there are enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

from sqlite_utils import Database

from archive.search import expression
from archive.search.query import Query, Term, parse
from archive.search.sets import ALL, DATE, NONE, Ids, between, listed, passing
from archive.search.snippets import snippet
from archive.search.terms import widened
from archive.store.connection import rows

MOST = 1000  # what `count` counts to, and how many rows are looked up one by one


@dataclass(frozen=True)
class Found:
    """The rows asked for, and how many articles match in all: `MOST` + 1 where they are more than `MOST`.

    Each row has a `snippet` in which matches stand between OPEN and CLOSE.
    """

    rows: list[dict]
    count: int


def find(
    db: Database, typed: str, limit: int = 20, offset: int = 0, *, history: bool = False, terms: bool = False
) -> Found:
    """The articles that match, best first, and their count.

    With `history` also those of which only an older version matches, after the others; each row then has the number of
    the `version` that its snippet is of. With `terms` also other places' names of what is named, see terms.toml.
    """
    query = widened(parse(typed)) if terms else parse(typed)
    matching = _matching(db, query)
    some = _first(db, matching)
    many = len(some) > MOST
    best = _best(db, query, matching if many else listed(some), limit + offset, many=many)
    hits: list[tuple[int, int | None]] = [(article_id, None) for article_id in best]
    older = _older(db, query, matching) if history else []
    shown = [_shown(db, query, *hit, history=history) for hit in (hits + older)[offset : offset + limit]]
    return Found(shown, min(len(some) + len(older), MOST + 1))


def search(db: Database, typed: str, limit: int = 20, offset: int = 0) -> list[dict]:
    """The rows that `find` finds."""
    return find(db, typed, limit, offset).rows


def count(db: Database, typed: str) -> int:
    """The count that `find` finds."""
    return len(_first(db, _matching(db, parse(typed))))


def matching(db: Database, typed: str) -> Ids:
    """All articles that a query means, as SQL, for those who order or count them in their own way."""
    return _matching(db, parse(typed))


_ABOUT = "a.id, a.site, a.url, a.status, a.title, a.source, a.published_at, a.first_seen_at, a.version_count"


def _shown(db: Database, query: Query, article_id: int, version_id: int | None, *, history: bool) -> dict:
    if history:
        sql = f"""SELECT {_ABOUT}, v.number AS version, v.text AS snippet
            FROM articles a JOIN versions v ON v.id = coalesce(?, a.current_version_id) WHERE a.id = ?"""
        row = rows(db, sql, version_id, article_id)[0]
    else:
        row = rows(db, f"SELECT {_ABOUT}, a.text AS snippet FROM articles a WHERE a.id = ?", article_id)[0]
    return {**row, "snippet": snippet(str(row["snippet"]), query)}


def _older(db: Database, query: Query, matching: Ids) -> list[tuple[int, int | None]]:
    """The articles of which only an older version matches, newest first, each with the newest such version."""
    if not query.groups:
        return []
    versions = Ids("SELECT rowid FROM versions_fts WHERE versions_fts MATCH ?", (expression.matching(query),))
    of_versions = f"SELECT article_id FROM version_rows WHERE id IN ({versions.sql})"
    ids = _passing(db, query, Ids(f"SELECT id FROM articles WHERE id IN ({of_versions})", versions.values))
    sql = f"""SELECT id, (SELECT max(v.id) FROM version_rows v WHERE v.article_id = articles.id AND v.id IN
        ({versions.sql})) FROM articles WHERE id IN ({ids.without(matching).sql})
        ORDER BY {DATE} DESC, id DESC LIMIT {MOST + 1}"""
    return db.conn.execute(sql, (*versions.values, *ids.without(matching).values)).fetchall()


def _matching(db: Database, query: Query) -> Ids:
    """All articles that a query means; none where it says nothing."""
    if not query.groups and not query.filters:
        return NONE
    wanted = list(_with_terms(query))
    found = _passing(db, query, reduce(Ids.within, wanted[1:], wanted[0]) if wanted else ALL)
    if not query.refused:
        return found
    return found.without(_indexed(expression.any_of(query.refused, expression.in_text)))


def _passing(db: Database, query: Query, found: Ids) -> Ids:
    """Those that pass the query's filters."""
    dates = [one for one in query.filters if one.field in ("since", "until")]
    if dates:
        found = found.within(between(dates))
    for one in query.filters:
        if one in dates:
            continue
        found = found.within(passing(db, one)) if one.wanted else found.without(passing(db, one))
    return found


def _with_terms(query: Query) -> Iterator[Ids]:
    """The articles with the wanted terms.

    Single characters are looked up in articles_words where that is possible: in articles_fts each is the beginning of
    thousands of pairs.
    """
    single = _characters(query)
    rest = tuple(term for term in query.terms if term not in single)
    if single:
        yield _words(" AND ".join(map(expression.character, single)))
        query = Query((rest,) if rest else ())
    if query.groups:
        yield _indexed(expression.any_group(query, expression.in_text))


def _characters(query: Query) -> tuple[Term, ...]:
    return tuple(filter(expression.is_character, query.terms)) if len(query.groups) == 1 else ()


def _indexed(match: str) -> Ids:
    return Ids("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", (match,))


def _words(match: str) -> Ids:
    return Ids("SELECT rowid FROM articles_words WHERE articles_words MATCH ?", (match,))


def _first(db: Database, ids: Ids) -> list[int]:
    """Some of the articles, `MOST` + 1 where there are as many."""
    return [row[0] for row in db.conn.execute(f"{ids.sql} LIMIT {MOST + 1}", ids.values)]


def _best(db: Database, query: Query, matching: Ids, wanted: int, *, many: bool) -> list[int]:
    """The ids of the first articles, rank by rank."""
    found = list[int]()
    for rank, among in (*_ranks(query, matching), (matching, None)):
        if len(found) < wanted:
            found += _newest(db, rank, among, found, wanted - len(found), many=many)
    return found


def _ranks(query: Query, matching: Ids) -> Iterator[tuple[Ids, Ids | None]]:
    """The ranks above the last one, best first, each with what else its articles must be among; a later one may hold
    the articles of an earlier one too. What a headline says the article says, so that it need not be looked up."""
    if not query.groups:
        return
    titled, among = _titled(query), matching if query.filters or query.refused else None
    partly = _indexed(expression.any_of(query.terms, expression.in_title)) if len(query.terms) > 1 else None
    if whole := expression.any_group(query, expression.whole):
        yield _words(expression.any_group(query, expression.whole_in_title)).within(titled), among
        if partly:
            yield _words(whole).within(partly), matching
        yield _words(whole), matching
    yield titled, among
    if partly:
        yield partly, matching


def _titled(query: Query) -> Ids:
    """The articles with the terms in the headline."""
    if _characters(query) == query.terms:
        return _words(" AND ".join(expression.character(replace(term, in_title=True)) for term in query.terms))
    return _indexed(expression.any_group(query, expression.in_title))


def _newest(db: Database, rank: Ids, among: Ids | None, found: list[int], limit: int, *, many: bool) -> list[int]:
    """The newest articles of a rank, of those `among` some, that are not among those found.

    Few are looked up and sorted; for many the index by date is walked, newest first, until there are enough.
    """
    some = _first(db, rank) if many else []
    how = "INDEXED BY articles_by_date" if len(some) > MOST else "NOT INDEXED"
    ids = listed(some) if many and len(some) <= MOST else rank
    narrowed, values = (f"AND +id IN ({among.sql})", among.values) if among else ("", ())
    sql = f"""SELECT id FROM articles {how} WHERE id IN ({ids.sql}) {narrowed}
        AND id NOT IN ({", ".join(map(str, found))}) ORDER BY {DATE} DESC, id DESC LIMIT ?"""
    return [row[0] for row in db.conn.execute(sql, (*ids.values, *values, limit))]
