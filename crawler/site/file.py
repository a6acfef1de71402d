"""Site files: TOML in, Site out, strictly. What is unknown or wrong is an error that says where and what to write."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from re import fullmatch
from typing import Any

from archive.errors import UsageError
from archive.health import Expect
from crawler.addresses import endpoint, is_private_host
from crawler.discover import READERS, TOPICS
from crawler.reading.rules import FIELDS, Rules
from crawler.site.checks import contradictions
from crawler.site.model import Listing, Site
from crawler.site.times import between, schedule, time_zone
from crawler.site.values import (
    boolean,
    choice,
    data_address,
    data_path,
    did_you_mean,
    duration,
    expression,
    expressions,
    fields,
    hosts,
    json_text,
    jurisdiction,
    parameters,
    pattern,
    seconds,
    share,
    template,
    text,
    texts,
    whole,
)


class SiteError(UsageError):
    """A site file is wrong, or a site is unknown. A line for each fault: file, key, what is wrong, what to write."""


Keys = Mapping[str, Callable[[object], Any]]

SITE_KEYS: Keys = {
    "name": text,
    "home": text,
    "jurisdiction": jurisdiction,
    "article": pattern,
    "deny": pattern,
    "offsite": choice("skip", "follow"),
    "keep_query": parameters,
    "drop_query": parameters,
    "same_host": hosts,
    "name_en": text,
    "script": choice("Hans", "Hant"),
    "enabled": boolean,
    "reason": text,
    "schedule": schedule,
    "time_zone": time_zone,
    "jitter": between(timedelta(0), timedelta(hours=6)),
    "time_limit": between(timedelta(minutes=1), timedelta(days=1)),
    "delay": seconds,
    "concurrency": whole(1, 16),
    "budget": whole(1, 1_000_000),
    "confirm_withdrawal_after": duration,
    "examples": texts,
    "attachments": boolean,
    "render": boolean,
}
LIST_KEYS: Keys = {
    "url": text,
    "kind": choice(*READERS),
    "link": expression,
    "items": data_path,
    "address": data_address,
    "title": text,
    "date": text,
    "summary": data_path,
    "extract": pattern,
    "form": fields,
    "body": json_text,
    "pages": template,
    "first_page": whole(0, 1_000_000),
    "days": whole(1, 60),
    "key_url": text,
    "key": pattern,
    "max_pages": whole(1, 1_000),
    "backfill_pages": whole(1, 100_000),
    "max_age": duration,
    "topics": choice(*TOPICS),
    "include": texts,
    "exclude": texts,
}
READ_KEYS: Keys = {
    **dict.fromkeys(("text", *FIELDS), expression),
    "remove": expressions,
    "keep": expressions,
}
EXPECT_KEYS: Keys = {
    "links": whole(0, 10_000),
    **dict.fromkeys(("text", "title", "date", "script"), share),
    "newest": duration,
}
REQUIRED = ("name", "home", "jurisdiction", "article")


def load_site(path: Path) -> Site:
    """The site that one file describes. SiteError names every fault in it."""
    faults = _Faults(path)
    if not fullmatch("[a-z0-9_]+", path.stem):
        faults.add("", "the file's name is the site's id: use only a to z, 0 to 9 and _, such as dawn_health.toml")
    table = _read(path, faults)
    lists = _lists(table.pop("list", []), faults)
    rules = _rules(table.pop("read", {}), faults)
    expect = Expect(**_table(table.pop("expect", {}), "expect", EXPECT_KEYS, faults))
    values = _convert(table, SITE_KEYS, REQUIRED, "", faults)
    faults.raise_any()
    named = _named_hosts(values["home"], lists)
    site = Site(id=path.stem, lists=lists, rules=rules, expect=expect, named_hosts=named, **values)
    for key, fault in contradictions(site):
        faults.add(key, fault)
    faults.raise_any()
    return site


@dataclass
class _Faults:
    """What is wrong with one file, gathered so that its author hears of all of it at once."""

    path: Path
    lines: list[str] = field(default_factory=list)

    def add(self, key: str, fault: object) -> None:
        self.lines.append(": ".join(filter(None, (str(self.path), key, str(fault)))))

    def raise_any(self) -> None:
        if self.lines:
            raise SiteError("\n".join(self.lines))


def _read(path: Path, faults: _Faults) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        hint = "; patterns stand between single quotation marks" if "\\" in str(error) else ""
        faults.add("", f"is no TOML: {error}{hint}")
    except UnicodeDecodeError as error:
        faults.add("", f"is not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8")
    except OSError as error:
        faults.add("", f"cannot be read: {error.strerror}")
    faults.raise_any()
    raise AssertionError("unreachable")


def _convert(table: Mapping[str, object], keys: Keys, required: Iterable[str], where: str, faults: _Faults) -> dict:
    """The values of the keys that are given and right; the others are added to `faults`."""
    values = {}
    for key in required:
        if key not in table:
            faults.add(where + key, "is missing: every file needs " + ", ".join(required))
    for key, value in table.items():
        if key not in keys:
            faults.add(where + key, _unknown(key, keys))
            continue
        try:
            values[key] = keys[key](value)
        except ValueError as error:
            faults.add(where + key, error)
    return values


def _unknown(key: str, keys: Keys) -> str:
    if keys is LIST_KEYS and key in SITE_KEYS:
        return "belongs to the site, not to a list: move it above the first [[list]]"
    if keys is SITE_KEYS and key in LIST_KEYS:
        return "belongs to a list: move it below a [[list]]"
    return f"is not a known key{did_you_mean(key, tuple(keys))}: use {', '.join(keys)}" + (
        " or [[list]], [read] or [expect]" if keys is SITE_KEYS else ""
    )


def _lists(tables: object, faults: _Faults) -> tuple[Listing, ...]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.add("list", "is no list of tables: write [[list]], in double brackets")
        return ()
    converted = [
        _convert(table, LIST_KEYS, ("url",), f"list {number}: ", faults) for number, table in enumerate(tables, 1)
    ]
    return tuple(Listing(**values) for values in converted if "url" in values)


def _table(table: object, name: str, keys: Keys, faults: _Faults) -> dict:
    """The values of a table that stands once in a file."""
    if not isinstance(table, dict):
        faults.add(name, f"is no table: write [{name}], in single brackets, once")
        return {}
    return _convert(table, keys, (), f"{name}: ", faults)


def _rules(table: object, faults: _Faults) -> Rules:
    values = _table(table, "read", READ_KEYS, faults)
    fields = tuple((name, values[name]) for name in FIELDS if name in values)
    return Rules(fields, values.get("text", ""), values.get("remove", ()), values.get("keep", ()))


def _named_hosts(home: str, lists: Iterable[Listing]) -> frozenset[tuple[str, int]]:
    """The private hosts, with their ports, that a file opens by naming them; names that look public stay checked."""
    named = set()
    for url in (home, *(address for listing in lists for address in (listing.url, listing.pages, listing.key_url))):
        try:
            host, port = endpoint(url)
        except ValueError:
            continue  # no pages, or an address that _contradictions reports
        if is_private_host(host):
            named.add((host, port))
    return frozenset(named)
