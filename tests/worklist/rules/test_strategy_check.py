"""When a version may be activated, and what stands in the way."""

from datetime import date, timedelta
from typing import Any

import pytest

from worklist.rules.strategy_check import FRESH_DAYS, obstacle

ON = date(2026, 3, 2)
DONE = {"state": "done", "on": ON.isoformat(), "against": [3, 5]}


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({}, "Check this version"),
        ({"state": "waiting"}, "still being computed"),
        ({"state": "running"}, "still being computed"),
        ({"state": "failed"}, "failed"),
        ({**DONE, "on": (ON - timedelta(days=FRESH_DAYS + 1)).isoformat()}, "days old"),
        ({**DONE, "against": [5, 3]}, "Another strategy"),
        ({**DONE, "against": [3]}, "Another strategy"),
    ],
)
def test_f17_activation_needs_fresh_findings(findings: dict[str, Any], words: str) -> None:
    assert words in obstacle(findings, on=ON, against=[3, 5])


def test_f17_fresh_findings_against_todays_order_are_enough() -> None:
    assert obstacle(DONE, on=ON, against=[3, 5]) == ""
    assert obstacle(DONE, on=ON + timedelta(days=FRESH_DAYS), against=[3, 5]) == ""
