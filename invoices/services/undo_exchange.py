"""Takes an exchange back: the money is there in its first currency again, whatever its second one paid reopens."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import Conflict
from customers.models import Customer
from invoices.actions import REFUND_UNDONE
from invoices.models import Exchange, Refund
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.take_back import take_back


@transaction.atomic
def undo_exchange(
    *, exchange: Exchange, on: date, reason: str, actor: AbstractBaseUser | None = None, by: str = ""
) -> Refund:
    """The refund that uses up the exchanged payment, effective on `on`; what the first payment gave is unapplied again.

    Raises Conflict when it was undone before or a part of the exchanged money went out, BadInput for a day before the
    exchange."""
    payment, refund = exchange.payment, exchange.refund
    Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    use = refund.allocations.filter(amount__gt=0, reversed_by__isnull=True).first()
    if use is None:
        raise Conflict("This exchange was undone before. Reload the page.", code="already_undone")
    used_up = take_back(
        payment=payment, amount=payment.amount, kind=Refund.Kind.EXCHANGE, on=on, reference=payment.reference,
        reason=reason, actor=actor, by=by,
    )  # fmt: skip
    reverse_allocation(allocation=use, effective_on=on, reason=reason[:140], actor=actor, by=by)
    record(
        REFUND_UNDONE, refund, actor=actor, by=by, kind=refund.kind, amount=refund.amount, currency=refund.currency,
        on=on, reason=reason,
    )  # fmt: skip
    return used_up
