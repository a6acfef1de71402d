"""Where the sample hosts announce their articles: lists of links, a feed, a sitemap, and robots.txt."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from crawler.demo.content import published_by
from crawler.demo.render import render

ROBOTS = "User-agent: *\nDisallow: /private/\nDisallow: /traps/forbidden.html\n"
PAGE_SIZE = 14


@dataclass(frozen=True)
class Link:
    """One entry of a listing."""

    address: str
    title: str
    time: datetime

    @property
    def date(self) -> str:
        """The day, as list pages show it."""
        return f"{self.time:%Y-%m-%d}"


_SOME_DAY = datetime(2026, 11, 12, 9)
# Links of the lists that lead to no article of the host: another host, a page that is gone though the server says 200,
# an article that has moved, and one that robots.txt forbids.
EXTRA = {
    "dawn": (
        Link("http://www.elsewhere.example/news/7001.html", "转载：外站稿件一则", _SOME_DAY),
        Link("/news/removed-0912.html", "社区讲座预告", _SOME_DAY),
        Link("/traps/moved.html", "慢病管理周回顾", _SOME_DAY),
        Link("/traps/forbidden.html", "内部培训资料", _SOME_DAY),
    ),
    "harbour": (
        Link("http://news.elsewhere.example/hk/88.html", "轉載：外站稿件", _SOME_DAY),
        Link("/hk/removed.html", "健康講座", _SOME_DAY),
    ),
}


def _links(host: str, listing: str, day: int) -> list[Link]:
    """The entries of a listing. A publisher who withdraws a page drops its links, but not where it is done softly."""
    return [
        Link(article.path + suffix, article.state(day).title, article.time)
        for article in published_by(host, day)
        if article.gone_softly or not article.gone(day)
        for name, suffix in article.lists
        if name == listing
    ]


def listing_page(host: str, path: str, day: int, base: str) -> tuple[str, bytes] | None:
    """The content type and bytes of the listing at `path`, or None where the host has none there."""
    if path == "/robots.txt":
        return "text/plain", ROBOTS.encode()
    if host == "dawn" and path in ("/", "/list.html", "/list_2.html"):
        return "text/html", _dawn_list(path, day)
    if host == "dawn" and path == "/sitemap.xml":
        return "application/xml", _xml("sitemap.txt", host, path, day, base)
    if host == "dawn" and path.startswith("/api/articles.json?page="):
        return "application/json", _data(path, day)
    if host == "dawn" and (odd := _odd(path, day)):
        return odd
    if host == "dawn" and (paged := _PAGED.fullmatch(path)):
        return _paged(paged, path, day)
    if host == "harbour" and path in ("/", "/list.html"):
        return "text/html", _list(host, path, day, _all_links(host, day), "big5hkscs")
    if host == "harbour" and path == "/rss.xml":
        return "application/rss+xml; charset=utf-8", _xml("feed.txt", host, path, day, base)
    return None


def _all_links(host: str, day: int) -> list[Link]:
    return [*_links(host, "list", day), *EXTRA[host]]


def _dawn_list(path: str, day: int) -> bytes:
    links = _all_links("dawn", day)
    return _list("dawn", path, day, links[PAGE_SIZE:] if path == "/list_2.html" else links[:PAGE_SIZE], "gbk")


def _list(host: str, path: str, day: int, links: list[Link], charset: str) -> bytes:
    return render(f"list_{host}.html", host, path, day, links=links).encode(charset, "xmlcharrefreplace")


# The same entries over many pages, as the systems that sites are made with write them. Page two of `trs` is index_1.
_PAGED = re.compile(r"/(?:(?P<trs>trs)/index(?:_(\d+))?\.html|cms/(?:index|list)(?:_(\d+))?\.s?html|asp\?page=(\d+))")
SHORT_PAGE = 5


def _paged(found: re.Match[str], path: str, day: int) -> tuple[str, bytes] | None:
    """A page of few links; beyond the end None, or, where the address has a query, the last page again, as sites do."""
    number = next((int(group) for group in found.groups()[1:] if group), 0 if found["trs"] else 1) + bool(found["trs"])
    links = _links("dawn", "list", day)
    last = -(-len(links) // SHORT_PAGE)
    if number > last and "?" not in path:
        return None
    first = SHORT_PAGE * (min(number, last) - 1)
    return "text/html", _list("dawn", path, day, links[first : first + SHORT_PAGE], "gbk")


def _odd(path: str, day: int) -> tuple[str, bytes] | None:
    """Lists in other forms: a page for each day, data whose address another page tells, and HTML within JSON."""
    links = _links("dawn", "list", day)
    if found := re.fullmatch(r"/day/(\d{4}-\d\d)/(\d\d)\.html", path):
        links = [link for link in links if link.date == f"{found[1]}-{found[2]}"]
        return ("text/html", _list("dawn", path, day, links, "gbk")) if links else None
    if path == "/hop/":
        return "text/html", f'<html><body><ul data="datasource:{DATASOURCE}"></ul></body></html>'.encode()
    if path == f"/hop/ds_{DATASOURCE}.json":
        return "application/json", json.dumps([{"u": link.address} for link in links[:SHORT_PAGE]]).encode()
    if path == "/more.json":
        pieces = [f'<li><a href="{link.address}">{link.title}</a> {link.date}</li>' for link in links[-SHORT_PAGE:]]
        return "application/json", json.dumps({"data": {"html": "".join(pieces)}}, ensure_ascii=False).encode()
    return None


DATASOURCE = "7f3a09"


def _data(path: str, day: int) -> bytes:
    """The entries of one page as an interface for programs gives them, times in milliseconds."""
    first = PAGE_SIZE * (int(path.partition("=")[2]) - 1)
    links = _links("dawn", "list", day)[first : first + PAGE_SIZE]
    entries = [
        {"contId": link.address.lstrip("/"), "name": link.title, "pubTimeLong": int(link.time.timestamp() * 1000)}
        for link in links
    ]
    return json.dumps({"code": 200, "data": {"list": entries}}, ensure_ascii=False).encode()


def _xml(template: str, host: str, path: str, day: int, base: str) -> bytes:
    listing = template.removesuffix(".txt")
    return render(template, host, path, day, links=_links(host, listing, day), base=base).encode()
