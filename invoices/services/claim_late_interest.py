"""Claims the statutory interest on one invoice: documents of their own, by the rates of its country (L1 to L4, L9)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.actions import LATE_CLAIMED
from invoices.models import Invoice, LateClaim
from invoices.queries.late_claims import Late, late_claims
from invoices.queries.late_numbers import INTEREST, free_numbers
from invoices.rules.statutory_interest import RatedSlice, stretches, sum_of
from invoices.services.issue_invoice import issue_invoice


@transaction.atomic
def claim_late_interest(
    *, invoice: Invoice, until: date, on: date, actor: AbstractBaseUser | None = None, by: str = ""
) -> list[Invoice]:
    """The issued interest documents for all days up to `until`, inclusive, that bear interest and were neither claimed
    nor waived: one, or one per stretch where days between are taken. Issued and due on the business day `on`.

    Raises BadInput for days to come, and when there is no interest; its sentence says why."""
    if until > on:
        raise BadInput("Interest is claimed for days that have passed. Choose today or earlier.", code="not_yet")
    Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    late = late_claims([invoice.pk], as_of=until).get(invoice.pk)
    if late is None or late.accrued.total <= 0:
        raise BadInput(_nothing(invoice, late, until), code="no_interest")
    made = []
    for part in stretches(late.accrued.slices, late.blocked):
        if sum_of(part, late.pack, invoice.currency) > 0:
            made.append(_issue(late, part, on, actor, by))
    if not made:
        raise BadInput(_nothing(invoice, late, until), code="no_interest")
    return made


def _issue(late: Late, part: Sequence[RatedSlice], on: date, actor: AbstractBaseUser | None, by: str) -> Invoice:
    invoice, total = late.invoice, sum_of(part, late.pack, late.invoice.currency)
    first, last = min(one.first for one in part), max(one.last for one in part)
    document = issue_invoice(
        entity=invoice.entity, customer=invoice.customer, kind=Invoice.Kind.INTEREST,
        number=free_numbers([invoice], INTEREST)[invoice.pk], issued_on=on, due_on=on, total=total,
        currency=invoice.currency, claims_for=invoice, accrued=(first, last), actor=actor, by=by,
        text=f"Interest on {invoice.number}, {format_date(first)} to {format_date(last)}",
        lines=[{"text": _line(one), "amount": ""} for one in part],
    )  # fmt: skip
    claim = LateClaim.objects.create(
        document=document, invoice=invoice, customer_id=invoice.customer_id, kind=LateClaim.Kind.INTEREST,
        pack=late.pack.code, basis=basis_of(late, part), claimed_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        LATE_CLAIMED, claim, actor=actor, by=by, kind=claim.kind, invoice=invoice.number, document=document.number,
        amount=total, currency=invoice.currency,
    )  # fmt: skip
    return document


def _line(part: RatedSlice) -> str:
    return f"{part.days} days on {part.open_amount:f} at {part.percent:f} %, {part.first} to {part.last}"


def basis_of(late: Late, slices: Sequence[RatedSlice]) -> dict[str, Any]:
    """The computation as plain JSON values: it stays readable when packs and rates have moved on."""
    return {
        "law": late.pack.law,
        "checked_on": late.pack.checked_on.isoformat(),
        "party": late.invoice.customer.kind,
        "days_in_year": late.pack.days_in_year,
        "slices": [
            {
                "first": one.first.isoformat(), "last": one.last.isoformat(), "days": one.days,
                "open": f"{one.open_amount:f}", "percent": f"{one.percent:f}", "reference": f"{one.reference:f}",
                "source": one.source,
            }
            for one in slices
        ],
        "remarks": [*late.accrued.remarks, *([late.accrued.missing] if late.accrued.missing else [])],
    }  # fmt: skip


def _nothing(invoice: Invoice, late: Late | None, until: date) -> str:
    why = ""
    if late is not None:
        why = " ".join((late.accrued.missing, *late.accrued.remarks)).strip()
    return f"There is no interest to claim on {invoice.number} up to {format_date(until)}. {why}".strip()
