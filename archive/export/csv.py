"""CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, without which Excel reads Chinese as another encoding.

A cell that a spreadsheet would take for a formula gets an apostrophe before it: a page's headline must not run. Pure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from archive.text import inert

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # the wide ones too: Excel reads them alike


def chunks(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """The head and the first row, then a row at a time; nothing where there is no row."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(rows):
        if number == 0:
            buffer.write("\ufeff")
            writer.writerow(row)
        writer.writerow(guarded(value) for value in row.values())
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def guarded(value: object) -> object:
    """`value` as a cell that no spreadsheet calculates."""
    if not isinstance(value, str):
        return value
    return f"'{inert(value)}" if value.startswith(_FORMULA) else inert(value)
