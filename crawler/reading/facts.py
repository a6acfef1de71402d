"""What a page says about its article, gathered from the lines around it: credits and times. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from crawler.reading import credits, dates, metadata, sources
from crawler.reading.body import CREDIT, Judged
from crawler.reading.headline import Headline
from crawler.reading.outline import Element, Line

_NEAR = 14
_LONGEST = 200
_LONGEST_CREDIT = 80
_SHORT, _SENTENCE, _OPENING = 20, 25, 2
_BELOW, _FAR_BELOW = 4, 9  # lines: dates soon are those of other stories


@dataclass(frozen=True)
class Facts:
    """As in `archive.models.Reading`; `relative` is whether the time was told relative to the fetch."""

    source: str
    source_title: str
    author: str
    editor: str
    published_at: str | None
    updated_at: str | None
    relative: bool


@dataclass(frozen=True)
class Context:
    """What a page is read against: its address, the time of the fetch, the site's jurisdiction."""

    url: str
    fetched_at: datetime
    jurisdiction: str


def facts(
    tree: Element,
    judgement: Sequence[Judged],
    head: Headline,
    paragraphs: Sequence[str],
    meta: dict[str, str],
    data: dict[str, Any],
    context: Context,
) -> Facts:
    """The facts, each from the nearest place that tells it."""
    lines = [one.line for one in judgement]
    own = [one.line for one in judgement if not one.why]
    after, before = map(_with_labels, _near(lines, head.line, own))
    dated = [*after, *before, *_windows(after), *_windows(before[::-1])]
    near, below = [*after, *before], [*_below(lines, own, _FAR_BELOW), *_credited(judgement)]
    tail = [line.spaced for line in lines if line.han <= 40 and credits.may_name(line.text)]
    moment = metadata.Moment(context.fetched_at, context.jurisdiction)
    when = metadata.times(
        dated, [*_below(lines, own, _BELOW), *_credited(judgement)], meta, data, context.url, tree, moment
    )
    editor = credits.editor([*near, *reversed(tail)])
    if meta.get("author") in editor.split():  # a template's meta element often names whoever published the page
        meta = {name: value for name, value in meta.items() if name != "author"}
    return Facts(
        sources.source(after, before, paragraphs, below, meta),
        credits.source_title([*near, *tail]),
        credits.authors(near, paragraphs, below, meta),
        editor,
        when.published,
        when.updated,
        when.relative,
    )


def overlaid(found: Facts, stated: Mapping[str, str], context: Context) -> Facts:
    """The facts with those that a site's rules, or the data beside an article, state: the names are those of Facts."""
    moment = metadata.Moment(context.fetched_at, context.jurisdiction)
    told = stated.get("published_at", "")
    published, relative = moment.date(told)
    published = published or dates.in_epoch(told, context.fetched_at)
    return Facts(
        stated.get("source", found.source),
        stated.get("source_title", found.source_title),
        credits.named(stated["author"]) if "author" in stated else found.author,
        stated.get("editor", found.editor),
        published or found.published_at,
        found.updated_at,
        relative if published else found.relative,
    )


def _near(lines: Sequence[Line], head: int, own: Sequence[Line]) -> tuple[list[str], list[str]]:
    """The short lines below the headline and those above it, nearest first: where a page says who, when, from where."""
    if head < 0:
        first = next((i for i, line in enumerate(lines) if own and line is own[0]), 0)
        head = max(0, first - 8)
    sentences = {id(line) for place, line in enumerate(own) if line.han > _SENTENCE or place >= _OPENING}

    def short(some: Iterable[Line]) -> list[str]:
        return [line.spaced for line in some if len(line.text) <= _LONGEST and id(line) not in sentences]

    end = next((i for i in range(len(lines) - 1, head, -1) if own and lines[i] is own[-1]), head + _NEAR)
    return short(lines[head + 1 : min(head + _NEAR, end) + 1]), short(reversed(lines[max(0, head - 4) : head]))


_LABEL = re.compile(
    r"(?:本文)?(?:记者|記者|作者|撰文|采写|採訪|来源|來源|消息來源|信息来源|稿源|责任编辑|責任編輯|编辑|編輯|发布时间|發佈時間|發布時間|更新時間|更新时间)[:：]?"
)


def _with_labels(texts: list[str]) -> list[str]:
    """The lines, and each line that is a label alone joined to the value that a template puts on the next."""
    pairs = [pair for one, other in pairwise(texts) for pair in ((one, other), (other, one))]
    told = [
        f"{label.rstrip(':：')}：{value}" for label, value in pairs if _LABEL.fullmatch(label) and len(value) <= _SHORT
    ]
    return [*told, *texts]


def _windows(texts: Sequence[str]) -> list[str]:
    """Neighbouring short lines joined, two and three together: a template may put day, month and time into lines."""
    sizes = (2, 3)
    found = (texts[i : i + size] for size in sizes for i in range(len(texts) - size + 1))
    return [" ".join(some) for some in found if all(len(text) <= _SHORT for text in some)]


def _below(lines: Sequence[Line], own: Sequence[Line], count: int) -> list[str]:
    """The last lines of the article and those at once below it: some pages date and sign there."""
    last = next((i for i in range(len(lines) - 1, -1, -1) if own and lines[i] is own[-1]), len(lines))
    return [line.spaced for line in (*own[3:][-2:], *lines[last + 1 : last + 1 + count])]


def _credited(judgement: Sequence[Judged]) -> list[str]:
    """The lines of the article's own container that credit somebody."""
    cut = (one.line for one in judgement if one.why == CREDIT)
    return [line.spaced for line in cut if len(line.text) <= _LONGEST_CREDIT]
