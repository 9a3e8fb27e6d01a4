"""What could be claimed for the lateness of invoices, as of a day: accrued interest with its slices, and the lump sum.
By set, for one invoice or for thousands alike; computed every time, never stored (L10). It decides nothing: the rule is
`invoices.rules.statutory_interest`.

Six statements whatever the number of invoices."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from invoices.country_packs import pack_of
from invoices.models import Allocation, Instalment, Invoice, LateClaim, LateWaiver
from invoices.queries.late_rates import rates_in_use
from invoices.rules.claims import Share, open_shares
from invoices.rules.country_pack import CountryPack, Series
from invoices.rules.statutory_interest import Accrued, Days, Debt, accrue, interest_begins, lump_sum

_ZERO = Decimal(0)
BEARING = (Invoice.Kind.INVOICE, Invoice.Kind.DEBIT_NOTE, Invoice.Kind.DOWN_PAYMENT)  # no interest on fees (L6)


@dataclass(frozen=True, slots=True)
class Late:
    """What the lateness of one invoice comes to. Amounts in its currency. `blocked` are the days claimed or waived.

    `lump_sum` is 0 where there is none to claim (any more), and `why_no_lump_sum` says why."""

    invoice: Invoice
    pack: CountryPack
    accrued: Accrued
    blocked: tuple[Days, ...]
    lump_sum: Decimal
    why_no_lump_sum: str

    @property
    def total(self) -> Decimal:
        """Interest and lump sum together."""
        return self.accrued.total + self.lump_sum


@dataclass(frozen=True, slots=True)
class _Facts:
    allocations: Mapping[int, list[tuple[date, int | None, Decimal]]]
    parts: Mapping[int, list[tuple[int, date, Decimal]]]
    blocked: Mapping[int, list[Days]]
    lump_sums: Mapping[int, str]  # why there is none to claim any more
    series: Mapping[str, Series]


def late_claims(invoice_ids: Collection[int], *, as_of: date, all_days: bool = False) -> dict[int, Late]:
    """Per invoice what could be claimed for days up to `as_of`, inclusive. Fees, interest, drafts and what was
    never late are left out; paid invoices stay: paying does not take away the interest of the days before (L9).

    With `all_days` the interest of claimed and waived days is counted too: the whole computation, for evidence."""
    rows = Invoice.objects.filter(
        pk__in=list(invoice_ids), status=Invoice.Status.ISSUED, kind__in=BEARING, issued_on__lte=as_of
    ).select_related("customer", "entity")
    found = {row.pk: row for row in rows}
    if not found:
        return {}
    facts = _facts(list(found), as_of, all_days)
    late = (_late(row, facts, as_of) for row in found.values())
    return {one.invoice.pk: one for one in late if one is not None}


def accrued_interest(invoice_ids: Collection[int], *, as_of: date) -> dict[int, Decimal]:
    """Per invoice with interest to claim its amount, in the invoice's currency, up to `as_of`, inclusive."""
    late = late_claims(invoice_ids, as_of=as_of)
    return {pk: one.accrued.total for pk, one in late.items() if one.accrued.total > 0}


def _late(invoice: Invoice, facts: _Facts, as_of: date) -> Late | None:
    pack, party = pack_of(invoice.entity.country), invoice.customer.kind
    debts = _debts(invoice, facts)
    begins = min(_begins(invoice, pack, debt) for debt in debts)
    if begins > as_of:
        return None
    blocked = tuple(facts.blocked.get(invoice.pk, ()))
    accrued = accrue(
        pack, party, facts.series, debts, issued_on=invoice.issued_on, assumed=invoice.due_on_assumed,
        currency=invoice.currency, last=as_of, without=blocked,
    )  # fmt: skip
    amount, why = _lump_sum(invoice, pack, facts, debts, begins)
    if not accrued.total and not amount and not blocked and not any(_open_on(debt, begins) for debt in debts):
        return None
    return Late(invoice, pack, accrued, blocked, amount, why)


def _begins(invoice: Invoice, pack: CountryPack, debt: Debt) -> date:
    terms = pack.terms_for(invoice.customer.kind)
    return interest_begins(
        terms, issued_on=invoice.issued_on, due_on=debt.due_on, assumed=invoice.due_on_assumed, is_part=debt.is_part
    )[0]


def _lump_sum(
    invoice: Invoice, pack: CountryPack, facts: _Facts, debts: list[Debt], begins: date
) -> tuple[Decimal, str]:
    gone = facts.lump_sums.get(invoice.pk)
    if gone:
        return _ZERO, gone
    owed = sum((_open_on(debt, begins) for debt in debts), _ZERO)
    return lump_sum(
        pack, invoice.customer.kind, facts.series, debt=owed, issued_on=invoice.issued_on, on=begins,
        currency=invoice.currency,
    )  # fmt: skip


def _open_on(debt: Debt, begins: date) -> Decimal:
    """What was open at the end of the day before interest begins."""
    found = _ZERO
    for day, amount in debt.opened:
        if day < begins:
            found = amount
    return found


def _debts(invoice: Invoice, facts: _Facts) -> list[Debt]:
    rows = facts.allocations.get(invoice.pk, [])
    parts = facts.parts.get(invoice.pk, [])
    changes: dict[date, list[tuple[int | None, Decimal]]] = defaultdict(list)
    changes[invoice.issued_on] = []
    for day, instalment, amount in rows:
        changes[day].append((instalment, amount))
    named: dict[int | None, Decimal] = defaultdict(Decimal)
    opened: list[list[tuple[date, Decimal]]] = [[] for _ in range(len(parts) or 1)]
    for day in sorted(changes):
        for instalment, amount in changes[day]:
            named[instalment] += amount
        if parts:
            left = open_shares([Share(amount, named[pk]) for pk, _, amount in parts], named[None])
        else:
            left = [invoice.total - named[None]]
        for place, amount in enumerate(left):
            opened[place].append((day, amount))
    if not parts:
        return [Debt(invoice.due_on, opened[0])]
    return [Debt(due_on, opened[place], is_part=True) for place, (_, due_on, _) in enumerate(parts)]


def _facts(ids: list[int], as_of: date, all_days: bool) -> _Facts:
    allocations: dict[int, list[tuple[date, int | None, Decimal]]] = defaultdict(list)
    rows = Allocation.objects.filter(invoice__in=ids, effective_on__lte=as_of)
    for invoice, day, instalment, amount in rows.values_list("invoice_id", "effective_on", "instalment_id", "amount"):
        allocations[invoice].append((day, instalment, amount))
    parts: dict[int, list[tuple[int, date, Decimal]]] = defaultdict(list)
    instalments = Instalment.objects.filter(invoice__in=ids).order_by("due_on", "position")
    for invoice, pk, due_on, amount in instalments.values_list("invoice_id", "pk", "due_on", "amount"):
        parts[invoice].append((pk, due_on, amount))
    waivers = LateWaiver.objects.filter(invoice__in=ids, state=LateWaiver.State.IN_FORCE)
    waived = list(waivers.values_list("invoice_id", "kind", "first_on", "last_on"))
    claimed = LateClaim.objects.filter(invoice__in=ids, kind=LateClaim.Kind.LUMP_SUM).values_list("invoice_id")
    lump_sums = {invoice: "The lump sum was claimed." for (invoice,) in claimed}
    lump_sums |= {
        invoice: "The lump sum was waived." for invoice, kind, *_ in waived if kind == LateWaiver.Kind.LUMP_SUM
    }
    blocked = {} if all_days else _blocked(ids, waived)
    return _Facts(allocations, parts, blocked, lump_sums, rates_in_use())


def _blocked(ids: list[int], waived: list[tuple[int, str, date | None, date | None]]) -> dict[int, list[Days]]:
    blocked: dict[int, list[Days]] = defaultdict(list)
    documents = Invoice.objects.filter(
        Q(accrued_from__isnull=False), claims_for__in=ids, kind=Invoice.Kind.INTEREST, status=Invoice.Status.ISSUED
    )
    for invoice, first, last in documents.values_list("claims_for_id", "accrued_from", "accrued_until"):
        if invoice and first and last:
            blocked[invoice].append((first, last))
    for invoice, _, first, last in waived:
        if first and last:
            blocked[invoice].append((first, last))
    for days in blocked.values():
        days.sort()
    return blocked
