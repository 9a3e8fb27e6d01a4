"""Queues the receipt for a paid session: one, however often the provider tells us."""

from invoices.models import DocumentMail, PaySession
from invoices.queries.recipients import recipient_of
from invoices.services.queue_document_mail import queue_document_mail


def queue_receipt_mail(*, session: PaySession) -> DocumentMail | None:
    """The queued receipt, in the language of the link it was paid from; None if it was queued before or nobody can be
    mailed. It goes to the contact the link was sent to, while that address is still on file, else to the customer's."""
    customer = session.customer
    link = session.pay_link
    sent_to = link.sent_to if link is not None else ""
    known = customer.contacts.filter(email__iexact=sent_to, health="ok").first() if sent_to else None
    contact = known or recipient_of(customer)
    if contact is None:
        return None
    return queue_document_mail(
        kind=DocumentMail.Kind.RECEIPT,
        dedupe_key=f"receipt:{session.reference}",
        customer=customer,
        entity=session.entity,
        contact=contact,
        pay_session=session,
        language=link.language if link is not None else "",
        by=f"gateway {session.gateway}",
    )
