"""What a page says about its article: headline, source, authors, editor, times. Pure.

Everything is looked for near the headline first: dates in menus, sidebars and footers are not the article's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.text import clean_line, fold
from crawler.reading import dates
from crawler.reading.outline import HEADINGS, Element, Line

_SUFFIX = re.compile(r"\s*(?:[-_|–—｜»>·]{1,3}|\s::\s)\s*")


@dataclass(frozen=True)
class Headline:
    """A page's headline and the index of its line, -1 where it stands nowhere among the visible lines."""

    text: str
    line: int


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
            except ValueError:
                continue
            for item in _items(data):
                if "Article" in str(item.get("@type")) or "headline" in item:
                    return item
    return {}


def _items(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _items(item)
    elif isinstance(data, dict):
        yield data
        yield from _items(data.get("@graph", []))


def headline(tree: Element, lines: Sequence[Line], meta: dict[str, str], data: dict[str, Any]) -> Headline:
    """The headline as displayed: the longest heading contained in the page's title, else the best of the rest."""
    title = clean_line("".join(t for node in tree.iter("title") for t in node.itertext())[:500])
    flat = fold(title)
    inside = [
        (index, line)
        for index, line in enumerate(lines)
        if not line.linky and 4 <= len(line.text) <= 120 and fold(line.text) in flat and _heads(line)
    ]
    headings = [(i, line) for i, line in inside if line.block.tag in HEADINGS] or inside
    if headings:
        longest = max(headings, key=lambda pair: (len(fold(pair[1].text)), -pair[0]))
        if len(fold(longest[1].text)) >= 0.3 * len(flat) or len(longest[1].text) >= 8:
            return Headline(longest[1].text, longest[0])
    return _fallback(title, lines, meta, data)


def _heads(line: Line) -> bool:
    return line.block.tag not in ("li", "nav")


def _fallback(title: str, lines: Sequence[Line], meta: dict[str, str], data: dict[str, Any]) -> Headline:
    wanted = [str(data.get("headline") or ""), meta.get("articletitle", ""), meta.get("og:title", ""), title]
    for text in filter(None, map(clean_line, wanted)):
        for index, line in enumerate(lines):
            if line.block.tag in HEADINGS and len(line.text) >= 6 and _akin(line.text, text):
                return Headline(line.text, index)
    first = next((line for line in lines if line.block.tag == "h1" and len(line.text) >= 4), None)
    text = next(filter(None, map(clean_line, wanted[1:3])), "") or without_suffix(title)
    text = without_suffix(text) or (first.text if first else "")
    index = next((i for i, line in enumerate(lines) if fold(line.text) == fold(text)), -1)
    return Headline(text, index)


def _akin(one: str, other: str) -> bool:
    a, b = set(fold(one)), set(fold(other))
    return len(a & b) >= 0.8 * min(len(a), len(b)) and len(one) >= 0.5 * min(len(other), 40)


def without_suffix(title: str) -> str:
    """A page title without the names of section and site behind it."""
    parts = _SUFFIX.split(title)
    while len(parts) > 1 and len(parts[-1]) <= max(12, len(parts[0]) // 2):
        parts.pop()
    end = title.find(parts[-1], sum(map(len, parts[:-1]))) + len(parts[-1])
    return title[:end].strip() if parts else title


_OUTLET = r"[《]?([^\s|｜,，。;；:：()（）【】\[\]<>]{2,24})[》]?"
_SOURCE = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|消息|内容)?(?:来源|來源|來自|稿源|出处|出處)|转自|轉自|转载自|轉載自)(?:于|於|自)?\s*[:：]\s*[\"“]?"
    + _OUTLET
)
_NO_OUTLET = re.compile(
    r"^(?:本站|本网|网络|互联网|网页|未知|不详|佚名|原创|作者|编辑|责编|时间|发布|浏览|点击|字体|字号|\d.*)$"
)
_NAMES = r"([\u4e00-\u9fff·]{2,5}(?:[\s、，,/]+[\u4e00-\u9fff·]{2,5}){0,5})"
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})?|[\u4e00-\u9fff]{1,8}(?:·[\u4e00-\u9fff]{1,8})+")
_REPORTER = r"(?:记者|記者|特约记者|实习记者|實習記者|见习记者|全媒体记者|首席记者)"
_BYLINES = [
    re.compile(
        r"(?:作者|撰文|撰稿|文)\s*[:：/／|｜]\s*(?:(?:本报|本網|本网|见习|实习|特约)?" + _REPORTER + r"\s*)?" + _NAMES
    ),
    re.compile(_REPORTER + r"\s*[:：/／]?\s*" + _NAMES + r"\s*[/／].{0,8}(?:報導|报道|報道|電|电)"),
]
_DATELINE = re.compile(r"[（(]\s*(?:[^（()）]{0,14}?)" + _REPORTER + r"\s*[:：]?\s*" + _NAMES + r"[^（()）]{0,30}[）)]")
_WIRE = re.compile(
    r"(?:中央社|新华社|中新社)\s*" + _REPORTER + r"\s*([\u4e00-\u9fff]{2,4}?)(?=[\u4e00-\u9fff]{2}\s*\d{1,2}\s*日)"
)
_CLOSING = re.compile(r"[（(](?:[^（()）]{0,12}?)" + _REPORTER + r"\s*[:：]?\s*" + _NAMES + r"[^（()）]{0,20}[）)]\s*$")
_PLAIN_REPORTER = re.compile(
    r"^(?:本报|本網|本网|[\u4e00-\u9fff]{2,10}(?:报|報|网|網|社))?\s*" + _REPORTER + r"\s*[:：]?\s*" + _NAMES
)
_NOT_NAMES = frozenset(
    [
        "报道",
        "報導",
        "报导",
        "電",
        "电",
        "摄",
        "攝",
        "摄影",
        "攝影",
        "通讯员",
        "通訊員",
        "记者",
        "記者",
        "编辑",
        "編輯",
        "来源",
        "來源",
        "时间",
        "发布",
        "获悉",
        "从",
        "昨日",
        "今日",
        "近日",
        "在",
        "了解",
        "责任编辑",
        "整理",
        "综合",
        "即時新聞",
        "综合报道",
        "網路",
        "网络",
        "佚名",
        "匿名",
        "本站",
        "管理员",
        "小编",
        "未知",
        "admin",
    ]
)
_EDITOR = re.compile(
    r"(?:责任编辑|責任編輯|责编|責編|编辑|編輯)\s*[:：]\s*([^\s（()）【】\[\]|｜/]{2,12}(?:[\s、，,]+[\u4e00-\u9fff]{2,4})*)"
)
_SOURCE_TITLE = re.compile(r"[（(【\[]?\s*(?:原标题|原標題|原题|原題)\s*[:：]\s*(.{4,120}?)\s*[）)】\]]?\s*$")


def source(near: Sequence[str], meta: dict[str, str]) -> str:
    """The outlet that the page credits, as written."""
    for text in near:
        found = _SOURCE.search(text)
        if found and not _NO_OUTLET.match(found[1]):
            return found[1].strip("《》")
    for name in ("contentsource", "source", "article:source", "mediaid"):
        if (value := meta.get(name, "")) and not _NO_OUTLET.match(value) and len(value) <= 24:
            return value
    return ""


def authors(near: Sequence[str], body: Sequence[str], meta: dict[str, str]) -> str:
    """The reporters or writers that the page names, parted by a blank; never the editor."""
    for text in near:
        for form in _BYLINES:
            if (found := form.search(text)) and (names := _names(found[1])):
                return names
        if len(text) <= 60 and (found := _PLAIN_REPORTER.match(text)) and (names := _names(found[1])):
            return names
    for text in body[:3]:
        head = text[:120]
        for form in (_DATELINE, _WIRE):
            if (found := form.search(head)) and (names := _names(found[1])):
                return names
    for text in reversed(body[-2:]):
        if (found := _CLOSING.search(text)) and (names := _names(found[1])):
            return names
    value = meta.get("author", "")
    return _names(value) if _NAME.fullmatch(value) else ""


def _names(text: str) -> str:
    names = [name for name in re.split(r"[\s、，,/／]+", text) if _NAME.fullmatch(name) and name not in _NOT_NAMES]
    return " ".join(dict.fromkeys(names))


def editor(texts: Iterable[str]) -> str:
    """The editor that a line names."""
    for text in texts:
        if found := _EDITOR.search(text):
            return " ".join(re.split(r"[\s、，,]+", found[1]))
    return ""


def source_title(texts: Iterable[str]) -> str:
    """The headline that the source gave the article."""
    for text in texts:
        if found := _SOURCE_TITLE.search(text):
            return found[1].strip()
    return ""


_PUBLISHED = re.compile(r"发布|發布|發佈|发表|發表|发稿|發稿|时间|時間|日期|来源|來源")
_UPDATED = re.compile(r"更新|修訂|修订|修改")
_META_DATES = (
    "article:published_time",
    "firstpublishedtime",
    "pubdate",
    "publishdate",
    "og:release_date",
    "dc.date",
    "dc.date.issued",
    "date",
    "weibo: article:create_at",
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


def times(
    near: Sequence[str], meta: dict[str, str], data: dict[str, Any], url: str, html: str, at: datetime, where: str
) -> Times:
    """The times of an article, from the lines near its headline first."""
    updated = next(
        (t for text in near if _UPDATED.search(text) for t in [dates.in_text(text, at, where)[0]] if t), None
    )
    plain = [text for text in near if not _UPDATED.search(text) or _PUBLISHED.search(_UPDATED.sub("", text))]
    labelled = [text for text in plain if _PUBLISHED.search(text)]
    for text in (*labelled, *plain):
        found, relative = dates.in_text(text, at, where) if len(text) <= 200 else (None, False)
        if found:
            return Times(found, updated, relative)
    stated = (*(meta.get(name, "") for name in _META_DATES), str(data.get("datePublished") or ""))
    for text in filter(None, stated):
        found = dates.in_text(text, at, where)[0] or dates.in_epoch(text, at)
        if found:
            return Times(found, updated)
    return Times(updated or dates.in_url(url, at) or dates.last_resort(html, at), updated)
