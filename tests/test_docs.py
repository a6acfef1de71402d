"""The docs say what is true: generated parts are fresh, queries run in the plain shell, links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from archive.contract import contract
from crawler.cli import yiwen
from docs.generate import GENERATED, renewed
from tests.conftest import HARD_LIMIT, Desk

ROOT = Path(__file__).parent.parent
PAGES = sorted((*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))
QUERIES = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/schema.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("name", GENERATED)
def test_the_generated_parts_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == renewed(name), "run `make docs`"


def test_the_contract_is_the_schema(three_days: Desk) -> None:
    for relation in contract():
        columns = [row[0] for row in three_days.sql("SELECT name FROM pragma_table_xinfo(?)", relation.what.name)]
        assert [column.name for column in relation.columns] == columns, relation.what.name


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_docs_finds_something_in_the_plain_shell(three_days: Desk, query: str) -> None:
    command = ["sqlite3", "-readonly", "-bail", str(three_days.archive), query]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HARD_LIMIT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_the_docs_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_names_every_command_and_target(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    commands = yiwen.list_commands(click.Context(yiwen))
    assert {command for command in commands if f"yiwen {command}" not in text} == {"demo"}  # it is `make demo`
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", text)) <= targets


def test_the_default_target_shows_every_target() -> None:
    done = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, timeout=HARD_LIMIT)
    shown = set(re.findall(r"^  make ([a-z]+) ", done.stdout, re.MULTILINE))
    assert shown >= {"demo", "test", "crawl", "schedule", "browse", "lint", "check", "bench", "soak", "help"}
