"""The audit action codes of this app."""

from collections_app.audit.actions import register

INVOICE_ISSUED = register("invoice.issued", "Invoice issued")
CREDIT_NOTE_ISSUED = register("credit_note.issued", "Credit note issued")
PAYMENT_RECORDED = register("payment.recorded", "Payment recorded")
ALLOCATED = register("allocation.made", "Allocated to a document")
ALLOCATION_REVERSED = register("allocation.reversed", "Allocation reversed")
PAY_LINK_CREATED = register("pay_link.created", "Pay link made")
PAY_LINK_REVOKED = register("pay_link.revoked", "Pay link revoked")
PAY_SESSION_STARTED = register("pay_session.started", "Payer started to pay")
PAY_SESSION_SETTLED = register("pay_session.settled", "Payment attempt settled")
WEBHOOK_NEEDS_REVIEW = register("webhook.needs_review", "Provider event needs a person")
PAYER_REQUEST_MADE = register("payer_request.made", "Request by the payer", personal=("text",))
DOCUMENT_MAIL_QUEUED = register("document_mail.queued", "Document mail queued", personal=("to",))
AGING_SNAPSHOT_TAKEN = register("aging.snapshot_taken", "Aging of the day stored")
PROMISE_MADE = register("promise.made", "Promise to pay recorded", personal=("note",))
PROMISE_REPLACED = register("promise.replaced", "Promise replaced by a newer one")
PROMISE_WITHDRAWN = register("promise.withdrawn", "Promise withdrawn")
PROMISE_JUDGED = register("promise.judged", "Promise judged from payments")
DISPUTE_OPENED = register("dispute.opened", "Dispute opened", personal=("text",))
DISPUTE_CLOSED = register("dispute.closed", "Dispute closed", personal=("resolution",))
