"""Bytes to text: what pages declare is often wrong, and mojibake must never get into the archive."""

from __future__ import annotations

import pytest

from archive.text import simplify
from crawler.reading.page import decode
from tests.reading.pages import PARAGRAPHS, TITLE, page, read_page

HANS = page(head='<meta charset="%s">')
HANT = (
    "<html><head><meta charset='%s'><title>三家醫院互認檢查結果</title></head><body><h1>三家醫院互認檢查結果</h1>"
    + ("<p>衛生局昨日表示，轉診的病人不必重複檢查，醫護人員會把覆檢的理由寫在病歷裏。</p>" * 3)
)


@pytest.mark.parametrize(
    ("html", "declared", "encoded", "header"),
    [
        (HANS, "utf-8", "utf-8", None),
        (HANS, "gb2312", "gb18030", None),
        (HANS, "gbk", "gb18030", "text/html; charset=gbk"),
        (HANS, "utf-8", "gb18030", None),
        (HANS, "gb2312", "utf-8", "text/html; charset=gb2312"),
        (HANS, "gb2312", "gb18030", "text/html; charset=iso-8859-1"),
        (HANS, "no-such-encoding", "gb18030", "text/html; charset=utf-8"),
        (HANS, "utf-8", "utf-8-sig", "text/html; charset=gbk"),
        (HANS, "utf-16", "utf-16", None),
        (HANT, "big5", "big5hkscs", None),
        (HANT, "utf-8", "big5hkscs", None),
        (HANT, "big5", "utf-8", "text/html; charset=big5"),
    ],
)
def test_a_page_is_decoded_whatever_it_declares(html: str, declared: str, encoded: str, header: str | None) -> None:
    html = html % declared
    assert decode(html.encode(encoded), header) == html


def test_characters_beyond_gb2312_are_read_under_its_label() -> None:
    html = page(
        head='<meta charset="gb2312">', body="<p>" + "患者㛃某和医生喆某说，𠮷田医院的镕化设备很好。" * 3 + "</p>"
    )
    assert "㛃某" in read_page(html.encode("gb18030")).text
    assert "𠮷田" in read_page(html.encode("gb18030")).text


def test_a_few_broken_bytes_do_not_spoil_a_page() -> None:
    payload = HANS.replace("%s", "gbk").encode("gb18030")
    cut = payload.index("互认一百".encode("gb18030"))
    reading = read_page(payload[: cut + 1] + payload[cut + 2 :])
    assert reading.verdict == "article"
    assert PARAGRAPHS[1] in reading.text
    assert reading.title == TITLE


def test_bytes_that_are_no_text_are_said_to_be_undecodable() -> None:
    assert decode(bytes(range(128, 256)) * 40) is None
    reading = read_page(bytes(range(128, 256)) * 40)
    assert (reading.verdict, reading.text) == ("undecodable", "")
    assert reading.reason


def test_numeric_entities_are_characters() -> None:
    body = "<p>" + "".join(f"&#{ord(c)};" if i % 2 else f"&#x{ord(c):x};" for i, c in enumerate(PARAGRAPHS[0])) + "</p>"
    assert read_page(page(body=body)).text == PARAGRAPHS[0]


def test_only_text_in_traditional_characters_is_converted() -> None:
    reading = read_page(HANT % "utf-8", jurisdiction="HK")
    assert reading.language == "Hant"
    assert "衛生局" in reading.text_original
    assert reading.text == simplify(reading.text_original, "HK") != reading.text_original
    assert read_page(page()).text == read_page(page()).text_original
