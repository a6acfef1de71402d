"""Answers that are made to do harm cost one address each: the crawl goes on, and no process takes more than 400 MB."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from crawler.reading.joining import MOST_PAGES
from crawler.spiders.lists import DEEPEST_INDEX
from tests.conftest import HARD_LIMIT, Desk
from tests.hostile import ENCODED, traps

MOST_MEMORY = 400  # MB of any process
# The real command, with less patience for what dribbles.
IMPATIENT = "import crawler.settings; crawler.settings.DOWNLOAD_TIMEOUT = 3; from crawler.cli import main; main()"
PAGES = (
    *(Path(path).stem for path in ENCODED),
    *("endless", "fine", "dribble", "chunks", "headers", "heads", "items", "links", "attributes", "deep", "next"),
)
LISTS = (
    ("list.html", "html"),
    ("links.html", "html"),
    ("items.html", "html"),
    ("feed.xml", "feed"),
    ("feed.xml?again", "sitemap"),
    ("bomb.xml.gz", "sitemap"),
    ("index.xml", "sitemap"),
)


def write_site(desk: Desk, port: int) -> None:
    home = f"http://127.0.0.1:{port}"
    text = f"name = '险'\nhome = '{home}/'\njurisdiction = 'CN'\narticle = '/news/'\ndelay = 0\n"
    lists = "".join(f"[[list]]\nurl = '{home}/{path}'\nkind = '{kind}'\n" for path, kind in LISTS)
    (desk.sites / "traps.toml").write_text(text + lists, encoding="utf-8")


# A process starts with its parent's peak as its own, and the suite's own is high: so a small one measures.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def crawled(desk: Desk) -> float:
    """Crawl the traps. Returns the most memory, in MB, that the crawler or any of its workers took."""
    command = [sys.executable, "-c", IMPATIENT, "crawl", "traps", *desk.places, "--json"]
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], stdout=subprocess.PIPE, timeout=HARD_LIMIT)
    assert done.returncode in (0, 1)
    return int(done.stdout) / 1024


def test_a_site_full_of_traps_costs_little_and_its_one_article_is_kept(desk: Desk) -> None:
    with traps(PAGES) as (port, asked):
        write_site(desk, port)
        memory = crawled(desk)
    print(f"peak memory: {memory:.0f} MB")
    rows = desk.sql("SELECT url, verdict, reason FROM captures")
    found = {Path(url).stem: (verdict, reason) for url, verdict, reason in rows if "/news/" in url}
    for name in ("gzip", "nested", "br", "zstd", "endless", "chunks"):
        assert found[name] == ("failed", "larger than 5 MB"), name
    assert found["heads"] == ("failed", "its headers are larger than 256 KB")
    assert found["dribble"] == ("failed", "no answer in time")
    assert found["fine"] == ("article", "")
    assert {found[name][0] for name in ("items", "links", "attributes", "deep")} <= {"failed", "empty", "list"}
    assert sum(bool(re.search("/news/next", path)) for path in asked) <= MOST_PAGES + 1
    assert sum(path.startswith("/index.xml") for path in asked) <= DEEPEST_INDEX + 1
    assert desk.sql("SELECT count(*) FROM articles WHERE url LIKE '%/fine.html'") == [(1,)]
    assert desk.sql("SELECT count(*) FROM pages WHERE failures > 0 AND due_at <= fetched_at") == [(0,)]
    desk.ask("verify")
    assert memory < MOST_MEMORY
