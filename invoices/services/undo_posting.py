"""Undoes what was posted for a bank line: the money comes off the customer, invoices are open again, the line waits.

What was posted stays in the history, and every reported day stays what it was."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from collections_app.audit.record import record
from collections_app.lib.dates import business_day
from collections_app.lib.errors import Conflict
from invoices.actions import BANK_POSTING_UNDONE
from invoices.models import BankLine, BankPosting, Dispute, Payment, Refund
from invoices.rules.bank_lines import undo_day
from invoices.services.close_dispute import close_dispute
from invoices.services.forget_payer import forget_payer
from invoices.services.move_line import lock_line, move_line
from invoices.services.reverse_adjustment import reverse_adjustment
from invoices.services.reverse_allocation import reverse_allocation
from invoices.services.take_back import take_back
from invoices.services.undo_refund import undo_refund

_REASON = "Bank match undone"


@transaction.atomic
def undo_posting(*, posting: BankPosting, on: date, actor: AbstractBaseUser | None = None, by: str = "") -> BankPosting:
    """The posting, undone: allocations, discounts and small differences of its payment are reversed, the payment is
    used up by a clearing, a dispute opened with it is withdrawn, and its payer is forgotten. A return is taken back.

    `on` is the business day; `rules.bank_lines.undo_day` says from when it counts. Raises Conflict ('already_undone'),
    or ('money_moved_on') when the payment was refunded, returned or exchanged since: take that back first."""
    line = lock_line(posting.line)
    posting = BankPosting.objects.select_for_update(of=("self",)).select_related("payment", "refund").get(pk=posting.pk)
    if posting.undone_at is not None:
        raise Conflict("This was undone before. Reload the page.", code="already_undone")
    posted_on = business_day(now=posting.posted_at, time_zone=line.account.entity.time_zone)
    posting.undone_at, posting.undone_by_id = timezone.now(), None if actor is None else actor.pk
    posting.save(update_fields=["undone_at", "undone_by"])
    if posting.payment is not None:
        _take_off(posting, posting.payment, posted_on, on, actor, by)
        forget_payer(line=line, customer=posting.payment.customer)
    elif posting.refund is not None:
        day = undo_day(posted_on=posted_on, today=on, received_on=posting.refund.paid_on, used_until=date.min)
        undo_refund(refund=posting.refund, on=day, reason=_REASON, actor=actor, by=by)
    source = posting.payment or posting.refund
    record(
        BANK_POSTING_UNDONE, posting, actor=actor, by=by, customer_id=source.customer_id if source else None,
        line=line.pk, on=on,
    )  # fmt: skip
    move_line(line, BankLine.State.WAITING, actor=actor, by=by)
    return posting


def _take_off(
    posting: BankPosting, payment: Payment, posted_on: date, on: date, actor: AbstractBaseUser | None, by: str
) -> None:
    standing = payment.allocations.filter(reverses__isnull=True, reversed_by__isnull=True)
    if standing.filter(refund__isnull=False).exclude(refund__kind=Refund.Kind.SMALL_DIFFERENCE).exists():
        raise Conflict(
            "The money of this payment went out again or was exchanged since. Take that back first.",
            code="money_moved_on",
        )
    latest = payment.allocations.aggregate(day=Max("effective_on"))["day"]
    day = undo_day(
        posted_on=posted_on, today=on, received_on=payment.received_on, used_until=latest or payment.received_on
    )
    _withdraw_dispute(posting, payment, on, actor, by)
    for adjustment in posting.adjustments.order_by("pk"):
        if adjustment.allocations.filter(reverses__isnull=True, reversed_by__isnull=True).exists():
            reverse_adjustment(adjustment=adjustment, effective_on=day, reason=_REASON, actor=actor, by=by)
    for row in standing.filter(refund__isnull=False):
        reverse_allocation(allocation=row, effective_on=day, reason=_REASON, actor=actor, by=by)
    take_back(
        payment=payment, amount=payment.amount, kind=Refund.Kind.CLEARING, on=day, reason=_REASON, actor=actor, by=by
    )  # fmt: skip


def _withdraw_dispute(
    posting: BankPosting, payment: Payment, on: date, actor: AbstractBaseUser | None, by: str
) -> None:
    """A dispute over what this short payment left open says nothing once the payment is gone."""
    invoices = payment.allocations.filter(invoice__isnull=False).values("invoice_id")
    opened = Dispute.objects.filter(
        invoice__in=invoices, via=Dispute.Via.SHORT_PAYMENT, state=Dispute.State.OPEN,
        recorded_at__gte=posting.posted_at,
    )  # fmt: skip
    for dispute in opened.order_by("pk"):
        day = max(on, dispute.opened_on)
        close_dispute(
            dispute=dispute, state=Dispute.State.WITHDRAWN, resolution=_REASON, closed_on=day, actor=actor, by=by
        )
