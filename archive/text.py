"""Chinese text: cleaning, folding, script detection, simplification and separation for the index. Pure.

The only module that imports OpenCC.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from operator import add

import opencc

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# Controls (but the line feed), zero-width and bidirectional marks, soft hyphens, private use, lone surrogates.
_NOISE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff]"
)
_BREAK = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_BLANKS = re.compile(r"[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def clean(text: str) -> str:
    """`text` without controls and invisible marks, blanks run together, one trimmed paragraph a line, no empty line."""
    text = _NOISE.sub("", _BREAK.sub("\n", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_line(text: str) -> str:
    """`clean`, on one line."""
    return " ".join(_NOISE.sub("", text.replace("\r", " ")).split())


# What moves a terminal's cursor, or turns a line round: C0 but the line feed and the tab, C1, bidirectional controls.
_ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def inert(text: str) -> str:
    """`text` as it may be shown on a terminal: what would act there is a replacement character, so its length stays."""
    return _ACTING.sub("\ufffd", text)


def inert_json(text: str) -> str:
    """The same for JSON, where it is escaped, so that nothing is lost."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


# Width: full-width ASCII becomes ASCII. Superscripts and fractions stay: 10⁵ is not 105, so NFKC will not do.
_WIDTH: dict[int, int | str | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_QUOTES: dict[int, int | str | None] = dict.fromkeys(map(ord, "“”„‟＂«»『』「」﹁﹂﹃﹄〝〞〟‘’‚‛＇`´′″'\""), '"')
_MARKS: dict[int, int | str | None] = {
    **dict.fromkeys(map(ord, "。｡．"), "."),
    **dict.fromkeys(map(ord, "、､，﹐"), ","),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－﹣─"), "-"),
    **dict.fromkeys(map(ord, "～〜∼﹏"), "~"),
    **dict.fromkeys(map(ord, "·・‧•∙⋅･"), "·"),
    **dict.fromkeys(map(ord, "…⋯"), "..."),
    **dict.fromkeys(map(ord, "〔﹝［"), "["),
    **dict.fromkeys(map(ord, "〕﹞］"), "]"),
}
_FOLD: dict[int, int | str | None] = {**_WIDTH, **_MARKS, **_QUOTES}
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """`text` as it is compared: no white space, one width, one form of each kind of punctuation, none deleted."""
    return _SPACE.sub("", clean(text)).translate(_FOLD)


def fold_width(text: str) -> str:
    """Full-width ASCII as ASCII; everything else as it is."""
    return text.translate(_WIDTH)


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


@cache
def _telling_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only traditional, and that only simplified text has, as OpenCC's own tables tell them."""
    every = [chr(code) for code in range(0x3400, 0xA000)]
    column = "\n".join(every)
    simplified = _converter("t2s").convert(column).split("\n")
    traditional = _converter("s2t").convert(column).split("\n")
    rows = list(zip(every, simplified, traditional, strict=True))
    return (
        frozenset(c for c, simple, trad in rows if simple != c and trad == c),
        frozenset(c for c, simple, trad in rows if trad != c and simple == c),
    )


def language(text: str) -> str:
    """`Hant`, `Hans`, or "" where no character tells. Scripts are counted, so a quotation in the other one is borne."""
    only_traditional, only_simplified = _telling_characters()
    hant = sum(map(only_traditional.__contains__, text))
    hans = sum(map(only_simplified.__contains__, text))
    if hant == hans:
        return ""
    return "Hant" if hant > hans else "Hans"


def simplify(text: str, jurisdiction: str = "") -> str:
    """Traditional `text` in simplified characters: its script changes, never its vocabulary.

    Call it only on text that `language` calls Hant: simplified text would be damaged (萧乾 becomes 萧干).
    """
    config = {"TW": "tw2s", "HK": "hk2s", "MO": "hk2s"}.get(jurisdiction[:2], "t2s")
    return _converter(config).convert(text)


def han_count(text: str) -> int:
    """How many Han characters `text` has."""
    return sum(map(len, _HAN.findall(text)))


_HAN = re.compile(f"[{HAN}]+")

# What stands alone in the full-text index and so parts phrases: punctuation, symbols, the paragraph mark.
_MARK = (
    r"!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2010-\u205e\u20a0-\u20cf"
    r"\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u3001-\u3004\u3008-\u3020\u3030\u303d\u30fb\ufe10-\ufe6f"
    r"\uff5f-\uff65\uffe0-\uffef\U0001f000-\U0001faff"
)
PARAGRAPH = "¶"
LETTER = rf"[^{HAN}0-9{_MARK}\s]"
_TOKEN = re.compile(rf"([{HAN}]+)|([0-9]+|{LETTER}+)|([{_MARK}])")
_ONE_MARK = re.compile(f"[{_MARK}]")
_INDEXED: dict[int, int | str | None] = {**_FOLD, **dict.fromkeys(map(ord, "…⋯"), "…"), ord("\n"): PARAGRAPH}


def han_characters(text: str) -> set[str]:
    """The different Han characters of `text`."""
    return set("".join(_HAN.findall("".join(set(text)))))


def is_han(token: str) -> bool:
    """Whether a token of the index is of Han characters."""
    return _HAN.match(token) is not None


def is_mark(token: str) -> bool:
    """Whether a token of the index is a mark, which parts phrases."""
    return _ONE_MARK.match(token) is not None


def split_tokens(text: str) -> list[str]:
    """The runs of Han characters, of letters and of digits, and each mark of `text`, blanks left out."""
    return ["".join(groups) for groups in _TOKEN.findall(text)]


def separate(text: str) -> str:
    """`text` as the full-text index holds it: tokens parted by one blank.

    A run of letters or of digits is a token, and so is every mark and paragraph break. A run of Han characters becomes
    its pairs and its last character (医共体: 医共 共体 体); where it follows anything but a mark, its first character
    comes before them (3年级: 3 年 年级 级), so that a phrase may end there. `archive.separation` says the same in SQL;
    a test holds the two together.
    """
    tokens: list[str] = []
    parted = True
    for han, word, mark in _TOKEN.findall(text.translate(_INDEXED)):
        if han:
            if not parted and len(han) > 1:
                tokens.append(han[0])
            tokens += map(add, han, han[1:])
            tokens.append(han[-1])
        else:
            tokens.append(word or mark)
        parted = bool(mark)
    return " ".join(tokens)


def fold_for_index(text: str) -> str:
    """`text` with what the index takes as one made one: width, case, accents, forms of marks. Its length stays."""
    return _ACCENTED.sub(_plain, text.translate(_INDEXED))


_ACCENTED = re.compile("[A-Z\u00c0-\u1fff]")


def _plain(character: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFD", character[0])[0].lower()
    return plain if len(plain) == 1 else character[0]
