"""The administrator's settings of money: tolerances and limits per currency, and payment terms."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.audit.models import AuditEntry
from customers.models import PaymentTerms
from invoices.models import CurrencyRules
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

RULES = {"currency": "eur", "under_tolerance": "0.05", "over_tolerance": "0.10", "approval_over": "500",
         "plan_max_parts": "4", "plan_max_months": "3", "plan_min_part": "25", "plan_grace_days": "5",
         "promise_grace_days": "1",
         "waive_analyst": "10", "waive_accountant": "20", "waive_manager": "100"}  # fmt: skip
TERMS = {"code": "2/10", "name": "2/10 net 30", "kind": "net", "days": "30", "discount_percent": "2",
         "discount_days": "10"}  # fmt: skip


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_rules_are_set_and_changed_and_the_change_is_logged(admin: Client) -> None:
    assert admin.post(reverse("currency_rules_new"), RULES).status_code == 302
    rules = CurrencyRules.objects.get()
    assert (rules.currency, rules.over_tolerance, rules.approval_over) == ("EUR", Decimal("0.10"), Decimal(500))
    assert (rules.waive_analyst, rules.waive_manager) == (Decimal(10), Decimal(100))
    assert "€0.05" in admin.get(reverse("currency_rules")).content.decode()
    admin.post(reverse("currency_rules_edit", args=[rules.pk]), {**RULES, "approval_over": "50", "currency": "USD"})
    rules.refresh_from_db()
    assert (rules.currency, rules.approval_over) == ("EUR", Decimal(50))
    assert AuditEntry.objects.filter(action="currency_rules.saved").count() == 2


@pytest.mark.parametrize(
    "changes",
    [{"currency": "XXQ"}, {"currency": ""}, {"under_tolerance": "-1"}, {"under_tolerance": "0.001"},
     {"approval_over": "NaN"}, {"approval_over": "1e20"}, {"approval_over": ""},
     {"plan_max_parts": "1"}, {"plan_max_months": "0"}, {"plan_grace_days": "-1"}, {"plan_min_part": "-1"},
     {"plan_grace_days": "999999"}, {"waive_analyst": "-1"}, {"waive_manager": "0.001"}],
)  # fmt: skip
def test_d20_rules_that_cannot_be_are_a_422(admin: Client, changes: dict[str, str]) -> None:
    assert admin.post(reverse("currency_rules_new"), {**RULES, **changes}).status_code == 422
    assert not CurrencyRules.objects.exists()


def test_a_currency_has_one_set_of_rules(admin: Client) -> None:
    admin.post(reverse("currency_rules_new"), RULES)
    assert admin.post(reverse("currency_rules_new"), RULES).status_code == 422
    assert CurrencyRules.objects.count() == 1


def test_terms_are_made_shown_and_changed_without_touching_issued_invoices(admin: Client) -> None:
    assert admin.post(reverse("terms_new"), TERMS).status_code == 302
    terms = PaymentTerms.objects.get()
    unstated: Any = None
    invoice = factories.invoice(factories.customer(terms=terms), due_on=unstated, issued_on=factories.DAY)
    page = admin.get(reverse("terms")).content.decode()
    assert "2/10 net 30" in page
    assert "2 %" in page
    assert admin.post(reverse("terms_edit", args=[terms.pk]), {**TERMS, "days": "60"}).status_code == 302
    due_on = invoice.due_on
    invoice.refresh_from_db()
    assert invoice.due_on == due_on


@pytest.mark.parametrize(
    "changes",
    [{"days": "9999"}, {"days": "-1"}, {"kind": "nth_following", "days": "0"}, {"kind": "nth_following", "days": "32"},
     {"kind": "end_of_month", "days": "25"}, {"kind": "sometimes"}, {"discount_percent": "100"},
     {"discount_percent": "-1"}, {"discount_percent": "0"}, {"discount_days": "9999"}, {"code": ""}],
)  # fmt: skip
def test_d20_terms_that_cannot_be_are_a_422(admin: Client, changes: dict[str, str]) -> None:
    assert admin.post(reverse("terms_new"), {**TERMS, **changes}).status_code == 422
    assert not PaymentTerms.objects.exists()


def test_two_terms_have_two_codes(admin: Client) -> None:
    admin.post(reverse("terms_new"), TERMS)
    assert admin.post(reverse("terms_new"), TERMS).status_code == 422
    assert PaymentTerms.objects.count() == 1
