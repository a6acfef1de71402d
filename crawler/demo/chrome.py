"""What surrounds an article and changes every day: counters, hot lists, advertisements, comments. Seeded."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "chrome.toml"


@cache
def _pool(language: str) -> dict[str, list[str]]:
    pool: dict[str, list[str]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[language]
    return pool


class Chrome:
    """The furniture of one page on one day; the same day, path and language give the same furniture."""

    def __init__(self, day: int, path: str, language: str) -> None:
        self._random = random.Random(f"{day} {path}")
        self._pool = _pool(language)

    def number(self, low: int = 100, high: int = 99999) -> int:
        """A view, like or reply counter."""
        return self._random.randint(low, high)

    def token(self, length: int = 16) -> str:
        """A session token or the random id of an element; it begins with a letter."""
        return "k" + "".join(self._random.choices("0123456789abcdef", k=length - 1))

    def pick(self, name: str) -> str:
        """One entry of a list of the pool."""
        return self._random.choice(self._pool[name])

    def headline(self) -> str:
        """A headline that has nothing to do with the article."""
        return f"{self.pick('place')}{self.pick('subject')}{self.pick('event')}{self.pick('turn')}"

    def headlines(self, count: int) -> list[str]:
        """Several headlines."""
        return [self.headline() for _ in range(count)]

    def stories(self, count: int, sentences: int = 4) -> list[tuple[str, str]]:
        """Other stories, each a headline and the beginning of its text."""
        return [(self.headline(), "".join(self.pick("sentence") for _ in range(sentences))) for _ in range(count)]

    def comments(self, count: int) -> list[tuple[str, str, int]]:
        """Readers' comments: name, remark, likes."""
        return [(self.pick("reader"), self.pick("remark"), self.number(0, 900)) for _ in range(count)]

    def leaked_objects(self, count: int) -> str:
        """What a comment template prints when it is given the list of objects in place of one of them."""
        return "[" + ", ".join(self._leaked() for _ in range(count)) + "]"

    def _leaked(self) -> str:
        topic, code = self.pick("topic"), self.token(11)
        link = f"<a href='/topic/show?id={code}' target=_blank style='color:#2F92EE;'>#{topic}#</a>"
        fields = {
            "id": self.number(100000, 3000000),
            "encodeId": self.token(13),
            "content": link,
            "beContent": "null",
            "objectType": "article",
            "likeNumber": self.number(0, 90),
            "replyNumber": 0,
            "topicList": f"[TopicDto(id={self.number()}, encryptionId={code}, topicName={topic})]",
            "attachment": "null",
            "createdAvatar": "",
            "createdName": self.token(8),
            "createdTime": f"Fri Nov 20 12:13:{self.number(10, 59)} CST 2026",
            "status": 1,
        }
        return f"CommentPageItemResponse({', '.join(f'{name}={value}' for name, value in fields.items())})"
