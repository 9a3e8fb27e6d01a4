"""Pays open credit of a credit note back to the customer."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser

from invoices.models import CreditNote, Refund
from invoices.services.give_back import give_back


def refund_credit(
    *,
    credit_note: CreditNote,
    amount: Decimal,
    paid_on: date,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The refund over `amount`, positive in the credit note's currency, out of what is open of it, paid on `paid_on`.

    Raises as `give_back` does."""
    return give_back(
        source=credit_note, amount=amount, paid_on=paid_on, kind=Refund.Kind.REFUND, reference=reference, reason=reason,
        provider=provider, provider_refund_id=provider_refund_id, actor=actor, by=by,
    )  # fmt: skip
