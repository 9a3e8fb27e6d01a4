"""Documents that leave by themselves: once for their occasion, to people who may be written to, in their language."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from collections_app.lib.errors import BadInput
from customers.models import BusinessClock, ContactTouch, Customer, EntityPause, Hold, LegalEntity
from invoices.models import DocumentMail, DocumentRules, StatementDay
from invoices.services.deliver_document_mails import deliver_document_mails
from invoices.services.queue_due_documents import queue_due_documents
from invoices.services.save_document_rules import save_document_rules, save_statement_day
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

FIFTH = date(2026, 3, 5)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def pin(day: date) -> None:
    BusinessClock.objects.update_or_create(pk=1, defaults={"pinned_on": day, "shift_days": 0})


def rules(entity: LegalEntity, **fields: Any) -> DocumentRules:
    made = {"statement_day": 5, "changed_at": LONG_AGO, **fields}
    return DocumentRules.objects.update_or_create(entity=entity, defaults=made)[0]


def debtor(**fields: Any) -> Customer:
    who = factories.customer(**fields)
    factories.invoice(who, "119.00", due_on=date(2026, 2, 20), number=f"R-{who.pk}")
    return who


def queued() -> int:
    return queue_due_documents(now=timezone.now())


def delivered() -> None:
    deliver_document_mails(now=timezone.now)


def test_f9_a_statement_leaves_on_its_day_once_a_month() -> None:
    who = debtor()
    rules(who.entity)
    pin(FIFTH - timedelta(days=1))
    assert queued() == 0
    pin(FIFTH)
    assert queued() == 1
    assert queued() == 0
    pin(FIFTH + timedelta(days=2))
    assert queued() == 0
    pin(date(2026, 4, 5))
    assert queued() == 1
    assert [row.on for row in DocumentMail.objects.order_by("pk")] == [date(2026, 3, 4), date(2026, 4, 4)]


def test_the_statement_mail_names_the_balance_and_brings_the_pdf() -> None:
    who = debtor(name="Meyer")
    rules(who.entity)
    pin(FIFTH)
    queued()
    delivered()
    (sent,) = mail.outbox
    assert sent.to == [who.contacts.get().email]
    assert "4 Mar 2026" in sent.subject
    assert "of which overdue: €119.00" in str(sent.body)
    assert "/pay/" in str(sent.body)
    (attached,) = sent.attachments
    assert attached[0] == "Statement-of-account-2026-03-04.pdf"
    assert DocumentMail.objects.get().state == "accepted"


def test_a_statement_counts_in_the_contact_budget() -> None:
    who = debtor()
    rules(who.entity)
    pin(FIFTH)
    queued()
    delivered()
    assert ContactTouch.objects.get(customer=who).source.startswith("mail:")


def test_a_customers_own_day_goes_before_its_entitys_and_0_is_never() -> None:
    own, never = debtor(), debtor()
    rules(own.entity)
    StatementDay.objects.create(customer=own, day=6)
    StatementDay.objects.create(customer=never, day=0)
    pin(FIFTH)
    assert queued() == 0
    pin(FIFTH + timedelta(days=1))
    assert queued() == 1


def test_who_may_not_be_written_to_gets_no_statement() -> None:
    held, ours, quiet = debtor(), debtor(is_related_party=True), factories.customer()
    Hold.objects.create(customer=held, reason="legal", starts_on=FIFTH, ends_on=FIFTH + timedelta(days=9))
    rules(held.entity)
    pin(FIFTH)
    assert queued() == 0
    assert not DocumentMail.objects.filter(customer__in=[held, ours, quiet]).exists()


def test_r09_a_paused_entity_mails_no_statements() -> None:
    who = debtor()
    rules(who.entity)
    EntityPause.objects.create(entity=who.entity, reason="Move", starts_on=FIFTH, ends_on=FIFTH + timedelta(days=20))
    pin(FIFTH)
    assert queued() == 0


def test_r21_a_customer_that_became_one_of_ours_is_withdrawn_at_the_last_look() -> None:
    who = debtor()
    rules(who.entity)
    pin(FIFTH)
    queued()
    Customer.objects.filter(pk=who.pk).update(is_related_party=True)
    delivered()
    assert (DocumentMail.objects.get().reason, mail.outbox) == ("related_party", [])


def test_without_rules_nothing_leaves_and_switching_on_sends_no_past() -> None:
    who = debtor()
    pin(FIFTH)
    assert queued() == 0
    save_document_rules(
        entity=who.entity, invoices=True, thanks=True, statement_day=5, actor=factories.user(),
        now=datetime(2026, 3, 6, tzinfo=UTC) + timedelta(days=3000),
    )  # fmt: skip
    assert queued() == 0


def test_a_new_invoice_is_mailed_once_by_itself() -> None:
    who = factories.customer()
    rules(who.entity, statement_day=None, invoices_since=LONG_AGO)
    factories.invoice(who, "50.00", number="N-1", issued_on=factories.today(), due_on=factories.today())
    assert queued() == 1
    assert queued() == 0
    delivered()
    assert "N-1" in mail.outbox[0].subject
    assert not ContactTouch.objects.exists()


def test_a_payment_by_transfer_is_thanked_for_after_a_rest() -> None:
    who = debtor()
    rules(who.entity, statement_day=None, thanks_since=LONG_AGO)
    factories.payment(who, "100.00", shares="oldest")
    assert queued() == 0  # time to notice a slip
    later = timezone.now() + timedelta(hours=3)
    assert queue_due_documents(now=later) == 1
    assert queue_due_documents(now=later) == 0
    delivered()
    body = str(mail.outbox[0].body)
    assert "Thank you" in body
    assert re.search(r"Still open on your account: €19\.00", body)


def test_a_payment_that_is_not_put_against_anything_is_not_thanked_for() -> None:
    who = debtor()
    rules(who.entity, statement_day=None, thanks_since=LONG_AGO)
    factories.payment(who, "100.00")
    assert queue_due_documents(now=timezone.now() + timedelta(hours=3)) == 0


def test_a_manager_settles_the_rules_and_a_collector_a_customers_day(client: Client, cast: Cast) -> None:
    who = debtor()
    address = reverse("document_rules_save", args=[who.entity_id])
    client.force_login(cast.viewer)
    assert client.get(reverse("document_rules")).status_code == 403
    client.force_login(cast.lead)
    prefix = f"entity-{who.entity_id}"
    client.post(address, {f"{prefix}-thanks": "on", f"{prefix}-statement_day": "31"})
    made = DocumentRules.objects.get()
    assert (made.statement_day, bool(made.thanks_since), made.invoices_since) == (31, True, None)
    assert client.post(address, {f"{prefix}-statement_day": "40"}).status_code == 422
    client.post(reverse("statement_day", args=[who.pk]), {"day": "7"})
    assert StatementDay.objects.get().day == 7
    assert 'value="7"' in client.get(reverse("statement", args=[who.pk])).content.decode()
    client.post(reverse("statement_day", args=[who.pk]), {"day": ""})
    assert not StatementDay.objects.exists()


def test_a_day_that_no_month_has_is_refused() -> None:
    who = factories.customer()
    with pytest.raises(BadInput, match="1 to 31"):
        save_statement_day(customer=who, day=32, actor=factories.user())
    with pytest.raises(BadInput, match="1 to 31"):
        save_document_rules(
            entity=who.entity, invoices=False, thanks=False, statement_day=0, actor=factories.user(), now=LONG_AGO
        )


ENGLISH = re.compile(
    r"\b(the|and|you|your|invoice|due|pay|paid|payment|account|statement|attached|amount|received|hello|thank|"
    r"balance|overdue|books|view|shows|reference)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", ["de", "fr", "es", "nl"])
@pytest.mark.parametrize("kind", ["statement", "thanks", "invoice"])
def test_r18_a_whole_document_mail_has_no_english_word(language: str, kind: str) -> None:
    entity = factories.entity(name="Zon", address="Kade 1", email="a@zon.example", bank_name="")
    who = factories.customer(entity=entity, name="Zeta", language=language)
    who.contacts.update(name="Ana")
    factories.invoice(who, "119.00", due_on=factories.today() - timedelta(days=9), number="4711")
    if kind == "thanks":
        rules(entity, statement_day=None, thanks_since=LONG_AGO)
        factories.payment(who, "100.00", shares="oldest")
    elif kind == "invoice":
        rules(entity, statement_day=None, invoices_since=LONG_AGO)
    else:
        rules(entity)
        pin(FIFTH)
        DocumentMail.objects.all().delete()
    assert queue_due_documents(now=timezone.now() + timedelta(hours=3)) == 1
    delivered()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = re.sub(r"<style.*?</style>|<[^>]+>", " ", str(sent.alternatives[0][0]), flags=re.DOTALL)
    for text in (str(sent.subject), str(sent.body), html):
        bare = re.sub(r"https?://\S+|\S+@\S+", "", text)
        assert not (found := ENGLISH.findall(bare)), (found, bare)
