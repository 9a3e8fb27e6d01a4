"""A payment that did not hold: a bounced debit or cheque, a cancelled transfer. Its invoices are open again."""

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser

from invoices.models import Payment, Refund
from invoices.services.take_back import take_back


def return_payment(
    *,
    payment: Payment,
    returned_on: date,
    amount: Decimal | None = None,
    reference: str = "",
    reason: str = "",
    provider: str = "",
    provider_refund_id: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> Refund:
    """The returned payment as a refund of that kind, effective on `returned_on`, the value date; `amount` None is
    all of it. Earlier days stay as they were. Raises as `take_back` does."""
    return take_back(
        payment=payment, amount=payment.amount if amount is None else amount, kind=Refund.Kind.RETURNED, on=returned_on,
        reference=reference, reason=reason, provider=provider, provider_refund_id=provider_refund_id, actor=actor,
        by=by,
    )  # fmt: skip
