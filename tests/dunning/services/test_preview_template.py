"""The preview with a customer answers with words or a sentence, whatever today's decision about the customer is."""

from datetime import timedelta

import pytest

from customers.models import Customer, LegalEntity
from dunning.models import NoticeTemplate, Policy
from dunning.services.preview import Preview
from dunning.services.preview_template import preview_template
from invoices.services.make_promise import make_promise
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def shown(who: Customer) -> Preview:
    template = NoticeTemplate.objects.get(stage="early", channel="email", language="de", key="", is_current=True)
    return preview_template(
        template, subject=template.subject, body=template.body, policies=Policy.objects.all(), customer=who
    )


def late(days: int = 3, **fields: object) -> Customer:
    who = factories.customer(**fields)  # type: ignore[arg-type]
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=days), number=f"R-{who.pk}")
    return who


def test_a_customer_whose_notice_waits(policy: Policy) -> None:
    who = late()
    run_on(policy)
    found = shown(who)
    assert "Today nothing would go out" in found.note
    assert "100,00" in found.text


def test_a_customer_who_was_written_to_today(policy: Policy) -> None:
    who = late()
    run_on(policy)
    deliver()
    assert "Today nothing would go out" in shown(who).note


def test_a_customer_on_hold(policy: Policy) -> None:
    who = late()
    who.holds.create(reason="legal", starts_on=DAY, ends_on=DAY + timedelta(days=9))
    assert "On hold" in shown(who).note


def test_a_related_party(policy: Policy) -> None:
    assert "Today nothing would go out" in shown(late(is_related_party=True)).note


def test_everything_promised_says_so(policy: Policy) -> None:
    who = late()
    items = [(invoice, None) for invoice in who.invoices.all()]
    make_promise(customer=who, items=items, promised_on=DAY + timedelta(days=3), made_on=DAY, by="t")
    assert "paused" in shown(who).problem


def test_a_customer_of_an_entity_without_a_policy(entity: LegalEntity, policy: Policy) -> None:
    other = factories.entity("GB02", currency="GBP", name="Southwind Ltd")
    who = factories.customer(entity=other)
    factories.invoice(who, "70.00", due_on=DAY - timedelta(days=9), entity=other, currency="GBP")
    found = shown(who)
    assert found.problem == ""
    assert "70,00" in found.text


def test_covered_by_credits(policy: Policy) -> None:
    who = late()
    factories.payment(who, "500.00")
    found = shown(who)
    assert found.problem == ""


def test_two_currencies(policy: Policy) -> None:
    who = late()
    factories.invoice(who, "900.00", due_on=DAY - timedelta(days=9), currency="USD")
    assert shown(who).problem == ""


def test_nothing_due_yet(policy: Policy) -> None:
    assert "Today nothing would go out" in shown(late(-20)).note
