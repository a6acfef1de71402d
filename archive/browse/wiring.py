"""How our templates take the place of Datasette's for an archive's pages, and how one gets from those to ours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from datasette.utils import to_css_class
from jinja2 import BaseLoader, ChoiceLoader, DictLoader

from archive.browse.archives import alone, archives
from archive.contract import contract

if TYPE_CHECKING:  # Datasette loads its plugins while it loads this
    from datasette.app import Datasette


def with_templates(loader: BaseLoader, names: Iterable[str]) -> BaseLoader:
    """`loader`, and after it (so that a --template-dir wins) our templates for each archive's pages."""
    ours = {template: source for name in names for template, source in _of(to_css_class(name)).items()}
    return ChoiceLoader([loader, DictLoader(ours)])


def _of(name: str) -> dict[str, str]:
    """The templates of one archive, by the names under which Datasette looks for them first."""
    framed = '{{% extends "{}.html" %}}{{% block nav %}}{{% include "yiwen_nav.html" %}}{{% endblock %}}'
    tables = [relation.what.name for relation in contract()]
    return {
        **{f"table-{name}-{table}.html": framed.format("table") for table in tables},
        **{f"row-{name}-{table}.html": '{% extends "yiwen_row.html" %}' for table in tables},
        f"query-{name}.html": framed.format("query"),
        f"table-{name}-articles.html": '{% extends "yiwen_articles.html" %}',
        f"database-{name}.html": '{% extends "yiwen_tables.html" %}',
    }


def menu(datasette: Datasette) -> list[dict[str, str]]:
    """A link to the reading room of each archive."""
    urls = datasette.urls
    if alone(datasette):
        return [{"href": urls.instance(), "label": "医闻 Yiwen"}]
    return [{"href": f"{urls.database(name)}/-/home", "label": f"医闻 Yiwen: {name}"} for name in archives(datasette)]
