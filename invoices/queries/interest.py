"""What was open of an invoice on each day, per part with a due date of its own, and what interest was claimed. Reads
one invoice; decides nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max

from invoices.models import Allocation, Invoice, LateWaiver
from invoices.rules.claims import Share, open_shares
from invoices.rules.interest import Slice, open_slices


def last_claimed_day(invoice_id: int) -> date | None:
    """The last day for which interest on this invoice was claimed or waived, inclusive; None when none was."""
    claims = Invoice.objects.filter(claims_for=invoice_id, kind=Invoice.Kind.INTEREST, status=Invoice.Status.ISSUED)
    waivers = LateWaiver.objects.filter(invoice=invoice_id, state=LateWaiver.State.IN_FORCE)
    claimed: date | None = claims.aggregate(day=Max("accrued_until"))["day"]
    waived: date | None = waivers.aggregate(day=Max("last_on"))["day"]
    return max((day for day in (claimed, waived) if day), default=None)


def overdue_slices(invoice: Invoice, *, first: date | None, last: date) -> list[Slice]:
    """What was open after its due date, from `first` (None: the day after each due date) to `last`, both inclusive, by
    every recorded allocation. Each instalment counts from its own due date."""
    rows = list(
        Allocation.objects.filter(invoice=invoice, effective_on__lte=last).values_list(
            "effective_on", "instalment_id", "amount"
        )
    )
    parts = list(invoice.instalments.order_by("due_on", "position").values_list("pk", "due_on", "amount"))
    found: list[Slice] = []
    for place, (_, due_on, _) in enumerate(parts or [(None, invoice.due_on, invoice.total)]):
        begin = max(due_on + timedelta(days=1), first or date.min)
        days = sorted({invoice.issued_on, *(day for day, _, _ in rows)})
        opened = [(day, _opened(invoice.total, parts, rows, day)[place]) for day in days]
        found += open_slices(opened, first=begin, last=last)
    return found


def _opened(
    total: Decimal,
    parts: list[tuple[int, date, Decimal]],
    rows: Iterable[tuple[date, int | None, Decimal]],
    until: date,
) -> list[Decimal]:
    """What was open at the end of that day, per part in order; one figure for an invoice without parts."""
    counted = [(instalment, amount) for day, instalment, amount in rows if day <= until]
    named: dict[int | None, Decimal] = {}
    for instalment, amount in counted:
        named[instalment] = named.get(instalment, Decimal(0)) + amount
    unnamed = named.get(None, Decimal(0))
    if not parts:
        return [total - unnamed]
    return open_shares([Share(amount, named.get(pk, Decimal(0))) for pk, _, amount in parts], unnamed)
