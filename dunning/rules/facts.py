"""What the dunning rule is told about a policy and about one customer's account in one currency, on one day.

Named tuples, because a run makes a hundred thousand of them. They hold facts only: deciding is `decide`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

CALL_TASK = "call_task"
NOTHING = Decimal(0)


def claim_of(invoice_id: int, instalment_id: int | None) -> str:
    """The name of a claim: "17", or "17/4" for the instalment 4 of invoice 17. SENT_STEPS says the same in SQL."""
    return str(invoice_id) if instalment_id is None else f"{invoice_id}/{instalment_id}"


class StepFacts(NamedTuple):
    """One step. `offset_days` from the due date, negative before it. `needs`: "email", "address" or "" (nothing)."""

    position: int
    name: str
    offset_days: int
    channel: str
    stage: str
    days_to_pay: int = 7
    needs: str = ""
    id: int = 0


class PolicyFacts(NamedTuple):
    """A policy's steps in order. `entry` is "first" or "matching": where a customer enters who is late already."""

    steps: tuple[StepFacts, ...]
    entry: str = "first"
    min_days_between: int = 6


class Pause(NamedTuple):
    """Why an item, or a part of it, is not asked for. Amounts in the item's currency, none negative."""

    disputed: Decimal = NOTHING
    promised: Decimal = NOTHING
    promised_until: date | None = None  # the last day of the promise, inclusive
    in_flight: Decimal = NOTHING  # a payment that is being processed (W3)
    undelivered: bool = False  # the invoice itself did not arrive (R15)
    delivered_on: date | None = None
    charge_failed: bool = False  # a direct debit or card charge for it failed (R16)


class OpenItem(NamedTuple):
    """An invoice, or one instalment of it, with something open. Each instalment is reminded of by itself (A6).

    `sent_step`: the highest step really sent for it at its own level, 0 for none."""

    invoice_id: int
    number: str
    entity_id: int
    issued_on: date
    due_on: date
    open: Decimal
    sent_step: int = 0
    pause: Pause | None = None
    instalment_id: int | None = None

    @property
    def claim(self) -> str:
        """What names it in cycles and on notices: the invoice, or the invoice and the instalment."""
        return claim_of(self.invoice_id, self.instalment_id)


class HoldFacts(NamedTuple):
    """A hold on the customer; `until` is its last day, inclusive."""

    reason: str
    until: date


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

    `min_amount` is the policy's, in this currency. `reach` names what we have: "email", "address"."""

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


class AskedItem(NamedTuple):
    """An invoice on a notice: what is asked of it, and how many days it is late (negative: days until it is due)."""

    item: OpenItem
    asked: Decimal
    days_late: int


class Decision(NamedTuple):
    """What happens with one account on one day, and the facts it rests on. `code` is "propose" or why not.

    `amount` is what is asked for: the items' asked amounts less `credits`. `channel` is the step's, or a call task
    where the address is missing (R19). `cycle` names the conversation by its leading invoice."""

    code: str
    facts: Mapping[str, Any]
    step: StepFacts | None = None
    channel: str = ""
    items: tuple[AskedItem, ...] = ()
    amount: Decimal = NOTHING
    credits: Decimal = NOTHING
    cycle: str = ""

    @property
    def proposes(self) -> bool:
        """Whether a notice is to be written."""
        return self.code == "propose"
