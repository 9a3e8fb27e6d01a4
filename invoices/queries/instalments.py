"""The instalments of one invoice with what was open of each. The arithmetic is `invoices.rules.claims`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.models import Invoice
from invoices.rules.claims import Share, open_shares
from invoices.rules.history import Event


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment; amounts in the invoice's currency. `left` is what was open of it."""

    id: int
    position: int
    due_on: date
    amount: Decimal
    left: Decimal


def parts_of(invoice: Invoice, events: Iterable[Event]) -> list[Part]:
    """The instalments, earliest due first, as the allocations among these events leave them (A6); none for an invoice
    that falls due at once."""
    rows = list(invoice.instalments.order_by("due_on", "position"))
    if not rows:
        return []
    used: dict[int | None, Decimal] = defaultdict(Decimal)
    for event in events:
        if event.what in ("allocated", "reversed"):
            used[event.row.instalment_id] += event.row.amount
    opens = open_shares([Share(row.amount, used[row.pk]) for row in rows], used[None])
    return [Part(row.pk, row.position, row.due_on, row.amount, left) for row, left in zip(rows, opens, strict=True)]
