"""Puts a payment, credit note or adjustment against invoices. Locks customer, source and invoices in that order, then
the database law checks the sums again."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Sum

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from customers.queries.accounts import accounts_of, merged_on
from invoices.actions import ALLOCATED
from invoices.models import Adjustment, Allocation, CreditNote, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.reversals import last_reversal_of, last_reversals
from invoices.rules.allocation import effective_day

Source = Payment | CreditNote | Adjustment


@transaction.atomic
def allocate(
    *,
    source: Source,
    shares: Sequence[tuple[Invoice, Decimal | None]],
    effective_on: date | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
    reason: str = "",
    parts: Sequence[int | None] = (),
) -> list[Allocation]:
    """The new allocations, one per share, in order. A share's amount is positive in the source's currency; None means
    as much as both sides allow, and a share that comes out as nothing is left out. `parts`, parallel to the shares,
    names the instalment each is meant for by id; without, the earliest open instalment takes it (A6).

    Each takes effect on the day that `rules.allocation.effective_day` says; `effective_on` states a later one. Raises
    BadInput for another customer's, seller's or currency's invoice, Conflict when somebody else used the money or the
    invoice meanwhile; its sentence carries the fresh figures (D14)."""
    Customer.objects.select_for_update(no_key=True).get(pk=source.customer_id)
    type(source)._default_manager.select_for_update(no_key=True).get(pk=source.pk)
    ids = [invoice.pk for invoice, _ in shares]
    locked = {row.pk: row for row in Invoice.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    left, opened = unallocated(source), dict(open_amount_now(ids))
    source_freed, freed = last_reversal_of(source), last_reversals(ids)
    everyone = {source.customer_id, *(row.customer_id for row in locked.values())}
    accounts, merged = accounts_of(everyone), merged_on(everyone) if len(everyone) > 1 else {}
    rows = []
    for (given, wished), part in zip(shares, parts or [None] * len(shares), strict=True):
        invoice = locked[given.pk]
        _check_same_sides(source, invoice, accounts)
        available = min(left, opened[invoice.pk])
        amount = available if wished is None else Money(wished, source.currency).amount
        if wished is not None and amount <= 0:
            raise BadInput("Enter an amount above zero for each invoice.", code="amount_not_positive")
        if amount > available:
            raise Conflict(_too_much(invoice, source, opened[invoice.pk], left), code="allocation_exceeds")
        if amount <= 0:
            continue
        left -= amount
        opened[invoice.pk] -= amount
        day = effective_day(
            source_on=_there_since(source),
            document_on=invoice.issued_on,
            freed_on=max(
                source_freed or date.min, freed.get(invoice.pk, date.min), _one_account_since(source, invoice, merged)
            ),
            stated_on=effective_on,
        )
        rows.append(_row(source, invoice, amount, day, actor, reason))
        rows[-1].instalment_id = part
    made = Allocation.objects.bulk_create(rows)
    record_set(
        ALLOCATED,
        [
            Fact("invoices.allocation", row.pk, row.customer_id, {"invoice": row.invoice_id, "amount": row.amount,
                 "currency": row.currency, "effective_on": row.effective_on})
            for row in made
        ],
        actor=actor,
        by=by,
    )  # fmt: skip
    announce([source.customer_id])
    return made


def unallocated(source: Source) -> Decimal:
    """What is left of the payment, credit note or adjustment, in its currency, with every recorded allocation."""
    whole = source.total if isinstance(source, CreditNote) else source.amount
    used = source.allocations.aggregate(s=Sum("amount"))["s"] or Decimal(0)
    left: Decimal = whole - used
    return left


def _there_since(source: Source) -> date:
    if isinstance(source, Payment):
        return source.received_on
    return source.issued_on if isinstance(source, CreditNote) else source.effective_on


def _one_account_since(source: Source, invoice: Invoice, merged: Mapping[int, date]) -> date:
    """Before two customers were merged, the money of one could not pay the other: that past stays."""
    if invoice.customer_id == source.customer_id:
        return date.min
    return max(merged.get(invoice.customer_id, date.min), merged.get(source.customer_id, date.min))


def _check_same_sides(source: Source, invoice: Invoice, accounts: Mapping[int, int]) -> None:
    if accounts[invoice.customer_id] != accounts[source.customer_id]:
        raise BadInput(
            f"Invoice {invoice.number} belongs to another customer. Choose one of the payer's invoices.",
            code="other_customer",
        )
    if invoice.entity_id != source.entity_id:
        raise BadInput(
            f"Invoice {invoice.number} is owed to another legal entity than the one that got the money. Each keeps its "
            "own receivables: record the money there.",
            code="other_entity",
        )
    if invoice.currency != source.currency:
        raise BadInput(
            f"Invoice {invoice.number} is in {invoice.currency}, the money in {source.currency}. State a rate and its "
            "date first; amounts are never converted silently.",
            code="other_currency",
        )
    if invoice.status != Invoice.Status.ISSUED:
        raise BadInput(f"Invoice {invoice.number} is not issued, so nothing can be put against it.", code="not_issued")


def _too_much(invoice: Invoice, source: Source, opened: Decimal, left: Decimal) -> str:
    return (
        f"Only {format_amount_with_code(opened, source.currency)} of invoice {invoice.number} are open and "
        f"{format_amount_with_code(left, source.currency)} of the money are left. Look again and enter less."
    )


def _row(
    source: Source,
    invoice: Invoice,
    amount: Decimal,
    effective_on: date,
    actor: AbstractBaseUser | None,
    reason: str,
) -> Allocation:
    return Allocation(
        customer_id=source.customer_id,
        payment_id=source.pk if isinstance(source, Payment) else None,
        credit_note_id=source.pk if isinstance(source, CreditNote) else None,
        adjustment_id=source.pk if isinstance(source, Adjustment) else None,
        invoice=invoice,
        currency=source.currency,
        amount=amount,
        effective_on=effective_on,
        reason=reason,
        recorded_by_id=None if actor is None else actor.pk,
    )
