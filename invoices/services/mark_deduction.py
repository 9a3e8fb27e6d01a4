"""Takes a short payment for what it is: the money is posted, and what is missing becomes a dispute with its reason."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from customers.models import Customer
from invoices.models import BankLine, BankPosting, Dispute, Invoice
from invoices.services.open_dispute import open_dispute
from invoices.services.post_line import Reasons, post_line
from invoices.services.record_payment import Shares


@transaction.atomic
def mark_deduction(
    *,
    line: BankLine,
    customer: Customer,
    shares: Shares,
    invoice: Invoice,
    reason: str,
    text: str = "",
    on: date,
    score: int | None = None,
    reasons: Reasons = (),
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> tuple[BankPosting, Dispute]:
    """The posting, and the dispute over all that is then still open of `invoice`, opened on `on` (F10).

    `reason` is a code of `Dispute.Reason`, `text` the payer's words. Raises as `post_line` and `open_dispute` do, and
    then nothing is posted: above all Conflict ('nothing_open') when the money covers the invoice."""
    posting = post_line(
        line=line, customer=customer, shares=shares, score=score, reasons=reasons, actor=actor, by=by
    )  # fmt: skip
    dispute = open_dispute(
        invoice=invoice, amount=None, reason=reason, text=text, via=Dispute.Via.SHORT_PAYMENT, opened_on=on,
        actor=actor, by=by,
    )  # fmt: skip
    return posting, dispute
