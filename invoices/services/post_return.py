"""Posts money that went out as what it is: a payment that the bank took back. Its invoices are open again."""

from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from invoices.actions import BANK_LINE_POSTED
from invoices.models import BankLine, BankPosting, Payment
from invoices.queries.bank_lines import left_of
from invoices.services.move_line import lock_unsettled, move_line
from invoices.services.post_line import Reasons
from invoices.services.return_payment import return_payment


@transaction.atomic
def post_return(
    *,
    line: BankLine,
    payment: Payment,
    amount: Decimal | None = None,
    score: int | None = None,
    reasons: Reasons = (),
    by_itself: bool = False,
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankPosting:
    """The posting: `payment` taken back over `amount` (positive; None: all that is left of the line), from the line's
    value date on.

    Raises BadInput for a line whose money came in and for another entity's or currency's payment; Conflict
    ('line_settled') when somebody else settled it, ('line_exceeded') and ('refund_exceeds') for more than is left."""
    locked = lock_unsettled(line)
    if locked.amount > 0:
        raise BadInput("This money came in. Post it as a payment.", code="money_came_in")
    if (payment.currency, payment.entity_id) != (locked.currency, locked.account.entity_id):
        raise BadInput(
            "This payment is in another currency or another legal entity's. Choose one of this account's.",
            code="other_entity",
        )
    left = left_of(locked)
    wanted = left if amount is None else Money(amount, locked.currency).amount
    if wanted > left:
        raise Conflict(
            f"Only {format_amount_with_code(left, locked.currency)} of this line are left. Enter less.",
            code="line_exceeded",
        )
    refund = return_payment(
        payment=payment, amount=wanted, returned_on=max(locked.value_on, payment.received_on),
        reference=(locked.reference or locked.text)[:140], actor=actor, by=by,
    )  # fmt: skip
    posting = BankPosting.objects.create(
        line=locked, refund=refund, score=score, reasons=list(reasons), by_itself=by_itself,
        posted_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
    record(
        BANK_LINE_POSTED, locked, actor=actor, by=by, customer_id=payment.customer_id, refund=refund.pk, amount=wanted,
        currency=locked.currency, score=score, by_itself=by_itself,
    )  # fmt: skip
    move_line(locked, BankLine.State.WAITING if left_of(locked) else BankLine.State.POSTED, actor=actor, by=by)
    return posting
