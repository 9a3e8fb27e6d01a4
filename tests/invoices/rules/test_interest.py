"""The worked tables of docs/algorithms/interest.md, read from the file and repeated."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from collections_app.lib.errors import BadInput
from invoices.rules.interest import Slice, interest, open_slices
from tests.tables import table

DOCUMENT = "algorithms/interest.md"
SLICES = table(DOCUMENT, "first day", "last day", "open", "days")
AMOUNTS = table(DOCUMENT, "open", "rate", "days", "year", "currency", "interest")

DUE = date(2026, 1, 31)
OPENED = [
    (date(2026, 1, 1), Decimal("10000.00")),
    (date(2026, 2, 10), Decimal("6000.00")),
    (date(2026, 3, 12), Decimal("0.00")),
]


def test_the_document_holds_its_tables() -> None:
    assert (len(SLICES), len(AMOUNTS)) == (2, 5)


def test_l09_interest_runs_per_open_amount_and_the_day_of_payment_still_counts() -> None:
    slices = open_slices(OPENED, first=DUE + timedelta(days=1), last=date(2026, 4, 1))
    found = [[str(part.first), str(part.last), str(part.open_amount), str(part.days)] for part in slices]
    assert found == SLICES
    total = interest(slices, annual_percent=Decimal(12), days_in_year=365, currency="EUR")
    assert total == Decimal("92.05")


@pytest.mark.parametrize(("opened", "rate", "days", "year", "currency", "expected"), AMOUNTS)
def test_l04_interest_is_rounded_once_at_the_end(
    opened: str, rate: str, days: str, year: str, currency: str, expected: str
) -> None:
    part = Slice(DUE, DUE + timedelta(days=int(days) - 1), Decimal(opened))
    found = interest([part], annual_percent=Decimal(rate), days_in_year=int(year), currency=currency)
    assert found == Decimal(expected)


def test_l04_slices_are_summed_before_rounding() -> None:
    days = [Slice(DUE + timedelta(days=n), DUE + timedelta(days=n), Decimal(5000)) for n in range(101)]
    assert interest(days, annual_percent=Decimal("12.25"), days_in_year=365, currency="GBP") == Decimal("169.49")


def test_nothing_accrues_before_the_due_date_or_on_nothing() -> None:
    assert open_slices(OPENED, first=DUE + timedelta(days=1), last=DUE) == []
    assert open_slices(OPENED, first=date(2026, 3, 13), last=date(2026, 5, 1)) == []


@pytest.mark.parametrize(("rate", "year"), [("-1", 365), ("101", 365), ("NaN", 365), ("8", 366)])
def test_absurd_terms_are_refused_with_a_sentence(rate: str, year: int) -> None:
    with pytest.raises(BadInput, match=r"per cent|365 or 360"):
        interest([Slice(DUE, DUE, Decimal(1))], annual_percent=Decimal(rate), days_in_year=year, currency="EUR")
