"""Keeps what a payer asked for from a link, for a person to answer. It pauses nothing (P5)."""

from django.db import transaction

from collections_app.audit.record import record
from customers.changes import announce
from invoices.actions import PAYER_REQUEST_MADE
from invoices.models import PayerRequest, PayLink


@transaction.atomic
def make_payer_request(*, link: PayLink, kind: str, text: str) -> PayerRequest:
    """The stored request; the same words again while it is unanswered give back the first one (a double click)."""
    same = PayerRequest.objects.filter(pay_link=link, kind=kind, text=text, answered_at__isnull=True).first()
    if same is not None:
        return same
    made = PayerRequest.objects.create(
        customer_id=link.customer_id, pay_link=link, invoice_id=link.invoice_id, kind=kind, text=text
    )
    record(PAYER_REQUEST_MADE, made, actor=None, by="payer", kind=kind, text=text)
    announce([link.customer_id])
    return made
