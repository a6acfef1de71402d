"""Small pages that the reader's tests build around sentences of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from archive.models import Reading
from crawler.reading.article import read

FETCHED = datetime(2026, 11, 24, 2, tzinfo=UTC)
TITLE = "清河县三家医院实现检查结果互认"
PARAGRAPHS = (
    "清河县卫生健康局昨天通报，全县三家公立医院从本月起互认一百二十项检查结果，患者转诊时不必再做一遍。",
    "县人民医院放射科主任说，互认之后，每天要做的重复检查少了四成，候检时间从两天缩短到半天。",
    "不过，病情变化快的项目仍由接诊医生决定是否复查，医院会把理由写进病历，患者可以随时查看。",
)


def page(
    *, title: str = TITLE, above: str = "", below: str = "", head: str = "", body: str | None = None, facts: str = ""
) -> str:
    """A plain news page: headline, a line of facts, the article, and whatever stands around it."""
    article = "".join(f"<p>{text}</p>" for text in PARAGRAPHS) if body is None else body
    return (
        f"<!doctype html><html><head><title>{title}_晨光网</title>{head}</head><body>{above}"
        f"<h1>{title}</h1><div class='info'>{facts}</div><div class='content'>{article}</div>{below}</body></html>"
    )


def read_page(html: str | bytes, **options: Any) -> Reading:
    """What the reader makes of a page."""
    payload = html.encode() if isinstance(html, str) else html
    options = {"url": "https://www.example.cn/news/1.html", "fetched_at": FETCHED, "jurisdiction": "CN"} | options
    return read(payload, **options)
