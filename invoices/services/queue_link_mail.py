"""Queues a fresh link for a payer whose link has died, to the address on file and to no other."""

from datetime import datetime

from invoices.models import DocumentMail, PayLink
from invoices.queries.recipients import recipient_of
from invoices.services.queue_document_mail import queue_document_mail


def queue_link_mail(*, link: PayLink, now: datetime) -> DocumentMail | None:
    """The queued mail; None when this dead link already asked within the hour or nobody can be mailed. Callers tell the
    payer the same in every case, so that nothing can be learned from asking (U58)."""
    if link.purpose == PayLink.Purpose.RECEIPT:
        return None
    contact = recipient_of(link.customer)
    if contact is None:
        return None
    return queue_document_mail(
        kind=DocumentMail.Kind.LINK,
        dedupe_key=f"link:{link.pk}:{now:%Y%m%d%H}",
        customer=link.customer,
        entity=link.invoice.entity if link.invoice is not None else link.customer.entity,
        contact=contact,
        invoice=link.invoice,
        language=link.language,
        by="payer",
    )
