"""The pages of what follows the last reminder."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customers.models import CreditStop, Customer
from dunning.models import Handover, Policy
from dunning.rules.evidence import faults
from dunning.services.make_bundle import make_bundle
from dunning.services.propose_due_handovers import propose_due_handovers
from invoices.models import CurrencyRules
from tests import factories
from tests.conftest import Cast
from tests.dunning.conftest import NOON
from tests.dunning.handovers import sent_notice
from worklist.queries.timeline import timeline

DAY = factories.DAY


@pytest.fixture
def found(policy: Policy, settings: Any, tmp_path: Path) -> Handover:
    """A proposal of the policy's over 100 euros, within what one person decides."""
    settings.MEDIA_ROOT = tmp_path
    CurrencyRules.objects.create(currency="EUR", approval_over=Decimal(1000))
    who = factories.customer(name="Meyer <b>Anlagenbau</b>")
    invoice = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=80))
    sent_notice(policy, who, invoice, position=6, on=DAY - timedelta(days=15))
    Policy.objects.filter(pk=policy.pk).update(end_action="agency")
    policy.refresh_from_db()
    propose_due_handovers(policy=policy, on=DAY)
    return Handover.objects.get()


def act(client: Client, found: Handover, what: str, **data: str) -> int:
    return client.post(f"/dunning/handovers/{found.pk}/{what}/", data).status_code


def state(found: Handover) -> str:
    return Handover.objects.get(pk=found.pk).state


def test_the_list_shows_what_waits_and_the_page_what_can_be_done(client: Client, cast: Cast, found: Handover) -> None:
    client.force_login(cast.lead)
    page = client.get("/dunning/handovers/").content.decode()
    assert "Meyer &lt;b&gt;" in page
    assert "To decide 1" in page
    told = client.get(f"/dunning/handovers/{found.pk}/").content.decode()
    assert "Approve" in told
    assert "Decline" in told
    assert "100.00" in told


def test_from_the_proposal_to_the_file_in_three_presses(client: Client, cast: Cast, found: Handover) -> None:
    client.force_login(cast.lead)
    assert act(client, found, "approve", kind="agency", recipient="Inkasso Nord") == 302
    assert act(client, found, "give", recipient="Inkasso Nord") == 302
    assert state(found) == "handed_over"
    assert "being put together" in client.get(f"/dunning/handovers/{found.pk}/").content.decode()
    bundle = make_bundle(handover=found, now=NOON, actor=cast.lead)
    page = client.get(f"/dunning/handovers/{found.pk}/").content.decode()
    assert bundle.head in page
    answer = client.get(f"/dunning/handovers/{found.pk}/bundles/{bundle.pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert faults(b"".join(answer.streaming_content)) == []  # type: ignore[attr-defined]


def test_what_stands_in_the_way_is_said_on_the_page_with_422(client: Client, cast: Cast, found: Handover) -> None:
    client.force_login(cast.lead)
    assert act(client, found, "approve", kind="") == 422
    assert act(client, found, "give", recipient="") == 422
    assert act(client, found, "end", note="") == 422
    Customer.objects.filter(pk=found.customer_id).update(country="NO")
    answer = client.post(f"/dunning/handovers/{found.pk}/approve/", {"kind": "agency", "recipient": "Kreditor"})
    assert answer.status_code == 422
    assert "Norwegian law wants 14" in answer.content.decode()
    assert state(found) == "proposed"


def test_a_proposal_is_declined_with_a_reason_and_an_ended_one_offers_nothing(
    client: Client, cast: Cast, found: Handover
) -> None:
    client.force_login(cast.lead)
    assert act(client, found, "end", note="They are our largest supplier") == 302
    assert Handover.objects.get(pk=found.pk).outcome == "declined"
    page = client.get(f"/dunning/handovers/{found.pk}/").content.decode()
    assert "Decline</button>" not in page
    assert "largest supplier" in page
    assert act(client, found, "approve", kind="agency") == 422


def test_people_who_may_not_approve_see_it_and_cannot_act(client: Client, cast: Cast, found: Handover) -> None:
    client.force_login(cast.collector)
    assert "Approve</button>" not in client.get(f"/dunning/handovers/{found.pk}/").content.decode()
    assert act(client, found, "approve", kind="agency") == 403
    client.force_login(cast.stranger)
    assert client.get(f"/dunning/handovers/{found.pk}/").status_code == 404
    assert act(client, found, "approve", kind="agency") == 404
    assert client.get("/dunning/handovers/").content.decode().count("Meyer") == 0


def test_a_collector_proposes_from_the_account(client: Client, cast: Cast, policy: Policy) -> None:
    who = factories.customer()
    late = factories.invoice(who, "100.00", due_on=DAY - timedelta(days=9))
    client.force_login(cast.collector)
    assert late.number in client.get(f"/dunning/customer/{who.pk}/end/new/").content.decode()
    form = {"kind": "legal", "reason": "Insolvent since Monday", "invoices": [str(late.pk)]}
    assert client.post(f"/dunning/customer/{who.pk}/end/new/", {**form, "reason": ""}).status_code == 422
    assert client.post(f"/dunning/customer/{who.pk}/end/new/", {**form, "invoices": ["99999999"]}).status_code == 422
    assert client.post(f"/dunning/customer/{who.pk}/end/new/", form).status_code == 302
    assert Handover.objects.get().proposed_by == cast.collector
    assert client.post(f"/dunning/customer/{who.pk}/end/new/", form).status_code == 422


def test_credit_is_stopped_and_given_again_on_the_customer(client: Client, cast: Cast, policy: Policy) -> None:
    who = factories.customer()
    client.force_login(cast.lead)
    path = f"/dunning/customer/{who.pk}/credit/"
    assert client.post(path, {"credit-reason": ""}).status_code == 422
    assert client.post(path, {"credit-reason": "Ninety days late"}).status_code == 302
    assert "Credit stopped" in client.get(f"/dunning/customer/{who.pk}/end/").content.decode()
    assert client.post(path, {"credit-reason": "Paid"}).status_code == 302
    assert CreditStop.objects.get().until == DAY


def test_the_timeline_of_the_account_tells_of_it(client: Client, cast: Cast, found: Handover) -> None:
    client.force_login(cast.lead)
    act(client, found, "approve", kind="agency", recipient="Inkasso Nord")
    act(client, found, "give", recipient="Inkasso Nord")
    client.post(f"/dunning/customer/{found.customer_id}/credit/", {"credit-reason": "With the agency"})
    act(client, found, "end", outcome="uncollectable", note="Nobody there any more")
    texts = [event.text for event in timeline(customer_id=found.customer_id, kind="word").events]
    assert set(texts) >= {
        "Collection agency over €100.00: proposed",
        "Collection agency over €100.00: handed over to Inkasso Nord",
        "Collection agency over €100.00: cannot be collected",
        "Credit stopped",
    }
