"""Paths into JSON, as JMESPath writes them: `data.list[].url`. The only jmespath import. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult


@cache
def compiled(path: str) -> ParsedResult:
    """The path, ready to use. ValueError says what is wrong with it."""
    try:
        return jmespath.compile(path)
    except JMESPathError as error:
        raise ValueError(" ".join(str(error).split())) from error


def at(path: str, data: Any) -> Any:
    """What is at `path` in `data`; None where nothing is, or where the path does not fit what is there."""
    try:
        return compiled(path).search(data)
    except JMESPathError:
        return None
