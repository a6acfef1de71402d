"""What an answer is: an article, or something else that says why. No bytes make the reader fail."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Capture
from crawler.interpret import is_emptied
from tests.conftest import HARD_LIMIT
from tests.reading.pages import FETCHED, PARAGRAPHS, page, read_page

SCRIPT = "<html><body><script>var $_ts={cd:'x'};</script></body></html>"


@pytest.mark.parametrize(
    ("html", "options", "verdict"),
    [
        (page(), {}, "article"),
        (page(), {"status": 404}, "gone"),
        (page(), {"status": 410}, "gone"),
        (page(), {"status": 412}, "challenged"),
        (page(), {"status": 403}, "challenged"),
        (page(), {"status": 500}, "error"),
        (page(title="404", body="<p>您访问的页面不存在</p>"), {}, "gone"),
        (page(title="提示", body="<p>该文章已被删除</p>"), {}, "gone"),
        (page(title="提示", body="<p>抱歉，该内容已被发布者删除</p>"), {}, "gone"),
        (page(title="提示", body="<p>查無此新聞</p>"), {}, "gone"),
        (page(title="提示", body="<p>此内容因违规无法查看</p>"), {}, "gone"),
        ("<html><head><script>window.location.href = '/index.html';</script></head></html>", {}, "gone"),
        ("<html><head><meta http-equiv='refresh' content='0;url=https://www.example.cn/'></head></html>", {}, "gone"),
        ("<html><head><script>location.href = '/news/2.html';</script></head></html>", {}, "empty"),
        (SCRIPT, {}, "challenged"),
        (SCRIPT, {"status": 202}, "challenged"),
        (page(title="出错了", body="<p>服务器繁忙，请稍后再试</p>"), {}, "error"),
        (page(title="请登录", body="<p>登录后查看全文</p>"), {}, "walled"),
        ("<ul>" + "<li><a href='/1'>某地举办义诊活动现场</a></li>" * 30 + "</ul>", {}, "list"),
        ("", {}, "empty"),
        ("<html><body><div id='app'></div></body></html>", {}, "empty"),
        (b"%PDF-1.7 ...", {}, "binary"),
        (page(), {"content_type": "image/png"}, "binary"),
    ],
)
def test_verdicts(html: str | bytes, options: dict, verdict: str) -> None:
    reading = read_page(html, **options)
    assert reading.verdict == verdict
    assert (reading.text != "") == (verdict == "article")
    assert (reading.reason != "") == (verdict != "article")


def test_an_article_about_deleted_pages_is_an_article() -> None:
    body = "".join(f"<p>{text}</p>" for text in (*PARAGRAPHS, "记者发现，该文章已被删除，网站没有说明原因。"))
    assert read_page(page(body=body)).verdict == "article"


FRAME = "<nav><a href='/'>首页</a> <a href='/zx/'>资讯</a></nav>"
FOOT = (
    "<ul class='hot'><li><a href='/9.html'>某地举办义诊活动现场</a></li></ul><p class='foot'>主办：清河县卫生健康局</p>"
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (page(above=FRAME, below=FOOT, body=""), True),
        (page(above=FRAME, below=FOOT, body="<p>&nbsp;</p>", title=""), True),
        (page(above=FRAME, below=FOOT.replace("义诊", "健步走"), body=""), True),
        (page(above=FRAME, below=FOOT, body=f"<p>{PARAGRAPHS[0][:-1]}，另有说明。</p>"), False),
        (page(above=FRAME, below=FOOT, body=f"<p>{PARAGRAPHS[1]}</p>"), False),
        ("<html><body><div id='app'></div><script src='/a.js'></script></body></html>", False),
        (f"<html><body><div class='new'><header>{FRAME}</header></div></body></html>", False),
        ("", False),
    ],
)
def test_a_page_without_its_article_is_told_by_the_page_before(after: str, expected: bool) -> None:
    before = page(above=FRAME, below=FOOT)
    text = read_page(before).text_original
    captures = (Capture("1", "u", "u", FETCHED, 200, (), html.encode()) for html in (before, after))
    assert is_emptied(next(captures), text, next(captures), read_page(after)) is expected


PIECES = [
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<table><tr><td>",
    "<a href='/1'>",
    "</a>",
    "<br>",
    "<h1>",
    "<style>",
    "<",
    ">",
]
PIECES += [
    "来源：",
    "记者",
    "（",
    "2026年11月2",
    "\x00",
    "\ud800",
    "&#x;",
    "<!--",
    "]]>",
    "相关阅读",
    *PARAGRAPHS,
    "\U0001f600",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_no_markup_makes_it_fail(pieces: list[str]) -> None:
    reading = read_page("".join(pieces).encode("utf-8", "surrogatepass"))
    assert reading.verdict
    assert "<" not in reading.verdict


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(payload: bytes) -> None:
    assert read_page(payload).verdict


HOSTILE = """
import tests.reading.pages as pages
story = "".join(f"<p>{text}</p>" for text in pages.PARAGRAPHS)
for hostile in (
    "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">",
    "<div>" * 10_000,
    '<div class="x"><a href="/x.html">某某新闻标题某某</a><p>摘要，摘要，摘要。</p></div>' * 20_000,
    "&#x4e2d;" * 300_000,
    "<p><b><i><a>" * 20_000,
    "<style>" + ".a{display:none}" * 100_000 + "</style>",
    "<" * 1_000_000,
    "（" * 100_000,
    "<p>" + " " * 1_000_000 + "中",
    "<p>记者 " + "张三 " * 40_000,
    "<p>来源：" * 30_000,
    "<table>" + "<tr><td>1</td><td>2</td></tr>" * 20_000,
    "<table><tr><td>" * 1_000,
    "<a href='" + "x" * 1_000_000,
    "<title>" + "标题" * 200_000,
    "<h1>" + "2026年" * 100_000,
):
    reading = pages.read_page(f"<html><body>{story}{hostile}")
    assert reading.verdict in ("article", "empty", "list"), reading.reason
print("read")
"""


def test_hostile_pages_are_read_in_bounded_time() -> None:
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, timeout=HARD_LIMIT)
    assert done.stdout == "read\n", done.stderr
