"""What a person does who takes money or credit off an invoice again: the reversal, and the end of what had followed by
rule. `put_against` is the way there."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.lib.errors import BadInput
from invoices.models import Allocation
from invoices.services.judge_promises_again import judge_promises_again
from invoices.services.reopen_rests import reopen_rests
from invoices.services.reverse_allocation import reverse_allocation


@transaction.atomic
def take_off(
    *, allocation: Allocation, effective_on: date, reason: str, actor: AbstractBaseUser | None, by: str = ""
) -> Allocation:
    """The reversing allocation, as `reverse_allocation` makes and refuses it. Discounts and small differences that the
    payment had settled there are open again, and promises it had kept are judged anew (P3).

    Raises BadInput ('went_out') for money that a refund or exchange used up: reversed alone, it would be here and there
    at once."""
    if allocation.invoice_id is None:
        raise BadInput(
            "This money went out of the payment. Undo the refund or exchange itself, on its own page.", code="went_out"
        )
    made = reverse_allocation(allocation=allocation, effective_on=effective_on, reason=reason, actor=actor, by=by)
    touched = [allocation.invoice_id]
    if allocation.payment is not None:
        reopen_rests(
            payment=allocation.payment, invoice_ids=touched, on=effective_on, reason=reason, actor=actor, by=by
        )  # fmt: skip
    judge_promises_again(invoice_ids=touched, by=by)
    return made
