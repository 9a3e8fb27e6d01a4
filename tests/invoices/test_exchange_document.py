"""The worked tables of docs/algorithms/exchange.md, read from the file and repeated."""

from datetime import date
from decimal import Decimal

import pytest

from collections_app.lib.rates import convert
from invoices.models import Adjustment, CurrencyRules, ExchangeRate
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.rates import rate_on
from invoices.services.allocate import unallocated
from invoices.services.exchange_payment import exchange_payment
from tests import factories
from tests.conftest import Cast
from tests.tables import table

pytestmark = pytest.mark.django_db

DOCUMENT = "algorithms/exchange.md"
PUBLISHED = table(DOCUMENT, "published for", "USD for 1 EUR", "GBP for 1 EUR", "JPY for 1 EUR")
ASKED = table(DOCUMENT, "from", "to", "asked for", "of day", "rate")
ROUNDED = table(DOCUMENT, "amount", "from", "to", "rate", "result")
PAID = table(
    DOCUMENT, "invoice USD", "paid EUR", "rate", "becomes USD", "exchange difference", "open USD", "unapplied USD"
)


@pytest.fixture
def published() -> None:
    ExchangeRate.objects.bulk_create(
        ExchangeRate(base="EUR", quote=quote, on=date.fromisoformat(day), rate=Decimal(rate), source="ECB")
        for day, *rates in PUBLISHED
        for quote, rate in zip(("USD", "GBP", "JPY"), rates, strict=True)
        if rate
    )


def test_the_document_holds_its_four_tables() -> None:
    assert (len(PUBLISHED), len(ASKED), len(ROUNDED), len(PAID)) == (3, 6, 5, 5)


@pytest.mark.parametrize(("from_", "to", "asked", "of_day", "rate"), ASKED)
def test_a09_the_rate_of_the_latest_day_before_counts_and_both_legs_are_of_one_day(
    published: None, from_: str, to: str, asked: str, of_day: str, rate: str
) -> None:
    found = rate_on(from_, to, date.fromisoformat(asked))
    assert (found.on, found.source) == (date.fromisoformat(of_day), "ECB")
    assert found.rate.quantize(Decimal(1).scaleb(-10)) == Decimal(rate)


@pytest.mark.parametrize(("amount", "from_", "to", "rate", "result"), ROUNDED)
def test_an_amount_is_rounded_once(amount: str, from_: str, to: str, rate: str, result: str) -> None:
    assert from_ != to
    assert str(convert(Decimal(amount), Decimal(rate), to)) == result


@pytest.mark.parametrize(("total", "paid", "rate", "becomes", "difference", "left", "over"), PAID)
def test_d22_a_dollar_invoice_is_paid_in_euros(
    cast: Cast, total: str, paid: str, rate: str, becomes: str, difference: str, left: str, over: str
) -> None:
    CurrencyRules.objects.update_or_create(currency="USD", defaults={"approval_over": Decimal(100)})
    who = factories.customer()
    invoice = factories.invoice(who, total, currency="USD")
    payment = factories.payment(who, paid)
    made = exchange_payment(
        payment=payment, currency="USD", rate=Decimal(rate), rate_on=factories.DAY, rate_source="ECB",
        shares=[(invoice, None)], write_off_rest_by=cast.accountant if difference else None, by="test",
    )  # fmt: skip
    assert (made.payment.amount, unallocated(payment)) == (Decimal(becomes), Decimal(0))
    assert open_amount_now([invoice.pk])[invoice.pk] == Decimal(left)
    assert unallocated(made.payment) == Decimal(over)
    assert [f"{row.amount:.2f}" for row in Adjustment.objects.all()] == ([difference] if difference else [])
