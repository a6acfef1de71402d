"""A page of the sample sites as bytes: an article's state, its layout, the day's furniture, its encoding."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jinja2

from crawler.demo.body import pages, parse_body, runs
from crawler.demo.chrome import Chrome
from crawler.demo.content import LANGUAGES, Article, moment


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)


def render(template: str, host: str, path: str, day: int, **values: Any) -> str:
    """The template's text for one page on one day. Templates see `chrome`, `day` and `now` beside `values`."""
    chrome = Chrome(day, f"{host}{path}", LANGUAGES[host])
    return _templates().get_template(template).render(chrome=chrome, day=day, now=moment(day), path=path, **values)


@lru_cache(maxsize=512)
def article_page(article: Article, day: int, part: int = 1) -> bytes:
    """A page of the article on `day`, in the encoding of its bytes; a page that was taken away softly says so."""
    if article.gone(day):
        gone = render(f"gone_{article.host}.html", article.host, article.path, day, declared=article.declared)
        return _encode(gone, article.charset)
    state = article.state(day)
    bodies = pages(state.body)
    text = render(
        f"{article.layout}.html", article.host, article.path, day,
        article=article, title=state.title, source=state.source, declared=article.declared,
        groups=runs(parse_body(bodies[part - 1])), part=part, parts=len(bodies),
        date=_shown_date(article, day), at=article.time,
    )  # fmt: skip
    return _encode(text, article.charset)


def _encode(page: str, charset: str) -> bytes:
    """The page's bytes; as publishing systems do, a character that the encoding lacks becomes a reference."""
    return page.encode(charset, "xmlcharrefreplace")


def _shown_date(article: Article, day: int) -> str:
    """The date as the page words it; `relative` counts back from the day on which it is looked at."""
    if article.shown != "relative":
        return article.shown or article.published
    past = moment(day).replace(tzinfo=None) - article.time
    return f"{past.days}天前" if past.days else f"{past.seconds // 3600}小时前"
