"""Whom a page credits: source, authors, editor, and the headline that the source gave. Pure.

What stands near the headline is looked at first, then the dateline in the first paragraphs and the closing of the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from crawler.reading import dates
from crawler.reading.lines import SECTIONS
from crawler.reading.names import COLON, ROLE, is_name, is_person, names_at

# Sources

_OUTLET = r"(《[^》]{2,20}》|[\u3400-\u9fffA-Za-z0-9][\u3400-\u9fffA-Za-z0-9·、\-—＿_．.&]{1,28})"
_SOURCE = re.compile(
    rf"(?:(?<![圖图]片)(?<![圖图])(?<!數據)(?<!数据)(?:信息|資訊|文章|稿件|新闻|新聞|消息|内容|內容|本文)?(?:来源|來源|來自|来自|稿源|出处|出處)|转自|轉自|转载自|轉載自){COLON}[\"“]?{_OUTLET}"
)
_REPRINTED = re.compile(
    r"[（(【]?\s*(?:本文)?(?:转自|轉自|转载自|轉載自|摘自|原载于?|原載於?|据|據)\s*[:：]?\s*《([^》]{2,20})》"
)
_NO_OUTLET = re.compile(
    r"(?:本站.{0,4}|本网.{0,4}|本網.{0,4}|网络.{0,4}|網[絡路].{0,4}|互联网|互聯網|网页|转载.*|轉載.*|综合.{0,4}|綜合.{0,4}|未知|不详|佚名|原创|原創|作者|编辑|編輯|责编|时间|時間|发布|發布|发表|浏览|点击|字体|字号|其他|其它|收集整理|\d[\d\-:.年月日]*)"
)
_LABELS = re.compile(
    r"[\s_]*(?:作者|编辑|編輯|责编|責編|记者|記者|时间|時間|发布|發布|發佈|发表|字号|字體|字体|浏览|瀏覽|点击|點擊|阅读|閱讀|評論|评论|分享|举报|舉報|打印|收藏|日期|更新|人气|编者|责任)"
)
_OUTLET_END = re.compile(
    r"(?:报|報|网|網|社|台|臺|电视|電視|新聞雲|新闻云|在线|線上|客户端|客戶端|传媒|傳媒|周刊|週刊|月刊|杂志|雜誌|中文站|卫视|衛視|广播|廣播|健康委|卫健委|委员会|委員會|管理局|衞生署|衛生署|卫生局|衛生局|疾控中心|医保局|药监局|人民政府)$"
)
_CHROME = re.compile(
    r"(?:我有话说|我來說|我要|分享|收藏|举报|舉報|评论|評論|跟帖|参与|參與|人气|人氣|字号|字體|字体|大中小|打印|列印|浏览|瀏覽|阅读|閱讀|点击|點擊|查看|更新|修改|发布|發布|發佈|来源|來源|作者|编辑|編輯|记者|記者|责任|文章|星期|周[一二三四五六日]"
    r"|上午|下午|香港时间|香港時間|北京时间|北京時間|时间|時間|日期|关注|關注|下载|下載|播放|复制|複製|原创|原創|首页|首頁|正文|专题|專題|标签|标题|图集|相关|推荐|微信|微博|QQ|次|语音|听|收听|朗读|点赞|讚好|转发)"
)
_OTHERS = re.compile(r"其他|其它|更多|最新|相关|相關|热门|熱門|即時|即时|今日|本地|返回|关闭|關閉")
_CLOCK = r"\d{1,2}[:：時时]\d{2}(?:[:：分]\d{2})?(?:\s*秒|分)?"
_TIMED = re.compile(rf"(?:(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?\s*)(?:{_CLOCK})?|{_CLOCK}")
_WORDS = re.compile(r"《[^》]{2,20}》|[\u3400-\u9fffA-Za-z][\u3400-\u9fffA-Za-z0-9·\-]{1,23}")


def source(
    after: Sequence[str], before: Sequence[str], body: Sequence[str], below: Sequence[str], meta: dict[str, str]
) -> str:
    """The outlet that the page credits, as written; "" where it credits none.

    `after` and `before` are the short lines below and above the headline, `below` those below the text, their inline
    parts set apart by blanks; `body` is the text.
    """
    near = [*after, *before]
    reprinted = _reprinted([*near, *body[:2], *body[-2:], *below])
    for found in (_labelled(near), _labelled(below), reprinted, _beside_time(after) or _beside_time(before[:2])):
        if found:
            return found
    for name in ("contentsource", "source", "article:source", "og:article:source"):
        value = meta.get(name, "")
        if 2 <= len(value) <= 24 and not _NO_OUTLET.fullmatch(value) and "." not in value:
            return value
    return ""


def _labelled(lines: Iterable[str]) -> str:
    for text in lines:
        for found in _SOURCE.finditer(text):
            name = _LABELS.split(found[1])[0].strip(" _、-—.")
            if len(name) > 1 and not _NO_OUTLET.fullmatch(name.strip("《》")) and not is_person(name):
                return name
    return ""


def _reprinted(texts: Iterable[str]) -> str:
    return next((f"《{found[1]}》" for text in texts if (found := _REPRINTED.match(text))), "")


def _beside_time(near: Sequence[str]) -> str:
    """A name beside the time, with no label: `2026-11-20 08:30 晨光网`, `晨光网 2026-11-20`, or on a line of its own."""
    for index, text in enumerate(map(dates.plain, near)):
        time = _TIMED.search(text)
        if time is None or len(text) > 90:
            continue
        behind = _WORDS.match(text[time.end() :].lstrip(" \t|｜/·)）(（"))
        if behind and _is_outlet(behind.group(), behind=True):
            return behind.group()
        before = _WORDS.findall(text[: time.start()])
        if before and _is_outlet(before[-1], behind=False):
            return before[-1]
        around = near[max(0, index - 1) : index + 4]
        for other, following in zip(around, [*around[1:], ""], strict=True):
            if _WORDS.fullmatch(other) and (_is_outlet(other, behind=False) or _ACCOUNT.fullmatch(following)):
                return other
    return ""


# The platforms on which an outlet has an account; its name stands before (2026-11).
_ACCOUNT = re.compile(r"(?:企鹅|网易|搜狐|百家|头条|大鱼|澎湃|一点|北京|人民|凤凰|大风)号|官方(?:账号|帐号)")


# Behind a time these name an outlet too; elsewhere they are sections of a site.
_MAY_END = re.compile(r"(?:新闻|新聞|科技|财经|財經|消息|综合|时刊|商讯|通讯|观察|號|号|热线)$")


def _is_outlet(word: str, *, behind: bool) -> bool:
    """Whether a word beside a time names an outlet, by how it ends."""
    if (
        _ACCOUNT.fullmatch(word)
        or word in SECTIONS
        or is_person(word)
        or _CHROME.match(word)
        or _NO_OUTLET.fullmatch(word)
    ):
        return False
    sure = len(word) > 2 and _OUTLET_END.search(word)
    return word.startswith("《") or bool(sure or (behind and len(word) > 3 and _MAY_END.search(word)))


# Authors

_BYLINE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:作者|本文作者|撰文|撰稿|采写|採寫|採訪(?:[、及和]撰文)?|采访|採訪撰文|文字|文(?:[、/／·・\s]?[图圖攝摄]|[、/／]攝影)?|圖文|图文|编译|編譯|整理){COLON}"
    rf"|(?<!\w)(?:文|撰文|图文|圖文|文图|编译|編譯|整理|采写|採寫)(?:[/／][图圖])?\s*[/／|｜︱丨]\s*|【\s*文\s*[/／]|[（(]文[/／·、]?图\s*[:：]?\s+"
)
_REPORTER = re.compile(ROLE)
_HEAD_OF_LINE = re.compile(rf"[【〔\[（(]?[^，。！？；：:（）()]{{0,16}}?(?:{ROLE}\s*[:：/／]?\s*|作者\s+)")
_OPENING_NAME = re.compile(
    r"([\u4e00-\u9fff]{3})(?:中?醫師|中?医师|[醫医]生|教授|博士|[營营]養師|营养师|[藥药][師师])?(?:$|\s+[\u4e00-\u9fff]{2,12}\s*$)"
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
    for text in (*near, *below):  # 来源：王小禾
        if (credited := _SOURCE.search(text)) and is_person(credited[1]):
            return credited[1]
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
    timeless = _TIMED.sub(" ", text).strip()
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


# Editors, and the headline of the source

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
