"""Write today's schema down with a small archive in it: `python -m tests.schemas.make NAME`, once for every release.

It makes `tests/schemas/NAME/archive.sql` and `captures.sql`, which `tests/test_migrations.py` then brings to the newest
schema. What is there already is never written again: it stands for archives that people have.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from archive.health import Expect
from archive.models import Capture, Reading, new_capture_id
from archive.store import Archive, SiteRow
from archive.store.attachments import Wanted
from archive.store.recording import Fetch
from archive.store.runs import Ending

HERE = Path(__file__).parent
FILES = ("archive", "captures")
START = datetime(2026, 11, 1, 8, tzinfo=UTC)
SITE = SiteRow("dawn", "晨光健康网", "Dawn Health", "https://news.example/", "CN", "Hans", True, "", "0 6 * * *")
CORRECTED, WITHDRAWN, IN_PARTS = (f"https://news.example/{number}.html" for number in (1, 2, 3))


def _reading(url: str, title: str, text: str, **facts: str) -> Reading:
    return Reading(
        "article",
        "reader-1",
        title=title,
        text=text,
        title_original=facts.pop("title_original", title),
        text_original=facts.pop("text_original", text),
        language=facts.pop("language", "Hans"),
        canonical_url=url,
        **facts,  # type: ignore[arg-type]
    )


FIRST = _reading(
    CORRECTED,
    "全市县域内就诊率公布",
    "全市县域内就诊率达96.6%。\n医共体建设继续推进。",
    source="晨光健康网",
    author="王小禾",
)
_OTHER_FIGURE = FIRST.text.replace("96.6", "69.6")
SECOND = replace(FIRST, text=_OTHER_FIGURE, text_original=_OTHER_FIGURE)
OTHER = _reading(
    WITHDRAWN,
    "卫生署公布流感疫苗接种安排",
    "卫生署今日公布安排。",
    title_original="衞生署公布流感疫苗接種安排",
    text_original="衞生署今日公布安排。",
    language="Hant",
)
LONG = _reading(IN_PARTS, "社区医院的一天", "上午八点，门诊开始。\n下午五点，门诊结束。")
GONE = Reading("gone", "reader-1", reason="HTTP 404")

# What each of three days brings: the address, its reading, and whether the page has a second part.
DAYS: tuple[tuple[tuple[str, Reading, bool], ...], ...] = (
    ((CORRECTED, FIRST, False), (WITHDRAWN, OTHER, False), (IN_PARTS, LONG, True)),
    ((CORRECTED, SECOND, False), (WITHDRAWN, GONE, False)),
    ((CORRECTED, replace(FIRST, source="海港日报"), False), (WITHDRAWN, GONE, False)),
)


def record(archive: Archive) -> None:
    """Three days of one site: a correction and its return, a change of source, a withdrawal, parts, a file."""
    for day, fetches in enumerate(DAYS):
        now = START + timedelta(days=day)
        run = archive.start_run(SITE, now)
        for url, reading, in_parts in fetches:
            further = (_capture(url.replace(".html", "_2.html"), reading, now),) if in_parts else ()
            fetch = Fetch("dawn", run, _capture(url, reading, now), reading, None, further)
            outcome = archive.record(fetch, lambda visit: visit.now + timedelta(hours=1))
            if in_parts and outcome.article_id and outcome.version_id:
                file = Wanted(outcome.article_id, outcome.version_id, "附件", f"{url}.pdf")
                archive.record_attachment(run, file, _capture(file.url, reading, now))
        archive.record_list(run, _capture("https://news.example/", LONG, now), "list")
        archive.finish_run(run, now, Ending("complete", "", {}, {}), timedelta(hours=6), Expect())


def _capture(url: str, reading: Reading, now: datetime) -> Capture:
    payload = f"<html><title>{reading.title}</title>{reading.text_original or url}</html>".encode()
    headers = (("content-type", "text/html; charset=utf-8"), ("etag", '"1"'))
    return Capture(new_capture_id(now), url, url, now, 404 if reading is GONE else 200, headers, payload)


def write(folder: Path) -> None:
    """Write both files of a small archive as SQL into `folder`, which must not be there yet."""
    folder.mkdir()
    with TemporaryDirectory() as place:
        path = Path(place) / "archive.db"
        with Archive.open(path, write=True) as archive:
            record(archive)
        for name in FILES:
            with (folder / f"{name}.sql").open("wb") as file:
                _shell(path.with_name(f"{name}.db"), ".dump", stdout=file)


def load(folder: Path, place: Path) -> Path:
    """Make both files in `place` of what `write` wrote. Returns the archive's path."""
    for name in FILES:
        with (folder / f"{name}.sql").open("rb") as file:
            _shell(place / f"{name}.db", stdin=file)
    return place / "archive.db"


def _shell(path: Path, *commands: str, **files: IO[bytes]) -> None:
    """The `sqlite3` shell: Python's own dump of a full-text index cannot be loaded again."""
    subprocess.run(["sqlite3", "-bail", str(path), *commands], check=True, **files)  # type: ignore[call-overload]


def written() -> list[Path]:
    """The folders of the schemas that are written down."""
    return sorted(file.parent for file in HERE.glob("*/archive.sql"))


if __name__ == "__main__":
    write(HERE / sys.argv[1])
