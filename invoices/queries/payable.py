"""What a payer may pay behind a link, as of a day: a few queries, whatever the number of items."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from collections_app.lib.dates import days_late
from collections_app.lib.money import quantum
from customers.models import LegalEntity
from invoices.models import Dispute, Invoice, PayLink
from invoices.queries.in_flight import amounts_in_flight
from invoices.queries.open_amounts import open_invoices

# A page that lists more would neither load quickly on a phone nor be read; the oldest come first.
LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class PayableItem:
    """One open invoice. Amounts are positive, in the invoice's currency; `payable` leaves out what is on its way."""

    invoice: Invoice
    open_amount: Decimal
    in_flight: Decimal
    is_disputed: bool
    days_late: int

    @property
    def payable(self) -> Decimal:
        """What may be paid now, 0 or more."""
        return max(self.open_amount - self.in_flight, Decimal(0))

    @property
    def minor_units(self) -> int:
        """`payable` in the currency's smallest units, for the page's running total."""
        return int(self.payable / quantum(self.invoice.currency))

    @property
    def payable_text(self) -> str:
        """`payable` as the page's form carries it there and back: a plain figure, the same in every language."""
        return f"{self.payable.normalize():f}"

    @property
    def is_partly_paid(self) -> bool:
        """Whether something of the invoice was paid or credited before."""
        return self.open_amount < self.invoice.total


@dataclass(frozen=True, slots=True)
class PayableGroup:
    """The items that can be paid together: one seller, one currency."""

    entity: LegalEntity
    currency: str
    items: tuple[PayableItem, ...]

    @property
    def key(self) -> str:
        """The name of the group in addresses."""
        return f"{self.entity.code}-{self.currency}"

    @property
    def suggested(self) -> tuple[PayableItem, ...]:
        """What is ticked at first: what is due and not disputed; when nothing is due yet, all that is not disputed."""
        free = tuple(item for item in self.items if item.payable and not item.is_disputed)
        return tuple(item for item in free if item.days_late >= 0) or free

    @property
    def suggested_amount(self) -> Decimal:
        """The sum of what is ticked at first."""
        return sum((item.payable for item in self.suggested), Decimal(0))

    @property
    def open_amount(self) -> Decimal:
        """The sum of everything open, on its way or disputed included."""
        return sum((item.open_amount for item in self.items), Decimal(0))

    @property
    def in_flight(self) -> Decimal:
        """The sum of what is on its way."""
        return sum((min(item.in_flight, item.open_amount) for item in self.items), Decimal(0))


def payable_groups(link: PayLink, *, on: date, now: datetime) -> list[PayableGroup]:
    """The open items behind the link at the end of `on`, grouped by seller and currency, the most overdue group first.

    A link to one invoice shows that invoice only. `now` tells which payments are still on their way."""
    invoices = open_invoices(customer_id=link.customer_id, as_of=on).select_related("entity")
    if link.purpose == PayLink.Purpose.INVOICE:
        invoices = invoices.filter(pk__in=[link.invoice_id])
    rows = list(invoices[:LONGEST_LIST])
    ids = [invoice.pk for invoice in rows]
    flying = amounts_in_flight(ids, now=now)
    disputed = set(
        Dispute.objects.filter(invoice_id__in=ids, state=Dispute.State.OPEN).values_list("invoice_id", flat=True)
    )
    items = [
        PayableItem(
            invoice,
            invoice.open_amount,  # type: ignore[attr-defined]
            flying.get(invoice.pk, Decimal(0)),
            invoice.pk in disputed,
            days_late(invoice.due_on, on),
        )
        for invoice in rows
    ]
    items.sort(key=lambda item: (item.invoice.entity_id, item.invoice.currency))  # stable: oldest due first within
    groups = [
        PayableGroup(members[0].invoice.entity, currency, members)
        for (_, currency), grouped in groupby(items, key=lambda item: (item.invoice.entity_id, item.invoice.currency))
        for members in [tuple(grouped)]
    ]
    return sorted(groups, key=lambda group: (group.items[0].invoice.due_on, group.key))
