"""Queues the mail that brings an invoice to its customer."""

from django.contrib.auth.base_user import AbstractBaseUser

from invoices.models import DocumentMail, Invoice
from invoices.queries.recipients import recipient_of
from invoices.services.queue_document_mail import queue_document_mail


def queue_invoice_mail(*, invoice: Invoice, actor: AbstractBaseUser | None = None, by: str = "") -> DocumentMail | None:
    """The queued mail with the invoice's PDF and a pay link; None when the invoice was mailed before, is not issued, or
    the customer has no contact that mail reaches."""
    contact = recipient_of(invoice.customer)
    if contact is None or invoice.status != Invoice.Status.ISSUED:
        return None
    return queue_document_mail(
        kind=DocumentMail.Kind.INVOICE,
        dedupe_key=f"invoice:{invoice.pk}",
        customer=invoice.customer,
        entity=invoice.entity,
        contact=contact,
        invoice=invoice,
        actor=actor,
        by=by,
    )
