"""What the dunning rule is told about a policy and about one customer's account in one currency, on one day.

Tuples, because a run makes a hundred thousand of them. They hold facts only: deciding is `decide`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

CALL_TASK = "call_task"
DUE_DATE, END_OF_MONTH, PREVIOUS_NOTICE, BROKEN_PROMISE = (
    "due_date",
    "end_of_month",
    "previous_notice",
    "broken_promise",
)
CLAIM_KINDS = frozenset({"fee", "interest"})  # documents that join a letter about others and never lead one
NOTHING = Decimal(0)


def claim_of(invoice_id: int, instalment_id: int | None) -> str:
    """The name of a claim: "17", or "17/4" for the instalment 4 of invoice 17. SENT_STEPS says the same in SQL."""
    return str(invoice_id) if instalment_id is None else f"{invoice_id}/{instalment_id}"


def lead_of(cycle: str) -> str:
    """The claim that leads a conversation: its cycle, without the day on which it began again ("17@2026-03-02")."""
    return cycle.partition("@")[0]


class StepFacts(NamedTuple):
    """One step. `offset_days` from the anchor, negative only before the due date; working days of the customer's region
    with `business_days`. `needs`: "email", "address", "mobile" or "" (nothing). `fee_amount`: the entity's currency."""

    position: int
    name: str
    offset_days: int
    channel: str
    stage: str
    days_to_pay: int = 7
    needs: str = ""
    id: int = 0
    anchor: str = DUE_DATE
    business_days: bool = False
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    words: str = ""
    fee: str = "none"
    fee_amount: Decimal | None = None
    with_interest: bool = False
    needs_approval: bool = False

    @property
    def before_due(self) -> bool:
        """Whether it is for items that are not late yet."""
        return self.anchor == DUE_DATE and self.offset_days <= 0


@dataclass(frozen=True)
class PolicyFacts:
    """A policy's steps in order of position. `entry` is "first" or "matching": where a customer enters who is late
    already. `min_share` in per cent of all that is open in the currency (R2); `credits` is "list" or "hold" (R17).

    The steps fall into three: `before` the due date; the `ladder` after it; and `beside` the ladder, those after a
    broken promise, which come first when there is one and leave an item's level as it was."""

    steps: tuple[StepFacts, ...]
    entry: str = "first"
    min_days_between: int = 6
    min_share: Decimal = NOTHING
    days_after_delivery: int = 3
    credits: str = "list"
    lists_held_items: bool = False
    end_action: str = "decide"
    version: int = 1
    before: tuple[StepFacts, ...] = field(init=False, compare=False)
    ladder: tuple[StepFacts, ...] = field(init=False, compare=False)
    beside: tuple[StepFacts, ...] = field(init=False, compare=False)
    # By position: the steps that follow it on the ladder and whose days follow from the due date alone.
    to_follow: Mapping[int, tuple[StepFacts, ...]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        beside = tuple(step for step in self.steps if step.anchor == BROKEN_PROMISE)
        object.__setattr__(self, "beside", beside)
        object.__setattr__(self, "before", tuple(step for step in self.steps if step.before_due))
        ladder = tuple(step for step in self.steps if not step.before_due and step not in beside)
        object.__setattr__(self, "ladder", ladder)
        fixed = [step for step in ladder if step.anchor in (DUE_DATE, END_OF_MONTH)]
        later = {step.position: tuple(one for one in fixed if one.position > step.position) for step in ladder}
        object.__setattr__(self, "to_follow", later)

    def step_at(self, position: int, step_id: int | None = None) -> StepFacts | None:
        """The step that was at that position when it was prepared, or None when there is none any more."""
        for step in self.steps:
            if step.id and step_id and step.id == step_id:
                return step
        return next((step for step in self.steps if step.position == position and step_id is None), None)


class Pause(NamedTuple):
    """Why an item, or a part of it, is not asked for. Amounts in the item's currency, none negative; days inclusive."""

    disputed: Decimal = NOTHING
    promised: Decimal = NOTHING
    promised_until: date | None = None  # the last day of the promise, as far as it pauses (P5)
    in_flight: Decimal = NOTHING  # a payment that is being processed (W3)
    undelivered: bool = False  # the invoice itself did not arrive (R15)
    delivered_on: date | None = None
    charge_failed: bool = False  # a direct debit or card charge for it failed (R16)
    held: Decimal = NOTHING  # a hold on the invoice or a part of it (R9)
    held_until: date | None = None
    held_why: str = ""
    on_plan: Decimal = NOTHING  # agreed to be paid in instalments: frozen while the plan is kept (P7)


class OpenItem(NamedTuple):
    """An invoice, or one instalment of it, with something open. Each instalment is reminded of by itself (A6).

    `sent_step`: the highest step of the ladder really sent for it at its own level, 0 for none, as positions of the
    policy it is under now. `sent_on`: the day of the last notice it was on. `broken_on`: the first day on which a
    promise for it was known to be broken, or a plan in default. `answered`: steps beside the ladder led so far."""

    invoice_id: int
    number: str
    entity_id: int
    issued_on: date
    due_on: date
    open: Decimal
    sent_step: int = 0
    pause: Pause | None = None
    instalment_id: int | None = None
    kind: str = "invoice"
    sent_on: date | None = None
    broken_on: date | None = None
    answered: tuple[int, ...] = ()

    @property
    def claim(self) -> str:
        """What names it in cycles and on notices: the invoice, or the invoice and the instalment."""
        return claim_of(self.invoice_id, self.instalment_id)


class HoldFacts(NamedTuple):
    """A hold; `until` is its last day, inclusive. `scope` is "customer", or "entity" for a pause of the whole house."""

    reason: str
    until: date
    scope: str = "customer"


class LastContact(NamedTuple):
    """The last time we wrote to or called the customer, by hand or by itself."""

    on: date
    what: str


class InHand(NamedTuple):
    """A notice that is proposed, approved or on its way."""

    step_name: str
    state: str
    as_of: date


class Account(NamedTuple):
    """One customer's open items in one currency. `credits`: open credit notes and unapplied payments, positive.

    `min_amount` is the policy's, in this currency. `reach` names what we have: "email", "address", "mobile"; and
    "email:cfo" where a person with that part can be reached. `restarted_on`: the first day after a hold that asked to
    start again; what was sent before counts no more. `version`: of the policy it stays with, 0 for the one in force."""

    customer_id: int
    currency: str
    items: tuple[OpenItem, ...]
    region: str
    credits: Decimal = NOTHING
    min_amount: Decimal = NOTHING
    hold: HoldFacts | None = None
    related_party: bool = False
    autopay: bool = False
    last_contact: LastContact | None = None
    in_hand: InHand | None = None
    reach: frozenset[str] = frozenset()
    restarted_on: date | None = None
    version: int = 0


class AskedItem(NamedTuple):
    """An invoice on a notice: what is asked of it, and how many days it is late (negative: days until it is due)."""

    item: OpenItem
    asked: Decimal
    days_late: int


class Decision(NamedTuple):
    """What happens with one account on one day, and the facts it rests on. `code` is "propose" or why not.

    `amount` is what is asked for: the items' asked amounts less `credits`. `channel` is the step's, or a call task
    where the address is missing (R19). `cycle` names the conversation by its leading invoice. `fee_lead` is the item a
    fee of the step would be for, at its own level (R3). `step_offset`: days late at which the step fell due for the
    lead, None for a step beside the ladder. `held`: what the notice shows without asking, if the policy does (R10)."""

    code: str
    facts: Mapping[str, Any]
    step: StepFacts | None = None
    channel: str = ""
    items: tuple[AskedItem, ...] = ()
    amount: Decimal = NOTHING
    credits: Decimal = NOTHING
    cycle: str = ""
    fee_lead: AskedItem | None = None
    step_offset: int | None = None
    held: tuple[Mapping[str, Any], ...] = ()
    version: int = 1

    @property
    def proposes(self) -> bool:
        """Whether a notice is to be written."""
        return self.code == "propose"
