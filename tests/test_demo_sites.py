"""The sample sites change with the day and with nothing else, and their answers are in their pages."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest

from crawler.demo.server import SampleSites
from crawler.demo.truth import expected


def ask(url: str, **headers: str) -> tuple[int, bytes, Message]:
    """GET without following redirects being hidden: an error status is an answer, too."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


@pytest.fixture
def sites() -> Iterator[SampleSites]:
    with SampleSites(day=1) as running:
        yield running


def test_every_article_differs_from_day_to_day_and_not_within_a_day(sites: SampleSites) -> None:
    for answer in expected(1):
        url = sites.url(answer.host, answer.path)
        sites.day = 1
        first, again = ask(url)[1], ask(url)[1]
        sites.day = 2
        assert first == again
        assert ask(url)[1] != first
