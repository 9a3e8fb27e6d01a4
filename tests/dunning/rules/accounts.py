"""The ground of the rule's tests: a policy of six steps, a frozen Wednesday, and words for items and accounts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dunning.rules.decide import decide
from dunning.rules.facts import Account, Decision, LastContact, OpenItem, Pause, PolicyFacts, StepFacts
from dunning.rules.sentences import LABELS, sentence

DAY = date(2026, 3, 4)  # a Wednesday
STEPS = tuple(
    StepFacts(position, f"Step {position}", offset, channel, stage, 7, needs)
    for position, offset, channel, stage, needs in (
        (1, -3, "email", "preventive", "email"),
        (2, 1, "email", "early", "email"),
        (3, 8, "email", "early", "email"),
        (4, 21, "email", "late", "email"),
        (5, 35, "call_task", "late", ""),
        (6, 50, "letter", "final", "address"),
    )
)
POLICY = PolicyFacts(STEPS)


def item(late: int, amount: str = "100.00", *, pk: int = 1, sent: int = 0, **known: Any) -> OpenItem:
    """An invoice so many days late on DAY. What is not a field of items pauses it."""
    due = DAY - timedelta(days=late)
    own = {name: known.pop(name) for name in list(known) if name in OpenItem._fields}
    pause = Pause(**known) if known else None
    return OpenItem(pk, f"R{pk}", 1, due - timedelta(days=30), due, Decimal(amount), sent, pause)._replace(**own)


def account(*items: OpenItem, **facts: Any) -> Account:
    """A German customer whom mail and post reach."""
    return Account(**{"customer_id": 7, "currency": "EUR", "items": items, "region": "DE",
                      "reach": frozenset({"email", "address"}), **facts})  # fmt: skip


def decided(*items: OpenItem, on: date = DAY, policy: PolicyFacts = POLICY, **facts: Any) -> Decision:
    """The decision, which must be tellable in a sentence."""
    found = decide(policy, account(*items, **facts), on)
    assert sentence(found.code, found.facts, "EUR")
    assert found.code in LABELS
    return found


def contact(days_ago: int) -> LastContact:
    """A reminder so many days before DAY."""
    return LastContact(DAY - timedelta(days=days_ago), "First reminder")
