"""Lines of a page that are no text of its article: credits, chrome, notices. Tables of patterns, both scripts. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.reading.creditline import is_credit_line

# Words that name a section of a site: no headline, no outlet.
SECTIONS = frozenset(
    "港聞 即時 即時新聞 即时新闻 新聞 新闻 社會 社会 政治 國際 国际 兩岸 财经 財經 健康 生活 专题 專題 要聞 要闻 本地 時事 时事 娛樂 娱乐 體育 体育 科技 教育 地方 突發 中國 中国 港澳 台灣 大陸 國內 国内 經濟 经济 热点 綜合 综合 医疗 醫療 卫生 衛生 养生 養生"
    " 新闻中心 新聞中心 健康新闻 健康新聞 国内新闻 国际新闻 社会新闻 行业新闻 行业动态 工作动态 通知公告 即時港聞 本地新聞 新聞稿 新闻稿 財經新聞 要聞港聞 視頻新聞 专家观点 每日新聞 新聞公報 新闻发布 最新消息 公告 新闻动态 媒體報導 衛教園地 院內新聞 醫院動態 医院动态".split()
)
_COLON = r"\s*[:：]\s*"
_CREDIT = re.compile(
    r"[（(【\[〔]?\s*(?:"
    r"(?:信息|文章|稿件|新闻|内容|图片|資料|消息)?(?:来源|來源|來自|来自|出处|出處|转自|轉自|转载自|轉載自|稿源)"
    r"|(?:本文|本期)?(?:作者|文|撰文|撰稿|采写|採寫|整理|编译|編譯|翻译|翻譯|摄影|攝影|摄|通讯员|通訊員)(?:[/／|｜]\s*\S+)?"
    r"|(?:责任|責任|执行|執行|值班|本期|本文|网络|文字|图片|视频|版面|新媒体|审核|主)?(?:编辑|編輯|责编|責編|主编|主編|监制|監製|校对|校對|审核|審核|初审|复审|终审|审校|编审|排版|美编|制图|设计|策划|统筹)"
    r"|原标题|原標題|原题|原題|发布时间|發布時間|发布日期|發佈日期|發布日期|更新时间|更新時間|更新日期|發稿時間|发稿时间|建立時間|修訂日期|时间|時間|日期|来源日期"
    r"|发布机构|發布機構|发布单位|字号|字體|字体|字級|浏览次数|浏览量|点击数|点击量|点击|阅读|阅读量|閱讀|瀏覽人次|點閱數|访问量|阅读次数|瀏覽次數|评论|人气"
    r"|标签|標籤|关键词|關鍵字|关键字|关键字|所属分类|分类|分類|栏目|所属栏目|官方网址|上一篇|下一篇|上一条|下一条|上一則|下一則|上一頁|下一頁|上一页|下一页"
    r")" + _COLON + r".{0,60}"
)
_EXACT = re.compile(
    r"(?:分享(?:到|至|本页|本頁|給|给)?(?:[:：].{0,40})?|打印(?:本页|文章)?|列印|關閉(?:視窗|窗口)?|关闭(?:窗口|本页)?|收藏|返回(?:顶部|首页|列表|上一页|目录)?|返回頂部|回頂部"
    r"|[【\[]?\s*(?:字体|字號|字号|字體|字級)?\s*[:：]?\s*(?:大|中|小)(?:\s+(?:大|中|小)){1,2}\s*[】\]]?|.{0,8}大\s+中\s+小.{0,4}|(?:[【\[(（]?\s*(?:打印|关闭|關閉|收藏|列印|纠错|糾錯|分享|返回)(?:本页|本頁|窗口|視窗|頁面|页面)?\s*[】\])）]?\s*){1,5}"
    r"|(?:微信|手机|手機)?(?:扫一扫|掃一掃|扫码|掃碼).{0,30}|(?:微信|新浪微博|微博|QQ空间|QQ|腾讯微博|人人网|豆瓣|Facebook|Twitter|LINE|Line|facebook|twitter|Copy Link|複製連結|复制链接)"
    r"|评论|發表評論|发表评论|我要评论|我來說兩句|网友评论|最新评论|热门评论|留言|點讚|点赞|赞|讚|举报|舉報|纠错|糾錯|我要纠错|投诉|收起|展开全文|展開全文|阅读全文|閱讀全文|加载更多|載入更多|查看更多|点击查看更多|更多|more|More"
    r"|广告|廣告|推广|推廣|(?i:advertisement)|AD|[本文章]{0,2}目[录錄]|相关推荐|相關推薦|热门推荐|熱門推薦|推荐阅读|推薦閱讀|猜你喜欢|猜你喜歡|您可能會喜歡|延伸阅读|延伸閱讀|相关阅读|相關閱讀|相关新闻|相關新聞|相关报道|相關報道|相关文章|相關文章|热点推荐|热门文章|排行榜|热搜榜"
    r"|(?:首页|首頁)(?:\s*[>›»/].{0,60})?|.{0,10}(?:当前位置|您的位置|您所在的位置|目前位置|現在位置)\s*[:：]?.{0,60}|跳到主要內容.{0,20}|无障碍.{0,10}|版权声明|免责声明|免責聲明|声明[:：]?|返回[^，。]{2,8}，查看更多|特别声明[:：]?|\+?\d{1,6}|[|/>·•\-—_=*#\s]+"
    r"|[請请](?:繼續|继续)往下[閱阅][讀读].{0,6}|转播到.{2,10}|正在(?:加载|載入).{0,6}|自动播放.{0,40}|(?:点击|點擊)(?:进入|進入|查看|观看|觀看|收听|放大|看).{0,16}[:：>]*|.{0,4}返回.{2,12}首[页頁].{0,4}|返回.{2,12}[>»]+"
    r"|[(（]?(?:本文)?(?:综合|綜合)?(?:整理|编译|編譯|摘编|摘編)自[^。]{2,60}[)）]?|(?:图片|圖片|视频|影片)?(?:加载|載入)中.{0,6}"
    r"|(?:点击|點擊)上方.{0,8}(?:关注|關注).{0,6}|.{0,20}点个.{0,3}[“‘](?:在看|赞)[”’].{0,10}|.{0,4}[請请](?:關閉|关闭|停用).{0,6}[廣广]告.{0,16}|.{0,12}(?:會員|会员)(?:專享|专享|限定).{0,24}"
    r"|(?:完|END|end|The End|全文完|本文完)?)"
)
_NOTICE = re.compile(
    r"^.{0,6}[声聲]明\s*[:：]|^(?:风险|風險)提示\s*[:：]|投资有风险|著作[权權][归歸]|(?:转载|轉載)前[请請须]|[权權]利人如|版权(?:声明|所有)|版權(?:聲明|所有)|著作權|免责声明|免責聲明|未经(?:授权|许可|书面)|未經(?:授權|許可|書面)|不得转载|不得轉載|转载(?:请|需|须|时)注明|轉載(?:請|需|須)註明|不代表(?:本站|本网|本報|本報|本平台|.{0,8}观点|.{0,8}立場|.{0,8}立场)"
    r"|(?:联系|聯繫|聯絡)(?:我们|我們|本站|本网|本網).{0,20}(?:删除|刪除|处理|處理)|违法和不良信息举报|侵权.{0,12}(?:删除|联系)|侵權.{0,12}(?:刪除|聯)|(?:备案|備案)号|ICP[备備]|Copyright|All Rights Reserved|©"
    r"|(?:关注|關注|扫描|掃描|扫|掃).{0,20}(?:公众号|公眾號|二维码|二維碼|微信|客户端)|(?:下载|下載).{0,20}(?:APP|App|app|客户端|客戶端)|(?:APP|App|客户端)[^。]{0,24}(?:下载|下載)|本文(?:系|为|由).{0,30}(?:作者上传|用户上传|上传并发布|发布)|仅提供信息存储|Notice: The content|特别声明|特別聲明"
    r"|(?:開啟|打开|打開).{0,10}(?:App|APP|客[户戶]端)|(?:讚好|赞好|追蹤|追踪|[關关]注|[訂订][閱阅]|加入).{0,20}(?:專頁|专页|頻道|频道|Facebook|Instagram|WhatsApp|Telegram|YouTube|Threads|微信群|[電电]子[報报])|寄到?[給给]?[你您](?:的信箱)?$|(?:本月|每月|本週|本周).{0,8}(?:尚餘|剩餘|剩余|还剩|還剩).{0,8}(?:免費|免费)|(?:來函|来函|來稿|来稿|投稿)[請请]?.{0,4}(?:註明|注明|附)|以上(?:內容|内容|資料|资料|資訊).{0,6}(?:只供|僅供|仅供|供)(?:參考|参考)|寄到[你您]的信箱|(?:全賴|全靠|依靠)[^。]{0,12}(?:捐款|訂閱|订阅)|成[為为](?:月費|月费|付費|付费|訂閱|订阅)?[會会][員员]|(?:转载|轉載).{0,4}请附|原文出处|祝(?:您|你|大家).{0,12}(?:健康|愉快|每一天)|(?:报料|爆料|举报|投稿|新闻)热线|本网(?:站)?(?:所有|注明|刊载|转载)|本站(?:所有|刊载|转载|仅|内容)"
)
_DUMP = re.compile(r"(?<!\w)\w++\((?:\w+=[^,]{0,80},\s*){3}|\{\{[^}]{0,200}\}\}|\[object Object\]|null,\s*\w+=null")
_LONGEST_DUMP = 5_000
# From here on a page is about other things.
_END = re.compile(
    r"(?:[■●◆▲▼※【\[]\s*)?(?:相关推荐|相關推薦|热门推荐|熱門推薦|推荐阅读|推薦閱讀|猜你喜欢|猜你喜歡|您可能(?:會|会|也)(?:喜欢|喜歡|感兴趣)|延伸阅读|延伸閱讀|相关阅读|相關閱讀|相关新闻|相關新聞|相关报道|相關報道|相关文章|相關文章|相关链接|相關連結|热点推荐|热门文章|更多新聞|更多新闻|其他人也看|看更多|你可能感兴趣|最新评论|网友评论|评论区(?:\s*[（(]?\d*[）)]?)|在此留言|精彩(?:视频|图片)?推荐|精彩推薦|今日推荐|网友跟帖|热门排行|編輯推薦|编辑推荐|熱門新聞|热门新闻|最新新聞|最新新闻|最新消息|(?:讀者|读者|网友|網友)(?:留言|评论|評論|回應)|全部评论|热门评论|精彩评论|留言板)(?:\s*[（(]\d+[）)])?(?:[】\]:：].{0,40})?\s*[:：]?"
)
_BARE_DATE = re.compile(
    r"(?:香港時間|香港时间|北京时间)?[\d年月日:：/.\-\s時时分秒午上下]+(?:\(.{1,3}\)|（.{1,3}）|星期.)?(?:\s*香港時間)?[\d:：\s時时分]*"
)


# A row of small facts: a date first, or labels with their values.
_LABEL = r"(?:来源|來源|作者|记者|記者|编辑|編輯|责任编辑|责编|浏览|瀏覽|收藏|阅读|閱讀|点击|點擊|评论|評論|分享|字号|字體|时间|時間|发布|更新|打印|人气|點讚|点赞|热度|人氣)"
_FACTS = re.compile(
    rf"(?:[\d年月日:：/.\-]{{4,}}[\s|｜]*)+(?:{_LABEL}[^，。]{{0,30}}[\s|｜]*)*"
    rf"|(?:{_LABEL}(?:次数|次數|量|数|人次)?\s*[:：]?\s*\d[\d,.]*\s*(?:万|萬|次|人)?[\s|｜]*)+"
)
_REMINDER = re.compile(r".{0,14}提醒(?:您|你|讀者|读者)\s*[:：，].*|.{0,20}温馨提示\s*[:：]?.*")


# The box of telephone numbers that pages of Hong Kong and Taiwan put under a story of a suicide (2026-11).
_HOTLINE = re.compile(
    r".{0,30}(?:自殺|自杀|生命[線线熱热]|張老師|张老师|安心專線|撒瑪利亞|撒玛利亚|情緒通|向晴軒|防止自殺|心理健康支援|精神健康專線|24小時.{0,6}熱線|社會福利署|協談).{0,20}(?:[:：]|\d).{0,40}"
)
_NUMBER = re.compile(r"\d{4}")


_LONGEST_NOISE = 260


@lru_cache(maxsize=4096)  # asked of each line when it is weighed, when it is judged, and when its neighbours are
def is_noise(line: str) -> bool:
    """Whether a line is a credit, chrome or a notice, not text of an article."""
    if _NOTICE.search(line[:40]):
        return True
    if len(line) > _LONGEST_NOISE:
        return bool(_DUMP.search(line[:_LONGEST_DUMP]))
    if _EXACT.fullmatch(line) or _BARE_DATE.fullmatch(line):
        return True
    if len(line) <= 80 and _HOTLINE.fullmatch(line) and _NUMBER.search(line) and "。" not in line:
        return True
    if len(line) <= 120 and (_FACTS.fullmatch(line) or _REMINDER.fullmatch(line)):
        return True
    if (len(line) <= 90 and _CREDIT.fullmatch(line.rstrip("）)】]〕"))) or is_credit_line(line):
        return True
    return bool(_DUMP.search(line)) or (bool(_NOTICE.search(line)) and not _quotes(line))


def _quotes(line: str) -> bool:
    """A line that speaks about copyright in a sentence of its own is text."""
    return len(line) > 60 and "“" in line and "版权" not in line[:12]


# Other headings of the kind are made of these parts: 其他突發新聞, 本周热门文章.
_END_PARTS = re.compile(
    r"(?:专家|名医|医生|醫師|醫生|医院|科室)(?:推荐|推薦|介绍|介紹|风采)|"
    r"[■●◆▲▼※【\[\s]*(?:其他|其它|更多|最新|相关|相關|热门|熱門|最热|最熱|推荐|推薦|精彩|往期|今日|昨日|本[周週月]|同类|同類|同频道|焦点|焦點|编辑|編輯|为您|為您|大家都在)[\u4e00-\u9fff]{0,4}?"
    r"(?:新闻|新聞|文章|报道|報道|報導|消息|新聞稿|资讯|資訊|阅读|閱讀|推荐|推薦|内容|內容|链接|連結|故事|话题|話題|视频|視頻|影片|精选|精選|课程|課程|热点|熱點|排行榜?|电报|快讯|快訊|播报|看)[】\]:：\s]*"
    r"|(?:网友|網友|读者|讀者|全部|热门|熱門)?(?:留言|评论|評論|回应|回應|讨论|討論|跟帖)\s*[（(]\s*\d[\d,]*\s*[）)]|(?:喜欢|喜歡)[这這]篇.{1,6}[？?]?"
    r"|最受[欢歡]迎|最Hit|(?:人气|人氣|点击|點擊|阅读|閱讀|热文|熱文|新闻|新聞)排行榜?|热搜榜?|熱搜榜?|猜你.{1,5}|(?:你|您|妳)?(?:可能|或許|或许)(?:也|還|还|會|会)?(?:喜欢|喜歡|想看|感兴趣|感興趣).{0,3}"
)


def ends_article(line: str) -> bool:
    """Whether a line is a heading under which a page lists other stories."""
    return bool(_END.fullmatch(line)) or (len(line) <= 16 and bool(_END_PARTS.fullmatch(line)))


# The box of telephone numbers under a story of a suicide or of distress: its heading, and a line of it.
_HELP = re.compile(
    r".{0,40}(?:情緒|情绪|求助|自殺|自杀|輕生|轻生|輔導|精神健康|心理).{0,20}(?:熱線|热线|專線|致電|致电|電話)[^。]{0,12}[:：]?"
)
_HELP_LINE = re.compile(r"[^，。]{2,24}[:：]\s*[\dX（(][\dX\s\-（）()/、]{2,24}[^，。]{0,16}")


def opens_help_box(line: str) -> bool:
    """Whether a line heads a list of telephone numbers for people in distress."""
    return len(line) <= 70 and bool(_HELP.fullmatch(line))


def is_help_line(line: str) -> bool:
    """Whether a line names an office and its telephone number."""
    return len(line) <= 60 and bool(_HELP_LINE.fullmatch(line))


_TRAILING_EDITOR = re.compile(
    r"\s*返回[^，。]{2,8}[，,]\s*查看更多\s*$|\s*[（(【\[]\s*(?:责任编辑|責任編輯|责编|責編|编辑|編輯)\s*[:：][^）)】\]]{0,40}[）)】\]]\s*$"
)


def trimmed(line: str) -> str:
    """A line without an editor's credit at its end."""
    return _TRAILING_EDITOR.sub("", line)
