"""The page of claims: what could be claimed, choosing and claiming, waiving, deciding, and who may."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from collections_app.accounts.roles import Role
from customers.models import BusinessClock
from invoices.models import Approval, CurrencyRules, Invoice, LateClaim, LateWaiver
from invoices.queries import late_candidates
from invoices.services.claim_lump_sum import claim_lump_sum
from invoices.services.waive_accrued import waive_accrued
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

DUE, TODAY = date(2025, 5, 31), date(2025, 8, 29)
PAGE = "/dunning/claims/"


@pytest.fixture
def late(db: None) -> Invoice:
    """A German invoice over 1000 EUR, 90 days late: 26.15 of interest and 40 of lump sum."""
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": TODAY, "shift_days": 0})
    return factories.invoice(factories.customer(name="Late GmbH"), "1000.00", due_on=DUE)


def post(client: Client, path: str, **data: object) -> str:
    """What the page one is led to says."""
    answer = client.post(path, data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_what_could_be_claimed_is_shown_per_customer_with_totals_per_currency(
    client: Client, cast: Cast, late: Invoice
) -> None:
    client.force_login(cast.accountant)
    text = client.get(PAGE).content.decode()
    assert "Late GmbH" in text
    assert late.number in text
    assert "€26.15" in text
    assert "€40.00" in text
    assert "66.15" in text
    assert Invoice.objects.count() == 1


def test_an_earlier_day_counts_less_and_a_silly_one_is_a_422(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(cast.accountant)
    assert "€9.26" in client.get(PAGE, {"until": "2025-06-30"}).content.decode()
    assert client.get(PAGE, {"until": "nonsense"}).status_code == 422
    assert client.get(PAGE, {"after": "9" * 40, "q": "\x00"}).status_code in (200, 422)


def test_ticked_claims_become_documents(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(cast.accountant)
    told = post(
        client,
        reverse("dunning_claims_claim"),
        claim=[f"interest-{late.pk}", f"lump_sum-{late.pk}"],
        until="2025-08-29",
    )
    assert "2 claimed" in told
    assert sorted(LateClaim.objects.values_list("kind", "document__total")) == [
        ("interest", Decimal("26.15")), ("lump_sum", Decimal("40"))
    ]  # fmt: skip
    assert "Nothing to claim" in client.get(PAGE).content.decode()
    claimed = client.get(PAGE, {"show": "claimed"}).content.decode()
    assert f"{late.number}-I1" in claimed
    assert f"{late.number}-L1" in claimed


def test_claiming_twice_says_why_not(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(cast.accountant)
    post(client, reverse("dunning_claims_claim"), claim=[f"lump_sum-{late.pk}"])
    told = post(client, reverse("dunning_claims_claim"), claim=[f"lump_sum-{late.pk}"])
    assert "Nothing was done" in told
    assert "The lump sum was claimed." in told
    assert LateClaim.objects.count() == 1


@pytest.mark.parametrize("ticked", [[], ["interest-"], ["nonsense-1"], ["interest-1x"], [f"interest-{'9' * 30}"]])
def test_nothing_ticked_or_nonsense_is_refused_in_a_sentence(
    client: Client, cast: Cast, late: Invoice, ticked: list[str]
) -> None:
    client.force_login(cast.accountant)
    answer = client.post(reverse("dunning_claims_claim"), {"claim": ticked})
    assert answer.status_code == 422
    assert "Tick at least one line first." in answer.content.decode()


def test_an_analyst_waives_within_the_limit_and_cannot_claim(client: Client, cast: Cast, late: Invoice) -> None:
    CurrencyRules.objects.create(currency="EUR", waive_analyst=Decimal(30))
    client.force_login(cast.collector)
    assert client.post(reverse("dunning_claims_claim"), {"claim": f"interest-{late.pk}"}).status_code == 403
    told = post(client, reverse("dunning_claims_waive"), claim=[f"interest-{late.pk}"], reason="Long-standing customer")
    assert "1 waived." in told
    assert "Long-standing customer" in client.get(PAGE, {"show": "waived"}).content.decode()
    waiver = LateWaiver.objects.get()
    post(client, reverse("dunning_waiver_reinstate", args=[waiver.pk]), reason="They broke the agreement")
    assert "€26.15" in client.get(PAGE).content.decode()


def test_a_waiver_without_a_reason_is_refused(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(cast.collector)
    assert "Say why you waive it." in post(client, reverse("dunning_claims_waive"), claim=[f"interest-{late.pk}"])
    assert not LateWaiver.objects.exists()


def test_over_the_limit_a_manager_decides(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(cast.collector)
    told = post(client, reverse("dunning_claims_waive"), claim=[f"lump_sum-{late.pk}"], reason="Kind")
    assert "1 wait for a second person" in told
    waiver = LateWaiver.objects.get()
    assert client.post(reverse("dunning_waiver_approve", args=[waiver.pk])).status_code == 403
    client.force_login(cast.lead)
    assert "Kind" in client.get(PAGE, {"show": "waiting"}).content.decode()
    assert "It cannot be claimed any more." in post(client, reverse("dunning_waiver_approve", args=[waiver.pk]))


def test_a_manager_rejects_with_a_reason(client: Client, cast: Cast, late: Invoice) -> None:
    [waiver] = waive_accrued(invoice=late, kind="lump_sum", until=TODAY, reason="Kind", actor=cast.collector)
    client.force_login(cast.lead)
    assert client.post(reverse("dunning_waiver_reject", args=[waiver.pk]), {"reason": ""}).status_code == 422
    post(client, reverse("dunning_waiver_reject", args=[waiver.pk]), reason="They can pay")
    assert "They can pay" in client.get(PAGE, {"show": "waived"}).content.decode()


def test_a_claimed_document_is_waived_from_the_list(client: Client, cast: Cast, late: Invoice) -> None:
    CurrencyRules.objects.create(currency="EUR", waive_analyst=Decimal(39), waive_manager=Decimal(100))
    document = claim_lump_sum(invoice=late, on=TODAY, by="test")
    client.force_login(cast.collector)
    assert "Waits for a second person." in post(
        client, reverse("dunning_claim_waive", args=[document.pk]), reason="Kind"
    )
    Approval.objects.update(state="void", decided_at="2025-08-29T12:00Z")
    client.force_login(cast.lead)
    assert "is waived." in post(client, reverse("dunning_claim_waive", args=[document.pk]), reason="Kind")


def test_a_stranger_sees_and_does_nothing(client: Client, cast: Cast, late: Invoice) -> None:
    document = claim_lump_sum(invoice=late, on=TODAY, by="test")
    [waiver] = waive_accrued(invoice=late, kind="interest", until=TODAY, reason="Kind", actor=cast.collector)
    client.force_login(cast.stranger)
    for show in ("now", "claimed", "waived", "waiting"):
        assert late.number not in client.get(PAGE, {"show": show}).content.decode()
    assert client.post(reverse("dunning_claim_waive", args=[document.pk]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("dunning_waiver_reinstate", args=[waiver.pk]), {"reason": "x"}).status_code == 404
    told = post(client, reverse("dunning_claims_waive"), claim=[f"interest-{late.pk}"], reason="x")
    assert "not there any more" in told


def test_a_page_has_whole_customers_and_leads_on(
    client: Client, cast: Cast, late: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_candidates, "INVOICES", 2)
    other = factories.customer(name="Second SE")
    for days in (1, 2):
        factories.invoice(other, "500.00", due_on=DUE + timedelta(days=days))
    client.force_login(cast.accountant)
    first = client.get(PAGE).content.decode()
    assert "Late GmbH" in first
    assert "Second SE" not in first
    assert f"after={late.customer_id}" in first
    assert "Second SE" in client.get(PAGE, {"after": late.customer_id}).content.decode()


def test_the_missing_rate_is_said_on_the_page(client: Client, cast: Cast, late: Invoice) -> None:
    factories.invoice(late.customer, "100.00", due_on=date(2026, 6, 1))
    BusinessClock.objects.update(pinned_on=date(2026, 9, 1))
    client.force_login(cast.accountant)
    text = client.get(PAGE, {"until": "2199-01-01"}).content.decode()
    assert "counted up to" in text
    assert "from 1 Jul 2026 is not in the country packs" in text


def test_the_invoice_page_shows_the_computation_and_claims_from_there(
    client: Client, cast: Cast, late: Invoice
) -> None:
    client.force_login(cast.accountant)
    here = reverse("invoice", args=[late.pk])
    text = client.get(here).content.decode()
    for shown in ("11.27 %", "10.27 %", "€26.15", "€40.00", "not in the books", "BGB"):
        assert shown in text
    told = post(client, reverse("dunning_claims_claim"), claim=[f"interest-{late.pk}"], invoice=late.pk)
    assert f"{late.number}-I1" in told
    assert "€26.15" in told


def test_a_viewer_sees_the_figures_and_no_buttons(client: Client, cast: Cast, late: Invoice) -> None:
    client.force_login(factories.user(Role.VIEWER))
    text = client.get(PAGE).content.decode()
    assert "€26.15" in text
    assert "Claim ticked" not in text
    assert "Waive ticked" not in text
