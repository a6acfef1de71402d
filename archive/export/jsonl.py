"""JSON Lines: one row a line, in UTF-8, exactly as the archive holds it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from archive.text import inert_json


def chunks(rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """A line a row."""
    for row in rows:
        yield (inert_json(json.dumps(row, ensure_ascii=False)) + "\n").encode()
