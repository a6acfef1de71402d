"""What a crawl needs to know of the browser without loading one: whether there is one, and which requests it gets."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from archive.errors import UsageError
from crawler.site.model import Site

HANDLER = "crawler.fetch.rendering.Renderer"
RENDERED = "x-yiwen-rendered"  # the header that marks a capture as a page after its scripts, and says by what
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


class Unrendered(Exception):
    """A page that could not be rendered; the text says why."""


def chromium() -> str | None:
    """The system's Chromium."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def require_browser(sites: Iterable[Site]) -> None:
    """Raise UsageError where a site's pages are to be rendered and what that needs is not installed."""
    if not (rendered := [site.id for site in sites if site.render]):
        return
    needed = f"{', '.join(rendered)}: render = true needs"
    if find_spec("scrapy_playwright") is None:
        raise UsageError(f"{needed} the extra: pip install 'yiwen[render]', or crawl other sites")
    if chromium() is None:
        raise UsageError(f"{needed} Chromium: apt-get install chromium, or crawl other sites")


def request_meta(site: Site) -> dict[str, Any]:
    """What a request for a page of this site carries."""
    return {"playwright": True, "dont_retry": True} if site.render else {}
