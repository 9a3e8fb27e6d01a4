"""Posts a bank line that takes back an earlier payment: a bounced debit, a cancelled transfer."""

from collections.abc import Mapping, Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput
from invoices.actions import BANK_LINE_POSTED
from invoices.models import BankLine, BankPosting, Payment
from invoices.queries.bank_lines import left_of
from invoices.services.move_line import lock_unsettled, move_line
from invoices.services.return_payment import return_payment


@transaction.atomic
def return_line(
    *,
    line: BankLine,
    payment: Payment,
    score: int | None = None,
    reasons: Sequence[Mapping[str, object]] = (),
    by_itself: bool = False,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankPosting:
    """The posting: what is left of the line goes back out of this payment on the line's value date, and what it paid
    is open again with its old due dates (D17).

    Raises BadInput for a line that is money coming in, Conflict when the line was settled meanwhile or less is left of
    the payment."""
    locked = lock_unsettled(line)
    if locked.amount > 0:
        raise BadInput("This money came in. Choose the customer who paid it.", code="money_came_in")
    amount = left_of(locked)
    refund = return_payment(
        payment=payment, returned_on=locked.value_on, amount=amount,
        reference=(locked.reference or locked.text)[:140], reason="Taken back by the bank", actor=actor, by=by,
    )  # fmt: skip
    posting = BankPosting.objects.create(
        line=locked, refund=refund, score=score, reasons=list(reasons), by_itself=by_itself,
        posted_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        BANK_LINE_POSTED, locked, actor=actor, by=by, customer_id=payment.customer_id, payment=payment.pk,
        amount=locked.amount, currency=locked.currency, score=score, by_itself=by_itself,
    )  # fmt: skip
    move_line(locked, BankLine.State.POSTED, actor=actor, by=by)
    return posting
