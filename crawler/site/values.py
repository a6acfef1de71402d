"""The values of a site file: each function takes what TOML gave and returns what a Site holds.

Each raises ValueError whose message says what is wrong and what to write; `crawler.site.file` adds file and key.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches

from crawler.addresses import is_tracking
from crawler.discover import json_path
from crawler.discover.data import FIELD
from crawler.reading.rules import compiled


def text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"is {value!r}, not text: write it between quotation marks")
    if not value.strip():
        raise ValueError("is empty: write something, or leave the key out")
    return value.strip()


def boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {value!r}: write true or false, without quotation marks")
    return value


def whole(least: int, most: int) -> Callable[[object], int]:
    """A whole number from `least` to `most`."""

    def convert(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"is {value!r}: write a whole number from {least} to {most:,}")
        return value

    return convert


def seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < math.inf:
        raise ValueError(f"is {value!r}: write a number of seconds, 0 or more, such as 2 or 0.5")
    return float(value)


def share(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ValueError(f"is {value!r}: write a share from 0 to 1, such as 0.8")
    return float(value)


_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,4})([mhd])")


def duration(value: object) -> timedelta:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'is {value!r}: write a number and m, h or d, such as "30m", "6h" or "2d"')
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def choice(*known: str) -> Callable[[object], str]:
    """One of `known`."""

    def convert(value: object) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"is {value!r}: write {' or '.join(map(repr, known))}{did_you_mean(value, known)}")
        return value

    return convert


def did_you_mean(value: object, known: tuple[str, ...]) -> str:
    """A question that names what resembles `value`, or nothing."""
    near = get_close_matches(str(value), known, n=3)
    return f" (did you mean {', '.join(near)}?)" if near else ""


_JURISDICTION = re.compile(r"INT|[A-Z]{2}(?:-[A-Z0-9]{1,3})?")


def jurisdiction(value: object) -> str:
    if not isinstance(value, str) or not _JURISDICTION.fullmatch(value):
        raise ValueError(f"is {value!r}: write CN, CN-BJ (a province), HK, MO, TW, INT or another ISO 3166 code")
    return value


def pattern(value: object) -> re.Pattern[str]:
    try:
        compiled = re.compile(text(value))
    except re.error as error:
        raise ValueError(f"is no regular expression ({error}): mend {value!r}") from error
    if compiled.search(""):
        raise ValueError(f"is {value!r}, which every address matches: say what sets these addresses apart")
    return compiled


def expression(value: object) -> str:
    """CSS, or XPath where it begins with / or ./ or a bracket."""
    written = text(value)
    try:
        compiled(written)
    except ValueError as error:
        raise ValueError(f"is {written!r}, which cannot be used: {error}") from error
    return written


def expressions(value: object) -> tuple[str, ...]:
    return tuple(map(expression, value if isinstance(value, list) else [value]))


def template(value: object) -> str:
    url = text(value)
    if "{n}" not in url:
        raise ValueError(f"is {url!r}: write {{n}} where the page's number stands, such as https://…/list_{{n}}.html")
    return url


def data_path(value: object) -> str:
    """A JMESPath expression."""
    written = text(value)
    try:
        json_path.compiled(written)
    except ValueError as error:
        raise ValueError(f"is {written!r}, no path into JSON ({error}): write one such as data.list[].url") from error
    return written


def data_address(value: object) -> str:
    """A path to an address, or an address with paths in braces."""
    written = text(value)
    for part in FIELD.findall(written) or [written]:
        data_path(part)
    return written


def fields(value: object) -> tuple[tuple[str, str], ...]:
    """The fields of a form."""
    if not isinstance(value, dict) or not value or not all(isinstance(part, str) for part in value.values()):
        raise ValueError(f'is {value!r}: write fields and their texts, such as {{ column = "12", page = "{{n}}" }}')
    return tuple(value.items())


def hosts(value: object) -> tuple[tuple[str, str], ...]:
    """Hosts, each with the host that is asked in its place."""
    pairs = tuple(value.items()) if isinstance(value, dict) else ()
    names = [name for pair in pairs for name in pair]
    if not names or not all(isinstance(name, str) and _HOST.fullmatch(name) for name in names):
        raise ValueError(f'is {value!r}: write hosts, such as {{ "m.example.cn" = "www.example.cn" }}')
    if chained := {new for _, new in pairs} & {old for old, _ in pairs}:
        raise ValueError(f"sends {min(chained)} on as well: name the host that is to be asked for each")
    return pairs


_HOST = re.compile(r"[a-z0-9_.-]+(?::\d+)?")


def json_text(value: object) -> str:
    """JSON to be posted, in which {n} may stand for a page's number."""
    written = text(value)
    try:
        json.loads(written.replace("{n}", "1"))
    except ValueError as error:
        raise ValueError(f"is {written!r}, no JSON ({error}): write such as '{{\"page\": {{n}}}}'") from error
    return written


def texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f'is {value!r}: write a list of texts, such as ["https://…/1.html"]')
    return tuple(text(item) for item in value)


def parameters(value: object) -> tuple[str, ...]:
    """Names of parameters of an address, in lower case."""
    names = tuple(name.lower() for name in texts(value))
    for name in names:
        if is_tracking(name):
            raise ValueError(f"has {name!r}, which is dropped from every address: leave it out")
    return names


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _DAYS),
)
_PART = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", re.ASCII)


def cron(value: object) -> str:
    """A cron expression of five fields in lower case, as the scheduler takes it."""
    fields = text(value).lower().split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f'is {value!r}: write five fields, minute hour day month weekday, such as "0 */6 * * *" (every six hours)'
        )
    # Where both are given, cron fires on either, APScheduler 3.11 only on both.
    if fields[2] != "*" != fields[4]:
        raise ValueError(f"is {value!r}, which gives days of the month and of the week: make one of the two *")
    for written, (name, least, most, names) in zip(fields, _FIELDS, strict=True):
        for part in written.split(","):
            _check_part(part, name, least, most, names)
    return " ".join(fields)


def _check_part(part: str, name: str, least: int, most: int, names: tuple[str, ...]) -> None:
    found = _PART.fullmatch(part)
    if found is None or (found[2] and (found[1] == "*" or (found[1] in names) != (found[2] in names))):
        raise ValueError(f"has {part!r} as {name}: write *, 5, 1-5, 1,5 or */2")
    first, last, step = found.groups()
    if names is _DAYS and any(bound and bound.isdigit() for bound in (first, last)):
        # APScheduler counts 0 as Monday, cron as Sunday: from_crontab("30 6 * * 1") fires on Tuesdays.
        raise ValueError(
            f"has {part!r} as {name}: numbers mean other days to cron (0 is Sunday) than to the scheduler "
            f"(0 is Monday), so write names, {', '.join(_DAYS)}"
        )
    low = least if first == "*" else _number(first, name, least, most, names)
    high = _number(last, name, least, most, names) if last else (most if first == "*" or step else low)
    if low > high:
        raise ValueError(f"has {part!r} as {name}, which runs backwards: write two parts with a comma between")
    if step and (not 1 <= int(step) <= high - low or first in names):
        raise ValueError(f"has the step {step} in {part!r} as {name}: write a step that fits, such as */2")


def _number(bound: str, name: str, least: int, most: int, names: tuple[str, ...]) -> int:
    number = names.index(bound) + least if bound in names else int(bound) if bound.isdecimal() else -1
    if not least <= number <= most:
        numbers = "" if names is _DAYS else f"a number from {least} to {most}"
        raise ValueError(f"has {bound!r} as {name}: write {' or '.join(filter(None, (numbers, ', '.join(names))))}")
    return number
