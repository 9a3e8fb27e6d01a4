"""Uses up what is left of a payment or credit note without touching an invoice: pay-outs, chargebacks, exchanges and
clearings are all recorded here. Undoing allocations first is the caller's business."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.dates import format_date
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.changes import announce
from customers.models import Customer
from invoices.actions import REFUNDED
from invoices.models import Allocation, CreditNote, Payment, Refund
from invoices.queries.reversals import free_from
from invoices.services.allocate import unallocated


@transaction.atomic
def give_back(
    *,
    source: Payment | CreditNote,
    amount: Decimal,
    paid_on: date,
    kind: str = Refund.Kind.REFUND,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The refund over `amount`, positive in the source's currency, and with it the allocation that uses it up, both
    effective on `paid_on`.

    A refund of a provider is recorded once: the same `provider_refund_id` again gives back the first row. Raises
    BadInput for an amount that is not above zero and for a day before the money was free, Conflict when less is left or
    when the provider's refund comes again with another amount."""
    money = Money(amount, source.currency)
    if money.amount <= 0:
        raise BadInput("Enter an amount above zero.", code="amount_not_positive", fields={"amount": "Above zero."})
    Customer.objects.select_for_update(no_key=True).get(pk=source.customer_id)
    type(source)._default_manager.select_for_update(no_key=True).get(pk=source.pk)
    known = known_refund(source, money, kind, provider, provider_refund_id)
    if known is not None:
        return known
    left = unallocated(source)
    if money.amount > left:
        raise Conflict(
            f"Only {format_amount_with_code(left, source.currency)} of this are unapplied. Enter that much or less, or "
            "take back an allocation first.",
            code="refund_exceeds",
            fields={"amount": "More than is unapplied."},
        )
    refuse_day_before(source, money.amount, paid_on)
    refund = Refund.objects.create(
        entity_id=source.entity_id,
        customer_id=source.customer_id,
        kind=kind,
        currency=money.currency,
        amount=money.amount,
        paid_on=paid_on,
        reference=reference,
        provider=provider,
        provider_refund_id=provider_refund_id,
        recorded_by_id=None if actor is None else actor.pk,
    )
    is_payment = isinstance(source, Payment)
    Allocation.objects.create(
        customer_id=source.customer_id,
        payment_id=source.pk if is_payment else None,
        credit_note_id=None if is_payment else source.pk,
        refund=refund,
        currency=money.currency,
        amount=money.amount,
        effective_on=paid_on,
        reason=reason[:140],
        recorded_by_id=None if actor is None else actor.pk,
    )
    record(
        REFUNDED, refund, actor=actor, by=by, kind=str(kind), amount=money.amount, currency=money.currency,
        paid_on=paid_on, reason=reason, source=f"{source._meta.label_lower} {source.pk}",
    )  # fmt: skip
    announce([source.customer_id])
    return refund


def known_refund(
    source: Payment | CreditNote, money: Money, kind: str, provider: str, provider_refund_id: str
) -> Refund | None:
    """The provider's refund if it is recorded already; raises Conflict ('refund_differs') when it is other money."""
    if not provider_refund_id:
        return None
    known = Refund.objects.filter(provider=provider, provider_refund_id=provider_refund_id).first()
    if known is None:
        return None
    same_source = known.allocations.filter(**{"payment" if isinstance(source, Payment) else "credit_note": source})
    if (known.kind, known.amount, known.currency) != (kind, money.amount, money.currency) or not same_source.exists():
        raise Conflict(
            f"{known.get_kind_display()} {provider_refund_id} is recorded already, with "
            f"{format_amount_with_code(known.amount, known.currency)} on {format_date(known.paid_on)}. Nothing was "
            "recorded now. Look it up with the provider.",
            code="refund_differs",
        )
    return known


def refuse_day_before(source: Payment | CreditNote, amount: Decimal, day: date) -> None:
    """Nothing; raises BadInput ('refund_too_early') for a day before so much of the source was free to go out (A2)."""
    earliest = free_from(source, amount)
    if day < earliest:
        sentence = (
            f"The money cannot go out before {format_date(earliest)}: until then it had not come or was used "
            "otherwise. Choose that day or a later one."
        )
        raise BadInput(sentence, code="refund_too_early", fields={"paid_on": sentence})
