"""Search over generated articles: what it finds against a plain scan, in what order, how fast, at what size."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean, median, quantiles
from typing import TypeVar
from unittest.mock import patch

from sqlite_utils import Database

from archive.models import Capture, Reading, new_capture_id
from archive.search import MOST, find, match_expression, search
from archive.store import Archive, index
from archive.store.connection import transaction
from archive.store.pages import Visit
from archive.store.recording import Fetch
from benchmarks.corpus import PAIRS, Generated, across_marks, article, slices
from benchmarks.scan import normalised, scanner

T = TypeVar("T")
BATCH = 50  # articles a transaction while the index is filled
NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
FIRST = 20  # results of a page
NAMED = (
    "的 医 药 癌 医院 患者 医保 疫苗 就诊率 医共体 艾滋病 分级诊疗 对乙酰氨基酚 2019 19 2024年 96 3.5 WHO who DRG "
    "COVID-19 PM2.5 H1N1 mRNA疫苗 醫院 就診率 縣域 分級診療 公共衛生 １２例 ＷＨＯ"
).split()


def queries(articles: int) -> list[str]:
    """More than eighty queries of one to eight characters: words, pieces cut anywhere, pieces that stand nowhere."""
    cut = [piece for length in range(1, 9) for piece in slices(length, 6, articles)]
    nowhere = [piece for length in (2, 4) for piece in across_marks(length, 5, articles)]
    return list(dict.fromkeys((*NAMED, *PAIRS, *cut, *nowhere)))


def in_simplified(query: str) -> str:
    """The queries in traditional characters, as the plain scan has to look for them."""
    return query.translate(str.maketrans("醫診縣級療衛", "医诊县级疗卫"))


def fill(archive: Archive, articles: int) -> None:
    """Write generated articles into the archive's table and indexes, without versions and captures."""
    for first in range(1, articles + 1, BATCH):
        with transaction(archive.db):
            for number in range(first, min(first + BATCH, articles + 1)):
                _insert(archive.db, article(number))


def _insert(db: Database, made: Generated) -> None:
    values = {
        "id": made.number,
        "site": f"site{made.number % 40}",
        "url": f"https://site{made.number % 40}.example/{made.number}.html",
        "status": "live",
        **dict.fromkeys(("title", "title_original"), made.title),
        **dict.fromkeys(("text", "text_original"), made.text),
        **dict.fromkeys(("source_title", "author", "editor", "flags"), ""),
        "source": f"来源{made.number % 300}",
        "published_at": made.published,
        "language": "Hans",
        **dict.fromkeys(
            ("first_seen_at", "last_seen_at", "last_checked_at", "last_changed_at"), "2026-11-24T01:00:00Z"
        ),
        "version_count": 1,
        "current_version_id": 0,
    }
    marks = ", ".join("?" * len(values))
    db.conn.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))
    index.add(db, made.number, made.title, made.text)


@dataclass(frozen=True)
class Answer:
    """One query: how many articles it should find, how many it found of them and beside them, and its milliseconds."""

    query: str
    there: int
    right: int
    wrong: int
    ms: float


def answers(db: Database, asked: Sequence[str]) -> Iterator[Answer]:
    """Every query against the scan. Raises RuntimeError where `find` contradicts what was matched."""
    for query, there in _scanned(db, asked).items():
        sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
        found = {row[0] for row in db.conn.execute(sql, (match_expression(query),))}
        _agree(db, query, found)
        ms = median(_ms(find, db, query, FIRST) for _ in range(3))
        yield Answer(query, len(there), len(found & there), len(found - there), ms)


def _scanned(db: Database, asked: Sequence[str]) -> dict[str, set[int]]:
    tests = [(query, scanner(in_simplified(query))) for query in asked]
    there: dict[str, set[int]] = {query: set() for query in asked}
    for number, title, text in db.conn.execute("SELECT id, title, text FROM articles"):
        both = f"{normalised(title)}\n{normalised(text)}"
        for query, test in tests:
            if test(both):
                there[query].add(number)
    return there


def _agree(db: Database, query: str, found: set[int]) -> None:
    best = find(db, query, MOST)
    shown = {row["id"] for row in best.rows}
    if best.count != min(len(found), MOST + 1) or len(shown) != min(len(found), MOST) or shown - found:
        raise RuntimeError(f"{query}: find does not give what the index has")


def _ms(work: Callable[..., object], *args: object, clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work(*args)
    return (clock() - began) * 1000


def like_ms(db: Database, asked: Sequence[str]) -> float:
    """Milliseconds that SQLite takes to look through every title and text, the median of some queries."""
    return median(_ms(_like, db, query) for query in asked)


def _like(db: Database, query: str) -> int:
    sql = "SELECT count(*) FROM articles WHERE title LIKE ? OR text LIKE ?"
    return db.conn.execute(sql, (f"%{query}%",) * 2).fetchone()[0]


def whole_share(db: Database) -> float:
    """Of the first results for words that also lie across others, how many have them as words, where enough have."""
    shares = []
    for word in PAIRS:
        made = [article(row["id"]) for row in search(db, word, FIRST)]
        if _whole(db, word) >= FIRST:
            shares.append(mean(word in one.words for one in made))
    return mean(shares)


def _whole(db: Database, word: str) -> int:
    """How many articles have `word` put down as a word, counted until there are enough."""
    numbers = db.conn.execute("SELECT id FROM articles WHERE text LIKE ?", (f"%{word}%",))
    enough = 0
    while enough < FIRST and (row := numbers.fetchone()):
        enough += word in article(row[0]).words
    return enough


def size_ratio(db: Database) -> float:
    """Bytes of both indexes over bytes of titles and texts."""
    of_index = "SELECT sum(pgsize) FROM dbstat WHERE name GLOB 'articles_fts*' OR name GLOB 'articles_words*'"
    of_text = "SELECT sum(length(CAST(title AS BLOB)) + length(CAST(text AS BLOB))) FROM articles"
    return db.conn.execute(of_index).fetchone()[0] / db.conn.execute(of_text).fetchone()[0]


def index_ms(archive: Archive, first: int, many: int = 600) -> float:
    """Milliseconds of processor time that indexing adds to recording one article, each in a transaction of its own.

    Not of the clock's time: neighbours on a small machine double that from one run to the next.
    """
    spent: dict[bool, list[float]] = {True: [], False: []}
    for number in range(first, first + many):
        fetch, indexed = _fetch(article(number)), number // 20 % 2 == 0
        with patch.object(index, "add", index.add if indexed else lambda *_: None):
            ms = _ms(archive.record, fetch, _tomorrow, clock=time.process_time)
        spent[indexed].append(ms)
    return mean(spent[True]) - mean(spent[False])


def _tomorrow(visit: Visit) -> datetime:
    return visit.now + timedelta(days=1)


def _fetch(made: Generated) -> Fetch:
    url = f"https://news.example/{made.number}.html"
    reading = Reading(
        "article", "bench", title=made.title, text=made.text, title_original=made.title, canonical_url=url
    )
    capture = Capture(new_capture_id(NOW), url, url, NOW, 200, (), made.text.encode())
    return Fetch("site1", None, capture, replace(reading, text_original=made.text, published_at=made.published))


def percentile(values: Sequence[float], hundredth: int) -> float:
    return quantiles(values, n=100, method="inclusive")[hundredth - 1]


@dataclass(frozen=True)
class Searched:
    """What was measured over one archive."""

    articles: int
    answers: tuple[Answer, ...]
    like_ms: float
    whole: float
    size: float
    index_ms: float

    @property
    def recall(self) -> float:
        return sum(a.right for a in self.answers) / max(1, sum(a.there for a in self.answers))

    @property
    def precision(self) -> float:
        found = sum(a.right + a.wrong for a in self.answers)
        return sum(a.right for a in self.answers) / max(1, found)

    @property
    def median_ms(self) -> float:
        return median(a.ms for a in self.answers)

    @property
    def slow_ms(self) -> float:
        """The 95th percentile."""
        return percentile([a.ms for a in self.answers], 95)


def measure(path: Path, articles: int, tell: Callable[[str, float], None]) -> Searched:
    """Fill an archive and measure; `tell` is told how many seconds each part took."""

    def timed(what: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        done = work()
        tell(what, time.perf_counter() - began)
        return done

    with Archive.open(path, write=True) as archive:
        db = archive.db
        timed(f"index of {articles} articles", lambda: fill(archive, articles))
        asked = queries(articles)
        found = timed("queries and scan", lambda: tuple(answers(db, asked)))
        like = timed("LIKE", lambda: like_ms(db, asked[:: max(1, len(asked) // 9)]))
        whole = timed("whole words", lambda: whole_share(db))
        added = timed("recording", lambda: index_ms(archive, articles + 1))
        return Searched(articles, found, like, whole, size_ratio(db), added)
