"""Which hosts to leave alone, and for how long, after an answer. Pure."""

from __future__ import annotations

from datetime import timedelta

from archive.models import Capture

CHALLENGES = 3  # so many anti-bot pages in one run, and the host is left alone
AFTER_CHALLENGES = timedelta(hours=12)
AFTER_OVERLOAD = timedelta(hours=1)
LONGEST = timedelta(days=1)


def restraint(capture: Capture, challenges: int) -> tuple[timedelta, str] | None:
    """How long to leave the capture's host alone and why; None where nothing asks for it.

    `challenges` is how many anti-bot pages the run has met, this one included.
    """
    asked = capture.header("retry-after") or ""
    if capture.status == 429 or (capture.status == 503 and asked):
        wait = timedelta(seconds=int(asked)) if asked.isdecimal() and len(asked) < 8 else AFTER_OVERLOAD
        return min(wait, LONGEST), f"it answered HTTP {capture.status}"
    if challenges >= CHALLENGES:
        return AFTER_CHALLENGES, "its anti-bot gate answers"
    return None
