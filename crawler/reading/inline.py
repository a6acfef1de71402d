"""Articles that a page holds as data: JSON-LD, state objects of scripts, a textarea. Read where nothing is visible. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from archive.text import clean, clean_line, han_count
from crawler.reading.outline import Element, outline
from crawler.reading.page import parse

_LEAST_HAN = 20
_DEEPEST = 24
_LARGEST = 2_000_000
_BODY = re.compile(r"content|body|text|html|detail|article|story|paragraph", re.I)
_ASIDE = re.compile(
    r"comment|recommend|relat|hot|rank|footer|copyright|config|nav|menu|summary|desc|abstract|digest|tip", re.I
)
_FACTS = {
    "title": ("title", "headline", "articleTitle", "newsTitle", "name"),
    "source": ("source", "sourceName", "mediaName", "media", "contentSource"),
    "editor": ("editor", "editorName", "responsibleEditor"),
    "author": ("author", "authorName", "writer", "reporter"),
    "published": (
        "datePublished",
        "publishTime",
        "publishedAt",
        "publishDate",
        "newsTime",
        "pubDate",
        "pubTime",
        "publish_time",
        "pubtime",
    ),
}
_STATE = re.compile(r"=\s*(?=[{\[])|JSON\.parse\(\s*(?=[\"'])")
# From each place on a page only so much is read that a place further on does not read again.
_STRING = re.compile(r"""(?<!\w)(\w++)["']?\s*+:\s*+("(?:[^"\\]|\\.){40,}+")""")
_NAME = re.compile(r"content|body|html|article", re.I)
_TAG = re.compile(r"<[^<>]{0,400}>")
_LONGEST_KEY = 80


@dataclass(frozen=True)
class Inline:
    """An article as data: its paragraphs, and what stands beside them of `title`, `source`, `author`, `published`."""

    paragraphs: tuple[str, ...]
    facts: Mapping[str, str]

    @property
    def han(self) -> int:
        """How many Han characters it has."""
        return sum(map(han_count, self.paragraphs))


def inline_article(tree: Element) -> Inline | None:
    """The longest article that a page holds as data; None where there is none."""
    found = [one for one in (*_in_scripts(tree), *_in_textareas(tree)) if one.han >= _LEAST_HAN]
    return max(found, key=lambda one: one.han, default=None)


def _in_textareas(tree: Element) -> Iterator[Inline]:
    for area in tree.iter("textarea"):
        inner = (area.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in area)
        if "<" in inner or "&lt;" in inner:
            yield Inline(_paragraphs(unescape(inner) if "<" not in inner else inner), {})


def _in_scripts(tree: Element) -> Iterator[Inline]:
    for script in tree.iter("script"):
        text = (script.text or "")[:_LARGEST]
        if han_count(text) + text.count("\\u") >= _LEAST_HAN:
            for data in _objects(text, "json" in (script.get("type") or "")):
                yield from _articles(data, "", {}, 0)


def _objects(text: str, pure: bool) -> Iterator[Any]:
    """The values of JSON in a script; where it is JavaScript that JSON does not know, the long strings of its object."""
    decoder = json.JSONDecoder(strict=False)
    starts = [0] if pure else [found.end() for found in _STATE.finditer(text)][:40]
    seen = False
    for start in starts:
        try:
            value, _ = decoder.raw_decode(text.lstrip() if pure else text, start)
            yield json.loads(value, strict=False) if isinstance(value, str) else value
            seen = True
        except (ValueError, RecursionError):
            continue
    if not seen:
        strings = ((name, value) for name, value in _STRING.findall(text) if _NAME.search(name))
        yield {name: json.loads(value, strict=False) for name, value in strings if _is_json(value)}


def _is_json(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except ValueError:
        return False
    return True


def _articles(value: Any, path: str, facts: Mapping[str, str], depth: int) -> Iterator[Inline]:
    """Every text below a value whose place in the data is that of an article's body."""
    if depth > _DEEPEST or _ASIDE.search(path.rpartition(".")[2]):
        return
    if isinstance(value, dict):
        facts = {**facts, **_facts(value)}
        for key, inner in value.items():
            yield from _articles(inner, f"{path}.{key[:_LONGEST_KEY]}", facts, depth + 1)
    elif isinstance(value, list):
        if _BODY.search(path):
            yield Inline(tuple(filter(None, map(_flat, value))), facts)
        for inner in value[:50]:
            yield from _articles(inner, path, facts, depth + 1)
    elif isinstance(value, str) and _BODY.search(path) and han_count(value) >= _LEAST_HAN:
        yield Inline(_paragraphs(value), facts)


def _facts(value: Mapping[str, Any]) -> dict[str, str]:
    found = {name: _fact(next((value[key] for key in keys if value.get(key)), "")) for name, keys in _FACTS.items()}
    return {name: text for name, text in found.items() if text}


def _fact(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    return clean_line(str(value))[:200] if isinstance(value, str | int) else ""


def _flat(value: Any, depth: int = 0) -> str:
    """One item of a list of paragraphs: its own text, or that of its tokens."""
    if isinstance(value, str):
        return clean_line(unescape(_TAG.sub("", value)))
    if isinstance(value, list) and depth < 6:
        return "".join(_flat(inner, depth + 1) for inner in value)
    if isinstance(value, dict) and depth < 6:
        inner = next(
            (value[key] for key in ("text", "content", "html", "value", "htmlTokens", "children") if value.get(key)), ""
        )
        return _flat(inner, depth + 1)
    return ""


def _paragraphs(html: str) -> tuple[str, ...]:
    if "<" not in html:
        return tuple(clean(html).split("\n"))
    tree = parse(f"<html><body>{html}</body></html>")
    return () if tree is None else tuple(line.text for line in outline(tree).lines)
