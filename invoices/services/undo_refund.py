"""Money that went out comes back: a dispute was won, a returned debit was covered, a refund was booked by mistake."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from customers.changes import announce
from customers.models import Customer
from invoices.actions import REFUND_UNDONE
from invoices.models import Allocation, BankPosting, Displacement, Invoice, Payment, Refund
from invoices.queries.reversals import last_reversals
from invoices.queries.slots import room_for, slots_of
from invoices.rules.taking_back import to_restore
from invoices.services.allocate import unallocated
from invoices.services.judge_promises_again import judge_promises_again
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.settle_rests import settle_rests
from invoices.services.take_back import again


@transaction.atomic
def undo_refund(
    *, refund: Refund, on: date, reason: str, actor: AbstractBaseUser | None = None, by: str = ""
) -> list[Allocation]:
    """The allocations made anew: the money pays what it paid before, as far as that is open; the rest is unapplied.

    The refund stays in the history, its use of the money is reversed on `on`. Raises Conflict when it was undone
    before, BadInput for a day before the refund, for an exchange, whose money lives on in another currency, and for
    what came of a bank line ('of_a_bank_line'), which is undone or settled with its line."""
    Customer.objects.select_for_update(no_key=True).get(pk=refund.customer_id)
    if refund.kind == Refund.Kind.EXCHANGE:
        raise BadInput(
            "This money was exchanged into another currency. Undo the exchange instead.", code="is_exchanged"
        )
    uses = list(refund.allocations.filter(amount__gt=0, reversed_by__isnull=True).order_by("pk"))
    if not uses:
        raise Conflict("This was undone before. Reload the page.", code="already_undone")
    _refuse_of_a_bank_line(refund, uses)
    for use in uses:
        reverse_allocation(allocation=use, effective_on=on, reason=reason[:140], actor=actor, by=by)
    record(
        REFUND_UNDONE, refund, actor=actor, by=by, kind=refund.kind, amount=refund.amount, currency=refund.currency,
        on=on, reason=reason,
    )  # fmt: skip
    payments = Payment.objects.filter(pk__in={use.payment_id for use in uses if use.payment_id}).order_by("pk")
    made = [row for payment in payments for row in _put_back(payment, refund, on, reason, actor, by)]
    for payment in payments if made else ():
        settle_rests(payment=payment, actor=actor, by=by)
    judge_promises_again(invoice_ids={row.invoice_id for row in made if row.invoice_id}, by=by)
    announce([refund.customer_id])
    return made


def _refuse_of_a_bank_line(refund: Refund, uses: Sequence[Allocation]) -> None:
    """Nothing; raises where the same money stands, or may stand, elsewhere for its bank line."""
    if BankPosting.objects.filter(refund=refund, undone_at__isnull=True).exists():
        sentence = "This came of a bank line. Undo it there, in the bank inbox: then the line waits again."
        raise BadInput(sentence, code="of_a_bank_line")
    undone = BankPosting.objects.filter(payment__in=[use.payment_id for use in uses], undone_at__isnull=False)
    if refund.kind == Refund.Kind.CLEARING and undone.exists():
        sentence = "This payment was taken off its bank line: the money lies there. Settle the line in the bank inbox."
        raise BadInput(sentence, code="of_a_bank_line")


def _put_back(
    payment: Payment, refund: Refund, on: date, reason: str, actor: AbstractBaseUser | None, by: str
) -> list[Allocation]:
    slots = slots_of(payment)
    ids = sorted({slot.target[0] for slot in slots if slot.displaced > 0})
    list(Invoice.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
    back = to_restore(slots, min(unallocated(payment), refund.amount), room_for(slots))
    originals = {row.pk: row for row in payment.allocations.filter(pk__in=[slot for slot, _ in back])}
    freed = last_reversals(ids)
    made: list[Allocation] = []
    for slot, amount in back:
        row = originals[slot]
        day = max(on, row.effective_on, freed.get(row.invoice_id or 0, on))
        made.append(again(row, amount, day, reason[:140], actor, by))
    Displacement.objects.bulk_create(
        Displacement(refund=refund, original_id=slot, allocation=row) for (slot, _), row in zip(back, made, strict=True)
    )
    return made
