"""Under which address an article is kept: what its page claims, where that is honest, else where it was."""

from __future__ import annotations

import re

import pytest

from crawler.crawl.adding import own_site
from crawler.interpret import identity
from crawler.site.model import Listing, Site

HOME = "https://www.example.cn/"
SITE = Site(
    "dawn",
    "晨光",
    HOME,
    "CN",
    re.compile(r"example\.cn/news/\w+\.html"),
    (Listing(f"{HOME}news/index.html"),),
    same_host=(("m.example.cn", "www.example.cn"),),
)
HERE = f"{HOME}news/12.html"


@pytest.mark.parametrize(
    ("final_url", "claimed", "kept"),
    [
        (HERE, None, HERE),
        (HERE, f"{HOME}news/99.html", f"{HOME}news/99.html"),
        (f"{HERE}?utm_source=wx&from=timeline", None, HERE),
        (f"{HOME}news/12.html;jsessionid=A1B2", None, HERE),
        ("https://m.example.cn/news/12.html", None, HERE),
        (HERE, "https://m.example.cn/news/12.html", HERE),
        (HERE, "http://www.example.cn:80/news/12.html#top", "http://www.example.cn/news/12.html"),
        (HERE, HOME, HERE),
        (HERE, f"{HOME}news/index.html", HERE),
        (HERE, f"{HOME}about.html", HERE),
        (HERE, "https://www.other.example/news/12.html", HERE),
        ("", f"{HERE}?spm=1", HERE),
    ],
)
def test_a_claim_is_believed_where_it_is_honest(final_url: str, claimed: str | None, kept: str) -> None:
    assert identity(SITE, final_url, claimed) == kept


def test_without_a_site_file_a_home_page_is_no_articles_address_either() -> None:
    site = own_site(HERE)
    assert identity(site, HERE, HOME) == HERE
    assert identity(site, HERE, f"{HOME}?id=12") == f"{HOME}?id=12"
