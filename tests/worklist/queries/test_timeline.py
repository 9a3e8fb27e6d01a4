"""What the timeline must never keep to itself: what payers asked for, and the way to each notice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from customers.queries.clock import now
from dunning.models import Notice
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from invoices.models import PayerRequest
from tests import factories
from tests.factories import DAY
from worklist.queries.timeline import timeline

pytestmark = pytest.mark.django_db


def test_what_a_payer_asks_for_by_link_stands_on_the_timeline_for_a_person_to_answer() -> None:
    who = factories.customer()
    PayerRequest.objects.create(customer=who, kind=PayerRequest.Kind.PLAN, text="Four parts, please.")
    (event,) = timeline(customer_id=who.pk, kind="talk").events
    assert (event.text, event.detail) == ("The payer asks for a payment plan", "Four parts, please.")


def test_a_notice_on_the_timeline_leads_to_its_page() -> None:
    who = factories.customer()
    factories.invoice(who, "300.00", issued_on=DAY - timedelta(days=40), due_on=DAY - timedelta(days=10))
    prepare_run(policy=install_standard_policy(who.entity), as_of=DAY, now=now())
    notice = Notice.objects.get(customer=who)
    urls = [event.url for event in timeline(customer_id=who.pk, kind="mail").events]
    assert urls == [reverse("dunning_notice", args=[notice.pk])]
