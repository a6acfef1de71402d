"""What a sample host answers to a request on a given day: pure, the server only sends it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from email.utils import format_datetime

from crawler.demo import files
from crawler.demo.content import Article, moment, published_by
from crawler.demo.listings import listing_page
from crawler.demo.render import article_page, render
from crawler.demo.response import Response
from crawler.demo.traps import trap

_TRACKING = re.compile(r"^(?:utm_\w+|from|spm)=")
SOFT_404 = {"dawn": "/news/removed-0912.html", "harbour": "/hk/removed.html"}


def plain_address(target: str) -> str:
    """A request target without session id and tracking parameters: the address that an article is kept under."""
    path, _, query = target.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    return path.partition(";")[0] + (f"?{kept}" if kept else "")


def respond(host: str, target: str, day: int, base: str, headers: Mapping[str, str]) -> Response:
    """What `host`, reachable at `base`, answers to a GET of `target` with `headers`."""
    path = plain_address(target)
    found = ((article, article.part(path, day)) for article in published_by(host, day))
    article, part = next(((article, part) for article, part in found if part), (None, None))
    if article is not None and part is not None and (article.gone_softly or not article.gone(day)):
        return _conditional(_article_answer(article, day, part), headers)
    listing = listing_page(host, path, day, base)
    if listing is not None:
        return Response(200, (("Content-Type", listing[0]),), listing[1])
    if document := files.document(path, day):
        return _conditional(Response(200, (("Content-Type", files.MEDIA), _etag(document)), document), headers)
    return trap(path) or _missing(host, path, day)


def _article_answer(article: Article, day: int, part: int) -> Response:
    body = article_page(article, day, part)
    kind = f"text/html; charset={article.header}" if article.header else "text/html"
    headers = [("Content-Type", kind)]
    if article.validator == "etag":
        headers.append(_etag(body))
    if article.validator == "modified":
        headers.append(("Last-Modified", format_datetime(moment(day).astimezone(UTC), usegmt=True)))
    return Response(200, tuple(headers), body)


def _etag(body: bytes) -> tuple[str, str]:
    return "ETag", f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def _conditional(answered: Response, request: Mapping[str, str]) -> Response:
    """304 where the request holds the validator that the page has now."""
    now = dict(answered.headers)
    pairs = (("ETag", "if-none-match"), ("Last-Modified", "if-modified-since"))
    if any(now.get(name) is not None and now.get(name) == request.get(asked) for name, asked in pairs):
        return replace(answered, status=304, body=b"")
    return answered


def _missing(host: str, path: str, day: int) -> Response:
    status = 200 if path == SOFT_404[host] else 404
    page = render(f"gone_{host}.html", host, path, day, declared="utf-8")
    return Response(status, (("Content-Type", "text/html; charset=utf-8"),), page.encode())


_BUSY = "<html><head><title>503</title></head><body><h1>Service Temporarily Unavailable</h1></body></html>"
_MISSING = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>"
_CHALLENGE = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><meta id="9DhefwqGPrzGxEp9hPaoag" content="{token}">'
    '<script type="text/javascript" src="/dfe1675/{token}.js" r="m"></script>'
    '<script>$_ts=window["$_ts"];if(!$_ts)$_ts={{}};$_ts.nsd=10273;$_ts.cd="{token}";</script></head><body></body></html>'
)


def failure(mode: str, day: int) -> Response:
    """What a failing host answers to everything: `503`, `404`, `429` or `challenge` (an anti-bot page, status 412).

    With 429 it asks to be left alone until the evening of the day.
    """
    html = (("Content-Type", "text/html"),)
    if mode == "challenge":
        token = hashlib.sha256(f"challenge {day}".encode()).hexdigest()
        return Response(412, html, _CHALLENGE.format(token=token).encode())
    if mode == "429":
        until = format_datetime(moment(day).astimezone(UTC), usegmt=True)
        return Response(429, (*html, ("Retry-After", until)), _BUSY.encode())
    return Response(503, html, _BUSY.encode()) if mode == "503" else Response(404, html, _MISSING.encode())


_SHELL = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>晨光</title><script src="/js/app.js"></script></head>'
    '<body><noscript>请开启 JavaScript</noscript><div id="app"></div></body></html>'
)
_LEAP = "<html><head><script>location.href='/';</script></head><body></body></html>"
_REDIRECTS = {"home": "/", "list": "/list.html", "other": "/news/2026/1101.html"}
WAYS = ("404", "410", "soft", "home", "list", "other", "leap", "emptied", "rewritten", "shell")


def taken_away(way: str, host: str, path: str, day: int) -> Response:
    """What stands at the address of an article that is no longer what it was.

    A status, a page that says it is gone, a redirect (to the home page, a list, another article, or by a script), its
    page without its text. It may also be `rewritten`, or a `shell` for a script: then it was not taken away.
    """
    html = (("Content-Type", "text/html; charset=utf-8"),)
    if way in _REDIRECTS:
        return Response(302, (("Location", _REDIRECTS[way]),))
    if way in ("emptied", "rewritten"):
        article = next(article for article in published_by(host, day) if article.path == path)
        body = (
            "" if way == "emptied" else "编辑部重新核对后发布本文，旧稿不再提供。\n新的数字由县卫生健康局今天上午公布。"
        )
        return _article_answer(replace(article, body=body, edits=(), validator="none"), day, 1)
    if way in ("leap", "shell"):
        return Response(200, html, (_LEAP if way == "leap" else _SHELL).encode())
    page = render(f"gone_{host}.html", host, path, day, declared="utf-8")
    return Response({"404": 404, "410": 410, "soft": 200}[way], html, page.encode())


FAILURES = ("503", "404", "429", "challenge")
