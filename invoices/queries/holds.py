"""Every hold of whatever scope as one list: a customer, a person, an invoice or a part of it, a legal entity (R9).
Three statements, whatever their number. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from customers.models import Customer, EntityPause, Hold, LegalEntity
from invoices.models import InvoiceHold

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold that runs or will run. `scope` is "customer", "contact", "invoice" or "entity"; `about` names the
    person, the invoice or the entity; `amount` is the held part of an invoice, None for all of it. Days inclusive."""

    scope: str
    pk: int
    customer_id: int | None
    customer: str
    about: str
    reason: str
    note: str
    owner: str
    starts_on: date
    ends_on: date
    then: str = ""
    amount: Decimal | None = None
    currency: str = ""
    invoice_id: int | None = None


def holds_on(customers: QuerySet[Customer], entities: QuerySet[LegalEntity], *, on: date) -> list[HoldLine]:
    """The holds of these customers and pauses of these entities that run on the day or begin later, the first to end
    first."""
    lasting = Q(ends_on__gte=on) & (Q(released_on=None) | Q(released_on__gt=on))
    holds = Hold.objects.filter(lasting, customer__in=customers).select_related("customer", "contact", "owner")
    held = InvoiceHold.objects.filter(lasting, customer__in=customers).select_related("customer", "invoice", "owner")
    pauses = EntityPause.objects.filter(lasting, entity__in=entities).select_related("entity", "owner")
    lines = [*map(_of_customer, holds), *map(_of_invoice, held), *map(_of_entity, pauses)]
    return sorted(lines, key=lambda line: (line.ends_on, line.scope, line.pk))


def ending_soon(lines: Iterable[HoldLine], *, on: date, days: int = SOON_DAYS) -> list[HoldLine]:
    """Those of the lines that run on the day and end within so many days of it, inclusive."""
    last = on + timedelta(days=days)
    return [line for line in lines if line.starts_on <= on and line.ends_on <= last]


def _of_customer(row: Hold) -> HoldLine:
    return HoldLine(
        "contact" if row.contact else "customer", row.pk, row.customer_id, row.customer.name,
        row.contact.name if row.contact else "", row.get_reason_display(), row.note, str(row.owner or ""),
        row.starts_on, row.ends_on, row.get_then_display(),
    )  # fmt: skip


def _of_invoice(row: InvoiceHold) -> HoldLine:
    return HoldLine(
        "invoice", row.pk, row.customer_id, row.customer.name, row.invoice.number, row.reason, "", str(row.owner or ""),
        row.starts_on, row.ends_on, "", row.amount, row.invoice.currency, row.invoice_id,
    )  # fmt: skip


def _of_entity(row: EntityPause) -> HoldLine:
    return HoldLine(
        "entity", row.pk, None, "", row.entity.name, row.reason, "", str(row.owner or ""), row.starts_on, row.ends_on
    )
