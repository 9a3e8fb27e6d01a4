"""Money arrives for an invoice that was written off: the write-off is undone, the money put against the invoice, and
what is still missing written off again. One transaction, so that nobody sees the invoice open in between."""

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from customers.models import Customer
from invoices.models import Adjustment, Invoice, Payment
from invoices.queries.open_amounts import open_amount_now
from invoices.services.allocate import allocate
from invoices.services.post_adjustment import post_adjustment
from invoices.services.reverse_adjustment import reverse_adjustment


@transaction.atomic
def recover_write_off(
    *,
    write_off: Adjustment,
    payment: Payment,
    shares: Sequence[tuple[Invoice, Decimal | None]] | None = None,
    actor: AbstractBaseUser | None,
    by: str = "",
) -> Adjustment | None:
    """The write-off of the rest, None when the money covers everything. All of it takes effect on the payment's value
    date, or the write-off's own day where that is later.

    `shares` says how much of the money goes to which invoice; left out, the write-off's invoices take it in the order
    of their due dates. What they do not take stays unapplied. The rest needs no new approval: it is a part of what was
    approved. Raises BadInput for a kind that is no write-off, Conflict when it was undone before."""
    if write_off.kind not in (Adjustment.Kind.WRITE_OFF, Adjustment.Kind.SETTLEMENT):
        raise BadInput("Only a write-off or settlement is recovered. Reverse this one.", code="not_a_write_off")
    Customer.objects.select_for_update(no_key=True).get(pk=write_off.customer_id)
    standing = write_off.allocations.filter(reverses__isnull=True, reversed_by__isnull=True)
    written_off = dict(standing.values_list("invoice_id", "amount"))
    day = max([payment.received_on, *standing.values_list("effective_on", flat=True)])
    reason = f"Recovered: {write_off.reason}"[:140]
    reverse_adjustment(adjustment=write_off, effective_on=day, reason=reason, actor=actor, by=by)
    invoices = list(Invoice.objects.filter(pk__in=written_off).order_by("due_on", "issued_on", "pk"))
    wanted = shares if shares is not None else [(invoice, None) for invoice in invoices]
    allocate(source=payment, shares=wanted, effective_on=day, actor=actor, by=by, reason=reason)
    opened = open_amount_now(written_off)
    rest = {invoice: min(opened[invoice.pk], written_off[invoice.pk]) for invoice in invoices}
    still = [(invoice, amount) for invoice, amount in rest.items() if amount > 0]
    if not still:
        return None
    return post_adjustment(
        kind=write_off.kind, entity=write_off.entity, customer=write_off.customer, currency=write_off.currency,
        shares=still, effective_on=day, reason=write_off.reason, instead_of=write_off, actor=actor, by=by,
    )  # fmt: skip
