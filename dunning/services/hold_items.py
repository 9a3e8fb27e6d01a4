"""Keeps reminders away from the claims of handovers, and gives them back: holds on invoices, as dunning reads them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q

from dunning.models import HandoverItem
from dunning.rules.handover import hold_until
from invoices.models import InvoiceHold


def hold_items(
    *, items: Sequence[HandoverItem], reason: str, on: date, actor: AbstractBaseUser | None
) -> list[InvoiceHold]:
    """The new holds from `on` on, one per invoice: on all of it, or on the instalments that are handed over.

    Must run inside a transaction."""
    by_invoice: dict[int, list[HandoverItem]] = {}
    for item in items:
        by_invoice.setdefault(item.invoice_id, []).append(item)
    holds = InvoiceHold.objects.bulk_create(
        InvoiceHold(
            invoice_id=invoice_id,
            customer_id=parts[0].customer_id,
            amount=_amount(parts),
            reason=reason[:200],
            owner_id=None if actor is None else actor.pk,
            starts_on=on,
            ends_on=hold_until(on),
        )
        for invoice_id, parts in by_invoice.items()
    )
    for hold in holds:
        for item in by_invoice[hold.invoice_id]:
            item.hold = hold
    HandoverItem.objects.bulk_update(items, ["hold"], batch_size=1000)
    return holds


def release_items(*, handover_ids: Iterable[int], on: date) -> int:
    """How many holds of these handovers were released; `on` is the first day without them."""
    running = InvoiceHold.objects.filter(
        Q(released_on=None) | Q(released_on__gt=on),
        pk__in=HandoverItem.objects.filter(handover__in=list(handover_ids), hold__isnull=False).values("hold"),
    )
    return running.update(released_on=on)


def _amount(parts: Sequence[HandoverItem]) -> Decimal | None:
    """None: the whole invoice is held."""
    if any(part.instalment_id is None for part in parts):
        return None
    return sum((part.amount for part in parts), Decimal(0))
