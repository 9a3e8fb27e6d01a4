"""Puts one document mail into the queue, once per occasion. Composing and sending is `deliver_document_mails`'s."""

import uuid
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from customers.models import Contact, Customer, DeliveryState, LegalEntity
from invoices.actions import DOCUMENT_MAIL_QUEUED
from invoices.models import DocumentMail, Invoice, PaySession
from invoices.queries.recipients import language_for


@transaction.atomic
def queue_document_mail(
    *,
    kind: str,
    dedupe_key: str,
    customer: Customer,
    entity: LegalEntity,
    contact: Contact,
    invoice: Invoice | None = None,
    pay_session: PaySession | None = None,
    language: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> DocumentMail | None:
    """The queued mail, or None when this occasion (`dedupe_key`) already has one, whatever became of it.

    It is due at once; beat takes it, a nudge only makes it sooner."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = DocumentMail(
        kind=kind,
        dedupe_key=dedupe_key,
        customer=customer,
        contact=contact,
        invoice=invoice,
        pay_session=pay_session,
        channel="email",
        to_address=contact.email,
        language=language or language_for(contact=contact, customer=customer, entity=entity),
        state=DeliveryState.APPROVED,
        message_id=f"{uuid.uuid4().hex}.document@{domain}",
    )
    DocumentMail.objects.bulk_create([mail], ignore_conflicts=True)  # an upsert, so that two at once do not fail
    stored = DocumentMail.objects.get(dedupe_key=dedupe_key)
    if stored.message_id != mail.message_id:
        return None
    record(DOCUMENT_MAIL_QUEUED, stored, actor=actor, by=by or "system", kind=kind, to=contact.email)
    return stored
