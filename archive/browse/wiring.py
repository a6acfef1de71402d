"""How our templates take the place of Datasette's for an archive's pages, and how one gets from those to ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from datasette.utils import to_css_class
from jinja2 import BaseLoader, ChoiceLoader, DictLoader

from archive.browse.archives import alone, archives

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette


def with_templates(loader: BaseLoader, names: Iterable[str]) -> BaseLoader:
    """`loader`, and after it (so that a --template-dir wins) our template for each archive's list of articles."""
    ours = {f"table-{to_css_class(name)}-articles.html": '{% extends "yiwen_articles.html" %}' for name in names}
    return ChoiceLoader([loader, DictLoader(ours)])


def menu(datasette: Datasette) -> list[dict[str, str]]:
    """A link to the reading room of each archive."""
    urls = datasette.urls
    if alone(datasette):
        return [{"href": urls.instance(), "label": "医闻 Yiwen"}]
    return [{"href": f"{urls.database(name)}/-/home", "label": f"医闻 Yiwen: {name}"} for name in archives(datasette)]
