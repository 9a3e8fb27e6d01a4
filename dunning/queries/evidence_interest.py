"""The interest on the claimed invoices as evidence: what was open on which days, at which rate. Computed, never
posted: interest is owed once it is claimed (L10)."""

from collections.abc import Iterable

from dunning.queries.evidence import Scope
from dunning.rules.evidence import Evidence
from invoices.models import Invoice
from invoices.queries.interest import overdue_slices

_BEARS_NONE = (Invoice.Kind.FEE, Invoice.Kind.INTEREST)  # L6: no interest on fees, L1: none on interest


def interest_evidence(scope: Scope) -> Iterable[Evidence]:
    """One entry per claimed invoice that was open after its due date, up to the scope's last day."""
    for invoice in Invoice.objects.filter(pk__in=scope.invoice_ids).exclude(kind__in=_BEARS_NONE):
        parts = overdue_slices(invoice, first=None, last=scope.until)
        if not parts:
            continue
        told = {
            "row": f"{invoice._meta.label_lower} {invoice.pk}",
            "number": invoice.number,
            "slices": [
                {"first": part.first, "last": part.last, "days": part.days, "open": part.open_amount} for part in parts
            ],
        }
        yield Evidence("interest", scope.until, "", f"Interest on {invoice.number}", told)
