"""Whether a run went as a run of its site should: against what the site file expects and what was before. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

ENOUGH = 5  # pages; of fewer no share is taken, so earlier runs are looked at with this one
ENOUGH_RUNS = 3  # before anything is called usual
FALL = 3  # times shorter than usual
RISE = 0.25  # of all fetches, more than usual
ENOUGH_BAD = 4  # failures


@dataclass(frozen=True)
class Expect:
    """What a good run of a site looks like.

    `links` is the least number of articles that each list names. Of the pages that were read at least the share `text`
    has an article's text, `title` a headline, `date` a time of publication; of the articles `script` is in the site's
    script. `newest` is how old the newest article may be.
    """

    links: int = 1
    title: float = 0.5
    date: float = 0.5
    text: float = 0.5
    script: float = 0.5
    newest: timedelta | None = None


@dataclass(frozen=True)
class ListRun:
    """One list in one run: the links that it held and the articles among them; `problem` is "" where nothing is wrong.

    `url` is as the site file has it; several pages of a list are added up.
    """

    url: str
    links: int = 0
    articles: int = 0
    problem: str = ""


@dataclass(frozen=True)
class PagesRun:
    """What the pages of one run showed, lists aside.

    `tried` pages were fetched, `bad` of them challenged or failed; `read` answered as something else than gone, as
    before or bad. Of these `articles` had a text, `titled` a headline, `dated` a time, `in_script` the site's script.
    `characters` is the median length of the texts. `unmatched` names the rules of `[read]` that found nothing on any
    article.
    """

    tried: int = 0
    bad: int = 0
    read: int = 0
    articles: int = 0
    titled: int = 0
    dated: int = 0
    in_script: int = 0
    characters: int | None = None
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True)
class Before:
    """An earlier run of the site; `fine` where nothing was wrong with it."""

    pages: PagesRun
    fine: bool = True


def alarms(
    expect: Expect, lists: Sequence[ListRun], pages: PagesRun, history: Sequence[Before], age: timedelta | None
) -> tuple[str, ...]:
    """What is wrong with a run, a clause each; none where it went as it should.

    `history` has the runs before, newest first; `age` is that of the site's newest dated article, None without one.
    """
    window = _window(pages, history)
    older = [run.pages for run in history[len(window) - 1 :] if run.fine] if window else []
    found = (*_few_links(expect, lists), *_shares(expect, window), *_unmatched(window), *_fall(window, older))
    return (*found, *_rise(pages, [run.pages for run in history if run.fine]), *_stale(expect, age))


def standing(before: str | None, outcome: str) -> str:
    """What a run says of its site: `fine`, `broke`, `broken` (as before) or `recovered`; "" where it was stopped.

    `before` is what the last run that said something said.
    """
    if outcome == "stopped":
        return ""
    was_broken = before in ("broke", "broken")
    if outcome == "complete":
        return "recovered" if was_broken else "fine"
    return "broken" if was_broken else "broke"


def _few_links(expect: Expect, lists: Sequence[ListRun]) -> Iterator[str]:
    for one in lists:
        if not one.problem and one.articles < expect.links:
            yield f"{one.articles} of {one.links} links are articles, at least {expect.links} expected ({one.url})"


def _window(pages: PagesRun, history: Sequence[Before]) -> list[PagesRun]:
    """This run and as many before it as give enough pages; none where this one read nothing, or there are too few."""
    window = [pages] if pages.read else []
    for run in history if window else ():
        if _sum(window, "read") >= ENOUGH:
            break
        window.append(run.pages)
    return window if _sum(window, "read") >= ENOUGH else []


def _sum(runs: Sequence[PagesRun], name: str) -> int:
    return sum(getattr(run, name) for run in runs)


def _shares(expect: Expect, window: Sequence[PagesRun]) -> Iterator[str]:
    read, articles = _sum(window, "read"), _sum(window, "articles")
    checks = (
        ("articles", read, expect.text, "pages read had an article's text"),
        ("titled", articles, expect.title, "articles had a headline"),
        ("dated", articles, expect.date, "articles had a time of publication"),
        ("in_script", articles, expect.script, "articles were in the expected script"),
    )
    for name, whole, least, what in checks:
        if whole and _sum(window, name) < least * whole:
            yield f"{_sum(window, name)} of {whole} {what}, at least {least:.0%} expected"


def _unmatched(window: Sequence[PagesRun]) -> Iterator[str]:
    """Rules that found nothing on any article of the window."""
    runs = [run for run in window if run.articles]
    if _sum(runs, "articles") >= ENOUGH:
        for rule in runs[0].unmatched:
            if all(rule in run.unmatched for run in runs):
                yield f"[read] {rule} found nothing on {_sum(runs, 'articles')} articles"


def _fall(window: Sequence[PagesRun], older: Sequence[PagesRun]) -> Iterator[str]:
    now, usual = _lengths(window), _lengths(older)
    if now and len(usual) >= ENOUGH_RUNS and median(now) * FALL < median(usual):
        yield f"its texts have {median(now):.0f} characters, usually {median(usual):.0f}"


def _lengths(runs: Sequence[PagesRun]) -> list[int]:
    return [run.characters for run in runs if run.characters is not None]


def _rise(pages: PagesRun, older: Sequence[PagesRun]) -> Iterator[str]:
    shares = [run.bad / run.tried for run in older if run.tried]
    usual = median(shares) if len(shares) >= ENOUGH_RUNS else 0.0
    if pages.bad >= ENOUGH_BAD and pages.bad / pages.tried > usual + RISE:
        yield f"{pages.bad} of {pages.tried} pages were challenged or failed, usually {usual:.0%}"


def _stale(expect: Expect, age: timedelta | None) -> Iterator[str]:
    if expect.newest is not None and age is not None and age > expect.newest:
        yield f"its newest article is {age.days} days old, at most {expect.newest.days} expected"


def age_of(published_at: str | None, today: date) -> timedelta | None:
    """How long ago, in whole days, a time that a page gives is; None where there is none."""
    return today - date.fromisoformat(published_at[:10]) if published_at else None
