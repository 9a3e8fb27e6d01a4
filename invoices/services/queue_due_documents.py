"""Queues the documents that leave by themselves: invoices, thanks, statements, parts of plans; each once for its
occasion, by set.

Composing and sending is `deliver_document_mails`', with its gate and its budget."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from customers.models import DeliveryState
from invoices.actions import DOCUMENT_MAIL_QUEUED
from invoices.models import DocumentMail
from invoices.queries.documents_due import DueDocument, documents_due, recipients_of
from invoices.queries.recipients import language_for

_CHUNK = 1000


def queue_due_documents(*, now: datetime) -> int:
    """How many mails were queued; what was queued before, whatever became of it, is not queued again.

    Customers whom no mail reaches are passed over: their account shows that they have no address."""
    return _queued(documents_due(now=now, limit=_CHUNK))


@transaction.atomic
def _queued(due: Sequence[DueDocument]) -> int:
    contacts = recipients_of({one.customer_id for one in due})
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mails = []
    for one in due:
        contact = contacts.get(one.customer_id)
        if contact is None:
            continue
        customer = contact.customer
        mails.append(
            DocumentMail(
                kind=one.kind, dedupe_key=one.key, customer_id=one.customer_id, contact=contact, channel="email",
                invoice_id=one.invoice_id, payment_id=one.payment_id, plan_part_id=one.plan_part_id, on=one.on,
                to_address=contact.email,
                language=language_for(contact=contact, customer=customer, entity=customer.entity),
                state=DeliveryState.APPROVED, message_id=f"{uuid.uuid4().hex}.document@{domain}",
            )
        )  # fmt: skip
    DocumentMail.objects.bulk_create(mails, ignore_conflicts=True)  # two at once queue each of them once
    made = DocumentMail.objects.filter(message_id__in=[mail.message_id for mail in mails])
    facts = [
        Fact(DocumentMail._meta.label_lower, row.pk, row.customer_id, {"kind": row.kind, "to": row.to_address})
        for row in made
    ]
    record_set(DOCUMENT_MAIL_QUEUED, facts, actor=None, by="system")
    return len(facts)
