"""`yiwen diff --html`: what the reading room shows of two versions, as one file without scripts."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser

from archive.browse.standalone import difference_page
from crawler.cli import yiwen
from tests.conftest import DESKTOP, PHONE, Desk

COMPARED = re.compile(r'<p class="meta">.*?</article>', re.DOTALL)


def made(desk: Desk, *options: str) -> tuple[int, str]:
    """The page of the newest change of a headline, and its article's id."""
    article, url = desk.sql("SELECT article_id, url FROM changes WHERE kinds LIKE '%headline%' ORDER BY at DESC")[0]
    done = CliRunner().invoke(yiwen, ["diff", url, "--html", "--archive", str(desk.archive), *options])
    assert done.exit_code == 0, done.output
    return article, done.stdout


def shown(html: str) -> list[str]:
    """What is compared there, white space left out."""
    return ["".join(found.split()) for found in COMPARED.findall(html)]


def test_it_is_what_the_reading_room_shows(three_days: Desk, room: httpx.Client) -> None:
    for lang, tag in (("zh", "zh-Hans"), ("en", "en")):
        article, page = made(three_days, "--lang", lang)
        assert shown(page) == shown(room.get(f"/archive/articles/{article}/compare?_lang={lang}").text) != []
        assert f'<html lang="{tag}">' in page
        assert not re.search(r"<script|<link|src=|url\(", page)


def test_what_a_publisher_wrote_is_text_in_it() -> None:
    evil = "</style><script>alert(1)</script><img src=x onerror=alert(2)>"
    old = {"title": evil, "text": evil, "number": 1, "first_seen_at": "2026-11-20T01:00:00Z"}
    new = {**old, "title": f"{evil}改", "text": "改", "number": 2}
    page = difference_page({"url": "javascript:alert(3)"}, old, new, "en")
    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|<img|href=.javascript", page)


@pytest.mark.browser
@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_asks_nobody_for_anything_and_prints_dark_on_light(
    three_days: Desk, browser: Browser, tmp_path: Path, window: dict
) -> None:
    file = tmp_path / "page.html"
    file.write_text(made(three_days)[1], encoding="utf-8")
    context = browser.new_context(**window)
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    assert page.locator(".diff ins").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.emulate_media(media="print")
    colour = page.evaluate("getComputedStyle(document.querySelector('.clocks dd')).color")
    assert max(map(int, re.findall(r"\d+", colour))) < 100
    assert page.locator(".as-data").is_visible()
    context.close()
    assert (asked, complaints) == ([file.as_uri()], [])


def test_it_is_html_or_json(three_days: Desk) -> None:
    done = CliRunner().invoke(yiwen, ["diff", "x", "--html", "--json", "--archive", str(three_days.archive)])
    assert (done.exit_code, done.stderr) == (2, "yiwen: --html and --json exclude each other; give one of them\n")
