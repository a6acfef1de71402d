"""Names of persons in credits: which words are names, and the names that follow a word such as 记者. Pure.

A name beside nothing but text needs a surname; one that stands between separators may be a pen name.
"""

from __future__ import annotations

import re

# The surnames of some 98 of 100 people, in both scripts (the census of 2020 and Taiwan's of 2018).
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖蕭萧田董潘袁蔡蒋蔣余餘于於杜叶葉程魏苏蘇吕呂丁任卢盧姚沈瀋锺钟鍾鐘姜"
    "崔谭譚陆陸范範汪廖石金韦韋贾賈夏付傅方邹鄒熊白孟秦邱江尹薛闫阎閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴赖賴覃洪武莫孔汤湯向常温溫康施文牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪"
    "庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯纪紀梅童凌毕畢单單季裴霍涂塗成苗谷盛曲翁冉骆駱蓝藍路游辛靳欧管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時"
    "穆农農司卓古吉缪繆简簡车車项項连連芦蘆麦麥褚娄婁窦竇戚岑景党黨宫宮费費卜冷晏席卫衛米柏宗瞿桂全佟应應臧闵閔苟邬鄔边邊卞姬师師和仇栾欒隋商刁沙荣榮巫寇桑郎甄丛叢仲虞敖巩鞏明"
    "佘池查麻苑迟遲邝鄺官封谈談匡鞠惠荆荊乐樂冀郁鬱胥南班储儲原栗燕楚鄢劳勞谌諶奚皮粟冼蔺藺楼樓盘盤满滿闻聞位厉厲伊仝区區郜海阚闞花权權强強帅帥屠豆朴盖蓋练練廉禹井祖漆巴丰豐支卿"
    "国國狄平计計索宣晋晉相初门門云雲容敬来來扈晁芮都普阙闕浦戈伏鹿薄邸雍辜羊阿乌烏母裘亓修邰赫杭况況那宿鲜鮮印逯隆茹诺諾战戰慕危玉银銀亢嵇公哈湛宾賓戎勾茅利於呼居揭干但尉冶斯元束檀衣信"
    "展阴陰昝智幸奉植衡富尧堯闭閉由"
)
_DOUBLE = (
    "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|司徒|皇甫|令狐|慕容|夏侯|尉迟|尉遲|东方|東方|端木|公孙|公孫|范姜|張簡|张简"
)
_H = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_BORN = rf"(?:(?:{_DOUBLE}){_H}{{1,2}}|[{_SURNAMES}]{_H}{{1,2}})"
_FOREIGN = rf"{_H}{{1,6}}(?:[·•・‧]{_H}{{1,8}})+"
_LATIN = r"[A-Z][a-zA-Z.'’-]+(?:\s[A-Z][a-zA-Z.'’-]+){1,2}"
_WORD = re.compile(rf"{_LATIN}|{_FOREIGN}|{_H}+")
NAME = re.compile(rf"{_FOREIGN}|{_H}{{2,4}}|{_LATIN}")
BORN = re.compile(rf"{_FOREIGN}|{_BORN}")

# A colon is missing where a template puts the value into a tag of its own; a bar or dash may stand for it (作者︱王小禾).
COLON = r"\s*(?:[:：︰∶︱｜丨|]|[—–-](?=\s*[\u4e00-\u9fff]))\s*"
ROLE = (
    r"(?:(?:见习|見習|实习|實習|特约|特約|特派|首席|全媒体|全媒體|融媒体|资深|資深|总台|總台|驻\S{2,6}?|駐\S{2,6}?|本报|本報|本网|本網|本刊|地方|通讯|即時)?"
    r"(?:记者|記者|通讯员|通訊員|特派员|特派員|评论员|評論員|实习生|實習生|编译|編譯|撰稿人|专栏作者|專欄作者|报道员))"
)
_ROLE = re.compile(ROLE)
_SEPARATORS = re.compile(r"[\s、，,/／&＆+·|｜︱丨]*(?:[（(][文圖图攝摄/、]{1,3}[）)]\s*)?(?:和|及|与|與)?\s*")
# What may follow a name that nothing parts from it: the verbs and places of a credit, never the rest of a sentence.
_AFTER = re.compile(
    r"\s*(?:$|[\d\s、，,。；;:：/／|｜︱丨()（）【】\[\]〔〕“”_<>-]|报道|報道|報導|报导|综合|綜合|整理|编译|編譯|撰文|撰稿|摄|攝|文|图|圖|电|電|讯|訊|从|從|在|昨|今|近日|日前|获悉|獲悉|采访|採訪|发自|發自|专访|專訪"
    rf"|{ROLE})"
)
_NO_NAMES = frozenset(
    "报道 報導 报导 報道 摄影 攝影 通讯员 通訊員 记者 記者 编辑 編輯 来源 來源 时间 時間 发布 發布 获悉 昨日 今日 近日 日前 责任编辑 整理 综合 綜合 即時新聞 综合报道"
    " 綜合報導 综合报导 网络 網路 網絡 互联网 佚名 匿名 本站 管理员 管理員 小编 小編 未知 未知作者 阅读 閱讀 浏览 瀏覽 点击 點擊 收藏 评论 評論 分享 打印 列印 字号 更新 网络整理 本报 本報 本網 本网"
    " 作者 撰文 撰稿 摄影者 出处 出處 字体 校对 校對 审核 審核 监制 監製 人气 人氣 点击率 评论数 路透 出自 手记 观察 文字 图片 圖片 视频 影片 实习生 发自 發自 原创 原創 转载 轉載 编译 編譯 受访者 受訪者 供图 供圖 等 关注 關注 无 無 不详 投稿 通讯 专稿 專稿 特稿 现场 現場 即時 即时 專訊 文圖 撰文 采写 採訪 健康 新闻 新聞"
    " 香港 台北 台灣 北京 上海 广州 高雄 台中 台南 新北 桃園 南市 中市 高市 北市 廣州 澳門 東京 华盛顿".split()
)
_NO_PERSON = re.compile(
    r"(?:报|報|网|網|社|台|臺|电视|電視|新闻|新聞|在线|線上|客户端|传媒|傳媒|周刊|週刊|杂志|雜誌|频道|頻道|委|局|部|厅|廳|中心|工作室|栏目组|编辑部|編輯部|学会|學會|时报|時報|科技|公司|集团|集團|大学|大學|医院|醫院|组|組|号|财经|財經|日报|日報|晚报|时间|時間|日期|更新|來源|来源|讯|訊|记者|記者|编辑|編輯|博客|微博|单位|單位|简介|介绍|信息|资讯|資訊|投稿|热线|熱線)$"
)
_TAIL = re.compile(
    r"(?:摄影|攝影|摄|攝|报道|報道|報導|报导|综合|綜合|通讯员|通訊員|整理|编译|編譯|撰文|电|電|中?醫師|中?医师|[醫医]生|教授|博士|[營营]養師|营养师|[藥药][師师])$|(?<=.{3})[文图圖]$"
)


def is_name(word: str) -> bool:
    """Whether a word that stands alone may be a person's name, pen names too."""
    return bool(NAME.fullmatch(word)) and word not in _NO_NAMES and not _NO_PERSON.search(word)


def is_person(word: str) -> bool:
    """Whether a word is a name that begins with a surname, or one of several parts."""
    return is_name(word) and bool(BORN.fullmatch(word) or re.fullmatch(_FOREIGN, word))


def names_at(text: str, position: int, *, strict: bool = False) -> tuple[tuple[str, ...], int]:
    """The names that begin at a position, further ones behind separators or roles too, and where they end.

    `strict` takes persons' names only, no pen names: for what stands in a sentence.
    """
    found: list[str] = []
    end = position
    while len(found) < 12:
        start, role = _skipped(text, end)
        name = _name_at(text, start, strict and not (role and found))
        if name is None:
            break
        found.append(name)
        end = start + len(name)
    return tuple(dict.fromkeys(found)), end


def _skipped(text: str, position: int) -> tuple[int, bool]:
    """Behind the separators and roles that stand at a position, and whether there was a role."""
    seen = False
    while True:
        after = _SEPARATORS.match(text, position).end()  # type: ignore[union-attr]
        role = _ROLE.match(text, after)
        if role is None:
            return after, seen
        position, seen = role.end(), True
        if colon := re.match(r"\s*[:：]", text[position:]):
            position += colon.end()


def _name_at(text: str, position: int, strict: bool) -> str | None:
    """The name that begins at a position: a word between separators, or a surname with what belongs to it."""
    word = _WORD.match(text, position)
    if word is None:
        return None
    whole = _TAIL.sub("", word.group())
    loose = not strict and whole == word.group() and not BORN.match(whole)  # 台北報導 is a place
    if is_person(whole) or (loose and is_name(whole)):
        return whole
    return next((name for size in (3, 2, 4) if (name := _cut(text, position, size))), None)


def _cut(text: str, position: int, size: int) -> str | None:
    name = text[position : position + size]
    return name if is_person(name) and len(name) == size and _AFTER.match(text, position + size) else None
