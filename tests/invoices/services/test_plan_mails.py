"""F39: parts of a plan have their own mails: once before the day, once when late, and none when the money came."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from customers.models import Customer, Hold
from invoices.models import DocumentMail, Invoice, PaymentPlan
from invoices.queries.plan_parts_due import missing_parts, plan_parts_due
from invoices.rules.plans import Part
from invoices.services.approve_plan import approve_plan
from invoices.services.deliver_document_mails import deliver_document_mails
from invoices.services.end_plan import end_plan
from invoices.services.propose_plan import propose_plan
from invoices.services.queue_due_documents import queue_due_documents
from tests import factories
from tests.conftest import Cast

TODAY = factories.today()


def agreed(cast: Cast, *days: int, reminds: bool = True, language: str = "") -> tuple[PaymentPlan, Invoice, Customer]:
    """A plan agreed on 30 days ago with a part of 100 on each of these days from today."""
    who = factories.customer(language=language)
    begun = TODAY - timedelta(days=30)
    invoice = factories.invoice(who, str(100 * len(days)), due_on=begun)
    parts = [Part(TODAY + timedelta(days=n), Decimal(100)) for n in days]
    plan = propose_plan(customer=who, items=[(invoice, None)], parts=parts, on=begun, reminds=reminds, by="test")
    approve_plan(plan=plan, on=begun, actor=cast.collector)
    PaymentPlan.objects.filter(pk=plan.pk).update(grace_days=20)
    return plan, invoice, who


def keys() -> list[str]:
    return [due.key.partition(":")[0] + ":" + due.key.rpartition(":")[2] for due in plan_parts_due(100)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "found"),
    [((3,), ["plan:ahead"]), ((0,), ["plan:ahead"]), ((4,), []), ((-6,), ["plan:late"]), ((-6, 2), ["plan:late"])],
)
def test_f39_a_part_is_written_about_before_its_day_and_when_late(
    days: tuple[int, ...], found: list[str], cast: Cast
) -> None:
    agreed(cast, *days)
    assert keys() == found


@pytest.mark.django_db
def test_f39_nothing_is_written_about_parts_that_came_or_plans_that_ended_wait_or_are_held(cast: Cast) -> None:
    _, invoice, who = agreed(cast, -6)
    factories.payment(who, "100.00", received_on=TODAY - timedelta(days=7), shares=[(invoice, None)])
    agreed(cast, -6, reminds=False)
    ended, _, _ = agreed(cast, -6)
    end_plan(plan=ended, on=TODAY, why="They pay at once", by="test")
    _, _, held = agreed(cast, -6)
    Hold.objects.create(customer=held, reason="legal", starts_on=TODAY, ends_on=TODAY)
    own, _, _ = agreed(cast, -6)
    Customer.objects.filter(pk=own.customer_id).update(is_related_party=True)
    assert keys() == []


@pytest.mark.django_db
def test_f39_each_occasion_is_queued_once_and_withdrawn_when_the_money_comes(cast: Cast) -> None:
    plan, invoice, who = agreed(cast, -6)
    part = plan.instalments.get()
    assert queue_due_documents(now=timezone.now()) == 1
    assert queue_due_documents(now=timezone.now()) == 0
    assert DocumentMail.objects.get().plan_part == part
    assert missing_parts([part.pk])[part.pk].missing == Decimal(100)
    factories.payment(who, "100.00", received_on=TODAY, shares=[(invoice, None)])
    assert missing_parts([part.pk]) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "has not reached us yet"), ("de", "noch nicht bei uns eingegangen"), ("fr", "pas encore parvenue"),
     ("es", "aún no nos ha llegado"), ("nl", "nog niet bij ons binnen")],
)  # fmt: skip
def test_f39_the_mail_names_part_and_last_day_in_the_payers_language(cast: Cast, language: str, words: str) -> None:
    agreed(cast, -6, language=language)
    queue_due_documents(now=timezone.now())
    deliver_document_mails(now=timezone.now)
    (sent,) = mail.outbox
    assert words in sent.body
    assert "100" in sent.body
    assert "/pay/" in sent.body
    assert DocumentMail.objects.get().state == "accepted"


@pytest.mark.django_db(transaction=True)
def test_f39_a_mail_about_a_part_that_came_meanwhile_does_not_leave(cast: Cast) -> None:
    _, invoice, who = agreed(cast, -6)
    queue_due_documents(now=timezone.now())
    factories.payment(who, "100.00", received_on=TODAY, shares=[(invoice, None)])
    deliver_document_mails(now=timezone.now)
    assert mail.outbox == []
    assert DocumentMail.objects.get().state in ("cancelled", "dropped")
