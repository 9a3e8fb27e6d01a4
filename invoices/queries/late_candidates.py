"""Which invoices may have something to claim for lateness, a page of customers at a time, whatever the size of the
books. It decides nothing: `late_claims` computes what there is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from collections_app.lib.money import Money, Totals
from customers.models import Customer
from invoices.models import Allocation, Invoice
from invoices.queries.late_claims import BEARING, Late, late_claims
from invoices.queries.open_amounts import with_open_amount

# Claims older than that are barred in most countries; they can still be claimed on the invoice's own page.
REACHES_BACK = timedelta(days=3 * 366)
INVOICES = 300


@dataclass(frozen=True, slots=True)
class CustomerClaims:
    """One customer's late invoices with something to claim, in one currency, the most first."""

    customer: Customer
    currency: str
    lines: list[Late]
    total: Decimal


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """Some customers; `after` is the last one's id if there are more. Totals are of these customers alone. `missing`
    are sentences about rates that are not known."""

    groups: list[CustomerClaims]
    interest: Totals
    lump_sums: Totals
    missing: list[str]
    after: int | None


def claim_page(invoices: QuerySet[Invoice], *, as_of: date, after: int = 0) -> ClaimPage:
    """The customers after the one with the id `after`, of these invoices, with what could be claimed up to `as_of`."""
    ids, last = _candidates(invoices, as_of, after)
    late = [one for one in late_claims(ids, as_of=as_of).values() if one.total > 0 or one.accrued.missing]
    groups: dict[tuple[int, str], list[Late]] = defaultdict(list)
    for one in late:
        if one.total > 0:
            groups[one.invoice.customer_id, one.invoice.currency].append(one)
    found = [
        CustomerClaims(
            lines[0].invoice.customer, currency, sorted(lines, key=lambda one: -one.total),
            sum((one.total for one in lines), Decimal(0)),
        )
        for (_, currency), lines in groups.items()
    ]  # fmt: skip
    return ClaimPage(
        sorted(found, key=lambda group: (group.currency, -group.total, group.customer.pk)),
        Totals(Money(one.accrued.total, one.invoice.currency) for one in late),
        Totals(Money(one.lump_sum, one.invoice.currency) for one in late if one.lump_sum),
        sorted({one.accrued.missing for one in late if one.accrued.missing}),
        last,
    )


def _candidates(invoices: QuerySet[Invoice], as_of: date, after: int) -> tuple[list[int], int | None]:
    """The invoices of the next customers, whole customers only, and the last customer's id if there are more."""
    paid_late = Allocation.objects.filter(invoice=OuterRef("pk"), effective_on__gt=OuterRef("due_on"))
    late: Any = with_open_amount(invoices, as_of=as_of).filter(
        kind__in=BEARING, due_on__lt=as_of, due_on__gte=as_of - REACHES_BACK, customer_id__gt=after
    )
    rows = late.filter(Q(open_amount__gt=0) | Exists(paid_late)).order_by("customer_id", "due_on", "pk")
    found = list(rows.values_list("customer_id", "pk")[: INVOICES + 1])
    if len(found) <= INVOICES:
        return [pk for _, pk in found], None
    cut = found[-1][0]
    whole = [(customer, pk) for customer, pk in found if customer != cut]
    if whole:
        return [pk for _, pk in whole], whole[-1][0]
    return list(rows.filter(customer_id=cut).values_list("pk", flat=True)), cut  # one customer larger than a page
