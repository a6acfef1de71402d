"""Schedules: what cron and the scheduler read differently is refused, the rest both understand."""

from __future__ import annotations

import re

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given
from hypothesis import strategies as st

from crawler.site.values import cron


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("0 */6 * * *", "0 */6 * * *"),
        ("30 6,18 * * Mon-Fri", "30 6,18 * * mon-fri"),
        ("5-55/10  8-20 1,15 jan-mar *", "5-55/10 8-20 1,15 jan-mar *"),
        ("0 6 * * mon,wed,sun", "0 6 * * mon,wed,sun"),
        ("10/15 * * 2-11 *", "10/15 * * 2-11 *"),
        ("0 6 1 2/3 *", "0 6 1 2/3 *"),
    ],
)
def test_schedules(written: str, taken: str) -> None:
    assert cron(written) == taken


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("@daily", "five fields"),
        ("0 6 * *", "five fields"),
        ("0 6 * * 1", "0 is Sunday"),
        ("0 6 * * 1-5", "write names, mon, tue"),
        ("0 6 * * mon,0", "0 is Monday"),
        ("0 6 * * sat-mon", "runs backwards"),
        ("0 6 * * monday", "'monday' as day of the week"),
        ("0 24 * * *", "'24' as hour: write a number from 0 to 23"),
        ("60 * * * *", "'60' as minute"),
        ("0 6 0 * *", "'0' as day of the month"),
        ("0 6 * 13 *", "or jan, feb"),
        ("*/90 * * * *", "the step 90"),
        ("*/0 * * * *", "the step 0"),
        ("0 6 1 * mon", "make one of the two *"),
        ("0 6 L * *", "'l' as day of the month"),
        ("0;6 * * * *", "write *, 5, 1-5"),
        ("0 6 * * mon-fri/2", "the step 2"),
        ("0 ６ * * *", "write *, 5, 1-5"),
        ("0 6 * 1-mar *", "write *, 5, 1-5"),
        ("0 6 * * ,", "write *, 5, 1-5"),
    ],
)
def test_a_schedule_that_is_refused(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        cron(written)


_numbers = st.integers(0, 70).map(str)
_words = st.sampled_from(["*", "mon", "sun", "fri", "jan", "dec"])
_bounds = st.one_of(_numbers, _words)
_ranges = st.builds("{}-{}".format, _bounds, _bounds)
_steps = st.builds("{}/{}".format, st.one_of(_bounds, _ranges), st.integers(0, 40))
_fields = st.one_of(st.just("*"), _bounds, _ranges, _steps)


@given(st.integers(0, 4), _fields)
def test_the_scheduler_takes_every_schedule_that_we_take(place: int, written: str) -> None:
    fields = ["*"] * 5
    fields[place] = written
    try:
        taken = cron(" ".join(fields))
    except ValueError:
        return
    CronTrigger.from_crontab(taken)
