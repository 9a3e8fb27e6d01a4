"""What a payment was meant for, and how much of that stands: its allocations to invoices with what refunds and
chargebacks displaced. Reads one payment."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from invoices.models import Allocation, Displacement, Instalment, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.taking_back import Slot, to_cut

ZERO = Decimal(0)
Target = tuple[int, int | None]


def slots_of(payment: Payment) -> list[Slot]:
    """The payment's allocations to invoices, each as it was meant, in the order they were made.

    What displaced a part of an allocation, or was put back for it, counts with it. Once a person reversed any of these
    rows, nothing of it is displaced any more: the money was not meant for that invoice."""
    rows = list(payment.allocations.filter(invoice__isnull=False).order_by("pk"))
    came_by = dict(Displacement.objects.filter(allocation__payment=payment).values_list("allocation_id", "original_id"))
    live: dict[int, Decimal] = defaultdict(Decimal)
    by_hand = set()
    for row in rows:
        original = _original(row, came_by)
        live[original] += row.amount
        if row.reverses_id is not None and row.pk not in came_by:
            by_hand.add(original)
    return [
        Slot(
            row.pk,
            (_invoice_id(row), row.instalment_id),
            live[row.pk],
            ZERO if row.pk in by_hand else row.amount - live[row.pk],
        )
        for row in rows
        if row.pk not in came_by and row.reverses_id is None
    ]


def live_rows(payment: Payment, original_id: int) -> list[Allocation]:
    """The allocations that stand for this one now, oldest first: itself, or what came in its place."""
    rows = payment.allocations.filter(amount__gt=0, reversed_by__isnull=True)
    found = rows.filter(pk=original_id) | rows.filter(displaced_by__original_id=original_id)
    return list(found.order_by("pk"))


def room_for(slots: list[Slot]) -> dict[Target, Decimal]:
    """What the targets of these slots, invoices and named instalments, can still take, whatever the day."""
    targets = {slot.target for slot in slots}
    room: dict[Target, Decimal] = {(pk, None): left for pk, left in open_amount_now(t[0] for t in targets).items()}
    named = {instalment: invoice for invoice, instalment in targets if instalment is not None}
    used = dict(
        Allocation.objects.filter(instalment__in=named).order_by().values_list("instalment").annotate(s=Sum("amount"))
    )
    for pk, whole in Instalment.objects.filter(pk__in=named).values_list("pk", "amount"):
        room[(named[pk], pk)] = whole - used.get(pk, ZERO)
    return room


def _original(row: Allocation, came_by: dict[int, int]) -> int:
    """The allocation this row belongs to: a reversal to what it reverses, a survivor to what it survives of."""
    if row.pk in came_by:
        return came_by[row.pk]
    pk = row.pk if row.reverses_id is None else row.reverses_id
    return came_by.get(pk, pk)


def _invoice_id(row: Allocation) -> int:
    assert row.invoice_id is not None  # filtered for
    return row.invoice_id


@dataclass(frozen=True, slots=True)
class GivesWay:
    """An invoice that reopens when money goes out: by how much, and since when it is due."""

    id: int
    number: str
    due_on: date
    amount: Decimal


def what_gives_way(payment: Payment, amount: Decimal) -> list[GivesWay]:
    """The invoices that reopen when `amount` of the payment goes out, the first to give way first; unapplied cash goes
    before them. None for an amount that is unapplied."""
    slots = slots_of(payment)
    by_id = {slot.id: slot for slot in slots}
    used = payment.allocations.aggregate(s=Sum("amount"))["s"] or ZERO
    parts: dict[int, Decimal] = {}
    for cut in to_cut(slots, amount - (payment.amount - used)):
        slot = by_id[cut.id]
        parts[slot.target[0]] = parts.get(slot.target[0], ZERO) + slot.live - cut.survives
    invoices = Invoice.objects.in_bulk(parts)
    return [GivesWay(pk, invoices[pk].number, invoices[pk].due_on, part) for pk, part in parts.items()]


def still_here(payment: Payment) -> Decimal:
    """What of the payment did not go out again, in its currency: what is unapplied and what invoices took."""
    gone = payment.allocations.filter(refund__isnull=False).aggregate(s=Sum("amount"))["s"] or ZERO
    left: Decimal = payment.amount - gone
    return left
