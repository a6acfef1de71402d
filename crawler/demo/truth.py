"""The right answers: what a perfect archive holds of the sample sites after it has looked at them every day."""

from __future__ import annotations

from dataclasses import dataclass

from archive.text import fold
from crawler.demo.answers import SOFT_404
from crawler.demo.body import plain_text
from crawler.demo.content import HOSTS, LANGUAGES, Article, articles, published_by

ARTICLES: tuple[Article, ...] = tuple(article for host in HOSTS for article in articles(host))
# Linked from a list, yet no article: the address and the verdict on its page.
NO_ARTICLES = tuple((host, path, "gone") for host, path in SOFT_404.items())


@dataclass(frozen=True)
class Expected:
    """What is right for one article after a look on each day up to `day`, in the script in which it was published.

    `title`, `text`, `source`: as last shown; `text` is one paragraph a line, a table row one line with cells parted by
    ` | `. `published` has the form that it has in a `Reading`, as precise as the page. `versions` counts the distinct
    states of headline and text shown. `gone` is whether the page says on `day` that it is gone; `status` is what the
    archive says then, since a withdrawal is confirmed by a second look a day later: `live` or `withdrawn`.
    """

    host: str
    path: str
    title: str
    text: str
    source: str
    source_title: str
    author: str
    editor: str
    published: str
    language: str
    versions: int
    gone: bool
    status: str


def expected(day: int) -> list[Expected]:
    """The answers for every article that a crawler may fetch and that has appeared by `day`."""
    return [_expected(a, day) for host in HOSTS for a in published_by(host, day) if not a.forbidden]


def _expected(article: Article, day: int) -> Expected:
    shown = [article.state(past) for past in range(article.first_day, day + 1) if not article.gone(past)]
    last = shown[-1]
    withdrawn = article.gone_from is not None and day > article.gone_from
    return Expected(
        host=article.host,
        path=article.path,
        title=last.title,
        text=plain_text(last.body),
        source=last.source,
        source_title=article.source_title,
        author=article.author,
        editor=article.editor,
        published=_precise(article),
        language=LANGUAGES[article.host],
        versions=len({(fold(state.title), fold(plain_text(state.body))) for state in shown}),
        gone=article.gone(day),
        status="withdrawn" if withdrawn else "live",
    )


def _precise(article: Article) -> str:
    """A relative time tells the day and no more, since a later look at the page words it more roughly."""
    day, _, time = article.published.partition(" ")
    return f"{day}T{time}+08:00" if time and article.shown != "relative" else day
