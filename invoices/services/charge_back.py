"""A card payment that the payer disputed with their bank: the money is gone until the dispute is won."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser

from invoices.models import Payment, Refund
from invoices.services.take_back import take_back


def charge_back(
    *,
    payment: Payment,
    charged_back_on: date,
    amount: Decimal | None = None,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The chargeback as a refund of that kind, effective on `charged_back_on`; `amount` None is the whole payment.

    It opens no dispute of ours: what the payer's bank argues about is settled there, and `undo_refund` books the money
    when it comes back. Raises as `take_back` does."""
    return take_back(
        payment=payment, amount=payment.amount if amount is None else amount, kind=Refund.Kind.CHARGEBACK,
        on=charged_back_on, reference=reference, reason=reason, provider=provider,
        provider_refund_id=provider_refund_id, actor=actor, by=by,
    )  # fmt: skip
