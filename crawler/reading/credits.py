"""Whom a page credits: source, authors, editor, and the headline that the source gave. Pure.

What stands near the headline is looked at first, then the dateline in the first paragraphs and the closing of the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_H = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_N = r"[\u3400-\u4dbf\u4e00-\u9fff·]{2,8}"
_NAMES = rf"({_N}(?:[\s、，,/]+{_N}){{0,5}})"
_NAME = re.compile(rf"{_H}{{2,4}}|{_H}{{1,8}}(?:·{_H}{{1,8}})+")
# A colon is missing where a template puts the value into a tag of its own.
_COLON = r"\s*[:：]\s*"

_OUTLET = r"([《]?[^\s|｜，,。;；:：()（）【】\[\]<>]{2,24})"
_SOURCE = re.compile(
    rf"(?:(?:信息|文章|稿件|新闻|消息|内容)?(?:来源|來源|來自|稿源|出处|出處)|转自|轉自|转载自|轉載自){_COLON}[\"“]?{_OUTLET}"
)
_REPRINTED = re.compile(r"^[（(【]?\s*(?:转自|轉自|转载自|轉載自|摘自|据)\s*[《]([^》]{2,20})[》]")
_NO_OUTLET = re.compile(
    r"(?:本站.{0,4}|本网.{0,4}|网络|互联网|网页|转载.*|轉載.*|综合.*|未知|不详|佚名|原创|作者|编辑|责编|时间|发布|浏览|点击|字体|字号|\d.*)"
)
_LABELS = re.compile(
    r"作者|编辑|編輯|责编|責編|记者|記者|时间|時間|发布|發布|字号|字體|浏览|瀏覽|点击|點擊|阅读|評論|评论"
)
_OUTLET_END = re.compile(
    r"(?:报|報|网|網|社|台|臺|电视|電視|新闻|新聞|在线|線上|客户端|传媒|周刊|週刊|杂志|雜誌|频道|委|局|部|厅|中心|工作室|栏目组|编辑部|学会|时报|科技)$"
)
_CLOCK = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_AFTER_TIME = re.compile(rf"{_CLOCK}\s*[|｜]?\s*([《]?{_H}[\w·]{{1,13}}[》]?)(?=\s|$|[|｜])")

_REPORTER = r"(?:(?:见习|實習|实习|特约|首席|全媒体|资深|驻\w{2,4})?(?:记者|記者))"
_BYLINES = (
    re.compile(rf"(?:作者|撰文|撰稿|采写|採寫|(?<!\w)文){_COLON}(?:\S{{0,8}}{_REPORTER}\s*[:：]?\s*)?{_NAMES}"),
    re.compile(rf"(?<!\w)(?:文|撰文)\s*[/／|｜]\s*(?:\S{{0,8}}{_REPORTER}\s*)?{_NAMES}"),
    re.compile(rf"{_REPORTER}\s*[:：/／]?\s*{_NAMES}\s*[/／].{{0,10}}(?:報導|报道|報道|電|电)"),
    re.compile(
        rf"^[^，。]{{0,16}}{_REPORTER}\s*[:：]?\s*{_NAMES}\s*(?:[/／]?(?:文|攝影|摄影|摄|报道|報道|報導).{{0,12}})?[）)]?$"
    ),
)
_DATELINES = (
    re.compile(rf"[（(]\s*[^（()）]{{0,14}}?{_REPORTER}\s*[:：]?\s*{_NAMES}[^（()）]{{0,30}}[）)]"),
    re.compile(
        rf"(?:社|网|報|报)\S{{0,12}}?(?:电|電|讯|訊|消息)\s*[（(]?{_REPORTER}\s*[:：]?\s*{_NAMES}(?=[\s）)，：:])"
    ),
    re.compile(rf"(?:中央社|新华社|中新社){_REPORTER}\s*({_H}{{3}})(?={_H}{{2}}\s*\d{{1,2}}\s*日)"),
)
_CLOSING = re.compile(
    rf"[（(【]\s*[^（()）]{{0,12}}?(?:{_REPORTER}|作者|文)\s*[:：/]?\s*{_NAMES}[^（()）]{{0,24}}[）)】]\s*[。]?$"
)
_NO_NAMES = frozenset(
    "报道 報導 报导 報道 电 電 摄 攝 摄影 攝影 摄影报道 攝影報導 通讯员 通訊員 记者 記者 编辑 編輯 来源 來源 时间 时间 发布 获悉 昨日 今日 近日"
    " 责任编辑 整理 综合 即時新聞 综合报道 綜合報導 网络 網路 佚名 匿名 本站 管理员 小编 未知 阅读 閱讀 浏览 瀏覽 点击 點擊 收藏 评论 評論 分享 打印"
    " 字号 更新 网络整理 本报 本網 本网 文字 图片 视频 实习生 從 从 在 等 发自 發自 人民日报 原创".split()
)
_EDITOR = re.compile(
    rf"(?:责任编辑|責任編輯|责编|責編|编辑|編輯){_COLON}([^\s（()）【】\[\]|｜/，。]{{2,16}}(?:[\s、，,]+{_H}{{2,4}})*)"
)
_SOURCE_TITLE = re.compile(r"[（(【\[]?\s*(?:原标题|原標題|原题|原題)\s*[:：]\s*(.{4,120}?)\s*[）)】\]]?\s*")


def source(near: Sequence[str], body: Sequence[str], meta: dict[str, str]) -> str:
    """The outlet that the page credits, as written; "" where it credits none."""
    for found in (_labelled(near), _reprinted([*near, *body[:2], *body[-2:]]), _beside_time(near)):
        if found:
            return found
    for name in ("contentsource", "source", "article:source", "og:article:source"):
        value = meta.get(name, "")
        if 2 <= len(value) <= 24 and not _NO_OUTLET.fullmatch(value) and "." not in value:
            return value
    return ""


def _labelled(near: Iterable[str]) -> str:
    for text in near:
        for found in _SOURCE.finditer(text):
            name = _LABELS.split(found[1])[0]
            if len(name) > 1 and not _NO_OUTLET.fullmatch(name.strip("《》")):
                return name
    return ""


def _reprinted(texts: Iterable[str]) -> str:
    return next((found[1] for text in texts if (found := _REPRINTED.match(text))), "")


def _beside_time(near: Sequence[str]) -> str:
    """A name beside the time, with no label: `2026-11-20 08:30 晨光网`, or on the line after it."""
    for index, text in enumerate(near):
        if (found := _AFTER_TIME.search(text)) and _OUTLET_END.search(found[1].strip("《》")):
            return found[1]
        if re.search(_CLOCK, text):
            for other in near[max(0, index - 1) : index + 2]:
                if 3 <= len(other) <= 12 and _OUTLET_END.search(other) and re.fullmatch(rf"{_H}+", other):
                    return other
    return ""


def authors(near: Sequence[str], body: Sequence[str], meta: dict[str, str]) -> str:
    """The reporters or writers that the page names, parted by a blank; never the editor or an outlet."""
    for text in near:
        for form in _BYLINES if len(text) <= 90 else ():
            if (found := form.search(text)) and (names := _names(found[1])):
                return names
    for text in body[:4]:
        for form in _DATELINES:
            if (found := form.search(text[:140])) and (names := _names(found[1])):
                return names
    for text in reversed(body[-2:]):
        if (found := _CLOSING.search(text)) and (names := _names(found[1])):
            return names
    return _names(meta.get("author", "")) if _NAME.fullmatch(meta.get("author", "")) else ""


def _names(text: str) -> str:
    parts = (
        re.sub(r"(?:摄影|攝影|报道|報道|報導|报导|通讯员|摄|电)$", "", part)
        for part in re.split(r"[\s、，,/／]+", text)
    )
    names = [n for n in parts if _NAME.fullmatch(n) and n not in _NO_NAMES and not _OUTLET_END.search(n)]
    return " ".join(dict.fromkeys(names))


def editor(texts: Iterable[str]) -> str:
    """The editor that a line names; several are parted by a blank. Numbers of accounts behind a name are left out."""
    for text in texts:
        if found := _EDITOR.search(text):
            return " ".join(re.sub(r"_\w+$", "", name) for name in re.split(r"[\s、，,]+", found[1]))
    return ""


def source_title(texts: Iterable[str]) -> str:
    """The headline that the source gave the article."""
    return next((found[1].strip() for text in texts if (found := _SOURCE_TITLE.fullmatch(text))), "")
