"""How recorded facts are made into digests, and digests into a chain. Python's standard library only.

An item is a kind and its facts, values by column name. Its digest is the SHA-256 of `[kind,facts]` as JSON in UTF-8,
with sorted keys and no blanks. The link of an item is the SHA-256 of the link before it followed by its digest, both as
hexadecimal text; before the first item stand 64 zeros. The last link is the chain's head: it changes when anything
before it does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

START = "0" * 64


def canonical(kind: str, facts: Mapping[str, object]) -> bytes:
    """An item as the bytes that its digest is of."""
    written = json.dumps([kind, facts], ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=repr)
    return written.encode("utf-8", "surrogatepass")


def digest_of(kind: str, facts: Mapping[str, object]) -> str:
    """The digest of an item, in hexadecimal."""
    return hashlib.sha256(canonical(kind, facts)).hexdigest()


def link_of(before: str, digest: str) -> str:
    """The link of an item after the link `before`, in hexadecimal."""
    return hashlib.sha256((before + digest).encode("ascii")).hexdigest()
