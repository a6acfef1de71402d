"""What the addresses of articles have in common, told from examples: a first pattern for a site file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_SHAPES = 8
_PIECE = re.compile(r"\d+|[^\d]+")
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{16,}")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|jpe?g|png|gif|mp[34])$", re.IGNORECASE)
_KEY = 5  # changes between letters and digits: so many has a key, no word with a number
_PAGE = re.compile(r"\.s?html?$")
_FIXED = (2, 4, 6, 8)  # digits of years, months, days; any other number may grow


@dataclass(frozen=True)
class Shape:
    """Addresses of one form: on `host`, in any of the `folders` (of the first level), then what `rest` matches."""

    host: str
    folders: tuple[str, ...]
    rest: str
    urls: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """A regular expression that is found in all of them."""
        folder = "|".join(map(re.escape, self.folders))
        first = f"(?:{folder})/" if len(self.folders) > 1 else f"{folder}/" if folder else ""
        return f"{re.escape(self.host)}/{first}{self.rest}"


def shapes(urls: Iterable[str], least: int) -> list[Shape]:
    """The forms that at least so many addresses have, the most frequent first. What has no number has no form."""
    grouped: dict[tuple[str, str], dict[str, list[str]]] = {}
    for url in dict.fromkeys(urls):
        host, folder, rest = _parted(url)
        if rest:
            grouped.setdefault((host, rest), {}).setdefault(folder, []).append(url)
    found = [
        Shape(host, tuple(filter(None, sorted(folders))), rest, tuple(url for some in folders.values() for url in some))
        for (host, rest), folders in grouped.items()
    ]
    kept = [shape for shape in found if len(shape.urls) >= least]
    return sorted(kept, key=lambda shape: -len(shape.urls))[:MOST_SHAPES]


def _parted(url: str) -> tuple[str, str, str]:
    """The host, the first folder, and a pattern of the rest; that is empty where the address is no article's."""
    parts = urlsplit(url)
    *folders, page = parts.path.strip("/").split("/")
    first, inner = (folders[0], folders[1:]) if folders and not re.search(r"\d", folders[0]) else ("", folders)
    if "'" in url or _FILE.search(page) or not re.search(r"\d", page + parts.query):
        return parts.netloc, first, ""
    rest = "/".join([*map(_segment, inner), _page(page)])
    return parts.netloc, first, rest + (rf"\?{_segment(parts.query)}" if parts.query else "")


def _page(name: str) -> str:
    ending = _PAGE.search(name)
    return _segment(name[: ending.start()]) + r"\.s?html?" if ending else _segment(name)


def _segment(text: str) -> str:
    """A piece of an address with its numbers, and what looks like a key, set free."""
    if _HEX.fullmatch(text):
        return f"[0-9a-f]{{{len(text)}}}"
    if "%" in text:
        return "[^/?]+"
    pieces = _PIECE.findall(text)
    if len(pieces) >= _KEY and re.fullmatch(r"[\w-]+", text):
        return r"[\w-]+"
    return "".join(map(_piece, pieces))


def _piece(text: str) -> str:
    if not text.isdigit():
        return re.escape(text).replace("\\-", "-").replace("\\_", "_")
    return rf"\d{{{len(text)}}}" if len(text) in _FIXED and text[:2] in ("19", "20") else r"\d+"
