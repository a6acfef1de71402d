"""Long trials, `make soak`: what must also hold the twentieth time."""

from __future__ import annotations

import pytest

from tests.conftest import Desk


@pytest.mark.soak
def test_thirty_days_of_sidebars_make_no_version(desk: Desk) -> None:
    desk.crawl(3)
    for day in range(4, 34):
        assert sum(row["changed"] for row in desk.crawl(day, "--recheck").data) == 0
    desk.ask("verify")
