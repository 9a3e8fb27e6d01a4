"""Takes money of a payment out of the ledger again although invoices used it: they reopen, with the due dates they
always had (D17). `return_payment`, `charge_back` and the gateway's own refunds come here."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import Fact, record_set
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.models import Customer
from invoices.actions import ALLOCATED
from invoices.models import Allocation, Displacement, Payment, Refund
from invoices.queries.slots import live_rows, slots_of
from invoices.rules.taking_back import to_cut
from invoices.services.allocate import unallocated
from invoices.services.give_back import give_back, known_refund
from invoices.services.judge_promises_again import judge_promises_again
from invoices.services.reopen_rests import free_surplus, reopen_rests
from invoices.services.reverse_allocation import reverse_allocation

ZERO = Decimal(0)
Undone = list[tuple[int, Allocation]]  # the allocation that gave way, with a row written because of it


@transaction.atomic
def take_back(
    *,
    payment: Payment,
    amount: Decimal,
    kind: str,
    on: date,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The refund of that kind over `amount`, positive in the payment's currency, effective on `on`.

    What is unapplied goes first, then the newest allocations are reversed; what is left of the last of them is put back
    where it was. An allocation that takes effect after `on` is reversed on its own day, so no past day changes.
    Promises that the money had kept are judged again (P3). With a `provider_refund_id` it happens once. Raises BadInput
    for an amount that is not above zero and a day before the money was there, Conflict when less is left of the
    payment."""
    money = Money(amount, payment.currency)
    if money.amount <= 0:
        raise BadInput("Enter an amount above zero.", code="amount_not_positive", fields={"amount": "Above zero."})
    Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    known = known_refund(payment, money, kind, provider, provider_refund_id)
    if known is not None:
        return known
    words = (f"{Refund.Kind(kind).label}: {reason}" if reason else str(Refund.Kind(kind).label))[:140]
    slots, unapplied = slots_of(payment), unallocated(payment)
    here = unapplied + sum((slot.live for slot in slots), ZERO)
    if money.amount > here:
        freed = free_surplus(payment=payment, on=on, reason=words, actor=actor, by=by)
        unapplied, here = unapplied + freed, here + freed
    if money.amount > here:
        raise Conflict(
            f"Only {format_amount_with_code(here, payment.currency)} of this payment are still here; the rest went out "
            "before. Enter that much or less.",
            code="refund_exceeds",
            fields={"amount": "More than is left of the payment."},
        )
    undone: Undone = []
    for cut in to_cut(slots, money.amount - unapplied):
        undone += _give_way(payment, cut.id, cut.survives, on, words, actor, by)
    refund = give_back(
        source=payment, amount=money.amount, paid_on=on, kind=kind, reference=reference, reason=reason,
        provider=provider, provider_refund_id=provider_refund_id, actor=actor, by=by,
    )  # fmt: skip
    Displacement.objects.bulk_create(
        Displacement(refund=refund, original_id=original, allocation=row) for original, row in undone
    )
    reopened = {row.invoice_id for _, row in undone if row.invoice_id}
    reopen_rests(payment=payment, invoice_ids=reopened, on=on, reason=words, actor=actor, by=by)
    judge_promises_again(invoice_ids=reopened, by=by)
    return refund


def _give_way(
    payment: Payment, original: int, survives: Decimal, on: date, words: str, actor: AbstractBaseUser | None, by: str
) -> Undone:
    """The reversals of what stands for one allocation, newest first, and the row that carries on what survives."""
    standing = live_rows(payment, original)
    excess = sum((row.amount for row in standing), ZERO) - survives
    undone: Undone = []
    for row in reversed(standing):
        if excess <= 0:
            break
        day = max(on, row.effective_on)
        reversal = reverse_allocation(allocation=row, effective_on=day, reason=words, actor=actor, by=by)
        undone.append((original, reversal))
        if row.amount > excess:
            undone.append((original, again(row, row.amount - excess, day, words, actor, by)))
        excess -= row.amount
    return undone


def again(
    row: Allocation, amount: Decimal, day: date, words: str, actor: AbstractBaseUser | None, by: str
) -> Allocation:
    """A new allocation of `amount` from the same payment to the same target as `row`, effective on `day`."""
    made = Allocation.objects.create(
        customer_id=row.customer_id,
        payment_id=row.payment_id,
        invoice_id=row.invoice_id,
        instalment_id=row.instalment_id,
        currency=row.currency,
        amount=amount,
        effective_on=day,
        reason=words,
        recorded_by_id=None if actor is None else actor.pk,
    )
    fact = {"invoice": row.invoice_id, "amount": amount, "currency": row.currency, "effective_on": day}
    record_set(ALLOCATED, [Fact("invoices.allocation", made.pk, made.customer_id, fact)], actor=actor, by=by)
    return made
