"""Records money that arrived and puts it against invoices. What finds no invoice stays visible as unapplied cash."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer, LegalEntity
from invoices.actions import PAYMENT_RECORDED
from invoices.models import Invoice, Payment
from invoices.queries.open_amounts import open_invoices
from invoices.rules.allocation import OpenDocument, oldest_first
from invoices.services.allocate import allocate
from invoices.services.settle_rests import settle_rests

Shares = Sequence[tuple[Invoice, Decimal | None]]


@transaction.atomic
def record_payment(
    *,
    entity: LegalEntity,
    customer: Customer,
    amount: Decimal,
    currency: str,
    received_on: date,
    shares: Shares | Literal["oldest"] = (),
    method: str = Payment.Method.TRANSFER,
    reference: str = "",
    provider: str = "",
    provider_account: str = "",
    provider_payment_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Payment:
    """The recorded payment, allocated to `shares`: invoices with amounts (None: as much as is open), or "oldest".

    What is then left of an invoice as an early-payment discount or a small difference is settled (`settle_rests`).
    `amount` is positive in `currency`; `received_on` is the value date. A payment of a provider is recorded once: the
    same `provider_payment_id` again gives back the first row and writes nothing (W4). Raises BadInput and Conflict as
    `allocate` does, and Conflict ('payment_differs') when it comes again as another customer's or amount: that is other
    money, and must not be taken for known."""
    money = Money(amount, currency)
    if money.amount <= 0:
        raise BadInput(
            "A payment needs an amount above zero.", code="amount_not_positive", fields={"amount": "Above zero."}
        )
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if provider_payment_id:
        known = Payment.objects.filter(
            provider=provider, provider_account=provider_account, provider_payment_id=provider_payment_id
        ).first()
        if known:
            return _same(known, customer, money)
    payment = Payment.objects.create(
        entity=entity,
        customer=customer,
        currency=money.currency,
        amount=money.amount,
        received_on=received_on,
        method=method,
        reference=reference,
        provider=provider,
        provider_account=provider_account,
        provider_payment_id=provider_payment_id,
        recorded_by_id=None if actor is None else actor.pk,
    )
    record(PAYMENT_RECORDED, payment, actor=actor, by=by, amount=amount, currency=currency, received_on=received_on)
    wanted = _oldest(payment) if shares == "oldest" else shares
    if wanted:
        allocate(source=payment, shares=wanted, actor=actor, by=by)
        settle_rests(payment=payment, actor=actor, by=by)
    announce([customer.pk])
    return payment


def _same(known: Payment, customer: Customer, money: Money) -> Payment:
    if (known.customer_id, known.amount, known.currency) != (customer.pk, money.amount, money.currency):
        raise Conflict(
            f"This form or provider payment already recorded {format_amount_with_code(known.amount, known.currency)}, "
            f"received on {format_date(known.received_on)}. Nothing was recorded now. For other money open a new form.",
            code="payment_differs",
        )
    return known


def _oldest(payment: Payment) -> list[tuple[Invoice, Decimal | None]]:
    invoices = open_invoices(customer_id=payment.customer_id, as_of=date.max, currency=payment.currency)
    invoices = invoices.filter(entity_id=payment.entity_id)
    by_id = {invoice.pk: invoice for invoice in invoices}
    documents = [
        OpenDocument(pk, invoice.due_on, invoice.issued_on, invoice.open_amount)  # type: ignore[attr-defined]
        for pk, invoice in by_id.items()
    ]
    shares, _ = oldest_first(payment.amount, documents)
    return [(by_id[share.id], share.amount) for share in shares]
