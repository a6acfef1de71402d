"""One process a site: locks beside the archive, which die with their process. The only module that imports filelock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from archive.errors import YiwenError


@contextmanager
def locked(sites: Iterable[str], archive_path: Path) -> Iterator[list[str]]:
    """Those of the sites, by id, that no other process is crawling or replaying; they are held meanwhile."""
    folder = archive_path.parent / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise YiwenError(f"{folder}: cannot be made ({error.strerror}); choose another place with --archive") from error
    with ExitStack() as held:
        free = []
        for site in sites:
            with suppress(Timeout):
                held.enter_context(FileLock(folder / f"{site}.lock").acquire(timeout=0))
                free.append(site)
        yield free
