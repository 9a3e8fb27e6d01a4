"""What is known of one customer on one day, as the score needs it. Holds figures and dates; decides nothing."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slice:
    """Open money by lateness: not yet due, overdue, and overdue amount × days late, each day count capped."""

    upcoming: Decimal = ZERO
    overdue: Decimal = ZERO
    aged: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """All of it, due or not."""
        return self.upcoming + self.overdue

    def minus(self, other: "Slice") -> "Slice":
        """This less the other, field by field."""
        return Slice(self.upcoming - other.upcoming, self.overdue - other.overdue, self.aged - other.aged)

    def plus(self, other: "Slice") -> "Slice":
        """Both together, field by field."""
        return Slice(self.upcoming + other.upcoming, self.overdue + other.overdue, self.aged + other.aged)

    def times(self, rate: Decimal) -> "Slice":
        """The same in another currency."""
        return Slice(self.upcoming * rate, self.overdue * rate, self.aged * rate)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One currency of a customer: what is open, how much of it is disputed or promised, and unused credit (positive).

    `rate` converts to the customer's currency of account; None says that there is no rate. `rate_on` is its day."""

    currency: str
    open: Slice
    disputed: Slice = Slice()
    promised: Slice = Slice()
    credit: Decimal = ZERO
    rate: Decimal | None = Decimal(1)
    rate_on: date | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """How many of the customer's own invoices of a year were settled, or are, late; and the portfolio's share of it."""

    late: int = 0
    invoices: int = 0
    portfolio: Decimal = Decimal("0.3")


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A broken promise that nothing newer has answered; what is still open of it, in the currency of account."""

    promised_on: date
    still_open: Decimal


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """One customer on the business day `on`; amounts outside `exposures` are in `currency`, their entity's."""

    customer_id: int
    number: str
    currency: str
    on: date
    exposures: tuple[Exposure, ...] = ()
    habit: Habit = field(default_factory=Habit)
    oldest_days: int = 0
    overdue_documents: int = 0
    broken: BrokenPromise | None = None
    promise_until: date | None = None  # the latest day of an open promise
    dispute_answer_by: date | None = None  # the earliest of the open disputes
    call_due: str = ""  # the name of a dunning call step that waits for a person
    unknown_mail_on: date | None = None
    follow_up_on: date | None = None
    last_contact_on: date | None = None
    last_contact_kind: str = ""
    hold_reason: str = ""
    hold_until: date | None = None
    stage: str = ""
    reachable: bool = True
    mail_lost: bool = False  # every address bounced or complained
