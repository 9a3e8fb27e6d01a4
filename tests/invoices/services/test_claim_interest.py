"""Interest and fees: documents of their own, per open amount, each day once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from collections_app.lib.errors import BadInput, Conflict
from invoices.models import Invoice
from invoices.queries.interest import last_claimed_day
from invoices.queries.open_amounts import open_invoices
from invoices.services.claim_fee import claim_fee
from invoices.services.claim_interest import InterestTerms, claim_interest
from tests import factories
from tests.tables import table

pytestmark = pytest.mark.django_db

DUE = date(2026, 1, 31)
TERMS = InterestTerms(Decimal(12))
CLAIMS = table("algorithms/interest.md", "claimed until", "days claimed", "next claim begins")


def overdue(total: str = "10000.00", **fields: Any) -> Invoice:
    return factories.invoice(factories.customer(), total, due_on=DUE, **fields)


def claimed(invoice: Invoice, until: date, **more: Any) -> Invoice:
    number = f"Z-{invoice.pk}-{until}"
    return claim_interest(
        **{"invoice": invoice, "number": number, "until": until, "terms": TERMS, "by": "test", **more}
    )


def test_l09_later_claims_begin_after_the_last_claimed_day_and_follow_part_payments() -> None:
    invoice = overdue()
    for received, amount in ((date(2026, 2, 10), "4000.00"), (date(2026, 3, 12), "6000.00")):
        factories.payment(invoice.customer, amount, received_on=received, shares=[(invoice, None)])
    totals = Decimal(0)
    for until, days, begins in CLAIMS:
        claim = claimed(invoice, date.fromisoformat(until))
        assert claim.accrued_from is not None
        assert (date.fromisoformat(until) - claim.accrued_from).days + 1 == int(days)
        day = last_claimed_day(invoice.pk)
        assert day is not None
        assert day + timedelta(days=1) == date.fromisoformat(begins)
        totals += claim.total
    assert totals == Decimal("32.88") + Decimal("59.18")


def test_l10_nothing_is_booked_before_it_is_claimed_and_the_claim_names_its_invoice() -> None:
    invoice = overdue()
    day = DUE + timedelta(days=60)
    assert [row.pk for row in open_invoices(customer_id=invoice.customer_id, as_of=day)] == [invoice.pk]
    claim = claimed(invoice, day)
    assert (claim.kind, claim.claims_for_id) == ("interest", invoice.pk)
    assert claim.total == Decimal("197.26")
    assert (claim.accrued_from, claim.accrued_until) == (DUE + timedelta(days=1), day)
    assert open_invoices(customer_id=invoice.customer_id, as_of=claim.issued_on).count() == 2


def test_l09_days_claimed_before_are_refused_with_a_sentence() -> None:
    invoice = overdue()
    claimed(invoice, DUE + timedelta(days=30))
    with pytest.raises(Conflict, match="was claimed or waived up to 2 Mar 2026"):
        claimed(invoice, DUE + timedelta(days=40), since=DUE + timedelta(days=10))
    with pytest.raises(Conflict, match="was claimed or waived up to"):
        claimed(invoice, DUE + timedelta(days=20))


def test_d18_the_database_refuses_overlapping_interest_by_raw_sql() -> None:
    invoice = overdue()
    claim = claimed(invoice, DUE + timedelta(days=30))
    broken = pytest.raises(IntegrityError, match="invoice_interest_once_per_day")
    with broken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO invoices_invoice (entity_id, customer_id, kind, number, status, issued_on, due_on,"
            " currency, total, claims_for_id, accrued_from, accrued_until)"
            " VALUES (%s, %s, 'interest', 'Z-again', 'issued', %s, %s, 'EUR', 1, %s, %s, %s)",
            [invoice.entity_id, invoice.customer_id, claim.issued_on, claim.due_on, invoice.pk,
             DUE + timedelta(days=30), DUE + timedelta(days=31)],
        )  # fmt: skip


def test_l09_paying_the_invoice_does_not_take_away_the_interest_of_the_days_before() -> None:
    invoice = overdue("5000.00")
    paid_on = DUE + timedelta(days=101)
    factories.payment(invoice.customer, "5000.00", received_on=paid_on, shares=[(invoice, None)])
    claim = claimed(invoice, paid_on + timedelta(days=50), terms=InterestTerms(Decimal("12.25")))
    assert claim.total == Decimal("169.49")


def test_a06_each_instalment_bears_interest_from_its_own_due_date() -> None:
    second = DUE + timedelta(days=20)
    invoice = factories.invoice(
        factories.customer(), "10000.00", due_on=second, issued_on=DUE - timedelta(days=30),
        instalments=[(DUE, Decimal("4000.00")), (second, Decimal("6000.00"))],
    )  # fmt: skip
    factories.payment(invoice.customer, "1000.00", received_on=DUE, shares=[(invoice, None)])
    claim = claimed(invoice, second + timedelta(days=10))
    # 3000 for 30 days and 6000 for 10 days at 12 % of 365
    assert claim.total == Decimal("49.32")


@pytest.mark.parametrize("kind", ["fee", "interest"])
def test_l06_no_interest_and_no_fee_on_claims(kind: str) -> None:
    invoice = overdue()
    claim = claim_fee(invoice=invoice, number="F1", amount=Decimal("40.00"), issued_on=DUE, by="test")
    if kind == "interest":
        claim = claimed(invoice, DUE + timedelta(days=30))
    with pytest.raises(BadInput, match="No interest runs on"):
        claimed(claim, DUE + timedelta(days=90))
    with pytest.raises(BadInput, match="not for another fee"):
        claim_fee(invoice=claim, number="F2", amount=Decimal("40.00"), issued_on=DUE, by="test")


def test_no_interest_before_the_due_date_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="No interest accrued"):
        claimed(overdue(), DUE)


def test_l10_a_fee_names_its_invoice_and_the_database_insists() -> None:
    invoice = overdue()
    claim = claim_fee(invoice=invoice, number="F1", amount=Decimal("40.00"), issued_on=DUE, by="test")
    assert (claim.kind, claim.claims_for_id, claim.total) == ("fee", invoice.pk, Decimal("40.00"))
    with pytest.raises(IntegrityError, match="invoice_claim_names_its_document"), transaction.atomic():
        factories.invoice(invoice.customer, "40.00", kind="fee")
