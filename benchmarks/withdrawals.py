"""`python -m benchmarks.withdrawals`: sites that take articles away and fail in other ways, and the archive's word.

Each site is an archive of its own that is crawled four times a day through `Archive.record` and the real schedule of
revisits. Its publisher takes articles away and brings some back; meanwhile the site has its own kind of trouble. What
the archive calls withdrawn is then held against what the publisher did.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median

import click

from archive.clock import unstamp
from archive.commands.show import Printer
from archive.health import Expect
from archive.history.withdrawal import EMPTIED
from archive.models import Capture, Reading, Verdict, new_capture_id
from archive.store import Archive, SiteRow
from archive.store.recording import Fetch
from archive.store.runs import Ending
from crawler.revisit import next_due

START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = timedelta(hours=6)
CONFIRM = timedelta(hours=6)
READER = "reader-1"
REASONS = ("HTTP 404", "HTTP 410", "soft 404: 文章已被删除", "redirected to https://news.example/", EMPTIED)
LAST_TAKEN = 50  # days; later withdrawals could not all be found before the end
AWAY = (40, 50)  # days of those that come back: a shorter absence may fall between two looks at an old article
Answer = tuple[Verdict, str]
Trouble = Callable[["Article", float, Random], Answer | None]


@dataclass
class Article:
    """One article: `away` are the days on which its publisher took it away and brought it back (or never)."""

    number: int
    url: str
    published: float
    text: str
    reason: str = ""
    away: list[tuple[float, float]] = field(default_factory=list)

    def gone(self, day: float) -> bool:
        return any(start <= day < end for start, end in self.away)


@dataclass(frozen=True)
class Town:
    """A site: `trouble` says what an address answers instead of what it should, `lists` whether lists work."""

    name: str
    trouble: Trouble = lambda article, day, chance: None
    lists: Callable[[float], bool] = lambda day: True
    articles: int = 60
    taken: float = 0.15  # share of the articles that are withdrawn
    at_once: int = 0  # articles that are withdrawn together, on day 15
    killed: float = 0.0  # share of the runs that are killed before their end


@dataclass(frozen=True)
class Verdicts:
    """What came of one site. `days` are from a withdrawal to its confirmation."""

    name: str
    true: int
    found: int
    false: int
    returned: int
    returns: int
    alarms: int
    days: tuple[float, ...]


def _during(start: float, end: float, answer: Answer) -> Trouble:
    return lambda article, day, chance: answer if start <= day < end else None


def _flapping(article: Article, day: float, chance: Random) -> Answer | None:
    on = 20 <= day < 30 and article.number % 10 == 0 and int(day * 4) % 2
    return ("gone", "HTTP 404") if on else None


def _unlucky(article: Article, day: float, chance: Random) -> Answer | None:
    return ("error", "HTTP 502") if chance.random() < 0.05 else None


def _up_except(start: float, end: float) -> Callable[[float], bool]:
    return lambda day: not start <= day < end


REFUSED, BUSY, GATE = ("failed", "connection refused"), ("error", "HTTP 503"), ("challenged", "HTTP 412")
MISSING: Answer = ("gone", "HTTP 404")
TOWNS = (
    Town("no trouble"),
    Town("connection refused for 48 hours", _during(20, 22, REFUSED), _up_except(20, 22)),  # type: ignore[arg-type]
    Town("503 for 48 hours, lists stand", _during(20, 22, BUSY)),  # type: ignore[arg-type]
    Town("an anti-bot gate for a week", _during(20, 27, GATE), _up_except(20, 27)),  # type: ignore[arg-type]
    Town("404 to everything for a day", _during(20, 21, MISSING), _up_except(20, 21)),
    Town("404 to articles for a day, lists stand", _during(20, 21, MISSING)),
    Town("articles without text for ten days", _during(20, 30, ("gone", EMPTIED))),
    Town("a tenth answers 404 every other time, ten days", _flapping),
    Town("one request in twenty fails", _unlucky),
    Town("twelve withdrawn at once", at_once=12),
    Town("four articles, two withdrawn", articles=4, taken=0.5),
    Town("every fifth run is killed", killed=0.2),
)


def _publish(town: Town, chance: Random) -> list[Article]:
    """The articles of a site, with what becomes of them."""
    articles = []
    for number in range(town.articles):
        url = f"https://news.example/{('news', 'zx', 'health')[number % 3]}/{number}.html"
        articles.append(Article(number, url, chance.uniform(0, LAST_TAKEN - 5), f"第{number}篇的正文，没有别的意思。"))
    for article in chance.sample(articles, round(town.taken * town.articles)):
        start = max(article.published + chance.uniform(0.5, 20), 1)
        if start < LAST_TAKEN:
            end = start + chance.uniform(*AWAY) if chance.random() < 0.3 else float("inf")
            article.away, article.reason = [(start, end)], chance.choice(REASONS)
    for article in [one for one in articles if one.published < 14 and not one.away][: town.at_once]:
        article.away, article.reason = [(15.0, float("inf"))], REASONS[0]
    return articles


class Crawl:
    """The crawls of one site, a run every six hours."""

    def __init__(self, town: Town, archive: Archive, days: int, seed: int) -> None:
        self.town, self.archive, self.days = town, archive, days
        self.chance = Random(f"{town.name} {seed}")
        self.articles = {article.url: article for article in _publish(town, self.chance)}
        self.site = SiteRow("news", town.name, "", "https://news.example/", "CN", "Hans", True, "", "0 */6 * * *")

    def all(self) -> None:
        """Every run of all days."""
        now = START
        while (now - START) / timedelta(days=1) < self.days:
            self._run(now)
            now += EVERY

    def _run(self, now: datetime) -> None:
        day = (now - START) / timedelta(days=1)
        run_id = self.archive.start_run(self.site, now)
        due = {page.url for page in self.archive.due("news", now, all_known=False)}
        if self.town.lists(day):
            due |= {url for url, one in self.articles.items() if one.published <= day and not self.archive.page(url)}
        asked = sorted(due)
        killed = self.chance.random() < self.town.killed
        for url in asked[: len(asked) // 2] if killed else asked:
            self._fetch(run_id, self.articles[url], now, day)
        if not killed:
            outcome = "complete" if self.town.lists(day) else "failed"
            self.archive.finish_run(run_id, now, Ending(outcome, "", {}, {}), CONFIRM, Expect())

    def _fetch(self, run_id: int, article: Article, now: datetime, day: float) -> None:
        answer = self.town.trouble(article, day, self.chance)
        if answer is None and article.gone(day):
            answer = "gone", article.reason
        reading = Reading(answer[0], READER, reason=answer[1]) if answer else _shown(article)
        status = None if reading.verdict == "failed" else 404 if answer else 200
        capture = Capture(new_capture_id(now), article.url, article.url, now, status, (), reading.text.encode())
        policy = partial(next_due, confirm_withdrawal_after=CONFIRM)
        self.archive.record(Fetch("news", run_id, capture, reading), policy)

    def verdicts(self) -> Verdicts:
        """What the archive says, held against what the publisher did."""
        held = {
            url for (url,) in self.archive.db.execute("SELECT url FROM articles")
        }  # some went before they were seen
        spans = [(url, span) for url, article in self.articles.items() if url in held for span in article.away]
        told = list(self._told("withdrawn"))
        back = [url for url, _ in self._told("restored", "AND json_extract(e.detail, '$.from') = 'withdrawn'")]
        days = [
            min(at - s for u, at in told if u == url and s <= at < e) for url, (s, e) in spans if _in(told, url, s, e)
        ]
        false = [1 for url, at in told if not self.articles[url].gone(at)]
        alarms = self.archive.db.execute("SELECT count(*) FROM runs WHERE outcome IN ('alarm', 'failed')").fetchone()[0]
        returned = [url for url, (start, end) in spans if end < self.days and _in(told, url, start, end)]
        seen_back = sum(url in back for url in returned)
        return Verdicts(
            self.town.name, len(spans), len(days), len(false), len(returned), seen_back, alarms, tuple(days)
        )

    def _told(self, kind: str, more: str = "") -> Iterator[tuple[str, float]]:
        sql = f"SELECT a.url, e.at FROM events e JOIN articles a ON a.id = e.article_id WHERE e.kind = ? {more}"
        for url, at in self.archive.db.execute(sql, (kind,)):
            yield url, (unstamp(at) - START) / timedelta(days=1)


def _in(told: list[tuple[str, float]], url: str, start: float, end: float) -> bool:
    return any(u == url and start <= at < end for u, at in told)


def _shown(article: Article) -> Reading:
    title = f"第{article.number}篇"
    published = (START + timedelta(days=article.published)).isoformat(timespec="minutes")
    return Reading(
        "article", READER, title=title, text=article.text, title_original=title, text_original=article.text,
        published_at=published, canonical_url=article.url,
    )  # fmt: skip


def simulate(town: Town, folder: Path, days: int, seed: int) -> Verdicts:
    """Crawl one site for some days and judge the archive."""
    with Archive.open(folder / "archive.db", write=True) as archive:
        crawl = Crawl(town, archive, days, seed)
        crawl.all()
        return crawl.verdicts()


@click.command()
@click.option("--days", default=110, show_default=True, type=click.IntRange(100), help="Days of each site.")
@click.option("--seed", default=1, show_default=True, help="Of the publishers' deeds.")
def bench(days: int, seed: int) -> None:
    """Count withdrawals that happened, were found, and were called so wrongly. Exits with 1 where one is wrong."""
    found = []
    for town in TOWNS:
        with tempfile.TemporaryDirectory() as folder:
            found.append(simulate(town, Path(folder), days, seed))
    columns = ("site", "withdrawn", "found", "false", "back", "seen back", "alarms", "median days")
    rows = [
        (v.name, v.true, v.found, v.false, v.returned, v.returns, v.alarms, f"{median(v.days):.1f}" if v.days else "")
        for v in found
    ]
    printer = Printer()
    printer.table(columns, rows, right=columns[1:])
    true, right, false = (sum(getattr(v, name) for v in found) for name in ("true", "found", "false"))
    printer.line(f"{true} withdrawals in {len(TOWNS)} sites over {days} days: {right} found, {false} false")
    sys.exit(0 if right == true and not false else 1)


if __name__ == "__main__":
    bench()
