"""Issues one invoice, debit note, fee or interest claim with its instalments. From then on its rows refuse every
change."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money
from customers.changes import announce
from customers.models import Customer, LegalEntity
from customers.rules.terms import due_on as due_under
from invoices.actions import INVOICE_ISSUED
from invoices.models import Instalment, Invoice
from invoices.rules.documents import checked_discount, checked_instalments, checked_tax, discount_from_terms

# What is claimed for lateness gives nobody a discount for paying early.
_DISCOUNTED = (Invoice.Kind.INVOICE, Invoice.Kind.DEBIT_NOTE)


@transaction.atomic
def issue_invoice(
    *,
    entity: LegalEntity,
    customer: Customer,
    number: str,
    issued_on: date,
    total: Decimal,
    currency: str,
    due_on: date | None = None,
    tax_total: Decimal = Decimal(0),
    kind: str = Invoice.Kind.INVOICE,
    po_number: str = "",
    text: str = "",
    lines: list[dict[str, Any]] | None = None,
    instalments: Sequence[tuple[date, Decimal]] = (),
    discount: tuple[Decimal, date | None] | None = None,
    claims_for: Invoice | None = None,
    accrued: tuple[date, date] | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Invoice:
    """The issued invoice. `total` is positive, tax included, in `currency`.

    Without `due_on` the customer's payment terms decide; without terms it is the issue date, flagged as assumed (A5).
    `instalments` are (due date, amount) in ascending days that add up to the total; the last one is the due date then.
    `discount` is (per cent, last day inclusive) for early payment; None copies the customer's terms, (0, None) gives
    none. `claims_for` and `accrued` (first and last day) belong to fees and interest.
    Raises BadInput for amounts or dates that cannot be, Conflict when the customer already has the number."""
    amount = Money(total, currency)
    if amount.amount <= 0:
        raise BadInput(
            "An invoice needs a total above zero.", code="amount_not_positive", fields={"total": "Above zero."}
        )
    tax = checked_tax(tax_total, amount)
    parts = checked_instalments(instalments, total=amount, issued_on=issued_on)
    assumed = due_on is None and customer.terms is None and not parts
    due_on = _due_on(customer, issued_on, due_on, parts)
    if due_on < issued_on:
        raise BadInput(
            "The due date lies before the invoice date. Check both dates.",
            code="due_before_issue",
            fields={"due_on": "Not before the invoice date."},
        )
    percent, until = discount if discount is not None else _of_terms(customer, kind, issued_on, due_on, parts)
    checked_discount(percent, until, issued_on=issued_on, due_on=due_on)
    try:
        with transaction.atomic():
            invoice = Invoice.objects.create(
                entity=entity,
                customer=customer,
                kind=kind,
                number=number,
                po_number=po_number,
                status=Invoice.Status.ISSUED,
                issued_on=issued_on,
                due_on=due_on,
                due_on_assumed=assumed,
                currency=amount.currency,
                total=amount.amount,
                tax_total=tax,
                discount_percent=percent,
                discount_until=until,
                claims_for=claims_for,
                accrued_from=accrued[0] if accrued else None,
                accrued_until=accrued[1] if accrued else None,
                text=text[:200],
                lines=lines or [],
            )
            Instalment.objects.bulk_create(
                Instalment(invoice=invoice, position=place, due_on=day, amount=part)
                for place, (day, part) in enumerate(parts, start=1)
            )
    except IntegrityError as error:
        raise (_conflict(str(error), customer, number) or error) from None
    record(INVOICE_ISSUED, invoice, actor=actor, by=by, number=number, total=total, currency=currency, due_on=due_on)
    announce([customer.pk])
    return invoice


def _conflict(error: str, customer: Customer, number: str) -> Conflict | None:
    """What the broken law means to the person; None for a law nobody breaks by typing."""
    if "invoice_number_unique" in error:
        return Conflict(
            f"Customer {customer.number} already has an invoice {number}. Correct it by a credit note.",
            code="invoice_number_taken",
            fields={"number": "Already used for this customer."},
        )
    if "invoice_interest_once_per_day" in error:
        return Conflict(
            "Interest was claimed for some of these days before. Claim only the days after them.",
            code="interest_overlaps",
        )
    return None


def _due_on(customer: Customer, issued_on: date, stated: date | None, parts: Sequence[tuple[date, Decimal]]) -> date:
    """The due date of the whole document: with instalments the last one's."""
    if parts:
        if stated not in (None, parts[-1][0]):
            raise BadInput(
                "The due date of an invoice in instalments is that of the last one. Leave it out.",
                code="due_is_last_instalment",
                fields={"due_on": "Leave it out, or repeat the last instalment's."},
            )
        return parts[-1][0]
    if stated is not None:
        return stated
    terms = customer.terms
    return due_under(issued_on=issued_on, kind=terms.kind, days=terms.days) if terms else issued_on


def _of_terms(
    customer: Customer, kind: str, issued_on: date, due_on: date, parts: Sequence[tuple[date, Decimal]]
) -> tuple[Decimal, date | None]:
    """The discount of the customer's terms. They say nothing about instalments, so these get none."""
    terms = customer.terms
    if terms is None or parts or kind not in _DISCOUNTED:
        return Decimal(0), None
    return discount_from_terms(terms.discount_percent, terms.discount_days, issued_on=issued_on, due_on=due_on)
