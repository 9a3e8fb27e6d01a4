"""What a receipt says: the payment of a session and the invoices it went to, read from the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from collections_app.lib.errors import Conflict
from invoices.models import Allocation, Payment, PaySession


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What went to one invoice, positive, in the payment's currency."""

    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment and where it went; `rest` is not put against an invoice yet."""

    session: PaySession
    payment: Payment
    lines: Sequence[ReceiptLine]

    @property
    def rest(self) -> Decimal:
        """What is unapplied of the payment, 0 or more."""
        return self.payment.amount - sum((line.amount for line in self.lines), Decimal(0))


def receipt_of(session: PaySession) -> Receipt:
    """The receipt. Raises Conflict while the session is not paid."""
    if session.payment is None:
        raise Conflict("There is no receipt yet: the payment is not confirmed.", code="not_paid")
    return Receipt(session, session.payment, lines_of(session.payment))


def lines_of(payment: Payment) -> list[ReceiptLine]:
    """Which invoices the payment is put against, the earliest due first."""
    rows = (
        Allocation.objects.filter(payment=payment, invoice__isnull=False)
        .order_by()
        .values("invoice__number", "invoice__due_on", "invoice_id")
        .annotate(s=Sum("amount"))
        .filter(s__gt=0)
        .order_by("invoice__due_on", "invoice_id")
    )
    return [ReceiptLine(row["invoice__number"], row["s"]) for row in rows]
