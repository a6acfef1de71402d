"""What converters and intruders leave in a page: pinyin behind characters, hidden spam. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.text import HAN
from crawler.reading.outline import Outline

# Machine-made mirrors in traditional characters put the reading behind characters that have several: 團(tuán) (2026-11).
_PINYIN = re.compile(rf"(?<=[{HAN}])\s*[（(]\s*[a-zü]{{0,3}}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{{0,3}}\s*[)）]")
_RESIDUE = 3  # fewer are an author's help with rare characters
_SPAM = re.compile(
    r"博彩|赌场|賭場|赌博|娱乐城|娛樂城|百家乐|百家樂|彩票平台|老虎机|老虎機|投注|棋牌|无码|無碼|久久精品|一区二区|一區二區|成人|色情|AV|足球外围|真人荷官|北京赛车|时时彩",
    re.I,
)
_LONGEST = 20_000
_HITS = 3


def pinyin_residue(text: str) -> bool:
    """Whether a text was put through a converter that left pinyin in it."""
    return len(_PINYIN.findall(text)) >= _RESIDUE


def without_pinyin(text: str) -> str:
    """A text without the pinyin in brackets behind single characters."""
    return _PINYIN.sub("", text)


def has_spam(page: Outline) -> bool:
    """Whether what a page hides holds injected advertisements for gambling and the like."""
    hidden: Iterable[str] = ("".join(element.itertext())[:_LONGEST] for element in page.hidden)
    return sum(len(_SPAM.findall(text)) for text in hidden) >= _HITS
