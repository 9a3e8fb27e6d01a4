"""The interest on the claimed invoices as evidence: what was open on which days, at which rate, by which law. Computed,
never posted: interest is owed once it is claimed (L10)."""

from collections.abc import Iterable

from dunning.queries.evidence import Scope
from dunning.rules.evidence import Evidence
from invoices.queries.late_claims import late_claims


def interest_evidence(scope: Scope) -> Iterable[Evidence]:
    """One entry per claimed invoice that was open after its due date, up to the scope's last day: all its days, also
    those that were claimed or waived since; without a known rate the remarks say so. None on fees and interest (L6)."""
    for pk, late in sorted(late_claims(scope.invoice_ids, as_of=scope.until, all_days=True).items()):
        accrued = late.accrued
        if not accrued.slices and not accrued.missing:
            continue
        told = {
            "row": f"{late.invoice._meta.label_lower} {pk}",
            "number": late.invoice.number,
            "law": late.pack.law,
            "days_in_year": late.pack.days_in_year,
            "total": accrued.total,
            "remarks": [*accrued.remarks, *([accrued.missing] if accrued.missing else [])],
            "slices": [
                {
                    "first": part.first, "last": part.last, "days": part.days, "open": part.open_amount,
                    "percent": part.percent, "source": part.source,
                }
                for part in accrued.slices
            ],
        }  # fmt: skip
        yield Evidence("interest", scope.until, "", f"Interest on {late.invoice.number}", told)
