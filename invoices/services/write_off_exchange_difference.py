"""Writes off what rounding and moving rates left open of an invoice that was paid by exchanged money (D22)."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import format_amount_with_code, round_amount
from customers.models import Customer
from invoices.models import Adjustment, Approval, Invoice
from invoices.queries.adjusted import paid_by_exchange
from invoices.queries.open_amounts import open_amount_now
from invoices.rules.adjustments import EXCHANGE_DIFFERENCE_PERCENT, exchange_difference_limit
from invoices.services.adjust import adjust


@transaction.atomic
def write_off_exchange_difference(
    *, invoice: Invoice, effective_on: date, actor: AbstractBaseUser, reason: str = "", by: str = ""
) -> Adjustment | Approval:
    """The adjustment over all that is open of the invoice, or the request that waits when it is over the limit.

    Raises BadInput when no exchanged money was put against it, or when more is open than rates explain: then it is a
    write-off. Raises Conflict when nothing is open."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=invoice.customer_id)
    rest, paid = open_amount_now([invoice.pk])[invoice.pk], paid_by_exchange(invoice.pk)
    limit = round_amount(exchange_difference_limit(paid), invoice.currency)
    if rest <= 0:
        raise Conflict(f"Nothing is open of invoice {invoice.number}.", code="nothing_open")
    if rest > limit:
        raise BadInput(
            f"{format_amount_with_code(rest, invoice.currency)} are open, more than {EXCHANGE_DIFFERENCE_PERCENT} % of "
            f"the {format_amount_with_code(paid, invoice.currency)} of exchanged money on invoice {invoice.number}. "
            "That is no difference of rates: claim it or write it off.",
            code="not_an_exchange_difference",
        )
    return adjust(
        kind=Adjustment.Kind.EXCHANGE_DIFFERENCE, entity=invoice.entity, customer=customer, currency=invoice.currency,
        shares=[(invoice, rest)], effective_on=effective_on, reason=reason or "Difference of exchange rates",
        actor=actor, by=by,
    )  # fmt: skip
