"""Which hosts to leave alone, and for how long, after an answer. Pure."""

from __future__ import annotations

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from archive.models import Capture

CHALLENGES = 3  # so many anti-bot pages in one run, and the host is left alone
ERRORS = 5  # so many answers 5xx of a host in a row
AFTER_CHALLENGES = timedelta(hours=12)
AFTER_OVERLOAD = timedelta(hours=1)
LONGEST_ASKED = timedelta(days=1)
LONGEST = timedelta(days=7)


def restraint(capture: Capture, *, challenges: int, errors: int = 0, strikes: int = 0) -> tuple[timedelta, str] | None:
    """How long to leave the capture's host alone and why; None where nothing asks for it.

    `challenges` is how many anti-bot pages the run has met, `errors` how often the host has answered 5xx in a row, this
    answer included. It is twice as long for each of `strikes`, the times that it was left alone since it answered well.
    """
    asked = capture.header("retry-after") or ""
    if capture.status == 429 or (capture.status == 503 and asked):
        wait, why = _asked(asked, capture), f"it answered HTTP {capture.status}"
    elif challenges >= CHALLENGES:
        wait, why = AFTER_CHALLENGES, "its anti-bot gate answers"
    elif errors >= ERRORS:
        wait, why = AFTER_OVERLOAD, f"it answered {errors} times in a row that it fails"
    else:
        return None
    return min(wait * 2 ** min(strikes, 16), LONGEST), why


def _asked(header: str, capture: Capture) -> timedelta:
    """What `Retry-After` asks for, in seconds or as a date; an hour where it says nothing that can be kept."""
    if header.isdecimal() and len(header) < 8:
        return min(timedelta(seconds=int(header)), LONGEST_ASKED)
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return AFTER_OVERLOAD
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - capture.fetched_at
    return min(wait, LONGEST_ASKED) if wait > timedelta(0) else AFTER_OVERLOAD
