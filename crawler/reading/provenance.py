"""Where each field of a reading stands on its page, for whoever writes a site's rules. Pure; no crawl asks for it.

What the reader took from statements of the page that nobody sees is found out by reading the page without them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.models import Reading
from archive.text import fold
from crawler.reading.article import Page, PageRead, prepare, read_prepared
from crawler.reading.metadata import Moment
from crawler.reading.outline import HEADINGS, Element, Line

FIELDS = ("title", "text", "source", "source_title", "author", "editor", "published_at", "updated_at")
_LONGEST = 60  # characters of a line that are quoted


def provenance(payload: bytes, **given: object) -> dict[str, str]:
    """For each field that `read_page` finds in such a page, where it stands; nothing where it is no article."""
    page = prepare(payload, **given)  # type: ignore[arg-type]
    if isinstance(page, Reading):
        return {}
    read = read_prepared(page)
    if read.reading.verdict != "article":
        return {}
    seen = read_prepared(replace(page, meta={}, data={})).reading
    return {name: _place(name, page, read, seen) for name in FIELDS if getattr(read.reading, name)}


def _place(name: str, page: Page, read: PageRead, seen: Reading) -> str:
    if name == "text":
        return _container(page, read)
    if name in page.applied.fields:
        return f"the site's rule [read] {name}"
    value = str(getattr(read.reading, "title_original" if name == "title" else name))
    if value != getattr(seen, "title_original" if name == "title" else name):
        return _statement(value, name, page)
    lines = [one.line for one in read.judgement] or list(page.outline.lines)
    line = next((line for line in _likeliest(lines, name) if _tells(line.spaced, value, name, page)), None)
    if line is not None:
        return f"<{line.block.tag}> {line.spaced[:_LONGEST]}"
    return "the page's title" if name == "title" else "the page as a whole, or its address"


_LABELS = {
    "source": re.compile(r"来源|來源|稿源|[转轉摘]自|\d:\d\d"),
    "author": re.compile(r"记者|記者|作者|[文撰采採]"),
    "editor": re.compile(r"编|編"),
    "updated_at": re.compile(r"更新|修"),
}


def _likeliest(lines: Sequence[Line], name: str) -> list[Line]:
    """The lines, first those that say what they tell: headings where a headline is looked for, else labels."""
    if name == "title":
        return sorted(lines, key=lambda line: line.block.tag not in HEADINGS)
    label = _LABELS.get(name)
    return sorted(lines, key=lambda line: not label.search(line.text)) if label else list(lines)


def _statement(value: str, name: str, page: Page) -> str:
    """The meta element or the key of JSON-LD that says it."""
    for key, content in page.meta.items():
        if _tells(content, value, name, page):
            return f"meta {key}"
    key = next((key for key, content in page.data.items() if _tells(str(content), value, name, page)), None)
    return f"JSON-LD {key}" if key else "a meta element or JSON-LD"


def _tells(text: str, value: str, name: str, page: Page) -> bool:
    if name.endswith("_at"):
        moment = Moment(page.context.fetched_at, page.context.jurisdiction)
        return (moment.date(text)[0] or "").startswith(value[:10])
    first = value if name.endswith("title") or name == "source" else value.split()[0]
    return fold(first) in fold(text)


def _container(page: Page, read: PageRead) -> str:
    own = [one.line for one in read.judgement if not one.why]
    if not own:
        return "data within a script, or the whole page"
    where = "the site's rule [read] text" if page.applied.containers else f"<{_named(_common(own))}>"
    return f"{len(own)} of {len(read.judgement)} lines, in {where}"


def _common(lines: Sequence[Line]) -> Element:
    """The innermost element around all of them."""
    around = lines[0].block
    for line in lines[1:]:
        while around is not line.block and around not in line.block.iterancestors():
            around = around.getparent()
    return around


def _named(element: Element) -> str:
    """An element with the id or the class that it, or the nearest one around it, has."""
    marked = next((one for one in (element, *element.iterancestors()) if one.get("id") or one.get("class")), element)
    mark = f"#{marked.get('id')}" if marked.get("id") else "".join(f".{c}" for c in (marked.get("class") or "").split())
    return f"{marked.tag}{mark}"
