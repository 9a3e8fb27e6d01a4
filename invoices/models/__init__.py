"""The nouns of this app, one file each."""

from invoices.models.aging_snapshot import AgingSnapshot
from invoices.models.allocation import Allocation
from invoices.models.credit_note import CreditNote
from invoices.models.dispute import Dispute
from invoices.models.document_mail import DocumentMail
from invoices.models.invoice import Invoice
from invoices.models.pay_link import PayLink
from invoices.models.pay_session import PaySession, PaySessionItem
from invoices.models.payer_request import PayerRequest
from invoices.models.payment import Payment
from invoices.models.promise import Promise, PromiseItem
from invoices.models.refund import Refund
from invoices.models.webhook_event import WebhookEvent

__all__ = [
    "AgingSnapshot",
    "Allocation",
    "CreditNote",
    "Dispute",
    "DocumentMail",
    "Invoice",
    "PayLink",
    "PaySession",
    "PaySessionItem",
    "PayerRequest",
    "Payment",
    "Promise",
    "PromiseItem",
    "Refund",
    "WebhookEvent",
]
