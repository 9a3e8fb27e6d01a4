"""Four simple strategies to start from. Data only: each is a complete rule that `read_strategy` accepts."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from worklist.rules.strategy import POINTS, USUAL, Band, Escalating, Strategy


class Starter(NamedTuple):
    """A strategy to begin with: its name, what it is good for, and its rule."""

    code: str
    name: str
    about: str
    rule: Strategy


def _points(**changed: int) -> dict[str, int]:
    return {setting.name: changed.get(setting.name, setting.usual) for setting in POINTS}


STARTERS: Mapping[str, Starter] = {
    starter.code: starter
    for starter in (
        Starter(
            "balanced",
            "Balanced",
            "What counts where nobody has said anything: the money that acting today can move, whatever the account.",
            USUAL,
        ),
        Starter(
            "old_debt",
            "Old debt first",
            "For a backlog: whoever has not reacted for weeks climbs, calls begin earlier, a manager is told in time.",
            replace(
                USUAL,
                points=_points(upcoming=20, follow_up=20),
                escalating=(Escalating(5, 5), Escalating(10, 15), Escalating(15, 30)),
                call_after_days=14,
                escalate_after=30,
            ),
        ),
        Starter(
            "large_first",
            "Large accounts first",
            "Few accounts hold most of the money: they count more, small ones are left to the reminders.",
            replace(
                USUAL,
                class_percent={"A": 130, "B": 100, "C": 60},
                bands=(Band(Decimal(0), 80), Band(Decimal(1000), 100), Band(Decimal(25_000), 120)),
                minute_cost=Decimal(1),
            ),
        ),
        Starter(
            "risk_first",
            "Risk first",
            "For customers one worries about: broken promises, used-up credit limits and the insurer's deadline lead.",
            replace(
                USUAL,
                points=_points(
                    broken_promise=150, credit_limit=30, insurer_deadline=60, dispute_deadline=40, recent_contact=75
                ),
                rest_days=3,
                broken_days=45,
                soon_days=10,
            ),
        ),
    )
}
