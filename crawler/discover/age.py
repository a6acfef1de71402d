"""The day of a list's entry, from a date in any form that lists and feeds write it. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from archive.clock import CHINA
from crawler.reading.dates import in_epoch, in_text


def day_of(written: str, now: datetime, jurisdiction: str = "") -> date | None:
    """The day in China; None where what is written is no date, or tells a time after `now`."""
    found = _of_a_mail(written) or in_epoch(written, now) or in_text(written, now, jurisdiction)[0]
    if not found:
        return None
    moment = datetime.fromisoformat(found)
    return (moment.astimezone(CHINA) if moment.tzinfo else moment).date()


def _of_a_mail(written: str) -> str | None:
    """`Wed, 25 Nov 2026 08:00:00 +0800`, as RSS writes it, in ISO 8601."""
    try:
        return parsedate_to_datetime(written).isoformat() if _MONTH.search(written) else None
    except ValueError:
        return None


_MONTH = re.compile(r"\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)")
