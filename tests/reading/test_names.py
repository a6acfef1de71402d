"""Names and credits piece by piece: what is a name, what is a line of credits, and what only looks like one."""

from __future__ import annotations

import pytest

from crawler.reading.creditline import is_credit_line
from crawler.reading.names import is_person, names_at
from crawler.reading.tampering import pinyin_residue, without_pinyin


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("王小禾", ("王小禾",)),
        ("王小禾 李明远 报道", ("王小禾", "李明远")),
        ("王小禾、李明远，何小舟", ("王小禾", "李明远", "何小舟")),
        ("王小禾 通讯员 李明远", ("王小禾", "李明远")),
        ("梁博文報道", ("梁博文",)),
        ("林悅／南市報導", ("林悅",)),
        ("王小禾从县卫生健康局获悉", ("王小禾",)),
        ("欧阳小禾", ("欧阳小禾",)),
        ("阿依古丽·买买提", ("阿依古丽·买买提",)),
        ("Anna Li", ("Anna Li",)),
        ("春春", ("春春",)),
        ("清河日报社", ()),
        ("未知", ()),
        ("网络整理", ()),
        ("综合报道", ()),
    ],
)
def test_the_names_behind_a_label(text: str, names: tuple[str, ...]) -> None:
    assert names_at(text, 0)[0] == names


@pytest.mark.parametrize("text", ["了解到，病人已经出院", "在现场看到", "采访时说，", "春春", "获悉"])
def test_in_a_sentence_only_a_surname_makes_a_name(text: str) -> None:
    assert names_at(text, 0, strict=True)[0] == ()


@pytest.mark.parametrize(("word", "person"), [("王小禾", True), ("陳大文", True), ("商讯", False), ("健康", False)])
def test_persons(word: str, person: bool) -> None:
    assert is_person(word) is person


@pytest.mark.parametrize(
    "line",
    [
        "来源：清河日报 作者：王小禾",
        "晨光网记者 王小禾 李明远",
        "【纠错】 责任编辑： 陈小雨",
        "2026-11-20 23:59清河日報 記者王小禾／縣醫院報導",
        "《清河日报》（2026年11月20日 02版）",
        "（石桥网编辑 陈小雨）",
        "转自《清河日报》",
        "出品︱健康栏目组 春春",
        "責編 | 丁丁 編輯 | 阿敏",
        "王小禾 李明遠 何小舟／綜合報導",
        "#健康科普# @晨光健康",
        "原创： 王小禾 晨光健康",
    ],
)
def test_lines_of_credits(line: str) -> None:
    assert is_credit_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "记者手记",
        "记者调查",
        "活动现场",
        "2026年11月20日",
        "一、工作目标",
        "本報記者 王小禾 攝",
        "作者在文章里写道，这样的安排并不多见。",
        "晨光网记者王小禾从县卫生健康局获悉，三家医院本月起互认检查结果。",
        "（实习生王小禾对此文亦有贡献）",
        "医院编辑了一本小册子",
        "清河县人民医院 | 120",
    ],
)
def test_lines_that_are_text(line: str) -> None:
    assert not is_credit_line(line)


def test_pinyin_that_a_converter_left_is_taken_out_and_a_help_with_a_rare_character_stays() -> None:
    converted = "醫療團(tuán)隊下鄉，長（zhǎng）者排隊，銀行(háng)捐款。"
    assert pinyin_residue(converted)
    assert without_pinyin(converted) == "醫療團隊下鄉，長者排隊，銀行捐款。"
    assert not pinyin_residue("他患的是瘰(luǒ)疬(lì)，一种淋巴结核。")
