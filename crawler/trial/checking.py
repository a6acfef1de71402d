"""Whether a site file works: what its lists hold, how an article of it is read, what of [expect] is not met. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from archive.clock import CHINA
from archive.health import age_of
from archive.models import Capture
from crawler.discover import (
    BEYOND_THE_END,
    OFF_TOPIC,
    TOO_OLD,
    Course,
    Link,
    day_of,
    judge,
    links_of,
    nested_sitemaps,
    why_none,
)
from crawler.interpret import look, where
from crawler.site.model import Listing, Site

FIELDS = ("title", "published_at", "updated_at", "source", "source_title", "author", "editor", "text")
EXAMPLES = 3


@dataclass(frozen=True)
class Denied:
    """Links that are not followed, by the rule that says so, with a few addresses."""

    rule: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ListChecked:
    """One answer of the site's list `number`, which may have several pages.

    `allowed` are the addresses that would be followed, of which `known` are in the archive.
    """

    number: int
    url: str
    kind: str
    status: int | None
    problem: str
    links: int = 0
    allowed: tuple[str, ...] = ()
    known: int = 0
    denied: tuple[Denied, ...] = ()


@dataclass(frozen=True)
class Field:
    """What was read of a page, and where it stands there."""

    name: str
    value: str
    where: str


@dataclass(frozen=True)
class ArticleChecked:
    """One page as it is read, by the rules of `site`."""

    site: str
    url: str
    status: int | None
    verdict: str
    reason: str
    language: str = ""
    flags: tuple[str, ...] = ()
    fields: tuple[Field, ...] = field(default_factory=tuple)

    def value(self, name: str) -> str:
        """A field's value, "" where there is none."""
        return next((one.value for one in self.fields if one.name == name), "")


@dataclass(frozen=True)
class Expected:
    """One expectation of the file: what was found, and where to look where it is not met."""

    name: str
    met: bool
    found: str
    look_at: str


def check_list(
    site: Site,
    listing: Listing,
    capture: Capture,
    others: Sequence[Site] = (),
    known: Callable[[Iterable[str]], int] = lambda _: 0,
) -> ListChecked:
    """What one answer of a list holds. `known` counts those of some addresses that the archive has."""
    number = 1 + site.lists.index(listing)
    if capture.status != 200:
        problem = "" if _beyond(listing, capture) else capture.reason or f"HTTP {capture.status}"
        return ListChecked(number, capture.url, listing.kind, capture.status, problem)
    links = links_of(listing, capture.payload, capture.final_url, capture.header("content-type"))
    allowed: dict[str, None] = {}
    denied: dict[str, list[str]] = {}
    is_old = _age_limit(site, listing, capture)
    for link in links:
        _, spelt, objection = judge(site, listing, link, others, is_old)
        if objection:
            denied.setdefault(_rule(site, objection), []).append(spelt.url)
        else:
            allowed[spelt.url] = None
    told = tuple(Denied(rule, len(urls), tuple(urls[:EXAMPLES])) for rule, urls in denied.items())
    index = listing.kind == "sitemap" and nested_sitemaps(capture.payload)
    problem = "" if links or index else why_none(listing, capture)
    if not (allowed or index) and (reading := look(site, capture).reading).verdict == "challenged":
        problem = f"challenged: {reading.reason}"
    return ListChecked(
        number, capture.url, listing.kind, capture.status, problem, len(links), tuple(allowed), known(allowed), told
    )


def _beyond(listing: Listing, capture: Capture) -> bool:
    """Whether a page is missing without a fault: one beyond a list's end, or that of a day without news."""
    course = Course(listing)
    return capture.status in BEYOND_THE_END and (
        course.by_day or (listing.max_pages > 1 and capture.url != course.ask(1).url)
    )


def _age_limit(site: Site, listing: Listing, capture: Capture) -> Callable[[Link], bool]:
    """Whether a link is older than the list's `max_age` allows."""
    now = capture.fetched_at
    course = Course.of(listing, now.astimezone(CHINA).date(), deep=False, since=None, places={})
    return lambda link: course.is_old(day_of(link.date, now, site.jurisdiction))


def _rule(site: Site, objection: str) -> str:
    """The rule behind an objection, as the file has it."""
    if objection == "no article":
        return f"article = '{site.article.pattern}'"
    if objection == "denied" and site.deny:
        return f"deny = '{site.deny.pattern}'"
    return f'{objection} (offsite = "{site.offsite}")' if objection.startswith("off site") else objection


def check_article(site: Site, capture: Capture) -> ArticleChecked:
    """How a page is read by the rules of a site, every field with where it stands."""
    reading = look(site, capture).reading
    places = where(site, capture)
    values = {name: getattr(reading, f"{name}_original" if name in ("title", "text") else name) for name in FIELDS}
    fields = tuple(Field(name, value, places.get(name, "")) for name, value in values.items() if value)
    return ArticleChecked(
        site.id,
        reading.canonical_url or capture.url,
        capture.status,
        reading.verdict,
        reading.reason,
        reading.language,
        reading.flags,
        fields if reading.verdict == "article" else (),
    )


def expectations(
    site: Site, lists: Sequence[ListChecked], article: ArticleChecked | None, owner: Site, today: date
) -> tuple[Expected, ...]:
    """What the file expects, as far as these lists and this article tell; of an article, what its `owner`'s does."""
    numbers = dict.fromkeys(one.number for one in lists)
    found = [_list_expected(site, number, [one for one in lists if one.number == number]) for number in numbers]
    if article is None:
        return (*found, Expected("text", False, "no article was read", "the lists above, and article"))
    return (*found, *_article_expected(owner, article, today))


def _list_expected(site: Site, number: int, pages: Sequence[ListChecked]) -> Expected:
    """What is expected of a list, all its pages together; as in a run, those of other topics or too old count too."""
    name, links = f"list {number}", sum(one.links for one in pages)
    if problem := next((one.problem for one in pages if one.problem), ""):
        return Expected(name, False, problem, "its url and kind, and link or items where it has one")
    others = sum(denied.count for one in pages for denied in one.denied if denied.rule in (OFF_TOPIC, TOO_OLD))
    articles = others + sum(len(one.allowed) for one in pages)
    told = f"{articles} of {links} links are articles, at least {site.expect.links} expected"
    return Expected(name, articles >= site.expect.links, told, "article, deny and link")


def _article_expected(site: Site, article: ArticleChecked, today: date) -> Iterable[Expected]:
    expect, verdict = site.expect, f"{article.verdict}{f' ({article.reason})' if article.reason else ''}"
    text = article.value("text")
    yield Expected("text", bool(text), f"{len(text):,} characters" if text else verdict, "article, or [read] text")
    if not text:
        return
    title, published = article.value("title"), article.value("published_at")
    yield Expected("title", bool(title) or not expect.title, title or "none", "[read] title")
    yield Expected("date", bool(published) or not expect.date, published or "none", "[read] published_at")
    if site.script:
        met = article.language == site.script or not expect.script
        yield Expected("script", met, f"{article.language or 'neither'}, {site.script} expected", "script")
    age = age_of(published or None, today)
    if expect.newest is not None and age is not None:
        told = f"{age.days} days old, at most {expect.newest.days} expected"
        yield Expected("newest", age <= expect.newest, told, "whether the list is the one that grows")
