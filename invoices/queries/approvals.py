"""Requests for a second person's approval: what waits on invoices, and whether a request is still what was asked for.
Reads only."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Q

from collections_app.audit.models import AuditEntry
from customers.queries.accounts import accounts_of
from invoices.actions import APPROVAL_REQUESTED
from invoices.models import Approval, Invoice
from invoices.rules.approvals import Posting, fingerprint, posting_of


def waiting_on(invoice_ids: Iterable[int]) -> Mapping[int, Decimal]:
    """What waiting requests would take off each of these invoices; those without any are left out."""
    wanted = set(invoice_ids)
    customers = set(Invoice.objects.filter(pk__in=wanted).values_list("customer_id", flat=True))
    accounts = set(accounts_of(customers).values())
    theirs = Q(customer__in=accounts) | Q(customer__merged_into__in=accounts)
    found: dict[int, Decimal] = {}
    for payload in Approval.objects.filter(theirs, state=Approval.State.REQUESTED).values_list("payload", flat=True):
        posting = posting_of(payload)
        for invoice, amount in posting.shares if posting else ():
            if invoice in wanted:
                found[invoice] = found.get(invoice, Decimal(0)) + amount
    return found


def posting_as_asked(approval: Approval) -> Posting | None:
    """What the request asks to post; None when the row is not any more what its author asked for.

    Its digest must fit its payload, its columns must say the same, and the audit log must have recorded that digest
    when the request was made: who changes a row behind the program's back would have to change the log too."""
    posting = posting_of(approval.payload)
    if posting is None:
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
