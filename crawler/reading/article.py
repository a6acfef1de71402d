"""The way through: bytes of a page in, one reading out. Pure, stateless; it raises for no bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from archive.models import Reading
from archive.text import clean, clean_line, han_count, language, simplify
from crawler.reading import body, links, metadata, rules, tampering, verdict
from crawler.reading.container import find_container
from crawler.reading.facts import Context, Facts, facts, overlaid
from crawler.reading.headline import Headline, above, headline
from crawler.reading.inline import Inline, inline_article
from crawler.reading.outline import Element, Line, Outline, outline
from crawler.reading.page import decode, parse
from crawler.reading.rules import MISSED, Applied, Rules

READER_NUMBER = 2
_LIBRARIES = ("trafilatura", "lxml", "htmldate", "opencc")
_LEAST_HAN = 10
_SHORT = 60


@cache
def reader_id(own: Rules = Rules()) -> str:  # noqa: B008 (frozen)
    """Everything that decides a reading: our number, the libraries' versions, a site's own rules."""
    libraries = (f"{name}-{version(name)}" for name in _LIBRARIES)
    site = (f"rules-{sha256(repr(own).encode()).hexdigest()[:8]}",) if own else ()
    return " ".join((f"yiwen-{READER_NUMBER}", *libraries, *site))


@dataclass(frozen=True)
class PageRead:
    """One page read: `next_page` is the address where its article goes on; `judgement` tells why of every line.

    `first_page` is the address of its article's first page, where it is a further one that nobody said is one.
    """

    reading: Reading
    next_page: str | None = None
    judgement: tuple[body.Judged, ...] = ()
    first_page: str | None = None


@dataclass(frozen=True)
class Page:
    """A page ready to be read: decoded, parsed, a site's rules applied, and what it states of itself."""

    reader: str
    html: str
    tree: Element
    outline: Outline
    context: Context
    applied: Applied
    meta: dict
    data: dict


def read(payload: bytes, **given: object) -> Reading:
    """`read_page`, its reading alone."""
    return read_page(payload, **given).reading  # type: ignore[arg-type]


def read_page(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    content_type: str | None = None,
    status: int = 200,
    jurisdiction: str = "",
    own: Rules = Rules(),  # noqa: B008 (frozen)
    first: str = "",
) -> PageRead:
    """Read one page. `fetched_at` is aware; relative times count from it. `own` are the site's rules for reading.

    `first` is the address of the article's first page, where this is a further one.
    """
    page = prepare(
        payload,
        url=url,
        fetched_at=fetched_at,
        content_type=content_type,
        status=status,
        jurisdiction=jurisdiction,
        own=own,
    )
    if isinstance(page, Reading):
        return PageRead(page)
    result = read_prepared(page)
    if result.reading.verdict != "article":
        return result
    further = links.next_page(page.tree, url, first or url)
    return PageRead(result.reading, further, result.judgement, None if first else links.first_page(page.tree, url))


def prepare(
    payload: bytes,
    *,
    url: str,
    fetched_at: datetime,
    content_type: str | None,
    status: int,
    jurisdiction: str,
    own: Rules,
) -> Page | Reading:
    """What is read of a page, or the reading of one in which nothing can be read. Arguments as of `read_page`."""
    reader = reader_id(own)
    if found := verdict.by_status(status, payload, content_type):
        return Reading(found[0], reader, reason=found[1])
    html = decode(payload, content_type)
    if html is None:
        return Reading("undecodable", reader, reason="no character encoding is plausible")
    tree = parse(html)
    if tree is None:
        return Reading("empty", reader, reason="no page")
    applied = rules.apply(own, tree)
    context = Context(url, fetched_at, jurisdiction)
    return Page(reader, html, tree, outline(tree), context, applied, metadata.metas(tree), metadata.linked_data(tree))


def read_prepared(page: Page) -> PageRead:
    """Read a prepared page; it stays as it is, and can be read again."""
    lines, reader = page.outline.lines, page.reader
    visible = "\n".join(line.text for line in lines)
    head = headline(page.tree, lines, page.meta, page.data)
    if found := verdict.by_text(page.html, head.text, visible):
        return PageRead(Reading(found[0], reader, reason=found[1]))
    head, judgement = _judge(lines, head, page.applied)
    paragraphs = body.paragraphs(judgement)
    inline = inline_article(page.tree) if sum(map(han_count, paragraphs)) < _SHORT else None
    if inline and inline.han > 2 * sum(map(han_count, paragraphs)):
        return PageRead(_from_data(page, head, inline), None, judgement)
    if sum(map(han_count, paragraphs)) < _LEAST_HAN:
        paragraphs = body.second_opinion(page.tree)
    own = [i for i, one in enumerate(judgement) if not one.why]
    if paragraphs and (found := verdict.of_little_text(lines, head.line, own)):
        return PageRead(Reading(found[0], reader, reason=found[1]), None, judgement)
    if not paragraphs:
        kind, why = verdict.of_no_text(visible, sum(line.linky for line in lines))
        return PageRead(Reading(kind, reader, reason=why), None, judgement)
    found_facts = facts(page.tree, judgement, head, paragraphs, page.meta, page.data, page.context)
    return PageRead(_reading(page, head.text, paragraphs, found_facts, judgement), None, judgement)


def _judge(lines: tuple[Line, ...], head: Headline, applied: Applied) -> tuple[Headline, tuple[body.Judged, ...]]:
    """The headline, looked at again once the text is found, and every line judged."""
    containers = applied.containers
    if not containers and (found := find_container(lines, head)) is not None:
        containers = (found,)
    judgement = body.judged(lines, head, containers, applied.kept)
    first = next((i for i, one in enumerate(judgement) if not one.why), 0)
    better = above(lines, first, head)
    return better, judgement if better == head else body.judged(lines, better, containers, applied.kept)


def _from_data(page: Page, head: Headline, inline: Inline) -> Reading:
    """The reading of an article that the page holds as data, with the facts that stand beside it there."""
    stated = {name: text for name, text in inline.facts.items() if name in ("source", "author", "editor")}
    stated["published_at"] = inline.facts.get("published", "")
    title = inline.facts.get("title") or head.text
    lines = [body.Judged(line, "outside the article") for line in page.outline.lines]
    paragraphs = body.plain(inline.paragraphs, title)
    found = facts(page.tree, lines, head, paragraphs, page.meta, page.data, page.context)
    return _reading(page, title, paragraphs, overlaid(found, stated, page.context), ())


def _reading(
    page: Page,
    title: str,
    paragraphs: Sequence[str],
    found: Facts,
    judgement: Sequence[body.Judged],
) -> Reading:
    text, title = clean("\n".join(paragraphs)), clean_line(page.applied.fields.get("title", title))
    found = overlaid(found, page.applied.fields, page.context)
    residue = tampering.pinyin_residue(text)
    if residue:
        text, title = tampering.without_pinyin(text), tampering.without_pinyin(title)
    script = language(title + text)
    plain = (lambda value: simplify(value, page.context.jurisdiction)) if script == "Hant" else (lambda value: value)
    return Reading(
        "article",
        page.reader,
        title=plain(title),
        text=plain(text),
        title_original=title,
        text_original=text,
        source=found.source,
        source_title=found.source_title,
        author=found.author,
        editor=found.editor,
        published_at=found.published_at,
        updated_at=found.updated_at,
        language=script,
        flags=_flags(page, found, residue),
        canonical_url=links.canonical(page.tree, page.context.url),
        keywords=tuple(k for k in re.split(r"[,，;；、\s]+", page.meta.get("keywords", "")) if k)[:20],
        image=_image(page),
        attachments=links.attachments(
            dict.fromkeys(one.line.block for one in judgement if not one.why), page.context.url
        ),
    )


def _flags(page: Page, found: Facts, residue: bool) -> tuple[str, ...]:
    """What a person should know of this reading, a word each; a site's rule that found nothing is told by its name."""
    told = {
        "relative_time": found.relative,
        "spam": tampering.has_spam(page.outline),
        "pinyin": residue,
    }
    return (
        *(name for name, told_now in told.items() if told_now),
        *(f"{MISSED}{rule.replace(' ', '_')}" for rule in page.applied.unmatched),
    )


def _image(page: Page) -> str | None:
    address = page.meta.get("og:image") or page.meta.get("twitter:image")
    return links.absolute(page.context.url, address) if address else None
