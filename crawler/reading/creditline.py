"""Whether a line is nothing but credits and buttons: times, labels with values, roles with names, outlets. Pure.

A line is read piece by piece from its beginning; a piece that is none of these makes it text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from crawler.reading.names import COLON, ROLE, names_at

_H = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_GAP = re.compile(r"[\s|｜︱丨/／·•,，、:：()（）【】\[\]〔〕<>＞＜—–―_*★☆▲△■◆●=~+-]+")
_TIME = re.compile(
    r"(?:(?:19|20)\d\d\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*日?|(?:19|20)\d\d年|\d{1,2}\s*[:：時时]\s*\d{2}(?:\s*[:：分]\s*\d{2})?\s*[分秒]?"
    r"|星期[一二三四五六日天]|周[一二三四五六日]|[上下]午|HKT|香港時間|香港时间|北京时间|[AP]M\b|民國\d{2,3}年"
)
_LABEL = re.compile(
    rf"(?:(?:信息|文章|稿件|新闻|新聞|内容|图片|圖片|資料|资料|消息|本文)?(?:来源|來源|來自|来自|出处|出處|转自|轉自|转载自|轉載自|稿源|摘自|原载)"
    rf"|(?:本文|本期)?(?:作者|撰文|撰稿|采写|採寫|采访|採訪|整理|编译|編譯|翻译|翻譯|摄影|攝影|摄|攝|文|图|圖|出品|原创|原創|供稿|审读|统稿)"
    rf"|(?:责任|責任|执行|執行|值班|本期|本文|网络|文字|图片|视频|版面|新媒体|审核|主)?(?:编辑|編輯|责编|責編|主编|主編|监制|監製|校对|校對|审核|審核|審稿|审稿|初审|复审|终审|审校|编审|排版|美编|制图|设计|策划|统筹)"
    rf"|(?:发布|發布|發佈|发表|更新|建立|发稿|發稿|最後更新|最后更新|修訂)?(?:时间|時間|日期|于)|(?:浏览|瀏覽|点击|點擊|阅读|閱讀|点閱|點閱|访问)(?:次数|次數|量|数|人次)?|字号|字體|字体|字級|人气|人氣)(?:{COLON})"
    r"|(?:文|撰文|審稿|审稿|图|圖|摄影|攝影|编译|編譯|整理)\s*[/／]\s*"
)
_VALUE = re.compile(r"\s*[《“\"]?[^\s|｜/／，,；;。！？（）()【】\[\]〔〕:：]{1,24}[》”\"]?")
_QUOTED = re.compile(r"(?:转自|轉自|转载自|轉載自|摘自|原载于?|综合整理自|綜合整理自|整理自|据|來源)\s*(?=《)")
_REPORTER = re.compile(rf"(?:[\w·《》]{{0,14}}?\s*)??(?:{ROLE}|作者|编辑|編輯)(?P<parted>\s*[:：/／]\s*|\s+)?")
_OUTLET = re.compile(
    rf"《[^》]{{2,20}}》|(?:{_H}|[A-Za-z0-9]){{1,12}}?(?:报|報|网|網|新闻|新聞|新聞雲|社|台|電視|电视|客户端|中文站|周刊|週刊|频道|頻道)(?!{_H})"
)
_BUTTON = re.compile(
    r"[閱阅][讀读]時?时?[間间]\s*\d+\s*分[鐘钟]|(?:纠错|糾錯|我要纠错|打印|列印|关闭|關閉|收藏|返回|分享|举报|舉報|投诉|评论|評論|发表评论|发表看法|我要评论|留言|點讚|点赞|放大|缩小|默认|复制|複製|转发|轉發|推荐|朗读|听新闻|更新|编辑|图集|圖集)(?:本页|本頁|窗口|視窗|頁面|页面|本稿|本文|文章|全文)?"
    r"|(?:\d[\d,.]*\s*(?:万|萬)?\s*(?:次|人|条|條|个|留言|回應|讚好|阅读|閱讀|评论|評論|浏览|瀏覽|參與|参与|分享|讚|赞)(?:评论|評論|参与|參與|浏览)?)|\d{1,6}\s*(?:阅读|评论|浏览)"
    r"|第\s*[\dA-Z]{1,4}\s*[版页頁期](?:/共\s*\d+\s*[页頁])?|[A-Z]?\d{1,3}\s*版|[上下]一?[页頁篇則则条條]"
)
_VERB = re.compile(
    rf"(?:综合|綜合|即時|现场|現場|联合|聯合|专题|專題|深度|特约|{_H}{{1,6}}?)?(?:报道|報道|報導|报导|专电|專電|专稿|專稿|电|電|摄影|攝影|摄|攝|文|图|圖|撰文|整理|编译|編譯|综合|綜合|供图|供圖|制图|口述|刊发|发自|發自|讯|訊)(?!{_H}{{3}})|受访者供图|受訪者供圖"
)
# What credits a picture alone belongs to its caption.
_PHOTO = re.compile(r"^(?!.*[/／]\s*文|.*报道|.*報[道導])(?:.*)(?:(?<![图圖])[摄攝]|供[图圖])[）)】]?$")
_BYLINED = re.compile(rf"(?:{_H}{{2,3}}[\s、]+){{0,5}}{_H}{{2,3}}\s*[/／]\s*{_H}{{0,4}}(?:報導|报道|報道)")
_TAG = re.compile(r"#[^#\s]{1,20}#?|@[\w-]{2,16}")
_LONGEST = 120


def is_credit_line(line: str) -> bool:
    """Whether a line credits and does nothing else."""
    if len(line) > _LONGEST or _PHOTO.search(line):
        return False
    position = 0
    seen: set[str] = set()
    while position < len(line):
        if gap := _GAP.match(line, position):
            position = gap.end()
            continue
        kind, end = _piece(line, position, bool(seen))
        if end == position:
            return False
        seen.add(kind)
        position = end
    return bool(seen & {"label", "names", "button", "tag", "quoted"}) or {"time", "outlet"} <= seen


def _piece(line: str, position: int, inside: bool) -> tuple[str, int]:
    """The kind of the piece that begins at a position, and its end; the position itself where there is none."""
    for kind, read in _KINDS:
        if (end := read(line, position)) > position and (inside or kind != "verb"):
            return kind, end
    return "", position


def _matched(form: re.Pattern[str]) -> Callable[[str, int], int]:
    def read(line: str, position: int) -> int:
        found = form.match(line, position)
        return found.end() if found else position

    return read


def _labelled(line: str, position: int) -> int:
    """A label with its value, and with further names behind that."""
    label = _LABEL.match(line, position)
    if label is None:
        return position
    value = _VALUE.match(line, label.end())
    end = value.end() if value and not _LABEL.match(line, value.start()) else label.end()
    if label.group().startswith("原") and (account := _VALUE.match(line, end)):
        end = account.end()  # WeChat's line: 原创： 王小禾 晨光健康
    return max(end, names_at(line, end)[1])


def _reporter(line: str, position: int) -> int:
    """A role with its names, an outlet before it or not; names glued to the role must be names beyond doubt."""
    role = _REPORTER.match(line, position)
    if role is None:
        return position
    names, end = names_at(line, role.end(), strict=role["parted"] is None)
    return end if names else position


def _bylined(line: str, position: int) -> int:
    """Names that open a line and are followed by a place and 報導."""
    return position if position else _matched(_BYLINED)(line, position)


_KINDS: tuple[tuple[str, Callable[[str, int], int]], ...] = (
    ("time", _matched(_TIME)),
    ("tag", _matched(_TAG)),
    ("label", _labelled),
    ("quoted", _matched(_QUOTED)),
    ("names", _reporter),
    ("names", _bylined),
    ("outlet", _matched(_OUTLET)),
    ("button", _matched(_BUTTON)),
    ("verb", _matched(_VERB)),
)
