"""Notifications: where they go, and the way there. The only module that imports Apprise, an optional extra.

An address of Apprise mostly holds a password or a token, so none is ever printed, logged or given on a command line.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from archive.errors import UsageError, YiwenError

VARIABLE = "YIWEN_NOTIFY"
FILE = "notify.txt"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def addresses(archive_path: Path, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The addresses in the environment, parted by blanks, or in notify.txt beside the archive, one a line.

    Raises UsageError where there are none, or where others may read the file.
    """
    path = archive_path.with_name(FILE)
    found = environment.get(VARIABLE, "").split() or list(_lines(path))
    if not found:
        raise UsageError(f"nowhere to send to: put addresses of Apprise into {VARIABLE}, or into {path}, one a line")
    return found


def _lines(path: Path) -> Iterator[str]:
    if not path.exists():
        return
    if path.stat().st_mode & _OTHERS:
        raise UsageError(f"{path}: others may read its secrets; close it: chmod 600 {path}")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()


def send(to: list[str], title: str, body: str) -> None:
    """Send to every address. Raises YiwenError that names those that failed by number and kind, never whole."""
    try:
        import apprise
    except ImportError as error:
        raise YiwenError("notifications need Apprise: pip install 'yiwen[notify]'") from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs addresses
    failed = []
    for number, address in enumerate(to, 1):
        service = apprise.Apprise()
        if not service.add(address):
            failed.append(f"address {number} is none that Apprise knows")
        elif not service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            failed.append(f"address {number} ({address.partition('://')[0]}) did not take it")
    if failed:
        raise YiwenError("; ".join(failed))
