"""Claims interest on an overdue invoice: a document of its own. Until then nothing of it is in the books (L10)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from customers.models import Customer
from invoices.models import Invoice
from invoices.queries.interest import last_claimed_day, overdue_slices
from invoices.rules.interest import interest
from invoices.services.issue_invoice import issue_invoice


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """A yearly rate in per cent, and the days of a year it is counted with (365 or 360)."""

    annual_percent: Decimal
    days_in_year: int = 365


@transaction.atomic
def claim_interest(
    *,
    invoice: Invoice,
    number: str,
    until: date,
    terms: InterestTerms,
    since: date | None = None,
    issued_on: date | None = None,
    due_on: date | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Invoice:
    """The issued interest document with the number `number`, for the days up to `until`, inclusive: from `since`, or
    from the day after the last claimed one, or from the day after the due date (L9). Paying the invoice does not end a
    claim on days before.

    `issued_on` is the day after `until` unless given; without `due_on` it is due on that day. Raises Conflict
    ('interest_overlaps') for days claimed before, BadInput when nothing accrued and for fees, on which no interest
    runs (L6)."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    _refuse_claims_and_drafts(invoice)
    issued_on = issued_on or until + timedelta(days=1)
    first = _first_day(invoice, since, until)
    slices = overdue_slices(invoice, first=first, last=until)
    total = interest(
        slices, annual_percent=terms.annual_percent, days_in_year=terms.days_in_year, currency=invoice.currency
    )
    if total <= 0:
        raise BadInput(
            f"No interest accrued on invoice {invoice.number} up to {format_date(until)}.", code="no_interest"
        )
    rate, first = f"{terms.annual_percent.normalize():f}", min(part.first for part in slices)
    return issue_invoice(
        entity=invoice.entity, customer=customer, kind=Invoice.Kind.INTEREST, number=number, issued_on=issued_on,
        due_on=due_on or issued_on, total=total, currency=invoice.currency, claims_for=invoice,
        accrued=(first, until), actor=actor, by=by,
        text=f"Interest on {invoice.number}, {format_date(first)} to {format_date(until)}, {rate} % a year",
        lines=[
            {"text": f"{part.days} days on {part.open_amount:f}, {part.first} to {part.last}", "amount": ""}
            for part in slices
        ],
    )  # fmt: skip


def _refuse_claims_and_drafts(invoice: Invoice) -> None:
    if invoice.kind in (Invoice.Kind.FEE, Invoice.Kind.INTEREST):
        raise BadInput(
            "No interest runs on fees and interest. Choose the invoice itself.", code="no_interest_on_claims"
        )
    if invoice.status != Invoice.Status.ISSUED:
        raise BadInput(f"Invoice {invoice.number} is not issued, so nothing accrues on it.", code="not_issued")


def _first_day(invoice: Invoice, since: date | None, until: date) -> date | None:
    claimed = last_claimed_day(invoice.pk)
    after = None if claimed is None else claimed + timedelta(days=1)
    first = since or after
    if claimed is not None and ((first or until) <= claimed or until <= claimed):
        raise Conflict(
            f"Interest on invoice {invoice.number} was claimed or waived up to {format_date(claimed)}. Claim the days "
            "after it.",
            code="interest_overlaps",
        )
    return first
