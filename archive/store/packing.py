"""How payloads are packed: zstd, alone, with a trained dictionary, or against another payload. Pure.

The only module that imports zstd.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 9  # on saved real pages: .233 of raw in 1.7 ms, against .253 at 3 and .231 in twice the time at 12
DICTIONARY_SIZE = 110_000  # bytes, what zstd's own tool makes by default
_WINDOW_LOG = (17, 27)  # what level 9 and every decoder take


class PackingError(Exception):
    """Bytes that cannot be unpacked, or samples that no dictionary can be trained on."""


def pack(payload: bytes, dictionary: bytes | None = None) -> bytes:
    """A payload that can be unpacked by itself, or with the dictionary."""
    if dictionary is None:
        return zstd.compress(payload, LEVEL)
    return _compressor(dictionary).compress(payload, zstd.ZstdCompressor.FLUSH_FRAME)


def unpack(packed: bytes, dictionary: bytes | None = None) -> bytes:
    """What `pack` packed. Raises PackingError."""
    try:
        return zstd.decompress(packed, zstd_dict=_trained(dictionary) if dictionary else None)
    except (zstd.ZstdError, ValueError) as error:
        raise PackingError(str(error)) from error


def pack_against(payload: bytes, key: bytes) -> bytes:
    """A payload as what differs from `key`, another one."""
    both = (len(key) + len(payload)).bit_length()  # so that all of the key can be referred to
    window = min(max(both, _WINDOW_LOG[0]), _WINDOW_LOG[1])
    options: dict[int, int] = {
        zstd.CompressionParameter.compression_level: LEVEL,
        zstd.CompressionParameter.window_log: window,
    }
    return zstd.compress(payload, options=options, zstd_dict=zstd.ZstdDict(key, is_raw=True).as_prefix)


def unpack_against(packed: bytes, key: bytes) -> bytes:
    """What `pack_against` packed. Raises PackingError."""
    try:
        return zstd.decompress(packed, zstd_dict=zstd.ZstdDict(key, is_raw=True).as_prefix)
    except zstd.ZstdError as error:
        raise PackingError(str(error)) from error


def train(samples: Sequence[bytes]) -> bytes:
    """A dictionary of what the samples have in common. Raises PackingError where they are too few or too small."""
    try:
        return zstd.train_dict(samples, DICTIONARY_SIZE).dict_content
    except (zstd.ZstdError, ValueError) as error:
        raise PackingError(str(error)) from error


@lru_cache(4)
def _trained(content: bytes) -> zstd.ZstdDict:
    """The dictionary, which keeps what zstd makes of it for the next payload."""
    return zstd.ZstdDict(content)


@lru_cache(4)
def _compressor(content: bytes) -> zstd.ZstdCompressor:
    """One for every payload that is packed with the dictionary: a new one costs .3 ms a payload."""
    return zstd.ZstdCompressor(LEVEL, zstd_dict=_trained(content))
