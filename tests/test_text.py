"""Chinese text: cleaning, folding, scripts, and the separation that the index stands on."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.history.compare import fingerprint
from archive.schema.articles import archive_migrations
from archive.text import clean, fold, language, separate, simplify
from archive.words import words

SAME = [
    ("“就近看病”", "「就近看病」"),
    ("占比７１％", "占比71%"),
    ("第 一 段\n第二段", "第一段第二段"),
    ("县域医共体，基层", "县域医共体,基层"),
    ("基层\u200b卫生\ufeff", "基层卫生"),
    ("2019—2020年", "2019-2020年"),
]
DIFFERENT = [
    ("96.6%", "966%"),
    ("10⁵", "105"),
    ("1,200", "1200"),
    ("½", "12"),
    ("提高0.5个百分点", "提高5个百分点"),
    ("不是。", "不是？"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_form_makes_no_version(one: str, other: str) -> None:
    assert fingerprint("题", one) == fingerprint("题", other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_meaning_makes_a_version(one: str, other: str) -> None:
    assert fold(one) != fold(other)


SCRIPTS = [
    ("縣域醫共體建設啟動", "Hant"),
    ("县域医共体建设启动", "Hans"),
    ("县域医共体建设启动，台湾学者萧乾著有专书", "Hans"),
    ("12:30 COVID-19", ""),
]


@pytest.mark.parametrize(("text", "script"), SCRIPTS)
def test_the_script_is_counted(text: str, script: str) -> None:
    assert language(text) == script


SIMPLIFIED = [
    ("顯著的著作，看著裡面", "TW", "显著的著作，看着里面"),
    ("衞生署：裏面着重", "HK", "卫生署：里面着重"),
    ("建立蚌埠醫院的文件", "TW", "建立蚌埠医院的文件"),
    ("軟體與資訊", "TW", "软体与资讯"),
]


@pytest.mark.parametrize(("text", "jurisdiction", "expected"), SIMPLIFIED)
def test_simplifying_changes_the_script_and_no_word(text: str, jurisdiction: str, expected: str) -> None:
    assert simplify(text, jurisdiction) == expected


@given(st.text())
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_words_lose_nothing(text: str) -> None:
    assert "".join(words(clean(text))) == clean(text)


_MIXED = st.text(st.sampled_from("卫健委𠀀〇WHO20２Ａ 　\n，。、-%ー_｜…“'¶①・é⁵😀々"), max_size=40)


@settings(deadline=None)
@given(st.one_of(_MIXED, st.text(max_size=40)).map(clean))
def test_sql_separates_as_python_does(text: str) -> None:
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    archive_migrations.apply(db)
    columns = [c.name for c in db["articles"].columns if c.name not in ("id", "text")]
    db.conn.execute(
        f"INSERT INTO articles (text, {', '.join(columns)}) VALUES ({', '.join('?' * (len(columns) + 1))})",
        [text, *[""] * len(columns)],
    )
    assert db.conn.execute("SELECT text FROM articles_separated").fetchone()[0] == separate(text)
