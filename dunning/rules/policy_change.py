"""A policy and its steps as somebody wants them, whole. Holds values only; pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from dunning.rules.facts import BROKEN_PROMISE, DUE_DATE
from dunning.rules.places import placed
from dunning.rules.policy_problems import DraftStep


class StepChange(NamedTuple):
    """One step as it shall be, in order. `position` of an existing step, or None for a new one. `fee_amount` in the
    entity's currency."""

    position: int | None
    name: str
    offset_days: int
    channel: str
    stage: str
    days_to_pay: int
    anchor: str = DUE_DATE
    business_days: bool = False
    recipients: Sequence[str] = ()
    copies: Sequence[str] = ()
    words: str = ""
    fee: str = "none"
    fee_amount: Decimal | None = None
    with_interest: bool = False
    needs_approval: bool = False

    @property
    def draft(self) -> DraftStep:
        """What the check of impossible policies wants to know."""
        return DraftStep(
            self.name, self.offset_days, self.channel, self.stage, self.anchor, self.business_days, self.days_to_pay,
            self.words, self.fee, self.fee_amount,
        )  # fmt: skip

    @property
    def is_beside(self) -> bool:
        """Whether it stands beside the ladder, as an answer to a broken promise."""
        return self.anchor == BROKEN_PROMISE


class PolicyChange(NamedTuple):
    """The policy as it shall be. `min_amount` in the entity's currency, `min_share` in per cent."""

    name: str
    is_active: bool
    mode: str
    entry: str
    min_amount: Decimal
    min_days_between: int
    send_hour: int
    segment_id: int | None = None
    strategy: str = ""
    rank: int = 100
    min_share: Decimal = Decimal(0)
    send_until_hour: int = 20
    days_after_delivery: int = 3
    credits: str = "list"
    lists_held_items: bool = False
    hold_minutes: int = 10
    end_action: str = "decide"


def draft_content(
    change: PolicyChange,
    steps: Sequence[StepChange],
    minimums: Mapping[str, Decimal],
    *,
    ids: Mapping[int, int],
    last_used: int,
) -> dict[str, Any]:
    """What the policy would say with this change, as a version keeps it. `ids`: the steps there are, by position;
    `last_used`: the highest position ever given."""
    positions = placed([step.position for step in steps], last_used)
    rows = [
        {**step._asdict(), "position": position, "id": ids.get(step.position or 0, 0)}
        for step, position in zip(steps, positions, strict=True)
    ]
    stated = {currency: str(amount) for currency, amount in minimums.items()}
    return {**change._asdict(), "minimums": stated, "steps": rows}
