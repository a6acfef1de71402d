"""The counts of one run, so that every address considered ends in exactly one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.models import Outcome
from archive.store.runs import Ending

_COUNTED = ("new", "changed", "unchanged", "challenged", "failed")


@dataclass
class Tally:
    """Grows while a run goes on. `lists` maps each list to what is wrong with it, "" where nothing is."""

    counts: Counter[str] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    lists: dict[str, str] = field(default_factory=dict)
    recordings: int = 0

    def recorded(self, outcome: Outcome) -> None:
        """An address was fetched and recorded."""
        self.recordings += 1
        self.counts["discovered"] += 1
        if outcome.kind in _COUNTED:
            self.counts[outcome.kind] += 1
        else:
            self.skips[outcome.reason] += 1

    def skipped(self, reason: str, times: int = 1) -> None:
        """Addresses were left out."""
        self.counts["discovered"] += times
        self.skips[reason] += times

    def ending(self, finish_reason: str, *, lists_expected: bool) -> Ending:
        """How the run ended, by Scrapy's reason for closing the spider and what became of the lists."""
        outcome, reason = self._outcome(finish_reason, lists_expected)
        return Ending(outcome, reason, dict(self.counts), dict(self.skips))

    def _outcome(self, finish_reason: str, lists_expected: bool) -> tuple[str, str]:
        if finish_reason != "finished":
            return "stopped", f"stopped before it was done ({finish_reason})"
        wrong = {url: what for url, what in self.lists.items() if what}
        if lists_expected and len(wrong) == len(self.lists):
            return "failed", _summed(wrong) or "no list was fetched"
        if not lists_expected and self.counts["failed"] and self.counts["failed"] == self.counts["discovered"]:
            return "failed", "nothing could be fetched"
        return ("alarm", _summed(wrong)) if wrong else ("complete", "")


def _summed(wrong: Mapping[str, str]) -> str:
    """What is wrong with lists, each fault once: `HTTP 503 (3 lists, first https://...)`."""
    faults: dict[str, list[str]] = {}
    for url, what in wrong.items():
        faults.setdefault(what, []).append(url)
    return "; ".join(
        f"{what} ({urls[0] if len(urls) == 1 else f'{len(urls)} lists, first {urls[0]}'})"
        for what, urls in faults.items()
    )
