"""The sample articles as their data files tell them, and what each of them says on a given day."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from archive.errors import YiwenError
from crawler.demo.body import pages

HOSTS = ("dawn", "harbour")
LANGUAGES = {"dawn": "Hans", "harbour": "Hant"}
SHANGHAI = timezone(timedelta(hours=8))
_FOLDER = Path(__file__).parent / "articles"


class SampleError(YiwenError):
    """A data file of the sample sites is wrong."""


@dataclass(frozen=True)
class Edit:
    """What the publisher changes on `day`: a new headline or source, replacements in the body, a note at its end."""

    day: int
    title: str | None = None
    source: str | None = None
    replace: tuple[tuple[str, str], ...] = ()
    append: str = ""


@dataclass(frozen=True)
class State:
    """What an article's page says on one day."""

    title: str
    body: str
    source: str


@dataclass(frozen=True)
class Article:
    """One sample article.

    `path` is its address on the host, with the query that is part of its identity. `charset` is that of the bytes,
    `declared` what the page's meta element says, `header` what the HTTP header says ("" = nothing, both).
    `published` is a day, `YYYY-MM-DD`, or has a time, `HH:MM[:SS]`; `shown` is how the page words it if otherwise.
    `lists` pairs the listings that link the page with what they append to its address. It is withdrawn from the day
    `gone_from` on, by a status 404 or, where `gone_softly`, by a page with status 200.
    """

    host: str
    path: str
    layout: str
    title: str
    body: str
    published: str
    shown: str = ""
    source: str = ""
    source_title: str = ""
    author: str = ""
    editor: str = ""
    summary: str = ""
    number: str = ""
    charset: str = "utf-8"
    declared: str = "utf-8"
    header: str = ""
    validator: str = "etag"
    lists: tuple[tuple[str, str], ...] = (("list", ""),)
    forbidden: bool = False
    first_day: int = 1
    gone_from: int | None = None
    gone_softly: bool = False
    edits: tuple[Edit, ...] = ()

    @property
    def time(self) -> datetime:
        """`published`, midnight where it is a day."""
        return datetime.fromisoformat(self.published)

    def part(self, path: str, day: int) -> int | None:
        """Which page of this article, the first is 1, has that address on `day`; None for another's."""
        stem, dot, ending = self.path.rpartition(".")
        count = len(pages(self.state(day).body))
        addresses = [self.path, *(f"{stem}_{number}{dot}{ending}" for number in range(2, count + 1))]
        return addresses.index(path) + 1 if path in addresses else None

    def gone(self, day: int) -> bool:
        """Whether the publisher has taken it away by `day`."""
        return self.gone_from is not None and day >= self.gone_from

    def state(self, day: int) -> State:
        """What the page says on `day`: every edit up to then made, one after the other."""
        state = State(self.title, self.body, self.source)
        for edit in self.edits:
            if edit.day <= day:
                state = _edited(self, state, edit)
        return state


def _edited(article: Article, state: State, edit: Edit) -> State:
    body = state.body
    for old, new in edit.replace:
        if body.count(old) != 1:
            raise SampleError(f"{article.path}: the edit of day {edit.day} must find {old!r} once; correct `replace`")
        body = body.replace(old, new)
    title = state.title if edit.title is None else edit.title
    source = state.source if edit.source is None else edit.source
    return State(title, f"{body.rstrip()}\n{edit.append}".strip(), source)


def moment(day: int) -> datetime:
    """When the demonstration looks at the sites on `day`: 20:00 in Shanghai, day 1 being 20 November 2026."""
    return datetime(2026, 11, 19, 20, tzinfo=SHANGHAI) + timedelta(days=day)


def _edit(values: dict[str, Any]) -> Edit:
    pairs = tuple((old, new) for old, new in values.pop("replace", []))
    return Edit(replace=pairs, **values)


def _article(file: Path) -> Article:
    values = tomllib.loads(file.read_text(encoding="utf-8"))
    edits = tuple(map(_edit, values.pop("edit", [])))
    lists = tuple(values.pop("lists", {"list": ""}).items())
    try:
        return Article(host=file.parent.name, lists=lists, edits=edits, **values)
    except TypeError as error:
        raise SampleError(f"{file.name}: {error}; the keys are those of crawler.demo.content.Article") from error


@cache
def articles(host: str) -> tuple[Article, ...]:
    """Every article of a host, newest address first, as its lists show them."""
    found = [_article(file) for file in sorted((_FOLDER / host).glob("*.toml"))]
    return tuple(sorted(found, key=lambda article: (article.published, article.path), reverse=True))


def published_by(host: str, day: int) -> list[Article]:
    """The articles of `host` that have appeared by `day`, withdrawn ones too."""
    return [article for article in articles(host) if article.first_day <= day]
