"""What an answer is before anyone reads it as an article: gone, challenged, an error, not text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archive.models import Verdict
from crawler.reading.outline import Line

_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl_clearance|security_verify_data|security_session_verify|cf-mitigated|cf-challenge|challenge-platform"
    r"|_guard/auto\.js|安全验证|人机验证|滑动验证|请完成验证|Just a moment\.\.\.|acw_sc__v2|waf_?captcha|probe\.js\?id=",
    re.I,
)
_GONE = re.compile(
    r"(?:页面|頁面|网页|網頁|内容|內容|文章|新闻|新聞|信息|资讯|稿件|链接|地址)(?:已|已经|已經|可能已)?(?:不存在|被删除|被刪除|删除|刪除|下线|下架|失效|过期|撤回|撤销|移除|无法找到|找不到|走丢了|不見了|不见了)"
    r"|(?:找不到|未找到|没有找到|無法找到|无法找到|不存在)(?:您|你)?(?:所|要|想)?(?:访问|訪問|查看|瀏覽|浏览|请求|查找)?的?(?:页面|頁面|网页|網頁|内容|內容|文章)"
    r"|(?:访问|訪問|查看|浏览|瀏覽|请求|查找|要找)的?(?:页面|頁面|网页|網頁|内容|內容|文章|资源)(?:已)?(?:不存在|被删除|被刪除|删除|走丢|不见|找不到|未找到)|(?:页面|頁面|网页|網頁|内容|內容|文章|新闻|新聞|信息|稿件|原文|本文|此文|[该該]文)(?:因.{0,10})?(?:(?:可能)?已(?:经|經)?被?|被)(?:作者|[发發][布佈]者|管理[员員]|[网網]站)?(?:自行)?(?:[删刪]除|撤[销銷]|撤下|撤稿|移除)"
    r"|(?:内容|內容|文章|新闻|新聞|信息|资料|資料)(?:因.{0,10}|暂时|暫時)?[无無]法(?:查看|[显顯]示)|(?:页面|頁面|网页|網頁)[丢丟]失|查?[无無]此(?:新闻|新聞|文章|文|信息|资料|資料)(?![一-鿿])|查[询詢]的?(?:信息|资料|資料|内容|內容)不存在"
    r"|404 Not Found|Page Not Found|page you requested (?:was not|could not be) found|page (?:could not|cannot) be found",
    re.I,
)
# A page that is nothing but a leap to the home page or to an error page.
_SENT_AWAY = re.compile(
    r"(?:location(?:\.href)?\s*=\s*|location\.(?:replace|assign)\(\s*|http-equiv=[\"']?refresh[\"']?[^>]{0,80}?url=)[\"']?"
    r"(?:https?://[^/\"'\s]+/?|/)(?:(?:index|default|404|error)(?:\.\w+)?)?[\"'\s>)]",
    re.I,
)
_BARE = 2_000  # characters of HTML
_WALL = re.compile(
    r"(?:登录|登錄|登入|订阅|訂閱|付费|付費|会员|會員)(?:后|後|之后)?.{0,8}(?:查看|阅读|閱讀|继续|繼續|全文)|成为会员|成為會員|剩余.{0,6}字"
)
_ERROR = re.compile(
    r"(?:500|502|503|504)\s*(?:Internal|Bad|Service|Gateway)|系统(?:繁忙|错误|维护)|服务器(?:错误|繁忙|开小差)|网站维护|Database error|数据库(?:错误|连接)",
    re.I,
)
_BINARY = re.compile(rb"\A(?:%PDF|PK\x03\x04|\x89PNG|GIF8|\xff\xd8\xff|\xd0\xcf\x11\xe0|Rar!|\x1f\x8b|RIFF|ftyp)")
_TEXTUAL = re.compile(r"text|html|xml|json|javascript", re.I)


def by_status(status: int, payload: bytes, content_type: str | None) -> tuple[Verdict, str] | None:
    """What the status line and the first bytes say; None where the page has to be looked at."""
    head = payload[:20_000].decode("latin-1")
    if status in (404, 410):
        return "gone", f"HTTP {status}"
    if status in (412, 521) or (status in (202, 401, 403, 503) and _CHALLENGE.search(head)):
        return "challenged", f"HTTP {status}"
    if status == 403:
        return "challenged", "HTTP 403"
    if status == 401 or status == 402:
        return "walled", f"HTTP {status}"
    if status != 200 and status != 203:
        return "error", f"HTTP {status}"
    if _BINARY.match(payload) or (content_type and "/" in content_type and not _TEXTUAL.search(content_type)):
        return "binary", content_type or "binary data"
    return None


def by_text(html: str, title: str, visible: str) -> tuple[Verdict, str] | None:
    """What a page of little text says about itself; None where it may be an article."""
    if len(visible) < 400 and _CHALLENGE.search(html):
        return "challenged", "an anti-bot page with status 200"
    if len(visible) < 60 and len(html) < _BARE and (found := _SENT_AWAY.search(html)):
        return "gone", f"the page leads away: {found.group()[:80]}"
    opening = f"{title}\n{visible[:200]}"
    if len(visible) < 600 and (found := _GONE.search(opening)) and (found.end() <= len(title) or not _tells(visible)):
        return "gone", f"soft 404: {found.group()[:40]}"
    if len(visible) < 300 and _ERROR.search(opening):
        return "error", "an error page with status 200"
    return None


def _tells(visible: str) -> bool:
    """Whether there are paragraphs: a short article may speak of a page that was deleted."""
    return sum(len(line) > 30 and line.endswith(("。", "！", "”")) for line in visible.split("\n")) >= 2


_SOON = 12
_FEW_HAN = 200
_MANY_LINKS = 12


def of_little_text(lines: Sequence[Line], head: int, own: Sequence[int]) -> tuple[Verdict, str] | None:
    """What a page with a little text is, if that text is not an article: `own` are its lines, `head` is the headline's.

    A list has links where an article would begin; a page that says its article is gone, or shows it to subscribers
    only, says so there.
    """
    first = own[0] if own else len(lines)
    opening = lines[max(0, head) : first + 2][: _SOON + 2]
    gone = next((found for line in opening if len(line.text) <= 50 and (found := _GONE.search(line.text))), None)
    han = sum(lines[i].han for i in own)
    if gone and han < 3 * _FEW_HAN:
        return "gone", f"soft 404: {gone.group()[:40]}"
    wall = [line.text for line in lines[max(0, head) : (own[-1] if own else head) + _SOON] if _WALL.search(line.text)]
    if han < _FEW_HAN and any(not _REMARKS.search(text) for text in wall):
        return "walled", "a login or pay wall"
    links = sum(line.linky and line.han >= 8 for line in lines[max(0, head) : first])
    if sum(lines[i].text.endswith("。") for i in own) > 2:
        return None
    return ("list", f"{links} links before any text") if links >= _MANY_LINKS and han < 2 * _FEW_HAN else None


_REMARKS = re.compile(r"评论|評論|留言|跟帖|回[复復]|發言|发言")


def of_no_text(visible: str, links: int) -> tuple[Verdict, str]:
    """What a page is in which no article was found."""
    if _WALL.search(visible):
        return "walled", "a login or pay wall"
    if links >= 10:
        return "list", f"{links} links and no article"
    return "empty", "no text was found"
