"""Publication times as Chinese pages write them, at the precision they have. Pure. The only htmldate import."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from htmldate import find_date

from archive.text import fold_width
from crawler.reading.page import as_html

CHINA = timezone(timedelta(hours=8))
_CLOCK = r"(?:\s*T?\s*(?:HKT\s*|香港時間\s*)?(?P<half>上午|下午|AM|PM|am|pm)?\s*(?P<hour>[01]?\d|2[0-4])\s*[:時时点點]\s*(?P<minute>[0-5]\d)(?:\s*[:分]\s*(?P<second>[0-5]\d)(?:\.\d+)?秒?)?分?(?P<zone>\s*(?:Z|[+-]\d\d:?\d\d))?)?"
_DAY = r"(?P<year>(?:19|20)\d\d)\s*(?:年|[-/.])\s*(?P<month>1[0-2]|0?[1-9])\s*(?:月|[-/.])\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*日?"
_FORMS = [
    re.compile(
        r"(?<!\d)(?<!\d:)(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?P<half>)(?P<zone>)\s*"
        + _DAY
    ),
    re.compile(_DAY + r"(?:\s*[（(]?(?:星期|週|周|礼拜)?[一二三四五六日天][）)]?)?" + _CLOCK),
]
_FORMS.append(  # day, year and month, time in boxes of a template: 18 2026/11 06:17
    re.compile(
        r"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])\s+(?P<year>20\d\d)\s*[-/.]\s*(?P<month>1[0-2]|0?[1-9])(?![\d/.-])"
        + _CLOCK
    )
)
_FORMS.append(  # a year of two digits, never without a time: 26-11-20 07:30
    re.compile(
        r"(?<![\d-])(?P<short>2\d)-(?P<month>1[0-2]|0[1-9])-(?P<day>3[01]|[12]\d|0[1-9])\s+(?=\d{1,2}:\d{2})" + _CLOCK
    )
)
_FORMS.append(  # a year set apart by style: 2026 11/20 17:22:08
    re.compile(
        r"(?<!\d)(?P<year>20\d\d)\s+(?P<month>1[0-2]|0?[1-9])\s*/\s*(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)" + _CLOCK
    )
)
_MONTHS = {name: month for month, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ENGLISH = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+(?P<name>[A-Z][a-z]{2})[a-z]*\.?,?|(?P<name2>[A-Z][a-z]{2})[a-z]*\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?)\s+(?P<year>20\d\d)"
)
_ROC = re.compile(
    r"(?:(?:民國|中華民國)\s*(?P<early>\d{2})|(?<!\d)(?:(?:中華)?民國\s*)?(?P<year>1[01]\d))\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日?"
    + _CLOCK
)
_ROC_SHORT = re.compile(
    r"(?<![\d.])(?P<year>1[01]\d|9\d)[-./年](?P<month>0?[1-9]|1[0-2])[-./月](?P<day>3[01]|[12]\d|0?[1-9])(?![\d.])日?"
    + _CLOCK
)
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])[/.-](?P<month>1[0-2]|0?[1-9])[/.-](?P<year>20\d\d)(?!\d)" + _CLOCK
)
_RELATIVE = re.compile(
    r"(?P<count>\d{1,3})\s*(?P<unit>秒|分钟|分鐘|小时|小時|个小时|天|日|周|週|个月|個月)\s*(?:之)?前"
)
_WORDS = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=[于於]))(?P<word>刚刚|剛剛|今天|今日|昨天|昨日|前天)\s*(?:(?P<hour>[01]?\d|2[0-3])[:时時](?P<minute>[0-5]\d))?"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(
    r"(?P<y>[二一][〇○零一二三四五六七八九]{3})年(?P<m>[一二三四五六七八九十]{1,2})月(?P<d>[一二三四五六七八九十]{1,3})日"
)
_HAN_CLOCK = re.compile(r"(?P<h>[一二三四五六七八九十]{1,3})[时時](?P<m>[〇零一二三四五六七八九十]{1,3})分")
_SHORT = 40
_UNITS = {
    "秒": 1,
    "分钟": 60,
    "分鐘": 60,
    "小时": 3600,
    "小時": 3600,
    "个小时": 3600,
    "天": 86400,
    "日": 86400,
    "周": 604800,
    "週": 604800,
    "个月": 2592000,
    "個月": 2592000,
}
_DAYS_BACK = {"刚刚": 0, "剛剛": 0, "今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}


# What every form of a date has something of; most lines of a page have nothing.
_MAYBE = re.compile(
    r"[0-9０-９][0-9０-９:：/.年月日時时点點\s-]|[〇○零一二三四五六七八九十][年月日時时]|刚刚|剛剛|[今昨前][天日]|前$|\d\s*\S{1,3}前"
)


def in_text(text: str, fetched_at: datetime, jurisdiction: str = "") -> tuple[str | None, bool]:
    """The first date of a line, as ISO 8601 at its precision, and whether it was relative to the fetch."""
    if not _MAYBE.search(text):
        return None, False
    text = plain(text)
    for form in (
        *_FORMS,
        _ROC,
        *((_ROC_SHORT,) if jurisdiction[:2] != "CN" else ()),
        *((_DAY_FIRST,) if jurisdiction in ("HK", "MO") else ()),
    ):
        found = form.search(text)
        if found:
            offset = 1911 if form in (_ROC, _ROC_SHORT) else 0
            if moment := _iso(found, offset, fetched_at):
                return moment, False
    # 今日 in a sentence is the story's day, not the page's.
    told = len(text) <= _SHORT and not any(mark in text for mark in "，。：「")
    return _relative(text, fetched_at) if told else (None, False)


def plain(text: str) -> str:
    """A text with the dates and times that it writes in Chinese numerals, or in full width, in ASCII digits."""
    text = fold_width(text)
    text = _ENGLISH.sub(_in_digits, text)
    text = _HAN_DATE.sub(lambda m: f"{m['y'].translate(_DIGITS)}年{_number(m['m'])}月{_number(m['d'])}日", text)
    return _HAN_CLOCK.sub(lambda m: f"{_number(m['h']):02d}:{_number(m['m']):02d}", text)


def _in_digits(found: re.Match[str]) -> str:
    month = _MONTHS.get((found["name"] or found["name2"]).lower())
    return f"{found['year']}-{month:02d}-{int(found['day'] or found['day2']):02d}" if month else found.group()


def _number(han: str) -> int:
    if "十" not in han:
        return int(han.translate(_DIGITS))
    tens, _, ones = han.partition("十")
    return (int(tens.translate(_DIGITS)) if tens else 1) * 10 + (int(ones.translate(_DIGITS)) if ones else 0)


def _iso(found: re.Match[str], offset: int, fetched_at: datetime) -> str | None:
    part = found.groupdict()
    try:
        day = datetime(_year(part) + offset, int(part["month"]), int(part["day"]), tzinfo=CHINA)
    except ValueError:
        return None
    if day > fetched_at + timedelta(days=2):
        return None
    if part.get("hour") is None:
        return day.strftime("%Y-%m-%d")
    return _with_clock(day, part)


def _year(part: dict[str, str | None]) -> int:
    if short := part.get("short"):
        return 2000 + int(short)
    return int(part.get("year") or part.get("early") or 0)


def _with_clock(day: datetime, part: dict[str, str | None]) -> str:
    hour, minute, second = int(part["hour"] or 0), int(part["minute"] or 0), part.get("second")
    if (part.get("half") or "").lower() in ("下午", "pm") and hour < 12:
        hour += 12
    zone = (part.get("zone") or "").strip().replace("Z", "+00:00")
    offset = f"{zone[:3]}:{zone[-2:]}" if zone else "+08:00"
    seconds = f":{second}" if second is not None else ""
    return f"{day:%Y-%m-%d}T{hour % 24:02d}:{minute:02d}{seconds}{offset}"


def _relative(text: str, fetched_at: datetime) -> tuple[str | None, bool]:
    local = fetched_at.astimezone(CHINA)
    if found := _RELATIVE.search(text):
        moment = local - timedelta(seconds=int(found["count"]) * _UNITS[found["unit"]])
        fine = found["unit"] in ("秒", "分钟", "分鐘")
        return (f"{moment:%Y-%m-%dT%H:%M}+08:00" if fine else f"{moment:%Y-%m-%d}"), True
    if found := _WORDS.search(text):
        day = local - timedelta(days=_DAYS_BACK[found["word"]])
        clock = f"T{int(found['hour']):02d}:{found['minute']}+08:00" if found["hour"] else ""
        return f"{day:%Y-%m-%d}{clock}", True
    return None, False


_IN_URL = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[-/_]?(?P<month>0[1-9]|1[0-2])[-/_]?(?P<day>0[1-9]|[12]\d|3[01])(?!\d{1,3}(?!\d))"
)


def in_url(url: str, fetched_at: datetime) -> str | None:
    """A date in an address."""
    found = _IN_URL.search(url)
    return _iso(found, 0, fetched_at) if found else None


def in_epoch(text: str, fetched_at: datetime) -> str | None:
    """Epoch seconds or milliseconds."""
    if not re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return None
    moment = datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), CHINA)
    return f"{moment:%Y-%m-%dT%H:%M:%S}+08:00" if moment <= fetched_at + timedelta(days=2) else None


_LARGE = 20_000  # elements; htmldate looks at each many times
_LONG = 500_000  # characters of text; it searches all of them many times


def last_resort(tree: Any, fetched_at: datetime) -> str | None:
    """What htmldate finds in a page's tree; in none that is larger than any article's page."""
    if next(islice(tree.iter(), _LARGE, None), None) is not None or sum(map(len, tree.itertext())) > _LONG:
        return None
    try:
        found = find_date(as_html(tree), original_date=True, max_date=fetched_at.strftime("%Y-%m-%d"))
    except (ValueError, TypeError):
        return None
    return None if found and found.endswith("-01-01") else found  # its guess where it sees a year only
