"""Who wrote and edited an article, and the headline that its source gave it. Pure.

What stands near the headline is looked at first, then the dateline in the first paragraphs and the closing of the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from crawler.reading.names import COLON, ROLE, is_name, is_person, names_at
from crawler.reading.sources import TIMED, labelled_person

_BYLINE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:作者|本文作者|撰文|撰稿|采写|採寫|採訪(?:[、及和]撰文)?|采访|採訪撰文|文字|文(?:[、/／·・\s]?[图圖攝摄]|[、/／]攝影)?|圖文|图文|编译|編譯|整理){COLON}"
    rf"|(?<!\w)(?:文|撰文|图文|圖文|文图|编译|編譯|整理|采写|採寫)(?:[/／][图圖])?\s*[/／|｜︱丨]\s*|(?<!\w)文\s*[・·]\s*|(?<!\w)By[\s:：]+|(?<![\u4e00-\u9fff])(?:採訪)?(?:報導|报道|報道)\s*[:：]\s*|(?<![\u4e00-\u9fff])(?:撰文|采写|採訪)\s+(?=[\u4e00-\u9fff]{{2,4}}(?:$|\s))|【\s*文\s*[/／]|[（(]文[/／·、]?图\s*[:：]?\s+"
)
_HEAD_OF_LINE = re.compile(rf"[【〔\[（(]?[^，。！？；：:（）()]{{0,16}}?(?:{ROLE}\s*[:：/／]?\s*|作者\s+)")
_OPENING_NAME = re.compile(
    r"([\u4e00-\u9fff]{3})(?:中?醫師|中?医师|[醫医]生|教授|博士|[營营]養師|营养师|[藥药][師师])?(?:$|\s*[・·•|｜]|\s+[\u4e00-\u9fff]{2,12}\s*$)"
)  # 王小禾 晨光健康 2026-11-20
_NAMES_AND_PLACE = re.compile(r"(?:[\u4e00-\u9fff]{2,4}[\s、]*){1,5}\s*[/／]\s*[\u4e00-\u9fff]{0,4}(?:報導|报道|報道)")
_AMID = re.compile(rf"(?:^|(?<=[\s|｜(（]))[\u4e00-\u9fff·]{{0,10}}?{ROLE}(?:\s*[:：]\s*|\s+)")
_DATELINES = (
    re.compile(rf"[（(【〔\[][^（()）】〕]{{0,16}}?{ROLE}\s*[:：/／]?\s*"),
    re.compile(rf"(?:社|网|網|報|报|刊|台)\S{{0,12}}?(?:电|電|讯|訊|消息|专电|專電)\s*[（(]?\s*{ROLE}\s*[:：]?\s*"),
    re.compile(rf"^{ROLE}\s*[:：]?\s*(?=[\u4e00-\u9fff·]{{2,9}}\s*[/／|｜報报])"),
)
_AGENCY = re.compile(
    r"[\u4e00-\u9fff]{2,4}社(?:记者|記者)\s*([\u4e00-\u9fff]{2,3})(?=[\u4e00-\u9fff]{2,3}\s*\d{1,2}\s*日)"
)
_CLOSING = re.compile(r"[（(【〔]\s*([^（()）】〕]{2,40}?)\s*[）)】〕]\s*[。]?$")
_CREDITED = re.compile(
    rf"[^，。；：:、\s/／]{{0,10}}?(?:{ROLE}|作者|编译|編譯|撰文|采写|文字?[/／·、]?图?)\s*[:：/／]?\s*"
)
_OFFICE = re.compile(r"\S{2,14}(?:中心|委|局|院|社|报|報|网|網|台|部)\s+(?=[\u4e00-\u9fff]{2,4}(?:$|\s))")
_AFTER_CLOSING = re.compile(
    r"\s*(?:\S{2,10}\s*(?:报道|報道|報導|电|電|讯|訊|综合报道)|整理|报道|報道|報導|电|電|综合)?\s*$"
)


def authors(near: Sequence[str], body: Sequence[str], below: Sequence[str], meta: dict[str, str]) -> str:
    """The reporters or writers that the page names, parted by a blank; never the editor or an outlet."""
    found: Iterator[tuple[str, ...]] = (
        names
        for names in (
            *map(_of_line, (text for text in near if len(text) <= 90)),
            *map(_of_opening, body[:4]),
            *map(_of_closing, reversed(body[-3:])),
            *map(_of_line, (text for text in below if len(text) <= 60)),
        )
        if names
    )
    for names in found:
        return " ".join(names)
    if named := labelled_person([*near, *below]):
        return named
    stated = meta.get("author", "")
    return stated if is_person(stated) else ""


def named(text: str) -> str:
    """The names in a text that is known to name authors and nobody else; the text itself where none is recognised."""
    names, _ = names_at(text, _behind_role(text, 0))
    return " ".join(names) or text


def _of_line(text: str) -> tuple[str, ...]:
    """The names of a line of credits: behind a label, or behind a role that opens the line."""
    for label in _BYLINE.finditer(text):
        names, _ = names_at(text, _behind_role(text, label.end()))
        if names:
            return names
    for role in _AMID.finditer(text) if "。" not in text else ():
        names, _ = names_at(text, role.end())
        if names:
            return names
    timeless = TIMED.sub(" ", text).strip()
    if _NAMES_AND_PLACE.fullmatch(timeless) and (names := names_at(timeless, 0, strict=True)[0]):
        return names  # 王小禾 李明遠／綜合報導
    if len(timeless) < len(text) and (opening := _OPENING_NAME.match(timeless)) and is_person(opening[1]):
        return (opening[1],)
    head = _HEAD_OF_LINE.match(timeless)
    if head is None:
        return ()
    names, end = names_at(timeless, head.end())
    return names if names and _closes(timeless, end) else ()


def _behind_role(text: str, position: int) -> int:
    """Behind an outlet and a role, as in `采写：晨光网记者 王小禾`."""
    role = _ROLE_OF.match(text, position)
    return role.end() if role and not (role["parted"] and is_person(role["outlet"])) else position


_ROLE_OF = re.compile(rf"(?P<outlet>[^\s，。:：]{{0,10}}?)(?P<parted>\s*){ROLE}\s*[:：]?\s*")


_CLOSES = re.compile(
    r"\s*(?:[/／|｜]?\s*(?:\S{0,8}?(?:報導|报道|報道|报导|专电|專電|电|電|讯|訊|攝影|摄影|撰文|整理|综合|綜合|文|圖|图|供图|供圖)\S{0,6}|发自\S{0,6}|發自\S{0,6}))?\s*[】〕\])）]?\s*(?:$|[/／|｜；;\s])"
)


def _closes(text: str, end: int) -> bool:
    """Whether a line ends behind its names, or goes on as credits do."""
    return bool(_CLOSES.match(text, end))


def _of_opening(text: str) -> tuple[str, ...]:
    """The names in a dateline: `晨光网讯（记者 王小禾）`, `〔記者王小禾／台北報導〕`."""
    opening = text[:140]
    for form in _DATELINES:
        for found in form.finditer(opening):
            names, _ = names_at(opening, found.end(), strict=True)
            if names:
                return names
    agency = _AGENCY.search(opening)
    return (agency[1],) if agency and is_person(agency[1]) else ()


def _of_closing(text: str) -> tuple[str, ...]:
    """The names in brackets that end a paragraph: `（记者 王小禾）`, `（王小禾 李明远）`, `（王小禾 上海报道）`."""
    bracket = _CLOSING.search(text)
    if bracket is None:
        return ()
    inner = bracket[1]
    credit = _CREDITED.match(inner) or _OFFICE.match(inner)
    names, end = names_at(inner, credit.end() if credit else 0, strict=credit is None)
    if credit is None and not _AFTER_CLOSING.match(inner, end):
        return ()
    return names


_EDITOR = re.compile(
    rf"(?<!图片)(?<!圖片)(?<!视频)(?<!美术)(?<!文字)(?:责任编辑|責任編輯|责编|責編|编辑|編輯)(?:{COLON}|\s+)([^\s（()）【】\[\]｜|/，。:：]{{2,16}}(?:[\s、，,]+[\u3400-\u9fff]{{2,4}}(?![\u3400-\u9fff]))*)"
)
_RESPONSIBLE = re.compile(_EDITOR.pattern.replace("|编辑|編輯", "", 1))
_SOURCE_TITLE = re.compile(r"[（(【\[]?\s*(?:原标题|原標題|原题|原題)\s*[:：]\s*(.{4,120}?)\s*[）)】\]]?\s*")


_MAY_NAME = re.compile(r"编|編|原标题|原標題|原题|原題")


def may_name(text: str) -> bool:
    """Whether a line may name an editor or the source's headline; few lines of a page do."""
    return bool(_MAY_NAME.search(text))


def editor(texts: Iterable[str]) -> str:
    """The editor that a line names; several are parted by a blank. Numbers of accounts behind a name are left out."""
    lines = [text for text in texts if _EDITOR.search(text)]
    for text in (*filter(_RESPONSIBLE.search, lines), *lines):
        if found := _RESPONSIBLE.search(text) or _EDITOR.search(text):
            names = [re.sub(r"_\w+$", "", name) for name in re.split(r"[\s、，,]+", found[1])]
            return " ".join(name for name in names if name and (is_name(name) or name == names[0]))
    return ""


def source_title(texts: Iterable[str]) -> str:
    """The headline that the source gave the article."""
    return next((found[1].strip() for text in texts if (found := _SOURCE_TITLE.fullmatch(text))), "")
