"""What the law of a country says about paying late, as plain dated figures: rates, lump sums, limits of fees. Pure; the
files are read by `invoices.country_packs`. Not legal advice: every figure carries its source and how far it is
known."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from collections_app.lib.dates import format_date

BUSINESS, CONSUMER, PUBLIC = PARTIES = ("business", "consumer", "public")  # the kinds of customers

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Value:
    """A published figure, in force from `starts_on` to `until`, both inclusive; without `until` until further notice.

    `added` by an administrator, else part of the pack."""

    starts_on: date
    until: date | None
    amount: Decimal
    source: str
    added: bool = False

    def covers(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.starts_on <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Series:
    """A figure over time: per cent a year, or an amount in the currency `unit`. `period` is how long one value holds:
    "half_year", "year" or "open" (until the next one)."""

    code: str
    name: str
    unit: str
    period: str
    source: str
    values: tuple[Value, ...] = ()

    def at(self, day: date) -> Value | None:
        """The value in force on that day, the latest that was given for it; None where none is known."""
        found = None
        for value in self.values:
            if value.covers(day) and (found is None or value.starts_on >= found.starts_on):
                found = value
        return found

    @property
    def known_until(self) -> date | None:
        """The last day with a value; None when the last one holds until further notice, or when there is none."""
        ends = [value.until for value in self.values]
        return None if None in ends or not ends else max(end for end in ends if end)

    def unknown(self, day: date) -> str:
        """A sentence that says which value is missing for that day, and what to do about it."""
        since = format_date(period_start(day, self.period))
        return f"{self.name} from {since} is not in the country packs. Add it under Settings, Rates of the law."

    def with_added(self, rows: Iterable[tuple[date, Decimal, str]]) -> "Series":
        """The series with further values (first day, figure, source), each for the period it begins in. They count
        before the pack's, and a later one of the same day before an earlier."""
        added = [
            Value(starts_on, period_end(starts_on, self.period), amount, source, added=True)
            for starts_on, amount, source in rows
        ]
        return replace(self, values=(*self.values, *added))


def period_start(day: date, period: str) -> date:
    """The first day of the half-year or year of that day; the day itself for "open"."""
    if period == "open":
        return day
    return date(day.year, 7 if period == "half_year" and day.month > 6 else 1, 1)


def period_end(day: date, period: str) -> date | None:
    """The last day of the half-year or year of that day; None for "open"."""
    if period == "open":
        return None
    if period == "half_year" and day.month <= 6:
        return date(day.year, 6, 30)
    return date(day.year, 12, 31)


def values_until(changes: Iterable[tuple[date, date | None, Decimal, str]], until: date | None) -> tuple[Value, ...]:
    """The values of (first day, own last day or None, figure, source), ascending: each holds until the next begins, the
    last one until `until`."""
    listed = list(changes)
    ends: list[date | None] = [starts_on - _ONE_DAY for starts_on, *_ in listed[1:]]
    return tuple(
        Value(starts_on, own or end, amount, source)
        for (starts_on, own, amount, source), end in zip(listed, [*ends, until], strict=False)
    )


@dataclass(frozen=True, slots=True)
class Band:
    """A lump sum for debts below `below`; None: for all larger ones."""

    below: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LateTerms:
    """What one kind of customer owes for paying late. `points` are percentage points over the reference, by the day the
    invoice was issued. Without a `reference` there is no interest, and `why_no_interest` says why; so the lump sum."""

    reference: str = ""
    fixed_at_start: bool = False  # the rate of the half-year in which interest begins stays for that debt (L3)
    points: tuple[tuple[date, Decimal], ...] = ()
    bands: tuple[Band, ...] = ()
    lump_series: str = ""
    lump_since: date = date.min  # for invoices issued from that day on
    unagreed_days: int = 0  # without an agreed date interest begins this many days after the invoice
    longest_days: int = 0  # a longer term is only good when agreed expressly; 0: no such rule
    longest_binds: bool = False  # and interest begins after it all the same (public bodies)
    remark: str = ""  # what a person must look at before claiming
    why_no_interest: str = ""
    why_no_lump_sum: str = ""

    def points_for(self, issued_on: date) -> Decimal | None:
        """The points for an invoice of that day; None where the pack does not reach back so far."""
        found = None
        for since, points in self.points:
            if since <= issued_on:
                found = points
        return found


@dataclass(frozen=True, slots=True)
class FeeLaw:
    """What the law says about a fee for a reminder. `most` in the pack's currency, `most_series` where it moves."""

    allowed: bool = False
    why_not: str = ""
    has_amount: bool = False  # the law itself names the amount; else only an agreed, fixed fee can be asked for
    most: Decimal | None = None
    most_series: str = ""
    at_most: int = 0  # fees per claim; 0: as many as there are reminders
    days_late: int = 0  # the claim must be this late
    days_to_pay: int = 0  # the reminder must leave this long to pay
    days_between: int = 0  # since the last reminder with a fee
    first_is_free: bool = False


@dataclass(frozen=True, slots=True)
class CountryPack:
    """The rules of one country, as of `checked_on`."""

    code: str
    name: str
    currency: str
    days_in_year: int
    law: str
    source: str
    checked_on: date
    notes: tuple[str, ...] = ()
    terms: dict[str, LateTerms] = field(default_factory=dict)
    fees: dict[str, FeeLaw] = field(default_factory=dict)

    def terms_for(self, party: str) -> LateTerms:
        """The terms of a kind of customer; terms without any claim for a kind the pack does not know."""
        return self.terms.get(party) or LateTerms(
            why_no_interest=f"The pack of {self.name} has no rate for this kind of customer.",
            why_no_lump_sum=f"The pack of {self.name} has no lump sum for this kind of customer.",
        )

    def fee_law(self, party: str) -> FeeLaw:
        """What holds for reminder fees to a kind of customer."""
        return self.fees.get(party) or FeeLaw(
            why_not=f"The pack of {self.name} does not know of fees for this kind of customer."
        )
