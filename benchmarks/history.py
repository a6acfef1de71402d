"""Every edit of a publisher is a version, and nothing else: a generated site over ten days, read and recorded.

Each day an article's page comes with another feed, sidebar, script and tokens, in another encoding and script; on some
days its publisher also edits it, or takes an edit back. What was done to it is known, so what is found can be counted.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

import click

from archive.models import Capture, new_capture_id
from archive.store import Archive, read
from archive.store.recording import Fetch
from benchmarks.pages import LAYOUTS, delivered, texts_of, title_of
from crawler.interpret import interpret
from crawler.site.model import Site

MORNING = datetime(2026, 11, 24, 1, tzinfo=UTC)
SITE = Site("bench", "晨星健康", "https://bench.example/", "CN", re.compile(r"bench\.example/\d+\.html"))
EDITED = 0.3  # the share of days on which an article is edited, far more than real ones are


@dataclass(frozen=True)
class State:
    """What a publisher shows of an article."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """What was done to the articles, and what the archive found.

    `missed` are edits after which it does not show a change, `false` changes where there was no edit, `wrong` fetches
    that it says showed another version than they did.
    """

    articles: int
    fetches: int
    edits: int
    states: int
    versions: int
    missed: int
    false: int
    wrong: int
    faults: int

    @property
    def found(self) -> float:
        """The share of the edits that are a change in the archive."""
        return 1 - self.missed / self.edits

    @property
    def exact(self) -> bool:
        """Whether every edit is a version, and nothing else is."""
        return self.versions == self.states and not (self.missed or self.false or self.wrong or self.faults)


def _first(number: int) -> State:
    """An article as it is first shown, with figures that a careless comparison takes for others."""
    return State(title_of(number), (*texts_of(number), "接种点的库存为10⁵支，县域内就诊率达到96.6%，比上月更高。"))


def _figure(state: State, chance: Random) -> State:
    """One percentage of the text is another one."""
    place = chance.choice([i for i, text in enumerate(state.texts) if "%" in text])
    changed = re.sub(r"\d+\.\d%", lambda found: f"{chance.randint(100, 999) / 10}%", state.texts[place], count=1)
    return _with(state, place, changed)


def _with(state: State, place: int, *texts: str) -> State:
    return replace(state, texts=(*state.texts[:place], *texts, *state.texts[place + 1 :]))


def _sign(state: State, chance: Random) -> State:
    """A point or a superscript is lost, and nothing else."""
    old, new = chance.choice((("96.6%", "966%"), ("10⁵", "105"), ("966%", "96.6%"), ("105支", "10⁵支")))
    return replace(state, texts=tuple(text.replace(old, new) for text in state.texts))


def _headline(state: State, chance: Random) -> State:
    return replace(state, title=f"{chance.choice(('最新', '权威', '本地', '关注'))}：{state.title.split('：')[-1]}")


def _added(state: State, chance: Random) -> State:
    text = f"工作人员表示，{chance.randint(2, 30)}日起还将在{chance.randint(2, 60)}个社区延长服务时间。"
    return replace(state, texts=(*state.texts, text))


def _removed(state: State, chance: Random) -> State:
    return _with(state, chance.randrange(1, len(state.texts) - 1)) if len(state.texts) > 4 else state


def _correction(state: State, chance: Random) -> State:
    note = f"更正：本文此前所列人数有误，应为{chance.randint(100, 999)}人，特此更正。"
    return replace(state, texts=(*state.texts, note))


def _wording(state: State, chance: Random) -> State:
    place = chance.randrange(len(state.texts))
    return _with(state, place, state.texts[place].replace("逐户", chance.choice(("上门", "当面", "电话"))))


EDITS: tuple[Callable[[State, Random], State], ...] = (
    _figure,
    _sign,
    _headline,
    _added,
    _removed,
    _correction,
    _wording,
)


def states(number: int, days: int) -> list[State]:
    """What an article's publisher shows on each day."""
    chance = Random(number * 31 + 5)
    shown = [_first(number)]
    for _ in range(days - 1):
        now = shown[-1]
        if chance.random() < EDITED:
            taken_back = chance.random() < 0.2
            now = chance.choice(shown) if taken_back else chance.choice(EDITS)(now, chance)
        shown.append(now)
    return shown


def numbers(shown: Sequence[State]) -> list[int]:
    """The number of the version that a perfect archive says each day showed."""
    order = list(dict.fromkeys(shown))
    return [order.index(state) + 1 for state in shown]


# The forms in which a page is delivered: encoding, and whether it is in traditional characters.
FORMS = (("utf-8", False), ("gb18030", False), ("big5hkscs", True), ("utf-8", True))


def count(path: Path, articles: int, days: int = 10) -> Counted:
    """Read and record every article on every day, in an archive made at `path`, and count."""
    with Archive.open(path, write=True) as archive:
        for day in range(days):
            for number in range(articles):
                _fetch(archive, number, day, days)
        told = [_compared(archive, number, days) for number in range(articles)]
        faults = len(list(archive.faults()))
        versions = read.totals(archive.db)["versions"]
    shown = [states(number, days) for number in range(articles)]
    edits = sum(a != b for one in shown for a, b in pairwise(one))
    distinct = sum(len(set(one)) for one in shown)
    missed, false, wrong = (sum(column) for column in zip(*told, strict=True))
    return Counted(articles, articles * days, edits, distinct, versions, missed, false, wrong, faults)


def _fetch(archive: Archive, number: int, day: int, days: int) -> None:
    state = states(number, days)[day]
    encoding, traditional = FORMS[(number // len(LAYOUTS) + day) % len(FORMS)]
    payload = delivered(number, day, state.title, state.texts, encoding, traditional=traditional)
    url, at = f"https://bench.example/{number}.html", MORNING + timedelta(days=day)
    capture = Capture(new_capture_id(at), url, url, at, 200, (("content-type", "text/html"),), payload)
    fetch = Fetch("bench", None, capture, interpret(SITE, (capture,)))
    archive.record(fetch, lambda visit: visit.now + timedelta(days=1))


def _compared(archive: Archive, number: int, days: int) -> tuple[int, int, int]:
    """Edits missed, changes that are none, and fetches that show another version than they did, of one article."""
    right = numbers(states(number, days))
    sql = """SELECT coalesce(v.number, 0) FROM captures c LEFT JOIN versions v ON v.id = c.version_id
        WHERE c.url = ? ORDER BY c.fetched_at"""
    found = [row[0] for row in archive.db.execute(sql, (f"https://bench.example/{number}.html",))]
    pairs = list(_steps(right, found))
    return (
        sum(edited and not changed for edited, changed in pairs),
        sum(changed and not edited for edited, changed in pairs),
        sum(a != b for a, b in zip(right, found, strict=True)),
    )


def _steps(right: Sequence[int], found: Sequence[int]) -> Iterator[tuple[bool, bool]]:
    """For each day after the first whether the article was edited, and whether the archive says so."""
    for edited, changed in zip(pairwise(right), pairwise(found), strict=True):
        yield edited[0] != edited[1], changed[0] != changed[1]


@click.command()
@click.option("--articles", default=600, show_default=True, type=click.IntRange(24), help="Articles of the site.")
@click.option("--days", default=10, show_default=True, type=click.IntRange(2), help="Days, with a fetch on each.")
def bench(articles: int, days: int) -> None:
    """Count the edits that became versions, and the versions that no edit made. Exits with 1 where one is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        counted = count(Path(folder) / "archive.db", articles, days)
    click.echo(
        f"{counted.articles} articles in {len(LAYOUTS)} layouts, {len({e for e, _ in FORMS})} encodings and both"
        f" scripts, {counted.fetches} fetches over {days} days\n"
        f"{counted.edits} edits, {counted.edits - counted.missed} found ({counted.found:.2%}); {counted.false} false\n"
        f"{counted.states} states shown, {counted.versions} versions; {counted.wrong} fetches with a wrong version;"
        f" {counted.faults} faults"
    )
    sys.exit(0 if counted.exact else 1)


if __name__ == "__main__":
    bench()
