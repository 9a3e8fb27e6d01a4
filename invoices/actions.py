"""The audit action codes of this app."""

from collections_app.audit.actions import register

INVOICE_ISSUED = register("invoice.issued", "Invoice issued")
CREDIT_NOTE_ISSUED = register("credit_note.issued", "Credit note issued")
PAYMENT_RECORDED = register("payment.recorded", "Payment recorded")
ALLOCATED = register("allocation.made", "Allocated to a document")
ALLOCATION_REVERSED = register("allocation.reversed", "Allocation reversed")
