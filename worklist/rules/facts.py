"""What is known of one customer on one day, as the score needs it. Holds figures and dates; decides nothing."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from worklist.rules.lateness import Habit, Lateness

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slice:
    """Open money by lateness: not yet due (or due today), 1–10, 11–20, 21–30 and more days after the due date."""

    upcoming: Decimal = ZERO
    days_10: Decimal = ZERO
    days_20: Decimal = ZERO
    days_30: Decimal = ZERO
    older: Decimal = ZERO

    @property
    def overdue(self) -> Decimal:
        """What is late by a day or more."""
        return self.days_10 + self.days_20 + self.days_30 + self.older

    @property
    def total(self) -> Decimal:
        """All of it, due or not."""
        return self.upcoming + self.overdue

    def minus(self, other: "Slice") -> "Slice":
        """This less the other, field by field."""
        return Slice(
            self.upcoming - other.upcoming,
            self.days_10 - other.days_10,
            self.days_20 - other.days_20,
            self.days_30 - other.days_30,
            self.older - other.older,
        )

    def plus(self, other: "Slice") -> "Slice":
        """Both together, field by field."""
        return Slice(
            self.upcoming + other.upcoming,
            self.days_10 + other.days_10,
            self.days_20 + other.days_20,
            self.days_30 + other.days_30,
            self.older + other.older,
        )

    def times(self, rate: Decimal) -> "Slice":
        """The same in another currency, or a share of it."""
        return Slice(
            self.upcoming * rate, self.days_10 * rate, self.days_20 * rate, self.days_30 * rate, self.older * rate
        )

    def late(self, share: Lateness) -> "Slice":
        """How much of each is expected late."""
        return Slice(
            self.upcoming * share.upcoming,
            self.days_10 * share.days_10,
            self.days_20 * share.days_20,
            self.days_30 * share.days_30,
            self.older * share.older,
        )


@dataclass(frozen=True, slots=True)
class Exposure:
    """One currency of a customer: what is open, how much of it is disputed or promised, and unused credit (positive).

    `rate` converts to the customer's currency of account; None says that there is no rate. `rate_on` is its day.
    `predicted` is what is not yet due and a model has judged, and `predicted_late` that times its probability."""

    currency: str
    open: Slice
    disputed: Slice = Slice()
    promised: Slice = Slice()
    credit: Decimal = ZERO
    rate: Decimal | None = Decimal(1)
    rate_on: date | None = None
    predicted: Decimal = ZERO
    predicted_late: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A broken promise that nothing newer has answered; what is still open of it, in the currency of account."""

    promised_on: date
    still_open: Decimal


@dataclass(frozen=True, slots=True)
class Reactions:
    """Calls and mails of a year, and how many of either were followed by a payment, promise or answer within days."""

    calls: int = 0
    calls_answered: int = 0
    mails: int = 0
    mails_answered: int = 0


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
    unanswered_since: date | None = None  # the first contact after which nothing came: no money, promise or answer
    reactions: Reactions = Reactions()
    credit_limit: Decimal | None = None
    insured: Decimal | None = None  # what an insurer covers
    tell_insurer_by: date | None = None  # the next day by which an overdue item has to be reported
    hold_reason: str = ""
    hold_until: date | None = None
    stage: str = ""
    reachable: bool = True
    mail_lost: bool = False  # every address bounced or complained
    escalated: bool = False  # a manager was asked and has not answered

    @property
    def unanswered_days(self) -> int | None:
        """For how many days nothing has come; None when nobody waits for an answer."""
        return (self.on - self.unanswered_since).days if self.unanswered_since else None
