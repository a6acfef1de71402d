"""Where an export goes: standard output, or a file that takes its name only when it is whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import YiwenError


@contextmanager
def destination(path: Path | None) -> Iterator[Callable[[bytes], int]]:
    """What to write with. A file of that name is replaced at the end. Raises YiwenError where it cannot be written."""
    if path is None:
        yield sys.stdout.buffer.write
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file.write
        part.replace(path)
    except OSError as error:
        raise YiwenError(f"{path}: cannot be written ({error.strerror}); choose another place with -o") from error
    finally:
        part.unlink(missing_ok=True)
