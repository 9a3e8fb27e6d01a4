"""Posts a bank line, or a part of it, as a payment of one customer; the ledger's own services record and allocate."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from collections_app.audit.record import record
from collections_app.lib.errors import BadInput, Conflict
from collections_app.lib.money import Money, format_amount_with_code
from customers.models import Customer
from invoices.actions import BANK_LINE_POSTED
from invoices.models import Adjustment, BankLine, BankPosting, Payment
from invoices.queries.bank_lines import free_since, left_of
from invoices.services.learn_payer import learn_payer
from invoices.services.move_line import lock_unsettled, move_line
from invoices.services.record_payment import Shares, record_payment

Reasons = Sequence[Mapping[str, object]]


@transaction.atomic
def post_line(
    *,
    line: BankLine,
    customer: Customer,
    shares: Shares | Literal["oldest"] = (),
    amount: Decimal | None = None,
    score: int | None = None,
    reasons: Reasons = (),
    by_itself: bool = False,
    park: bool = False,
    note: str = "",
    actor: AbstractBaseUser | None = None,
    by: str = "",
) -> BankPosting:
    """The posting: a payment of the customer over `amount` (positive, in the line's currency; None: all that is left of
    the line), put against `shares` as `record_payment` does; what they do not take stays unapplied.

    The line is posted (with `park`: parked, with its note) once nothing is left of it, else it waits with the rest.
    The payer is learned. `score` and `reasons` are those of the suggestion that was taken, and are kept.

    Raises Conflict ('line_settled') when somebody else settled the line meanwhile, ('allocation_exceeds') when an
    invoice was paid meanwhile; BadInput for money that went out, more than is left, and what `allocate` refuses."""
    locked = lock_unsettled(line)
    if locked.amount < 0:
        raise BadInput(
            "This money went out. Name the payment that it takes back, or set the line aside.", code="money_went_out"
        )
    wanted = _amount(locked, amount)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    last = Adjustment.objects.filter(customer=customer).aggregate(pk=Max("pk"))["pk"] or 0
    payment = record_payment(
        entity=locked.account.entity, customer=customer, amount=wanted, currency=locked.currency,
        received_on=free_since(locked), shares=shares, reference=(locked.reference or locked.text)[:140],
        actor=actor, by=by,
    )  # fmt: skip
    posting = _posted(locked, payment, score, reasons, by_itself, actor)
    # The customer is locked, so newer adjustments can only be this payment's own.
    posting.adjustments.set(Adjustment.objects.filter(customer=customer, pk__gt=last))
    record(
        BANK_LINE_POSTED, locked, actor=actor, by=by, customer_id=customer.pk, payment=payment.pk, amount=wanted,
        currency=locked.currency, score=score, by_itself=by_itself,
    )  # fmt: skip
    settled = BankLine.State.PARKED if park else BankLine.State.POSTED
    move_line(locked, BankLine.State.WAITING if left_of(locked) else settled, note=note, actor=actor, by=by)
    learn_payer(line=locked, customer=customer)
    if not by_itself:  # the lines of one run were matched knowing of each other
        _look_again(customer)
    return posting


def _look_again(customer: Customer) -> None:
    """What other lines were thought to pay may be paid now. Lines that somebody has in hand are left alone: lines are
    locked before customers, so waiting for one here could wait for ever."""
    rows = BankLine.objects.filter(state=BankLine.State.WAITING, suggestions__customer=customer)
    free = rows.select_for_update(no_key=True, of=("self",), skip_locked=True).values_list("pk", flat=True)
    BankLine.objects.filter(pk__in=list(free)).update(matched_at=None)


def _amount(line: BankLine, wished: Decimal | None) -> Decimal:
    left = left_of(line)
    amount = left if wished is None else Money(wished, line.currency).amount
    if amount <= 0:
        raise BadInput("Enter an amount above zero.", code="amount_not_positive", fields={"amount": "Above zero."})
    if amount > left:
        raise Conflict(
            f"Only {format_amount_with_code(left, line.currency)} of this line are left. Look again and enter less.",
            code="line_exceeded",
        )
    return amount


def _posted(
    line: BankLine,
    payment: Payment,
    score: int | None,
    reasons: Reasons,
    by_itself: bool,
    actor: AbstractBaseUser | None,
) -> BankPosting:
    return BankPosting.objects.create(
        line=line, payment=payment, score=score, reasons=list(reasons), by_itself=by_itself,
        posted_by_id=None if actor is None else actor.pk,
    )  # fmt: skip
