"""The way through: bytes of a page in, one reading out. Pure, stateless; it raises for no bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from urllib.parse import urljoin

from archive.models import Reading
from archive.text import clean, clean_line, han_count, language, simplify
from crawler.reading import body, credits, metadata, verdict
from crawler.reading.container import find_container
from crawler.reading.headline import Headline, above, headline
from crawler.reading.outline import Element, Line, Outline, outline
from crawler.reading.page import decode, parse

READER_NUMBER = 1
_LIBRARIES = ("trafilatura", "lxml", "htmldate", "opencc")
_LEAST_HAN = 10
_NEAR = 14


@cache
def reader_id() -> str:
    """Everything that decides a reading: our number and the libraries' versions."""
    return " ".join((f"yiwen-{READER_NUMBER}", *(f"{name}-{version(name)}" for name in _LIBRARIES)))


@dataclass(frozen=True)
class _Page:
    url: str
    html: str
    tree: Element
    outline: Outline
    fetched_at: datetime
    jurisdiction: str


def read(
    payload: bytes,
    *,
    url: str,
    content_type: str | None = None,
    status: int = 200,
    fetched_at: datetime,
    jurisdiction: str = "",
    article_pattern: re.Pattern[str] | None = None,
) -> Reading:
    """Read one page. `fetched_at` is aware; relative times count from it."""
    if found := verdict.by_status(status, payload, content_type):
        return Reading(found[0], reader_id(), reason=found[1])
    html = decode(payload, content_type)
    if html is None:
        return Reading("undecodable", reader_id(), reason="no character encoding is plausible")
    tree = parse(html)
    if tree is None:
        return Reading("empty", reader_id(), reason="no page")
    return _read(_Page(url, html, tree, outline(tree), fetched_at, jurisdiction))


def _read(page: _Page) -> Reading:
    lines = page.outline.lines
    visible = "\n".join(line.text for line in lines)
    meta, data = metadata.metas(page.tree), metadata.linked_data(page.tree)
    head = headline(page.tree, lines, meta, data)
    if found := verdict.by_text(page.html, head.text, visible):
        return Reading(found[0], reader_id(), reason=found[1])
    head, judgement = _judge(lines, head)
    paragraphs = body.paragraphs(judgement)
    if sum(map(han_count, paragraphs)) < _LEAST_HAN:
        paragraphs = body.second_opinion(page.tree)
    if not paragraphs:
        kind, why = verdict.of_no_text(visible, sum(line.linky for line in lines))
        return Reading(kind, reader_id(), reason=why)
    return _assemble(page, head, paragraphs, meta, data, judgement)


def _judge(lines: tuple[Line, ...], head: Headline) -> tuple[Headline, tuple[body.Judged, ...]]:
    """The headline, looked at again once the text is found, and every line judged."""
    container = find_container(lines, head)
    containers = [] if container is None else [container]
    judgement = body.judged(lines, head, containers)
    first = next((i for i, one in enumerate(judgement) if not one.why), 0)
    better = above(lines, first, head)
    return better, judgement if better == head else body.judged(lines, better, containers)


def _assemble(
    page: _Page,
    head: Headline,
    paragraphs: list[str],
    meta: dict,
    data: dict,
    judgement: Sequence[body.Judged],
) -> Reading:
    own = [one.line for one in judgement if not one.why]
    credited = [one.line.spaced for one in judgement if one.why.startswith("a credit") and len(one.line.text) <= 80]
    near = _near(page.outline.lines, head.line, own)
    below = [*_below(page.outline.lines, own), *credited]
    tail = [line.spaced for line in page.outline.lines if line.han <= 40]
    moment = metadata.Moment(page.fetched_at, page.jurisdiction)
    when = metadata.times(near, below, meta, data, page.url, page.tree, moment)
    text, title = clean("\n".join(paragraphs)), clean_line(head.text)
    script = language(title + text)
    plain = (lambda value: simplify(value, page.jurisdiction)) if script == "Hant" else (lambda value: value)
    flags = (("relative_time",) if when.relative else ()) + (("spam",) if _spam(page.outline) else ())
    return Reading(
        "article",
        reader_id(),
        title=plain(title),
        text=plain(text),
        title_original=title,
        text_original=text,
        source=credits.source(near, paragraphs, below, meta),
        source_title=credits.source_title([*near, *tail]),
        author=credits.authors(near, paragraphs, below, meta),
        editor=credits.editor([*near, *reversed(tail)]),
        published_at=when.published,
        updated_at=when.updated,
        language=script,
        flags=flags,
        canonical_url=_canonical(page),
        keywords=tuple(k for k in re.split(r"[,，;；、\s]+", meta.get("keywords", "")) if k)[:20],
        image=meta.get("og:image"),
    )


def _near(lines: tuple[Line, ...], head: int, own: list[Line]) -> list[str]:
    """The short lines around the headline: where a page says who, when and from where."""
    if head < 0:
        first = next((i for i, line in enumerate(lines) if own and line is own[0]), 0)
        head = max(0, first - 8)
    around = (*lines[head + 1 : head + 1 + _NEAR], *reversed(lines[max(0, head - 4) : head]))
    body_ids = {id(line) for line in own if line.han > 60}
    return [line.spaced for line in around if len(line.text) <= 200 and id(line) not in body_ids]


def _below(lines: tuple[Line, ...], own: list[Line]) -> list[str]:
    """The last lines of the article and those at once below it: some pages date and sign there."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if own and lines[i] is own[-1]), len(lines))
    return [line.spaced for line in (*own[3:][-2:], *lines[last + 1 : last + 4])]


_SPAM = re.compile(
    r"(?:博彩|赌场|赌博|娱乐城|百家乐|彩票平台|老虎机|投注|棋牌|无码|久久精品|一区二区|成人|色情|AV)", re.I
)


def _spam(found: Outline) -> bool:
    """Whether hidden parts of the page hold injected spam."""
    hits = sum(len(_SPAM.findall("".join(element.itertext())[:20_000])) for element in found.hidden)
    return hits >= 3


def _canonical(page: _Page) -> str | None:
    for link in page.tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower() and link.get("href"):
            return urljoin(page.url, link.get("href").strip())
    return None
