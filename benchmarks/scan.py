"""What a search should find, by a plain scan of title and text: slow, and written without the index's code."""

from __future__ import annotations

import re
from collections.abc import Callable

from archive.text import fold_width

_HAN = "[一-鿿]"
_BLANK = re.compile(rf"(?<={_HAN}) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) (?={_HAN})")  # typography, no word


def normalised(text: str) -> str:
    """`text` with one width, in small letters, without the blanks that some set between Han characters and others."""
    return _BLANK.sub("", fold_width(text).lower())


def scanner(query: str) -> Callable[[str], bool]:
    """Whether `query` stands in a normalised text: as it is, but a number or a Latin word at its ends only whole."""
    wanted = normalised(query)
    pattern = re.escape(wanted)
    for kind in ("[0-9]", "[a-z]"):
        before = f"(?<!{kind})" if re.match(kind, wanted) else ""
        after = f"(?!{kind})" if re.search(f"{kind}$", wanted) else ""
        pattern = f"{before}{pattern}{after}"
    found = re.compile(pattern).search
    return lambda text: wanted in text and found(text) is not None
