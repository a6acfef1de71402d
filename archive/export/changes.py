"""The publishers' changes as an Atom feed in a file, for a feed reader or a web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from archive.export.atom import NEVER, Entry, Head, chunks
from archive.export.destination import destination


def write_feed(path: Path, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write changes, as `archive.store.changes.newest` gives them, an entry each. Raises YiwenError."""
    head = Head("医闻 Yiwen: changes", max((change["at"] for change in changes), default=NEVER))
    with destination(path) as write:
        for chunk in chunks(head, map(_entry, changes)):
            write(chunk)


def _entry(change: Mapping[str, Any]) -> Entry:
    """A change of an article: it may change again, so the entry is the change's own, by its versions."""
    figures = ", ".join(f"{pair.old or '-'} → {pair.new or '-'}" for pair in change["figures"])
    words = "\n".join("".join(_marked(span) for span in spans) for spans in change["excerpt"])
    about = f"{change['site']}, {', '.join(str(change['kinds']).split())}"
    summary = "\n".join(filter(None, (about, f"figures: {figures}" if figures else "", words)))
    itself = f"{change['url']}#yiwen-change-{change['id']}"
    return Entry(itself, change["url"], change["title"], summary, change["at"])


def _marked(span: Any) -> str:
    return {"removed": f"[-{span.text}-]", "added": f"{{+{span.text}+}}"}.get(span.kind, span.text)
