"""The kinds of a change, as a fact-checker would name them."""

from __future__ import annotations

import pytest

from archive.history.diff import kinds_of_change, size_of_change

TEXTS = [
    ("县域内就诊率达到96%，比上年提高。", "县域内就诊率达到69%，比上年提高。", "figures"),
    ("接种率提高了三成，专家表示满意。", "接种率提高了两成，专家表示满意。", "figures"),
    ("涉及三男四女，均已康复出院。", "涉及四男四女，均已康复出院。", "figures"),
    ("会议将于11月20日在市民中心举行。", "会议将于11月21日在市民中心举行。", "figures"),
    ("观察二十分钟后方可离开接种点。", "观察三十分钟后方可离开接种点。", "figures"),
    ("一些患者表示不愿意接受治疗。", "有些患者表示不愿意接受治疗。", "wording"),
    ("大家一致认为该药有效果。", "大家普遍认为该药有效果。", "wording"),
    ("正文第一段内容在此。", "正文第一段内容在此。\n更正：票价应为一元，特此更正。", "correction added"),
    ("正文第一段內容在此。", "正文第一段內容在此。\n編者按：本報於二十二日更新人數。", "correction added"),
    (
        "正文第一段内容在此，写得很长很长很长，也没有什么别的内容。",
        "正文第一段内容在此，写得很长很长很长，也没有什么别的内容。（更正：此前数字有误）",
        "correction wording",
    ),
    ("正文。\n更正：甲应为乙。", "正文。\n更正：甲应为乙。\n更正：丙应为丁。", "correction added"),
    (
        "甲段说的是疫苗接种的安排。\n乙段说的是门诊时间的调整。\n丙段说的是专家提醒的事项。",
        "乙段说的是门诊时间的调整。\n丙段说的是专家提醒的事项。\n甲段说的是疫苗接种的安排。",
        "moved",
    ),
    ("甲段说的是疫苗接种的安排。", "甲段说的是疫苗接种的安排。\n共有35人参加了培训活动。", "added"),
    ("甲段说的是疫苗接种的安排。\n共有35人参加了培训活动。", "甲段说的是疫苗接种的安排。", "removed"),
    ("患者需要服用5毫克药物治疗。", "患者需要服用5克药物治疗。", "figures"),
    ("库存为10⁵支，足够使用一年。", "库存为105支，足够使用一年。", "figures"),
    ("约有½的受访者表示支持这样做。", "约有¾的受访者表示支持这样做。", "figures"),
    ("全市共有3万名医务人员参加。", "全市共有3亿名医务人员参加。", "figures"),
    ("有效率达到百分之九十五以上。", "有效率达到百分之五十九以上。", "figures"),
    ("共确诊１，２００例本土病例。", "共确诊1,200例本土病例。", ""),
    ("完全不同的一段文字内容甲乙丙丁。", "另外写的句子没有任何重复之处。", "added removed"),
    ("活动将从一月持续到年底结束。", "活动将从二月持续到年底结束。", "figures"),
    ("本市的发病率居全国第一位次。", "本市的发病率居全国第二位次。", "figures"),
    ("一旦出现发热应当及时就医治疗。", "如果出现发热应当及时就医治疗。", "wording"),
    ("有一定的帮助作用，但不能代替药物。", "有帮助作用，但不能代替药物。", "wording"),
]


@pytest.mark.parametrize(("old", "new", "kinds"), TEXTS)
def test_kinds_of_a_changed_text(old: str, new: str, kinds: str) -> None:
    assert " ".join(kinds_of_change("标题", old, "标题", new)) == kinds


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("就诊率升至96.6%", "就诊率升至69.6%", "headline figures"),
        ("接種率升至五成", "接種率升至五成二", "headline figures"),
        ("专家谈十分重要的一步", "专家谈非常重要的一步", "headline"),
        ("医保目录调整", "医保 目录调整", ""),
    ],
)
def test_kinds_of_a_changed_headline(old: str, new: str, kinds: str) -> None:
    assert " ".join(kinds_of_change(old, "正文", new, "正文")) == kinds


FIRST, SECOND, THIRD = "甲段说的是疫苗接种的安排。", "乙段说门诊。", "丙段说的是专家提醒的事项。"  # 13, 6 and 13


@pytest.mark.parametrize(
    ("old", "new", "kinds", "size"),
    [
        ([FIRST, SECOND], [FIRST, SECOND], "", 0),
        ([FIRST], [FIRST, SECOND], "added", 6),
        ([FIRST, SECOND], [FIRST], "removed", 6),
        ([SECOND, FIRST, THIRD], [FIRST, THIRD, SECOND], "moved", 6),  # once, not as removed and as added
        ([FIRST, THIRD, SECOND], [SECOND, FIRST, THIRD, SECOND], "added", 6),
        ([SECOND, FIRST, THIRD], [FIRST, THIRD, SECOND, SECOND], "added moved", 12),  # moved, and there once more
        ([SECOND, SECOND, FIRST, THIRD], [FIRST, THIRD, SECOND], "removed moved", 12),
        (["接种率为96%，提高了。"], ["接种率为69%，提高了。"], "figures", 6),
    ],
)
def test_what_is_moved_counts_once(old: list[str], new: list[str], kinds: str, size: int) -> None:
    texts = ("标题", "\n".join(old), "标题", "\n".join(new))
    assert (" ".join(kinds_of_change(*texts)), size_of_change(*texts)) == (kinds, size)
