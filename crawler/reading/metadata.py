"""What a page says of itself beside its text: meta elements, JSON-LD, times. Pure.

Times are looked for near the headline first: dates in menus, sidebars and footers are not the article's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from archive.text import clean_line
from crawler.reading import dates
from crawler.reading.outline import Element


def metas(tree: Element) -> dict[str, str]:
    """The meta elements by lower-case name or property; the first of a name that has content."""
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        content = clean_line(meta.get("content") or "")
        if name and content:
            found.setdefault(name, content)
    return found


def linked_data(tree: Element) -> dict[str, Any]:
    """The first JSON-LD object that describes an article."""
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or ""):
            try:
                data = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            for item in _items(data):
                if "Article" in str(item.get("@type")) or "headline" in item:
                    return item
    return {}


def _items(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if isinstance(data, list) and depth < 5:
        for item in data:
            yield from _items(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph", []), depth + 1)


_PUBLISHED = re.compile(r"发布|發布|發佈|发表|發表|发稿|發稿|出版|建立|时间|時間|日期|来源|來源")
_UPDATED = re.compile(r"更新|修訂|修订|修改|覆檢|檢閱|检阅")
_META_DATES = (
    "article:published_time",
    "firstpublishedtime",
    "pubdate",
    "publishdate",
    "og:release_date",
    "dc.date",
    "dc.date.issued",
    "date",
    "datepublished",
    "publish_time",
    "apub:time",
)


@dataclass(frozen=True)
class Times:
    """When the article was published and updated, and whether that was told relative to the fetch."""

    published: str | None
    updated: str | None
    relative: bool = False


@dataclass(frozen=True)
class Moment:
    """What dates are read against: the time of the fetch and the site's jurisdiction."""

    fetched_at: datetime
    jurisdiction: str

    @property
    def today(self) -> str:
        """The day of the fetch in China, as a date alone is written."""
        return f"{self.fetched_at.astimezone(dates.CHINA):%Y-%m-%d}"

    def date(self, text: str) -> tuple[str | None, bool]:
        """The first date of a line, and whether it is relative to the fetch; nothing in long lines."""
        return dates.in_text(text, self.fetched_at, self.jurisdiction) if len(text) <= 200 else (None, False)


def times(
    near: Sequence[str],
    below: Sequence[str],
    meta: dict[str, str],
    data: dict[str, Any],
    url: str,
    tree: Element,
    moment: Moment,
) -> Times:
    """The times of an article: from the lines near its headline, else from its meta elements, else from below it."""
    parted, parted_below = ([_parted(text, moment) for text in lines] for lines in (near, below))
    modified = str(data.get("dateModified") or meta.get("article:modified_time") or "")
    told = (*(text for _, text in (*parted, *parted_below) if text), modified)
    updated = next((t for text in told if text and (t := moment.date(text)[0])), None)
    plain = [text for text, _ in parted if text]
    stated = [text for name in _META_DATES if (text := meta.get(name))] + [str(data.get("datePublished") or "")]
    last = [text for text, _ in parted_below if text]
    last = [*map(" ".join, pairwise(last)), *last]
    others = (*near, *stated, *last)
    today = None
    for text in (*(t for t in plain if _PUBLISHED.search(t)), *plain):
        found, relative = moment.date(text)
        if found == moment.today and not relative and not _PUBLISHED.search(text):
            today = found  # many pages show the day on which they are looked at above everything
        elif found:
            return Times(_precise(found, others, moment), updated or _same_day(near, found), relative)
    for text in filter(None, stated):
        if found := moment.date(text)[0] or dates.in_epoch(text, moment.fetched_at):
            return Times(found, updated)
    for text in last:
        if found := moment.date(text)[0]:
            return Times(_precise(found, others, moment), updated)
    at = moment.fetched_at
    return Times(today or updated or dates.in_url(url, at) or dates.last_resort(tree, at), updated)


_UPDATED_AT = re.compile(r"(?P<month>\d{1,2})[/月-](?P<day>\d{1,2})日?\s+(?P<clock>\d{1,2}:\d{2})\s*(?:更新|修訂|修订)")


def _same_day(near: Iterable[str], published: str) -> str | None:
    """An update told without its year: `2026/11/20 14:32（11/20 16:05 更新）`."""
    found = next(filter(None, map(_UPDATED_AT.search, near)), None)
    if found is None:
        return None
    hour, minute = found["clock"].split(":")
    return f"{published[:4]}-{int(found['month']):02d}-{int(found['day']):02d}T{int(hour):02d}:{minute}+08:00"


def _parted(text: str, moment: Moment) -> tuple[str, str]:
    """A line without its update, and what it says of that: `出版：09:00 更新：10:00`. In `09:00更新` none is meant."""
    mark = _UPDATED.search(text)
    if mark is None or moment.date(text[mark.start() :])[0] is None:
        return text, ""
    update = text[mark.start() :]
    published = _PUBLISHED.search(update, mark.end() - mark.start() + 2)
    if published is None:
        return text[: mark.start()], update
    return text[: mark.start()] + update[published.start() :], update[: published.start()]


def _precise(found: str, others: Iterable[str], moment: Moment) -> str:
    """The same day with a time of day, where the page gives one elsewhere."""
    if len(found) > 10:
        return found
    same = (moment.date(text)[0] or "" for text in others)
    return next((other for other in same if other.startswith(found) and len(other) > 10), found)
