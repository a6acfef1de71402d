"""How answers look on a terminal. Text of pages is never markup here, and nothing of it moves the cursor."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table
from rich.text import Text

from archive.clock import local
from archive.history.diff import Paragraph, Span
from archive.search import CLOSE, MOST, OPEN
from archive.text import inert

_STYLES = {"same": "", "removed": "red strike", "added": "green bold"}
_MARKS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}


class Printer:
    """Prints to standard output; wide and plain where that is no terminal."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 160)

    def line(self, text: str | Text = "", style: str = "") -> None:
        """One line (or paragraph)."""
        if isinstance(text, Text):
            text.plain = inert(text.plain)
        else:
            text = inert(text)
        self.console.print(text, style=style or None, soft_wrap=True)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[object]],
        right: Sequence[str] = (),
        whole: Sequence[str] = (),
    ) -> None:
        """A plain table; `right` names the columns of numbers, `whole` those whose cells stay on one line."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            side: Literal["left", "right"] = "right" if column in right else "left"
            table.add_column(column, justify=side, overflow="fold", no_wrap=column in whole)
        for row in rows:
            table.add_row(*(Text("" if value is None else inert(str(value))) for value in row))
        self.console.print(table)

    def hits(self, found: Sequence[Mapping[str, Any]], total: int) -> None:
        """Search results with their snippets."""
        for row in found:
            gone = "  [withdrawn]" if row["status"] == "withdrawn" else ""
            older = (
                f"  [version {row['version']} of {row['version_count']}]"
                if row.get("version", 0) and row["version_count"] > 1
                else ""
            )
            self.line(row["title"] + gone + older, "bold")
            self.line(f"  {row['site']}  {row['source']}  {row['published_at'] or local(row['first_seen_at'])}", "dim")
            self.line(Text("  ").append_text(_highlighted(row["snippet"])))
            self.line(f"  {row['url']}", "dim")
        every = f"{total:,}" if total <= MOST else f"{MOST:,}+"
        self.line(f"{every} found" if total <= len(found) else f"{len(found)} of {every} found")

    def article(self, article: Mapping[str, Any], *, original: bool) -> None:
        """An article's state: headline, what the page says, what we saw, text."""
        suffix = "_original" if original else ""
        self.line(article[f"title{suffix}"], "bold")
        for label, value in _facts(article):
            if value:
                self.line(f"{label}: {value}", "dim")
        for link in article.get("linked", ()):
            self.line(f"linked: {_detail(link)}", "dim")
        for file in article.get("attachments", ()):
            self.line(f"attachment: {_file(file)}", "dim")
        self.line()
        for paragraph in article[f"text{suffix}"].split("\n"):
            self.line(paragraph)

    def history(self, article: Mapping[str, Any], happened: Sequence[Mapping[str, Any]]) -> None:
        """The events of an article."""
        self.line(f"{article['title']}  ({article['status']}, {article['version_count']} versions)", "bold")
        rows = [(local(e["at"]), e["kind"], _detail(e["detail"])) for e in happened]
        self.table(("at", "event", "detail"), rows)

    def diff(
        self,
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        kinds: Sequence[str],
        title: Sequence[Span],
        paragraphs: Sequence[Paragraph],
    ) -> None:
        """Two versions: removed words as [-…-], added ones as {+…+}, coloured on a terminal."""
        for number, version in (("from", old), ("to", new)):
            self.line(f"{number} version {version['number']}, first seen {local(version['first_seen_at'])}", "dim")
        self.line(f"kinds: {', '.join(kinds) or 'none'}", "dim")
        self.line(_marked(title))
        for paragraph in paragraphs:
            self.line(Text("  ").append_text(_marked(paragraph.spans)))

    def changes(self, found: Sequence[Mapping[str, Any]]) -> None:
        """Changes across the archive, each with its figures and the first words that differ."""
        for change in found:
            numbers = f"version {change['from_version']} → {change['to_version']}"
            about = (local(change["at"]), change["site"], ", ".join(change["kinds"].split()), numbers)
            self.line(change["title"], "bold")
            self.line(f"  {'  '.join(about)}  {change['size']:,} characters", "dim")
            if change["figures"]:
                pairs = (f"{pair.old or '-'} → {pair.new or '-'}" for pair in change["figures"])
                self.line(f"  figures: {', '.join(pairs)}")
            for spans in change["excerpt"]:
                self.line(Text("  ").append_text(_marked(spans)))
            self.line(f"  {change['url']}", "dim")
        self.line(f"{len(found):,} changes")

    def status(self, found: Mapping[str, Any]) -> None:
        """What needs attention, what there is, and how each site did."""
        for alarm in found["alarms"]:
            self.line(f"! {alarm}", "bold red")
        self.line(
            f"{found['articles']:,} articles ({found['withdrawn']:,} withdrawn), {found['versions']:,} versions, "
            f"{found['captures']:,} captures; last day {found['new']:,} new, {found['changed']:,} changed"
        )
        times = {name: local(found[f"{name}_at"]) or "never" for name in ("last_fetch", "last_run", "next_run")}
        self.line(f"last fetch {times['last_fetch']}, last run {times['last_run']}, next run {times['next_run']}")
        sizes = (decimal(found[f"{name}_bytes"]) for name in ("archive", "captures", "free"))
        self.line("archive.db {}, captures.db {}, {} free".format(*sizes))
        self.line(f"{found['items']:,} items in the chain, head {found['head']}", "dim")
        columns = ("site", "articles", "newest", "last run", "outcome", "since", "reason")
        rows = [
            (
                row["site"],
                row["articles"],
                local(row["newest_article_at"]),
                local(row["last_run_at"]),
                row["last_outcome"] if row["enabled"] else "disabled",
                local(row["broken_since"]),
                (row["alarm"] or row["last_reason"]) if row["enabled"] else row["disabled_because"],
            )
            for row in found["sites"]
        ]
        self.table(columns, rows, right=("articles",))


def _highlighted(snippet: str) -> Text:
    text = Text()
    for piece in re.split(f"({OPEN}[^{CLOSE}]*{CLOSE})", snippet):
        hit = piece.startswith(OPEN)
        text.append(piece.strip(OPEN + CLOSE), style="bold yellow" if hit else "")
    return text


def _marked(spans: Iterable[Span]) -> Text:
    text = Text()
    for span in spans:
        before, after = _MARKS[span.kind]
        text.append(f"{before}{span.text}{after}", style=_STYLES[span.kind])
    return text


def _facts(article: Mapping[str, Any]) -> list[tuple[str, str]]:
    before, gone, after = (article.get(name) for name in ("seen_before", "gone_since", "seen_after"))
    now = article.get("status_now", article["status"])
    return [
        ("address", article["url"]),
        ("status", article["status"] if now == article["status"] else f"{article['status']} then, {now} now"),
        ("redacted", f"{local(told['at'])} ({told['why']})" if (told := article["redacted"]) else ""),
        ("source", article["source"]),
        ("source title", article["source_title"]),
        ("author", article["author"]),
        ("flags", article["flags"]),
        ("published", article["published_at"] or ""),
        ("first seen", local(article["first_seen_at"])),
        ("last seen", local(article["last_seen_at"])),
        ("version", f"{article['number']} of {article['version_count']}" if "number" in article else ""),
        ("versions", str(article["version_count"]) if "number" not in article else ""),
        ("seen before", f"{local(before['fetched_at'])} ({before['verdict']})" if before else ""),
        ("gone since", f"{local(gone['fetched_at'])} ({gone['reason']})" if gone else ""),
        ("seen after", f"{local(after['fetched_at'])} ({after['verdict']})" if after else ""),
    ]


def _file(file: Mapping[str, Any]) -> str:
    """One state of a file that the article links to."""
    if not file["digest"]:
        return f"{file['name']}  {file['url']}  not kept"
    seen = f"{file['bytes']:,} bytes, SHA-256 {file['digest']}, seen {local(file['last_seen_at'])}"
    return f"{file['name']}  {file['url']}  {seen}"


# How an event's detail is said where its name alone would not tell; a flag is said without a value.
_SAID = {
    "claims": "its page gives as its own the address of",
    "claimed_by": "its address is given as its own by the page of",
    "lost": "the evidence was lost, so the page itself may have changed too",
    "replaces": "takes back events",
    "superseded": "takes back versions (ids)",
}


def _detail(detail: Mapping[str, Any]) -> str:
    """An event's detail in a few words."""
    parts = []
    for key, value in detail.items():
        said = _SAID.get(key, key.replace("_", " "))
        if isinstance(value, dict):
            parts.append(f"{said}: {value.get('old') or '-'} → {value.get('new') or '-'}")
        elif value is True:
            parts.append(said)
        elif value not in (False, None, ""):
            parts.append(f"{said} {_value(key, value)}")
    return "; ".join(parts)


def _value(key: str, value: Any) -> str:
    """A value of an event's detail: times as all others are shown."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return local(value) if key.endswith("_at") else str(value)
