"""Requests for a second person's approval: what waits on invoices, and whether a request is still what was asked for.
Reads only."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from collections_app.audit.models import AuditEntry
from invoices.actions import APPROVAL_REQUESTED
from invoices.models import Approval, Invoice
from invoices.rules.approvals import Posting, fingerprint, posting_of


def waiting_on(invoice_ids: Iterable[int]) -> Mapping[int, Decimal]:
    """What waiting requests would take off each of these invoices; those without any are left out."""
    wanted = set(invoice_ids)
    customers = Invoice.objects.filter(pk__in=wanted).values("customer_id")
    accounts = Approval.objects.filter(state=Approval.State.REQUESTED, customer__in=customers)
    found: dict[int, Decimal] = {}
    for payload in accounts.values_list("payload", flat=True):
        for invoice, amount in posting_of(payload).shares:
            if invoice in wanted:
                found[invoice] = found.get(invoice, Decimal(0)) + amount
    return found


def posting_as_asked(approval: Approval) -> Posting | None:
    """What the request asks to post; None when the row is not any more what its author asked for.

    Its digest must fit its payload, its columns must say the same, and the audit log must have recorded that digest
    when the request was made: who changes a row behind the program's back would have to change the log too."""
    try:
        posting = posting_of(approval.payload)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return None
    columns = (approval.kind, approval.entity_id, approval.customer_id, approval.currency, approval.amount)
    said = (posting.kind, posting.entity_id, posting.customer_id, posting.currency, posting.amount)
    if fingerprint(approval.payload) != approval.digest or said != columns or posting.reason != approval.reason:
        return None
    return posting if _logged_digest(approval) == approval.digest else None


def _logged_digest(approval: Approval) -> str:
    asked = AuditEntry.objects.filter(
        action=APPROVAL_REQUESTED, subject_type=approval._meta.label_lower, subject_id=approval.pk
    ).first()
    return str(asked.payload.get("digest", "")) if asked else ""
