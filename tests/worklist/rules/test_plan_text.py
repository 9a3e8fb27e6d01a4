"""Promises of several payments as people say them (U31)."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
from invoices.rules.plans import Part
from worklist.rules.plan_text import read_plan

TUESDAY = date(2026, 11, 3)
OPEN = Decimal("1500.00")


def told(said: str, opened: Decimal = OPEN) -> list[tuple[str, str]]:
    found = read_plan(said, today=TUESDAY, currency="EUR")
    assert found is not None
    return [(part.due_on.isoformat(), str(part.amount)) for part in found.parts(opened, today=TUESDAY, currency="EUR")]


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("in 3 Raten", [("2026-11-10", "500.00"), ("2026-12-10", "500.00"), ("2027-01-10", "500.00")]),
        ("in drei raten ab 1.12.", [("2026-12-01", "500.00"), ("2027-01-01", "500.00"), ("2027-02-01", "500.00")]),
        ("3 rates weekly from fri", [("2026-11-06", "500.00"), ("2026-11-13", "500.00"), ("2026-11-20", "500.00")]),
        ("2 payments every 2 weeks from 1 dec", [("2026-12-01", "750.00"), ("2026-12-15", "750.00")]),
        ("3 x 200 from 2026-12-31", [("2026-12-31", "200.00"), ("2027-01-31", "200.00"), ("2027-02-28", "200.00")]),
        ("2x750", [("2026-11-10", "750.00"), ("2026-12-10", "750.00")]),
        ("en 2 fois", [("2026-11-10", "750.00"), ("2026-12-10", "750.00")]),
        ("600 monthly from 1.12.", [("2026-12-01", "600"), ("2027-01-01", "600"), ("2027-02-01", "300.00")]),
        ("500 fri, rest by 15.12.", [("2026-11-06", "500"), ("2026-12-15", "1000.00")]),
        ("500 am 6.11. und 700 am 15.12.", [("2026-11-06", "500"), ("2026-12-15", "700")]),
    ],
)  # fmt: skip
def test_several_parts_are_read(said: str, parts: list[tuple[str, str]]) -> None:
    assert [(day, Decimal(amount)) for day, amount in told(said)] == [(day, Decimal(amount)) for day, amount in parts]


def test_even_parts_add_up_and_the_last_takes_the_rest() -> None:
    parts = told("in 3 Raten", Decimal("100.00"))
    assert [amount for _, amount in parts] == ["33.33", "33.33", "33.34"]


@pytest.mark.parametrize("said", ["fri 500", "all by 15.12.", "tomorrow", "", "1.250,50 freitag"])
def test_a_single_payment_is_no_plan(said: str) -> None:
    assert read_plan(said, today=TUESDAY, currency="EUR", decimal_mark=",") is None


@pytest.mark.parametrize(
    "said",
    [
        "in raten", "3 raten soon", "rest fri, 500 mon", "500 fri, 500 fri", "500, 700", "3 raten 5 6",
        "500 fri, rest 15.12., rest 16.12.", "-5 monthly", "0 monthly", "nan monthly", "in 3 raten \x00",
    ],
)  # fmt: skip
def test_what_is_not_clear_is_refused_with_an_example(said: str) -> None:
    with pytest.raises(BadInput, match="in 3 Raten"):
        read_plan(said, today=TUESDAY, currency="EUR")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("in 1 raten", "between 2 and 60"),
        ("in 99 raten", "between 2 and 60"),
        ("1 monthly", "never end"),
        ("2000 fri, rest 15.12.", "more than is open"),
        ("1500 fri, rest 15.12.", "more than is open"),
    ],
)
def test_what_cannot_be_a_plan_says_why(said: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        told(said)


def test_parts_named_by_themselves_may_leave_something_open() -> None:
    found = read_plan("500 fri, 700 by 15.12.", today=TUESDAY, currency="EUR")
    assert found is not None
    assert found.parts(OPEN, today=TUESDAY, currency="EUR") == [
        Part(date(2026, 11, 6), Decimal(500)), Part(date(2026, 12, 15), Decimal(700)),
    ]  # fmt: skip
