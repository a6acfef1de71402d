"""The outlet that a page credits: behind a label, in a reprint's opening or closing, or beside the time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crawler.reading import dates
from crawler.reading.lines import SECTIONS
from crawler.reading.names import COLON, is_person

_OUTLET = r"(《[^》]{2,20}》|[\u3400-\u9fffA-Za-z0-9][\u3400-\u9fffA-Za-z0-9·、\-—＿_．.&]{1,28})"
_SOURCE = re.compile(
    rf"(?:(?<![圖图]片)(?<![圖图])(?<!數據)(?<!数据)(?:信息|資訊|文章|稿件|新闻|新聞|消息|内容|內容|本文)?(?:来源|來源|來自|来自|稿源|引據|出处|出處)|转自|轉自|转载自|轉載自){COLON}[\"“]?{_OUTLET}"
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
TIMED = re.compile(rf"(?:(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?\s*)(?:{_CLOCK})?|{_CLOCK}")
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


def labelled_person(lines: Iterable[str]) -> str:
    """The person that a page names where others name an outlet: `来源：王小禾`; "" where it names none."""
    found = (credited[1] for text in lines for credited in _SOURCE.finditer(text))
    return next((name for name in found if is_person(name)), "")


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
        time = TIMED.search(text)
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


# A platform on which an outlet has an account; the outlet's name stands before (2026-11).
_ACCOUNT = re.compile(r"[\u4e00-\u9fff]{2}号|官方(?:账号|帐号)")


# Behind a time these name an outlet too; elsewhere they are sections of a site.
_MAY_END = re.compile(r"(?:新闻|新聞|科技|财经|財經|消息|综合|时刊|商讯|通讯|观察|號|号|热线)$")


def _is_outlet(word: str, *, behind: bool) -> bool:
    """Whether a word beside a time names an outlet, by how it ends."""
    if (
        _ACCOUNT.fullmatch(word)
        or word in SECTIONS
        or _OTHERS.match(word)
        or is_person(word)
        or _CHROME.match(word)
        or _NO_OUTLET.fullmatch(word)
    ):
        return False
    sure = len(word) > 2 and _OUTLET_END.search(word)
    return word.startswith("《") or bool(sure or (behind and len(word) > 3 and _MAY_END.search(word)))
