"""A site's own rules for reading its pages: where fields stand, what is to be removed or kept. Pure.

An expression is CSS, or XPath where it begins with `/`, `./` or `(`. Each rule that matches nothing is told, so that a
site that changed its pages is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector

from archive.text import clean_line
from crawler.reading.outline import Element

FIELDS = ("title", "source", "source_title", "author", "editor", "published_at")
MISSED = "no_match:"  # the flag of a rule that found nothing begins so


@dataclass(frozen=True)
class Rules:
    """`fields` maps names of FIELDS to expressions; `text` is where the article is, all elements in their order.

    `remove` are parts that are dropped before anything is read, `keep` parts of the text that are never cut.
    """

    fields: tuple[tuple[str, str], ...] = ()
    text: str = ""
    remove: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Rules()


@dataclass(frozen=True)
class Applied:
    """What the rules found in one page; `unmatched` names the rules that found nothing."""

    fields: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[Element, ...] = ()
    kept: tuple[Element, ...] = ()
    unmatched: tuple[str, ...] = ()


def is_xpath(expression: str) -> bool:
    """Whether an expression is XPath; else it is CSS."""
    return expression.startswith(("/", "./", "../", "("))


@cache
def compiled(expression: str) -> CSSSelector | etree.XPath:
    """The expression, ready to be asked of a tree. Raises ValueError that says what is wrong with it."""
    try:
        if is_xpath(expression):
            return etree.XPath(expression)
        return CSSSelector(expression, translator="html")
    except (etree.XPathError, SelectorError) as error:
        raise ValueError(f"{error}: write a CSS selector, or XPath that begins with / or ./") from error


def apply(rules: Rules, tree: Element) -> Applied:
    """Remove what is to be removed from the tree, and find the rest in it."""
    missed = [f"remove {expression}" for expression in rules.remove if not _removed(tree, expression)]
    fields = {name: value_of(tree, expression) for name, expression in rules.fields}
    missed += [name for name, value in fields.items() if not value]
    containers = tuple(elements(tree, rules.text)) if rules.text else ()
    missed += ["text"] if rules.text and not containers else []
    kept = tuple(element for expression in rules.keep for element in elements(tree, expression))
    missed += ["keep"] if rules.keep and not kept else []
    return Applied({name: value for name, value in fields.items() if value}, containers, kept, tuple(missed))


def elements(tree: Element, expression: str) -> list[Element]:
    """The elements of a tree that an expression finds."""
    found = compiled(expression)(tree)
    return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []


def _removed(tree: Element, expression: str) -> bool:
    found = elements(tree, expression)
    for element in found:
        parent = element.getparent()
        if parent is not None:
            _drop(element, parent)
    return bool(found)


def _drop(element: Element, parent: Element) -> None:
    """Take an element out; the text behind it stays."""
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def value_of(tree: Element, expression: str) -> str:
    """The first thing found, as text: an element's text, an attribute, or what the XPath itself makes."""
    found = compiled(expression)(tree)
    first = next(iter(found), "") if isinstance(found, list) else found
    return clean_line("".join(first.itertext()) if isinstance(first, etree._Element) else str(first))
