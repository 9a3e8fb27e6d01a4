"""How documents that an imported file calls settled were settled: credits first, money for the rest.

A file tells that items were cleared on a day, not by what. Pure; must not know tables or files."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Settled(NamedTuple):
    """One document and how much of it was settled that day, above zero."""

    id: int
    amount: Decimal
    is_credit: bool


class Share(NamedTuple):
    """One allocation: from a credit note (None: from the payment) to an invoice (None: to the refund)."""

    credit_id: int | None
    invoice_id: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Settlement:
    """The allocations of one customer, currency and day, and the payment and refund they need; zero when none."""

    shares: tuple[Share, ...]
    paid: Decimal
    refunded: Decimal


def settle(documents: Sequence[Settled]) -> Settlement:
    """The settlement of documents given oldest first: credits use up invoices in that order, a payment covers what is
    left of the invoices, a refund what is left of the credits. Every document is allocated exactly its amount."""
    if len(documents) == 1:
        (only,) = documents
        if only.is_credit:
            return Settlement((Share(only.id, None, only.amount),), ZERO, only.amount)
        return Settlement((Share(None, only.id, only.amount),), only.amount, ZERO)
    credits_ = [(document.id, document.amount) for document in documents if document.is_credit]
    shares: list[Share] = []
    at, left = 0, credits_[0][1] if credits_ else ZERO
    paid = ZERO
    for document in documents:
        if document.is_credit:
            continue
        open_amount = document.amount
        while open_amount and at < len(credits_):
            part = min(left, open_amount)
            shares.append(Share(credits_[at][0], document.id, part))
            left, open_amount = left - part, open_amount - part
            if not left:
                at += 1
                left = credits_[at][1] if at < len(credits_) else ZERO
        if open_amount:
            shares.append(Share(None, document.id, open_amount))
            paid += open_amount
    refunded = ZERO
    while at < len(credits_):
        shares.append(Share(credits_[at][0], None, left))
        refunded += left
        at += 1
        left = credits_[at][1] if at < len(credits_) else ZERO
    return Settlement(tuple(shares), paid, refunded)
