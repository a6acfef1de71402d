"""The counts of one run, so that every address considered ends in exactly one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from archive.health import ListRun, PagesRun
from archive.models import Outcome, Reading
from archive.store.runs import Ending
from crawler.reading.rules import FIELDS, MISSED

_STOPS = {"closespider_timeout": "its time limit", "shutdown": "it was told to stop"}
_COUNTED = ("new", "changed", "unchanged", "challenged", "failed")
# Rules that every article should meet; what is to be removed or kept stands on some pages only.
_ON_EVERY_ARTICLE = {f"{MISSED}{rule}": rule for rule in ("text", *FIELDS)}
_NOT_READ = ("gone", "challenged", "failed", "error", "undecodable", "unmodified")


@dataclass
class Tally:
    """Grows while a run goes on. `lists` maps each request for a list to what came of it, under the list's address."""

    script: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    lists: dict[str, ListRun] = field(default_factory=dict)
    recordings: int = 0
    _seen: Counter[str] = field(default_factory=Counter)
    _lengths: list[int] = field(default_factory=list)
    _unmatched: set[str] | None = None

    def recorded(self, outcome: Outcome, reading: Reading | None = None) -> None:
        """An address was fetched and recorded; `reading` is what it showed, where it was read as the site's."""
        self.recordings += 1
        if reading is not None and reading.verdict not in _NOT_READ:
            self._read(reading)
        self.counts["discovered"] += 1
        if outcome.kind in _COUNTED:
            self.counts[outcome.kind] += 1
        else:
            self.skips[outcome.reason] += 1

    def _read(self, reading: Reading) -> None:
        self._seen["read"] += 1
        if reading.verdict != "article":
            return
        self._seen["articles"] += 1
        self._seen["titled"] += bool(reading.title)
        self._seen["dated"] += reading.published_at is not None
        self._seen["in_script"] += not self.script or reading.language == self.script
        self._lengths.append(len(reading.text))
        missed = {_ON_EVERY_ARTICLE[flag] for flag in reading.flags if flag in _ON_EVERY_ARTICLE}
        self._unmatched = missed if self._unmatched is None else self._unmatched & missed

    def skipped(self, reason: str, times: int = 1) -> None:
        """Addresses were left out."""
        self.counts["discovered"] += times
        self.skips[reason] += times

    def ending(self, finish_reason: str, *, lists_expected: bool) -> Ending:
        """How the run ended, by Scrapy's reason for closing the spider and what became of the lists."""
        outcome, reason = self._outcome(finish_reason, lists_expected)
        return Ending(
            outcome, reason, dict(self.counts), dict(self.skips), _by_list(self.lists.values()), self._pages()
        )

    def _pages(self) -> PagesRun:
        bad = self.counts["failed"] + self.counts["challenged"]
        unmatched = tuple(sorted(self._unmatched or ()))
        characters = round(median(self._lengths)) if self._lengths else None
        return PagesRun(self.recordings, bad, **self._seen, characters=characters, unmatched=unmatched)

    def _outcome(self, finish_reason: str, lists_expected: bool) -> tuple[str, str]:
        if finish_reason != "finished":
            return "stopped", f"stopped before it was done ({_STOPS.get(finish_reason, finish_reason)})"
        wrong = {name: one.problem for name, one in self.lists.items() if one.problem}
        if lists_expected and len(wrong) == len(self.lists):
            return "failed", _summed(wrong) or "no list was fetched"
        if not lists_expected and self.counts["failed"] and self.counts["failed"] == self.counts["discovered"]:
            return "failed", "nothing could be fetched"
        return ("alarm", _summed(wrong)) if wrong else ("complete", "")


def _by_list(asked: Iterable[ListRun]) -> tuple[ListRun, ...]:
    """What came of the pages of each list, added up."""
    lists: dict[str, ListRun] = {}
    for one in asked:
        so_far = lists.get(one.url, ListRun(one.url))
        links, articles = so_far.links + one.links, so_far.articles + one.articles
        lists[one.url] = ListRun(one.url, links, articles, so_far.problem or one.problem)
    return tuple(lists.values())


def _summed(wrong: Mapping[str, str]) -> str:
    """What is wrong with lists, each fault once: `HTTP 503 (3 lists, first https://...)`."""
    faults: dict[str, list[str]] = {}
    for url, what in wrong.items():
        faults.setdefault(what, []).append(url)
    return "; ".join(
        f"{what} ({urls[0] if len(urls) == 1 else f'{len(urls)} lists, first {urls[0]}'})"
        for what, urls in faults.items()
    )
