"""Turns money in one currency into money in another, at a stated rate, so that it can pay an invoice there (D22)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, Conflict, quoted
from collections_app.lib.money import Money
from collections_app.lib.rates import convert
from customers.models import Customer
from invoices.actions import EXCHANGED
from invoices.models import Exchange, Invoice, Payment, Refund
from invoices.queries.open_amounts import open_amount_now
from invoices.queries.reversals import free_from
from invoices.services.allocate import unallocated
from invoices.services.give_back import give_back
from invoices.services.record_payment import record_payment
from invoices.services.write_off_exchange_difference import write_off_exchange_difference

RATE_DECIMALS = 10


@transaction.atomic
def exchange_payment(
    *,
    payment: Payment,
    currency: str,
    rate: Decimal | None,
    rate_on: date | None,
    rate_source: str = "",
    amount: Decimal | None = None,
    exchanged_on: date | None = None,
    shares: Sequence[tuple[Invoice, Decimal | None]] = (),
    write_off_rest_by: AbstractBaseUser | None = None,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Exchange:
    """The exchange of `amount` of the payment's unapplied cash, None for all of it, into `currency`.

    One unit of the payment's currency gives `rate` units of `currency`; the result is rounded once. Both amounts stay:
    a refund of kind exchange uses the first up, a payment by method exchange holds the second and is put against
    `shares`. It takes effect on `exchanged_on`, by default the first day on which the money was free. With
    `write_off_rest_by`, what is left open of those invoices is written off in that person's name as an exchange
    difference, or waits for approval. Raises BadInput without a rate and its date, Conflict when less is unapplied."""
    if rate is None or rate_on is None:
        raise BadInput(
            f"State the rate from {payment.currency} to {currency} and the day it is of; amounts are never converted "
            "silently.",
            code="rate_missing",
            fields={"rate": "Enter a rate and its day."},
        )
    _check(payment, currency, rate)
    Customer.objects.select_for_update(no_key=True).get(pk=payment.customer_id)
    Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    given = Money(unallocated(payment) if amount is None else amount, payment.currency)
    if amount is None and not given:
        raise Conflict("Nothing of this payment is unapplied, so nothing can be exchanged.", code="nothing_unapplied")
    got = convert(given.amount, rate, currency)
    if given.amount > 0 and not got:
        raise BadInput(f"At this rate {given} come to nothing. Check the rate.", code="bad_rate")
    day = exchanged_on or free_from(payment, given.amount)
    refund = give_back(
        source=payment, amount=given.amount, paid_on=day, kind=Refund.Kind.EXCHANGE, reference=payment.reference,
        reason=f"Exchanged into {currency}", actor=actor, by=by,
    )  # fmt: skip
    made = record_payment(
        entity=payment.entity, customer=payment.customer, amount=got, currency=currency, received_on=day, shares=shares,
        method=Payment.Method.EXCHANGE, reference=payment.reference, actor=actor, by=by,
    )  # fmt: skip
    exchange = Exchange.objects.create(
        refund=refund, payment=made, rate=rate, rate_on=rate_on, rate_source=(rate_source or "entered")[:40]
    )
    record(
        EXCHANGED, payment, actor=actor, by=by, amount=given.amount, currency=given.currency, into=got,
        into_currency=currency, rate=rate, rate_on=rate_on, rate_source=exchange.rate_source,
    )  # fmt: skip
    if write_off_rest_by is not None:
        _write_off_rests([invoice for invoice, _ in shares], day, write_off_rest_by, by)
    return exchange


def _check(payment: Payment, currency: str, rate: Decimal) -> None:
    if not is_currency(currency) or currency == payment.currency:
        raise BadInput(
            f"Choose another currency than {payment.currency} to exchange this payment into.",
            code="bad_currency",
            fields={"currency": "Choose another currency."},
        )
    exponent = rate.normalize().as_tuple().exponent if rate.is_finite() else None
    if not isinstance(exponent, int) or rate <= 0 or rate >= 10**10 or -exponent > RATE_DECIMALS:
        sentence = f"{quoted(rate)} is not a rate. Enter a figure above 0 with at most {RATE_DECIMALS} decimals."
        raise BadInput(sentence, code="bad_rate", fields={"rate": sentence})


def _write_off_rests(invoices: Sequence[Invoice], day: date, person: AbstractBaseUser, by: str) -> None:
    opened = open_amount_now(invoice.pk for invoice in invoices)
    for invoice in invoices:
        if opened[invoice.pk] > 0:
            on = max(day, invoice.issued_on)
            write_off_exchange_difference(invoice=invoice, effective_on=on, actor=person, by=by)
