"""Search: what it finds against a plain scan, in what order, and what a query means."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.models import Capture, Event, Reading, new_capture_id
from archive.search import CLOSE, OPEN, count, find, match_expression, matching, search
from archive.search.query import Filter, Query, Term, parse
from archive.search.terms import names
from archive.store import Archive, events, index
from archive.store.recording import Fetch
from archive.text import clean, simplify
from benchmarks.scan import normalised, scanner
from benchmarks.search import answers, fill, queries, whole_share

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)


def keep(archive: Archive, number: int, text: str, title: str = "无题", *, site: str = "dawn", **about: str) -> None:
    """Record an article as a crawl does."""
    url = f"https://news.example/{number}.html"
    reading = Reading("article", "reader-1", title=title, text=text, canonical_url=url, published_at="2026-11-20")
    reading = replace(reading, title_original=title, text_original=text, **about)
    capture = Capture(new_capture_id(NOW), url, url, NOW, 200, (), f"{title} {text}".encode())
    archive.record(Fetch(site, None, capture, reading), lambda visit: visit.now + timedelta(hours=1))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db", write=True) as opened:
        yield opened
        assert list(opened.faults()) == []


def found(archive: Archive, query: str) -> list[int]:
    """The numbers of the articles found, in order; `count` and `match_expression` have to agree."""
    rows = search(archive.db, query, 1000)
    assert count(archive.db, query) == len(rows)
    return [int(row["url"].rsplit("/", 1)[1].split(".")[0]) for row in rows]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("generated") / "archive.db", write=True) as opened:
        fill(opened, 800)
        yield opened


def test_every_article_that_a_scan_finds_is_found_and_no_other(generated: Archive) -> None:
    asked = queries(800)
    assert len(asked) > 80
    wrong = [a for a in answers(generated.db, asked) if a.right != a.there or a.wrong]
    assert wrong == []


def test_whole_words_come_first(generated: Archive) -> None:
    assert whole_share(generated.db) >= 0.99


def test_the_index_is_what_sqlite_would_build(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", write=True) as archive:
        fill(archive, 60)
        index.check(archive.db)
        assert index.words_differ(archive.db) == 0
        before = [found(archive, query) for query in ("医", "的", "会诊", "2019年")]
        archive.db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
        index.check(archive.db)
        assert [found(archive, query) for query in ("医", "的", "会诊", "2019年")] == before


TEXT = """县域医共体2024年建设WHO标准，基层有96.6%。
医保局说
中医保健 | 3.5亿元
COVID-19疫苗，“就近”看病；universal health 覆盖"""
MATCHES = {
    "县域医共体": True,
    "医": True,
    "局": True,
    "共体2024年建设WHO标": True,
    "WHO": True,
    "who标准": True,
    "2024": True,
    "2024年": True,
    "96.6%": True,
    "９６．６％": True,
    "3.5亿": True,
    "covid-19": True,
    "COVID—19疫苗": True,
    '"universal health"': True,
    '"health覆盖"': True,
    "「就近」": True,
    "標準": True,
    "標準，基層": True,
    "標準,基層": True,
    "医保": True,
    "标准基层": False,
    "说中医": False,
    "保健3": False,
    "近看": False,
    "年2024": False,
    "202": False,
    "24": False,
    "WH": False,
    "HO标准": False,
    "96.6": True,
    "966": False,
    "6.6": False,
    "96.6亿": False,
    "COVID19": False,
    "疫苗就近": False,
    "健 保": True,
    '"健 保"': False,
}


@pytest.mark.parametrize(("query", "there"), MATCHES.items())
def test_what_a_term_finds(archive: Archive, query: str, there: bool) -> None:
    keep(archive, 1, TEXT)
    assert found(archive, query) == ([1] if there else [])


def test_indexes_that_do_not_match_are_told_and_written_anew(archive: Archive) -> None:
    keep(archive, 1, "县域医共体")
    keep(archive, 2, "疫苗接种")
    archive.db.execute("UPDATE articles SET text = '分级诊疗' WHERE id = 1")
    assert ["index of words does not match" in fault for fault in archive.faults()].count(True) == 1
    assert any("full-text index does not match" in fault for fault in archive.faults())
    assert archive.reindex() == 2
    assert [fault for fault in archive.faults() if "index" in fault] == []
    assert found(archive, "分级诊疗") == [1]
    archive.db.execute("UPDATE articles SET text = '县域医共体' WHERE id = 1")
    archive.reindex()


_WRITTEN = st.text(st.sampled_from("医保健县域局年的12Ab，。、\n |-“"), min_size=1, max_size=30).map(clean)
_ASKED = st.text(st.sampled_from("医保健县域局年的12Ab"), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(st.lists(_WRITTEN, min_size=1, max_size=12), st.lists(_ASKED, min_size=1, max_size=12))
def test_any_text_and_any_query_agree_with_a_scan(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], asked: list[str]
) -> None:
    with Archive.open(tmp_path_factory.mktemp("any") / "archive.db", write=True) as archive:
        for number, text in enumerate(texts):
            keep(archive, number, text, title="")
        for query in asked:
            test = scanner(query)
            assert sorted(found(archive, query)) == [n for n, text in enumerate(texts) if test(normalised(text))]
        assert list(archive.faults()) == []


def test_whole_words_then_headlines_then_the_newest(archive: Archive) -> None:
    keep(archive, 1, "他们学习中医保健知识。", title="中医保健", published_at="2026-11-23")
    keep(archive, 2, "中医保健受欢迎。", published_at="2026-11-22")
    keep(archive, 3, "今年的医保缴费开始了。", published_at="2026-11-02")
    keep(archive, 4, "缴费开始了。", title="今年的医保缴费", published_at="2026-10-01T08:30+08:00")
    keep(archive, 5, "今年的医保缴费开始了。", published_at="2026-11-12")
    keep(archive, 6, "缴费开始了。", title="今年的医保缴费", published_at="2026-10-02")
    assert found(archive, "医保") == [6, 4, 5, 3, 1, 2]
    assert [row["id"] for row in search(archive.db, "醫保", 2, 3)] == [3, 1]
    assert found(archive, "医保 缴费") == [6, 4, 5, 3]


def test_an_article_without_a_date_is_as_old_as_its_first_sight(archive: Archive) -> None:
    keep(archive, 1, "疫苗", published_at="2026-11-25")
    keep(archive, 2, "疫苗", published_at=None)  # type: ignore[arg-type]
    keep(archive, 3, "疫苗", published_at="2026-11-23")
    assert found(archive, "疫苗") == [1, 2, 3]
    assert found(archive, "疫苗 since:2026-11-24 until:2026-11-24") == [2]


def terms(*texts: str) -> tuple[Term, ...]:
    return tuple(map(Term, texts))


PARSED = {
    "": Query(),
    "  ， ": Query(),
    "医保": Query((terms("医保"),)),
    "医保 改革": Query((terms("医保", "改革"),)),
    "医保　改革": Query((terms("医保", "改革"),)),
    "医保 OR 医改": Query((terms("医保"), terms("医改"))),
    "医保 | 医改": Query((terms("医保"), terms("医改"))),
    "基层 医保 OR 医改": Query((terms("基层", "医保"), terms("医改"))),
    "疫苗 -流感": Query((terms("疫苗"),), terms("流感")),
    "疫苗 －流感": Query((terms("疫苗"),), terms("流感")),
    '"分级诊疗"': Query((terms("分级诊疗"),)),
    "“分级诊疗 制度”": Query((terms("分级诊疗 制度"),)),
    '-"分级 诊疗" 县': Query((terms("县"),), terms("分级 诊疗")),
    "title:医保": Query(((Term("医保", True),),)),
    'title:"医保 支付" -title:改革': Query(((Term("医保 支付", True),),), (Term("改革", True),)),
    "Site：dawn 疫苗": Query((terms("疫苗"),), (), (Filter("site", "dawn"),)),
    "-site:dawn 疫苗": Query((terms("疫苗"),), (), (Filter("site", "dawn", False),)),
    'source:"晨光 健康网"': Query((), (), (Filter("source", "晨光 健康网"),)),
    "status:withdrawn": Query((), (), (Filter("status", "withdrawn"),)),
    "since:2026 until:2026-11": Query((), (), (Filter("since", "2026"), Filter("until", "2026-11"))),
    "site:dawn -流感": Query((), terms("流感"), (Filter("site", "dawn"),)),
    # no syntax, so text
    "-流感": Query((terms("流感"),)),
    "OR": Query((terms("OR"),)),
    "医保 OR": Query((terms("医保", "OR"),)),
    "or 医保 and": Query((terms("or", "医保", "and"),)),
    '"未闭合 的': Query((terms("未闭合 的"),)),
    "status:gone": Query((terms("status:gone"),)),
    "since:2026-13": Query((terms("since:2026-13"),)),
    "-until:2026": Query((terms("until:2026"),)),
    "title:": Query((terms("title"),)),
    "author:王": Query((terms("author:王"),)),
    "《健康中国》，": Query((terms("健康中国"),)),
    "96.6%": Query((terms("96.6%"),)),
    "a*b(c)": Query((terms("a*b(c"),)),
    "医保 - 改革": Query((terms("医保", "改革"),)),
}


@pytest.mark.parametrize(("typed", "meant"), PARSED.items())
def test_what_is_typed_is_understood(typed: str, meant: Query) -> None:
    assert parse(typed) == meant


@settings(deadline=None)
@given(st.text(st.sampled_from("医保aB1 \"“-:|*()^~,，{}+\\'?.ORtitle:site:since2026\n"), max_size=24))
def test_no_query_is_an_error(generated: Archive, typed: str) -> None:
    assert len(search(generated.db, typed, 5)) == min(count(generated.db, typed), 5)
    generated.db.execute("SELECT 1 FROM articles_fts WHERE articles_fts MATCH ?", (match_expression(typed),)).fetchall()


@pytest.mark.parametrize("typed", ["词{}", "词{} OR", "-词{}", "site:x{}", '"词 {}"', "县域", "{}"])
def test_no_query_is_too_long(generated: Archive, typed: str) -> None:
    many = " ".join(typed.format(number) for number in range(1200))  # SQLite builds expressions no deeper than 1,000
    for query in (many, many.replace(" ", "")):
        answer = find(generated.db, query, 5, terms=True)
        assert len(answer.rows) == min(answer.count, 5)
        sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
        generated.db.execute(sql, (match_expression(query),)).fetchone()


def test_filters_narrow(archive: Archive) -> None:
    keep(archive, 1, "疫苗接种", site="harbour", source="海港日報", published_at="2026-10-01")
    keep(archive, 2, "流感疫苗接种", title="疫苗", source="晨光健康网", published_at="2026-11-03T09:00+08:00")
    keep(archive, 3, "体检", source="晨光健康网", published_at="2025-11-03")
    archive.db.execute("UPDATE articles SET status = 'withdrawn' WHERE id = 1")
    events.add(archive.db, 1, None, NOW, [Event("withdrawn", {})])
    about = ("dawn", "晨光", "Dawn News", "https://www.dawn.example", "CN", "Hans", 1, "", "0 6 * * *", "2026-11-24")
    archive.db.conn.execute("INSERT INTO sites VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)", about)
    asked = {
        "疫苗 site:dawn": [2],
        "疫苗 -site:dawn": [1],
        "疫苗 site:晨光": [2],
        'site:"dawn news" 疫苗': [2],
        "疫苗 site:dawn.example": [2],
        "疫苗 site:WWW.dawn.example": [2],
        "疫苗 site:awn.example": [],
        "疫苗 source:海港": [1],
        "疫苗 source:日报": [1],
        "source:晨光 -疫苗": [3],
        "title:疫苗": [2],
        "疫苗 -title:疫苗": [1],
        "疫苗 status:withdrawn": [1],
        "疫苗 -status:withdrawn": [2],
        "since:2026": [2, 1],
        "until:2026-10": [1, 3],
        "since:2026-11-03 until:2026-11-03": [2],
        "疫苗 OR 体检": [2, 1, 3],
        "疫苗 -流感": [1],
        "site:nowhere": [],
    }
    assert {query: found(archive, query) for query in asked} == asked


def test_the_articles_of_a_status_are_met_in_the_order_of_their_ids(archive: Archive) -> None:
    """Nearly all are of one status: a set of so many ids takes a fifth of the time from an index that has them so."""
    ids = matching(archive.db, "疫苗 status:live")
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {ids.sql}", ids.values)]
    assert "SEARCH articles USING COVERING INDEX articles_by_status (status=?)" in plan


def test_what_an_older_version_said_is_found_on_request(archive: Archive) -> None:
    keep(archive, 1, "县域内就诊率达96.6%。")
    keep(archive, 2, "外地就诊率96.6%。", published_at="2026-11-02")
    keep(archive, 1, "县域内就诊率达69.6%。", title="更正")
    assert found(archive, "96.6%") == [2]
    both = find(archive.db, "96.6%", history=True)
    assert [(row["id"], row["version"], row["version_count"]) for row in both.rows] == [(2, 1, 1), (1, 1, 2)]
    assert both.count == 2
    assert both.rows[1]["snippet"] == f"县域内就诊率达{OPEN}96.6%{CLOSE}。"
    assert [row["id"] for row in find(archive.db, "96.6% -外地", history=True).rows] == [1]
    assert [row["id"] for row in find(archive.db, "就诊率", history=True).rows] == [1, 2]
    assert find(archive.db, "96.6% site:nowhere", history=True).count == 0
    keep(archive, 1, "县域内就诊率达96.6%。")  # taken back: now the other version is the older one
    assert found(archive, "96.6%") == [1, 2]
    assert [row["version"] for row in find(archive.db, "69.6%", history=True).rows] == [2]


def test_other_places_names_are_found_on_request(archive: Archive) -> None:
    keep(archive, 1, "艾滋病防治", published_at="2026-11-03")
    keep(archive, 2, "爱滋病防治", published_at="2026-11-02")
    keep(archive, 3, "国家卫生健康委员会通报", published_at="2026-11-01")
    keep(archive, 4, "国家卫健委通报", published_at="2026-10-30")
    asked = {
        "愛滋病": ([2], [1, 2]),
        "艾滋病防治": ([1], [1, 2]),
        "阿茲海默症": ([], []),
        "卫健委": ([4], [3, 4]),
        "國家衛生健康委員會": ([3], [3, 4]),
        "防治 -艾滋病": ([2], []),
    }
    plain = {query: found(archive, query) for query in asked}
    wide = {query: [row["id"] for row in find(archive.db, query, terms=True).rows] for query in asked}
    assert {query: (plain[query], wide[query]) for query in asked} == asked
    assert OPEN + "爱滋病" + CLOSE in find(archive.db, "艾滋病", terms=True).rows[1]["snippet"]


TERMS = tomllib.loads((Path(__file__).parent.parent / "archive/search/terms.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("mainland", "other"), TERMS["opencc"])
def test_a_name_is_what_opencc_writes_elsewhere(mainland: str, other: str) -> None:
    elsewhere = (opencc.OpenCC(to).convert(mainland) for to in ("s2twp", "s2hkp"))
    assert other in [simplify(text, "TW") for text in elsewhere]
    assert mainland != other


def test_names_go_both_ways_and_are_in_simplified_characters() -> None:
    assert all(name in names()[other] for name, others in names().items() for other in others)
    assert "阿尔茨海默症" in names()["阿尔茨海默病"]
    assert [name for name in names() if simplify(name) != name] == []


SNIPPETS = [
    ("短文医保很短。", "医保", "短文[医保]很短。"),
    ("第一句。" * 30 + "县域医保\n说WHO好。" + "后来呢？" * 40, "醫保 who", "县域[医保] 说[WHO]好。"),
    ("没有这个词", "疫苗", "没有这个词"),
    ("比例96.6%，不是966%", "96.6%", "比例[96.6%]，不是966%"),
]


@pytest.mark.parametrize(("text", "query", "expected"), SNIPPETS)
def test_a_snippet_shows_the_match_in_clean_text(archive: Archive, text: str, query: str, expected: str) -> None:
    keep(archive, 1, text, title="疫苗 医保")
    shown = search(archive.db, query)[0]["snippet"] if found(archive, query) else ""
    assert expected in shown.replace(OPEN, "[").replace(CLOSE, "]")
    assert "\n" not in shown
    assert len(shown) < 120
