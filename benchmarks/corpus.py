"""Generated articles to search in: about 1,200 characters each, words as common as words are, figures, marks, tables.

Everything follows from an article's number. The generator knows the words it put down, so it can say what a whole word
is: some words stand beside others so that a third one lies across them (中医 and 保健: 医保).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from archive.text import clean

LENGTH = 1200  # characters of a text
FIRST_DAY = date(2016, 1, 1)
DAYS = 3900
NAMES = 60_000  # invented rare words: people, places, products
NAMED, TOPICAL = 0.15, 0.3  # of all words
TOPICS = 20  # words of health that an article comes back to

COMMON = (
    "的 了 在 和 是 对 与 为 将 等 也 就 还 已 从 由 向 后 中 上 有 并 及 到 这 该 其 "
    "不 以 可 更 我们 他们 一个 进行 通过 可以 以及 目前 同时 已经 需要 其中 由于 因此 没有 "
    "但是 如果 包括 表示 介绍 认为 开展 推进 加强 提高 完善 建立 实施 工作 服务 问题 情况 方面 "
    "部门 地区 社会 发展 管理 制度 政策 国家 全国 全省 全市 县里 居民 群众 今年 去年 记者"
).split()
HEALTH = (
    "医院 患者 医生 护士 医疗 卫生 健康 治疗 疾病 药品 疫苗 手术 门诊 住院 病例 感染 症状 诊断 "
    "基层 医保 医改 就诊 转诊 报销 集采 目录 处方 医共体 乡镇 卫生院 村医 家庭医生 签约 随访 "
    "慢性病 高血压 糖尿病 肿瘤 癌症 肝炎 流感 肺炎 结核 艾滋病 抑郁症 儿童 老人 孕产妇 疾控 中心 "
    "急救 监测 报告 研究 专家 教授 临床 试验 基因 检测 筛查 康复 护理 养老 中医 中药 保健 营养 "
    "食品 安全 饮水 空气 控烟 卫健委 分级诊疗 公共卫生 医疗保险 医务人员 县域 就诊率 床位 "
    "设备 药店 药师 耗材 价格 费用 基金 支付 改革 方案 通知 意见 会议 试点 数据 信息 平台 远程 "
    "影像 检验 血液 器官 移植 伦理 青霉素 胰岛素 抗生素 阿司匹林 对乙酰氨基酚 冠状病毒 新生儿 "
    "预防接种 健康教育 传染病 职业病 精神卫生 妇幼保健"
).split()
# Words that stand together so that another word, which the articles have too, lies across them.
PAIRS = {
    "医保": "中医/保健",
    "中国": "发展中国家",
    "分子": "部分/子女",
    "和平": "和/平均",
    "国有": "全国/有",
    "会诊": "会/诊断",
    "现在": "出现/在",
    "生活": "产生/活力",
    "药品": "中药/品种",
    "层次": "基层/次数",
    "老人": "老/人口",
    "直播": "一直/播放",
    "门诊": "门/诊疗",
}
LATIN = "WHO DRG DIP COVID-19 HPV CT MRI ICU mRNA PM2.5 AI BMI H1N1 Omicron vitamin PCR".split()
UNITS = "例 人 家 万人 亿元 个 种 张 年 月 日 岁 % 个百分点 毫克 小时".split()
PAUSES, ENDS = "，，，，，、；：", "。。。。！？"


@dataclass(frozen=True)
class Generated:
    """An article with the words that were put down, of the title and of both."""

    number: int
    title: str
    text: str
    title_words: frozenset[str]
    words: frozenset[str]

    @property
    def published(self) -> str:
        """A day that has nothing to do with the number: pages are met in no order."""
        return str(FIRST_DAY + timedelta(days=Random(self.number * 3 + 1).randrange(DAYS)))


def _zipf(many: int, first: int) -> list[float]:
    """Cumulated weights by Zipf's law; the greater `first`, the less common the most common one is."""
    return list(accumulate(1 / (place + first) for place in range(many)))


_COMMON_WEIGHTS = _zipf(len(COMMON), 4)
_TOPICS = list(dict.fromkeys((*HEALTH, *PAIRS, *PAIRS.values())))
_HEALTH = tuple(tuple(entry.split("/")) for entry in Random(7).sample(_TOPICS, len(_TOPICS)))
_HEALTH_WEIGHTS = _zipf(len(_HEALTH), 12)


@cache
def _names() -> tuple[list[str], list[float]]:
    """The invented words, by Zipf's law too, of characters some of which are far more common than others."""
    chance = Random(8)
    characters = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
    weights = _zipf(len(characters), 30)
    chance.shuffle(characters)
    names = [
        "".join(chance.choices(characters, cum_weights=weights, k=chance.choice((2, 2, 2, 3, 3, 4))))
        for _ in range(NAMES)
    ]
    return names, _zipf(NAMES, 20)


def article(number: int, length: int = LENGTH) -> Generated:
    """The article with this number."""
    writer = _Writer(Random(number))
    title = writer.clause() + writer.clause()
    title_words = frozenset(writer.used)
    text = writer.text(length)
    return Generated(number, title, text, title_words, frozenset(writer.used))


class _Writer:
    """Writes one article and remembers its words."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.topics = chance.choices(_HEALTH, cum_weights=_HEALTH_WEIGHTS, k=TOPICS)
        self.used: set[str] = set()

    def text(self, length: int) -> str:
        parts: list[str] = []
        size = 0
        while size < length:
            parts.append(self.row() if self.chance.random() < 0.03 else self.sentence())
            size += len(parts[-1])
            if self.chance.random() < 0.3:
                parts.append("\n")
        return clean("".join(parts))

    def words(self, many: int) -> list[str]:
        return [self.word() for _ in range(many)]

    def word(self) -> str:
        kind = self.chance.random()
        if kind < NAMED:
            entry: tuple[str, ...] = (self._picked(*_names()),)
        elif kind < NAMED + TOPICAL:
            entry = self.chance.choice(self.topics)
        else:
            entry = (self._picked(COMMON, _COMMON_WEIGHTS),)
        self.used.update(entry)
        return "".join(entry)

    def _picked(self, entries: Sequence[str], weights: Sequence[float]) -> str:
        return entries[bisect(weights, self.chance.random() * weights[-1])]

    def clause(self) -> str:
        found = self.words(self.chance.randint(3, 9))
        for share, piece in ((0.2, self.figure), (0.07, self.latin)):
            if self.chance.random() < share:
                found.insert(self.chance.randrange(len(found)), piece())
        return "".join(found)

    def sentence(self) -> str:
        clauses = [self.clause() + self.chance.choice(PAUSES) for _ in range(self.chance.randint(0, 3))]
        if self.chance.random() < 0.08:
            clauses.append(f"“{self.clause()}”")
        return "".join(clauses) + self.clause() + self.chance.choice(ENDS)

    def row(self) -> str:
        return f"\n{self.word()} | {self.word()}{self.word()} | {self.figure()}\n"

    def figure(self) -> str:
        chance = self.chance
        kind = chance.random()
        if kind < 0.3:
            return f"{chance.randint(2010, 2026)}年"
        number = f"{chance.randint(1, 99)}.{chance.randint(0, 9)}" if kind < 0.6 else str(chance.randint(1, 3000))
        return number + chance.choice(UNITS)

    def latin(self) -> str:
        word = self.chance.choice(LATIN)
        return f" {word} " if self.chance.random() < 0.3 else word


def slices(length: int, many: int, among: int, seed: int = 1) -> Sequence[str]:
    """Pieces of this length of the articles' runs of words, cut anywhere: what a person might copy."""
    chance = Random(seed * 100 + length)
    found: list[str] = []
    while len(found) < many:
        text = article(chance.randrange(1, among + 1)).text
        place = chance.randrange(len(text) - length)
        piece = text[place : place + length]
        if all("一" <= character <= "鿿" for character in piece):
            found.append(piece)
    return found


def across_marks(length: int, many: int, among: int) -> Sequence[str]:
    """Pieces of this length that stand nowhere: their two halves are parted by a mark or a paragraph."""
    chance = Random(length)
    found: list[str] = []
    while len(found) < many:
        text = article(chance.randrange(1, among + 1)).text
        place = chance.randrange(length, len(text) - length)
        piece = text[place - length // 2 : place] + text[place + 1 : place + 1 + length - length // 2]
        if text[place] in "，。、；：\n" and all("一" <= character <= "鿿" for character in piece):
            found.append(piece)
    return found
