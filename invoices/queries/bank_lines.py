"""Bank lines as services need them: what is left of a line, and since when its money is free. Pages read lists in
`invoices.queries.bank_inbox`."""

from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum
from django.db.models.functions import Coalesce

from invoices.models import BankLine, BankPosting, Refund


def left_of(line: BankLine) -> Decimal:
    """What of the line is not posted, positive in its currency whatever its direction."""
    posted = BankPosting.objects.filter(line=line, undone_at__isnull=True).aggregate(
        s=Sum(Coalesce("payment__amount", "refund__amount"))
    )["s"]
    left: Decimal = abs(line.amount) - (posted or Decimal(0))
    return left


def free_since(line: BankLine) -> date:
    """The value date, or the later day from which an undone posting gave the money back: until then it lay with that
    customer, and the same money must not be counted twice (A2)."""
    undone = Refund.objects.filter(kind=Refund.Kind.CLEARING, allocations__payment__bank_posting__line=line)
    back: date | None = undone.aggregate(day=Max("paid_on"))["day"]
    return max(line.value_on, back or date.min)
