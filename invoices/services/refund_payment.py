"""Pays unapplied cash back to the customer. It reopens nothing: what invoices took stays with them."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser

from invoices.models import Payment, Refund
from invoices.services.give_back import give_back


def refund_payment(
    *,
    payment: Payment,
    amount: Decimal,
    paid_on: date,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The refund over `amount`, positive in the payment's currency, out of what is unapplied of it, paid on `paid_on`.

    `provider` with `provider_refund_id` makes it happen once, as for a gateway's refund or a form's own id. Raises as
    `give_back` does."""
    return give_back(
        source=payment, amount=amount, paid_on=paid_on, kind=Refund.Kind.REFUND, reference=reference, reason=reason,
        provider=provider, provider_refund_id=provider_refund_id, actor=actor, by=by,
    )  # fmt: skip
