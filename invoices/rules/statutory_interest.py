"""Statutory interest and lump sums of one invoice, from its open amounts, its country's pack and the dated rates (L1 to
L4, L9). Pure; `docs/algorithms/interest.md` has the worked tables.

The reference moves on 1 January and 1 July, so a period is split there (DE, EU); in the United Kingdom the rate of the
half-year in which interest begins stays for that debt. Everything is added up in full precision and rounded once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from collections_app.lib.dates import format_date
from collections_app.lib.rounding import EXACT, round_amount
from invoices.rules.country_pack import CountryPack, LateTerms, Series, period_end
from invoices.rules.interest import Slice, open_slices

_ONE_DAY = timedelta(days=1)
_ZERO = Decimal(0)

Days = tuple[date, date]  # first and last, both inclusive


class Debt(NamedTuple):
    """An invoice, or one instalment, with a due date of its own. `opened` is what was open at the end of each day on
    which that changed, ascending."""

    due_on: date
    opened: Sequence[tuple[date, Decimal]]
    is_part: bool = False


class RatedSlice(NamedTuple):
    """An amount open from `first` to `last`, both inclusive, at `percent` a year: `reference` plus points."""

    first: date
    last: date
    open_amount: Decimal
    percent: Decimal
    reference: Decimal
    source: str

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


class Accrued(NamedTuple):
    """Interest up to a day. `total` is rounded once. `missing` says which rate is not known; then the slices end
    before it."""

    slices: tuple[RatedSlice, ...] = ()
    total: Decimal = _ZERO
    missing: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def days(self) -> Days | None:
        """The first and last day that bear interest."""
        if not self.slices:
            return None
        return min(part.first for part in self.slices), max(part.last for part in self.slices)


def interest_begins(
    terms: LateTerms, *, issued_on: date, due_on: date, assumed: bool = False, is_part: bool = False
) -> tuple[date, str]:
    """The first day that bears interest, and a remark or ''. The day after the due date; without an agreed date
    (`assumed`) the day after the term that the law gives, counted from the invoice (L1). The longest term is none for
    instalments: a schedule is agreed."""
    if assumed and terms.unagreed_days:
        until = issued_on + timedelta(days=terms.unagreed_days)
        words = f"No due date was agreed: interest begins {terms.unagreed_days} days after the invoice."
        return until + _ONE_DAY, words
    longest = issued_on + timedelta(days=terms.longest_days)
    if terms.longest_days and due_on > longest and not is_part:
        if terms.longest_binds:
            words = (
                f"A public body pays within {terms.longest_days} days: interest counts after {format_date(longest)}."
            )
            return longest + _ONE_DAY, words
        return due_on + _ONE_DAY, (
            f"The term is longer than {terms.longest_days} days. It holds only if it was agreed expressly and is fair."
        )
    return due_on + _ONE_DAY, ""


def accrue(
    pack: CountryPack,
    party: str,
    series: Mapping[str, Series],
    debts: Sequence[Debt],
    *,
    issued_on: date,
    assumed: bool = False,
    currency: str,
    first: date | None = None,
    last: date,
    without: Iterable[Days] = (),
) -> Accrued:
    """The interest from `first` (None: from the beginning) to `last`, both inclusive, but for the days `without`:
    claimed or waived before (L9). In `currency`, rounded once over everything (L4)."""
    terms = pack.terms_for(party)
    points = terms.points_for(issued_on)
    rates = series.get(terms.reference)
    if rates is None or points is None:
        why = terms.why_no_interest or f"The pack of {pack.name} does not reach back to {format_date(issued_on)}."
        return Accrued(remarks=(why,))
    found: list[RatedSlice] = []
    gaps: list[tuple[date, str]] = []
    remarks: list[str] = [terms.remark] if terms.remark else []
    for debt in debts:
        begins, remark = interest_begins(
            terms, issued_on=issued_on, due_on=debt.due_on, assumed=assumed, is_part=debt.is_part
        )
        if remark and remark not in remarks:
            remarks.append(remark)
        parts = open_slices(debt.opened, first=max(begins, first or begins), last=last)
        for part in without_days(parts, without):
            gaps += _rated(part, rates, terms, points, begins, found)
    unknown_from, missing = min(gaps, default=(date.max, ""))
    # A day is claimed for the whole invoice or not at all: nothing after the first day without a rate.
    known = tuple(part for part in found if part.first < unknown_from)
    return Accrued(known, sum_of(known, pack, currency), missing, tuple(remarks))


def _rated(
    part: Slice, rates: Series, terms: LateTerms, points: Decimal, begins: date, found: list[RatedSlice]
) -> list[tuple[date, str]]:
    """The day from which the rate is missing, with the sentence about it; afterwards `found` has the slice, split where
    its rate moves."""
    day = part.first
    while day <= part.last:
        asked = begins if terms.fixed_at_start else day
        value = rates.at(asked)
        if value is None:
            return [(day, rates.unknown(asked))]
        until = part.last if terms.fixed_at_start else min(part.last, _moves_after(day, value.until, rates))
        percent = max(_ZERO, value.amount + points)
        found.append(RatedSlice(day, until, part.open_amount, percent, value.amount, value.source))
        day = until + _ONE_DAY
    return []


def _moves_after(day: date, until: date | None, rates: Series) -> date:
    """The last day on which the rate of `day` certainly holds: to the end of its half-year or its own end."""
    ends = [end for end in (until, period_end(day, rates.period)) if end]
    ends += [value.starts_on - _ONE_DAY for value in rates.values if value.starts_on > day]
    return min(ends, default=date.max)


def without_days(slices: Iterable[Slice], days: Iterable[Days]) -> list[Slice]:
    """The slices with these days taken out of them."""
    left = list(slices)
    for first, last in days:
        cut: list[Slice] = []
        for part in left:
            if last < part.first or first > part.last:
                cut.append(part)
                continue
            if part.first < first:
                cut.append(Slice(part.first, first - _ONE_DAY, part.open_amount))
            if part.last > last:
                cut.append(Slice(last + _ONE_DAY, part.last, part.open_amount))
        left = cut
    return left


def sum_of(slices: Iterable[RatedSlice], pack: CountryPack, currency: str) -> Decimal:
    """The interest of these slices, rounded once, at the end."""
    total = _ZERO
    for part in slices:
        product = EXACT.multiply(EXACT.multiply(part.open_amount, part.percent), Decimal(part.days))
        total = EXACT.add(total, product)
    return round_amount(EXACT.divide(total, Decimal(100 * pack.days_in_year)), currency)


def stretches(slices: Sequence[RatedSlice], without: Iterable[Days]) -> list[list[RatedSlice]]:
    """The slices in groups between which days of `without` lie: what one document can claim each, in order of days."""
    fences = sorted(first for first, _ in without)
    groups: dict[int, list[RatedSlice]] = {}
    for part in slices:
        groups.setdefault(sum(fence <= part.first for fence in fences), []).append(part)
    return [groups[place] for place in sorted(groups)]


def lump_sum(
    pack: CountryPack,
    party: str,
    series: Mapping[str, Series],
    *,
    debt: Decimal,
    issued_on: date,
    on: date,
    currency: str,
) -> tuple[Decimal, str]:
    """The lump sum for a debt that became late on the day `on`, in the pack's currency, and '' or why there is none.

    `debt` is what was open when interest began. It is owed once per invoice, without a reminder (L1, L3)."""
    terms = pack.terms_for(party)
    if not terms.bands and not terms.lump_series:
        return _ZERO, terms.why_no_lump_sum or f"The pack of {pack.name} has no lump sum."
    if issued_on < terms.lump_since:
        return _ZERO, f"There is a lump sum for invoices from {format_date(terms.lump_since)} on."
    if currency != pack.currency:
        return _ZERO, f"The lump sum is in {pack.currency}, the invoice in {currency}. Claim a fee by hand if you want."
    if debt <= 0:
        return _ZERO, "Nothing was open when it became late."
    if terms.lump_series:
        value = series[terms.lump_series].at(on)
        return (value.amount, "") if value else (_ZERO, series[terms.lump_series].unknown(on))
    for band in terms.bands:
        if band.below is None or debt < band.below:
            return band.amount, ""
    return _ZERO, terms.why_no_lump_sum
