"""Promises as people say them (U31)."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
from worklist.rules.promise_text import read_promise

TUESDAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("said", "on", "amount"),
    [
        ("fri 500", date(2026, 11, 6), "500"),
        ("Friday", date(2026, 11, 6), None),
        ("tue 10", date(2026, 11, 10), "10"),
        ("all by 15.12.", date(2026, 12, 15), None),
        ("by 2.11. 20", date(2027, 11, 2), "20"),
        ("1,250.50 on 3 dec", date(2026, 12, 3), "1250.50"),
        ("dec 24th everything", date(2026, 12, 24), None),
        ("2026-12-01 99.90", date(2026, 12, 1), "99.90"),
        ("tomorrow €75", date(2026, 11, 4), "75"),
        ("alles bis freitag", date(2026, 11, 6), None),
        ("500 am 31.12.2026", date(2026, 12, 31), "500"),
    ],
)
def test_a_day_and_an_amount_are_read(said: str, on: date, amount: str | None) -> None:
    found = read_promise(said, today=TUESDAY, currency="EUR")
    assert (found.on, found.amount) == (on, None if amount is None else Decimal(amount))


def test_a_comma_marks_the_cents_where_people_write_it_so() -> None:
    found = read_promise("fr 1.250,50", today=TUESDAY, currency="EUR", decimal_mark=",")
    assert found.amount == Decimal("1250.50")


@pytest.mark.parametrize(
    "said", ["", "500", "someday", "fri sat", "31.2.", "fri 5 6", "NaN fri", "fri 1e9", "fri \x00"]
)
def test_what_is_not_clear_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(BadInput, match="fri 500"):
        read_promise(said, today=TUESDAY, currency="EUR")
