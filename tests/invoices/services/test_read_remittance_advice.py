"""Advices are kept once, with what could be read and what could not, and lead the money to its invoices."""

from decimal import Decimal

import pytest

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput
from invoices.models import RemittanceAdvice
from invoices.queries.open_amounts import open_amount_now
from invoices.services.read_remittance_advice import read_remittance_advice
from invoices.services.suggest_matches import suggest_matches
from tests.factories import DAY, customer, invoice
from tests.invoices.bank_lines import bank_line

pytestmark = pytest.mark.django_db

CSV = b"Invoice,Paid,Deduction\nNW-40123,35.00,0.00\nNW-40125,25.00,10.00\nNW-40126,odd,\n"


def test_an_advice_is_kept_with_its_items_and_problems() -> None:
    advice = read_remittance_advice(name="../advice.csv", content=CSV, currency="EUR")
    assert (advice.name, advice.currency, advice.total) == ("advice.csv", "EUR", Decimal(60))
    assert [(item.number, item.amount, item.deduction) for item in advice.items.order_by("pk")] == [
        ("NW-40123", Decimal(35), Decimal(0)),
        ("NW-40125", Decimal(25), Decimal(10)),
    ]
    assert [problem["position"] for problem in advice.problems] == ["row 4"]
    assert AuditEntry.objects.filter(action="remittance_advice.read", subject_id=advice.pk).count() == 1


def test_the_same_file_is_kept_once() -> None:
    first = read_remittance_advice(name="a.csv", content=CSV, currency="EUR")
    assert read_remittance_advice(name="b.csv", content=CSV, currency="EUR") == first


def test_a_file_without_any_row_leaves_nothing_behind() -> None:
    with pytest.raises(BadInput):
        read_remittance_advice(name="a.txt", content=b"thank you", currency="EUR")
    assert not RemittanceAdvice.objects.exists()


def test_an_advice_leads_the_money_to_its_invoices() -> None:
    debtor = customer(name="Ash Pumps GmbH")
    items = [invoice(debtor, number=f"NW-4012{place}", total="35.00") for place in (3, 4, 5)]
    read_remittance_advice(
        name="a.csv", content=b"Invoice,Paid\nNW-40123,35.00\nNW-40125,35.00\n", currency="EUR", paid_on=DAY
    )
    suggest_matches(lines=[bank_line("70.00", "as per advice", counterparty_name="Ash Pumps GmbH")], on=DAY)
    opened = open_amount_now([item.pk for item in items])
    assert [opened[item.pk] for item in items] == [0, 35, 0]
