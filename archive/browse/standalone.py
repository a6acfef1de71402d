"""A comparison as a page by itself: one file without scripts that asks nobody for anything, to be sent and printed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from archive.browse import shaping
from archive.browse.speaker import Speaker

HERE = Path(__file__).parent
STYLES = ("frame", "yiwen")


def difference_page(article: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any], lang: str) -> str:
    """Two versions of an article as HTML, in the words of `lang` (`zh`, `en`), as the reading room shows them."""
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, undefined=StrictUndefined)
    style = "\n".join((HERE / f"static/{name}.css").read_text(encoding="utf-8") for name in STYLES)
    values = {"article": article, "old": old, "new": new, **shaping.difference(old, new), "side": False}
    template = environment.get_template("yiwen_difference_page.html")
    return template.render(room=Speaker(lang), style=Markup(style), **values)
