"""The rates of the law: how far they are known, adding one with its source, and waiving from the invoice's own page."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.audit.models import AuditEntry
from customers.models import BusinessClock
from invoices.models import Adjustment, Approval, CurrencyRules, StatutoryRate
from invoices.services.claim_lump_sum import claim_lump_sum
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

PAGE = "/settings/late-rates/"
RATE = {"series": "de_base", "starts_on": "2026-07-01", "value": "1.27", "source": "Bundesanzeiger of 30 Jun 2026"}


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": date(2026, 8, 3), "shift_days": 0})
    client.force_login(cast.admin)
    return client


def test_what_is_missing_today_is_said_and_an_added_rate_mends_it(admin: Client) -> None:
    missing = "The base rate (§ 247 BGB) from 1 Jul 2026 is not in the country packs."
    assert missing in admin.get(PAGE).content.decode()
    assert admin.post(PAGE, RATE).status_code == 302
    text = admin.get(PAGE).content.decode()
    assert missing not in text
    assert "Bundesanzeiger of 30 Jun 2026" in text
    assert "added here" in text
    assert AuditEntry.objects.filter(action="statutory_rate.added").count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"series": "nothing"}, {"value": "101"}, {"value": "NaN"}, {"value": "1e30"}, {"starts_on": "2026-07-02"},
     {"starts_on": "never"}, {"source": ""}, {"source": "   "}],
)  # fmt: skip
def test_d20_a_rate_that_cannot_be_is_a_422(admin: Client, changes: dict[str, str]) -> None:
    answer = admin.post(PAGE, {**RATE, **changes})
    assert answer.status_code == 422
    assert not StatutoryRate.objects.exists()


def test_every_pack_is_shown_with_its_law_its_source_and_the_day_it_was_checked(admin: Client) -> None:
    text = admin.get(PAGE).content.decode()
    for shown in ("BGB §§ 247, 286, 288", "legislation.gov.uk", "Directive 2011/7/EU", "renteloven", "22 Nov 2026"):
        assert shown in text


def test_a_colleague_without_the_right_is_refused(client: Client, cast: Cast) -> None:
    client.force_login(cast.lead)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, RATE).status_code == 403


def test_f33_a_fee_is_waived_from_its_own_page_with_the_limit_of_the_role(client: Client, cast: Cast) -> None:
    CurrencyRules.objects.create(currency="EUR", waive_accountant=Decimal(39), waive_manager=Decimal(40))
    invoice = factories.invoice(factories.customer(), "1000.00", due_on=date(2025, 5, 31))
    fee = claim_lump_sum(invoice=invoice, on=date(2025, 8, 29), by="test")
    here = reverse("invoice_adjust", args=[fee.pk])
    data = {"kind": "waiver", "effective_on": "2025-08-29", "reason": "Kind", f"share_{fee.pk}": "40.00"}
    client.force_login(cast.accountant)
    assert "Waiver: we do not insist" in client.get(here).content.decode()
    assert client.post(here, data).status_code == 302
    approval = Approval.objects.get()
    assert "Waiver: we do not insist" in client.get(reverse("approval_edit", args=[approval.pk])).content.decode()
    client.post(reverse("approval_withdraw", args=[approval.pk]))
    client.force_login(cast.lead)
    assert client.post(here, data).status_code == 302
    assert Adjustment.objects.get().kind == "waiver"


def test_f33_an_invoice_offers_no_waiver(client: Client, cast: Cast) -> None:
    invoice = factories.invoice(factories.customer(), "1000.00", due_on=date(2025, 5, 31))
    client.force_login(cast.lead)
    here = reverse("invoice_adjust", args=[invoice.pk])
    assert "Waiver: we do not insist" not in client.get(here).content.decode()
    data = {"kind": "waiver", "effective_on": "2025-08-29", "reason": "Kind", f"share_{invoice.pk}": "40.00"}
    assert client.post(here, data).status_code == 422
    assert not Adjustment.objects.exists()
