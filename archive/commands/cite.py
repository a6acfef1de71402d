"""A citation of an article as this archive saw it: what the page says, when it was seen, and the evidence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archive.clock import local

_OF_ARTICLE = ("url", "site", "status", "version_count")
_OF_VERSION = (
    "number",
    "title",
    "title_original",
    "source",
    "author",
    "published_at",
    "first_seen_at",
    "last_seen_at",
    "fingerprint",
    "seen_before",
    "seen_after",
)


def citation(article: Mapping[str, Any], state: Mapping[str, Any], site_name: str, head: str) -> dict[str, Any]:
    """What to cite, by the contract's column names, with the whole as `citation`.

    `state` is the article as of some time. `seen_before` is the fetch that showed it, with its capture's digest;
    `seen_after` the next one, where there was one. `head` is that of the archive's chain, which covers it.
    """
    facts = {name: article[name] for name in _OF_ARTICLE} | {name: state[name] for name in _OF_VERSION}
    return {**facts, "site_name": site_name, "head": head, "citation": _sentence(facts, site_name, head)}


def _sentence(facts: Mapping[str, Any], site_name: str, head: str) -> str:
    seen, after = facts["seen_before"], facts["seen_after"]
    said = (f"“{facts['title_original']}”", facts["author"], facts["source"] or site_name, facts["published_at"])
    later = f", fetched next {local(after['fetched_at'])}" if after else ""
    withdrawn = {"withdrawn": " Withdrawn since.", "redacted": " Redacted since."}.get(facts["status"], "")
    return (
        f"{', '.join(part for part in said if part)}, {facts['url']}."
        f" Yiwen archive: version {facts['number']} of {facts['version_count']},"
        f" first seen {local(facts['first_seen_at'])}, seen {local(seen['fetched_at'])}{later} (UTC+8);"
        f" capture {seen['id']}, SHA-256 {seen['digest']}; chain head {head}.{withdrawn}"
    )
