"""Changing a policy while customers are in the middle of it: nobody is written to twice, nobody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from collections_app.accounts.models import User
from collections_app.lib.errors import Conflict
from dunning.models import Notice, Policy
from dunning.rules.policy_change import PolicyChange, StepChange
from dunning.services.save_policy import save_policy
from tests import factories
from tests.dunning.conftest import deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db: None) -> User:
    return factories.user()


def _change(policy: Policy, steps: list[StepChange], actor: User) -> None:
    change = PolicyChange(**{name: getattr(policy, name) for name in PolicyChange._fields})
    save_policy(policy=policy, change=change, steps=steps, actor=actor, on=DAY)


def _steps(policy: Policy, days: dict[int, int] | None = None) -> list[StepChange]:
    moved: dict[int, Any] = days or {}
    return [
        StepChange(row.position, row.name, moved.get(row.position, row.offset_days), row.channel, row.stage, 7)
        for row in policy.steps.order_by("position")
    ]


def _sent(policy: Policy, *, weeks: int, after: int = 0) -> list[int]:
    """The positions of the steps sent so far, after weekly runs on the Mondays after that week."""
    for week in range(after + 1, weeks + 1):
        run_on(policy, DAY + timedelta(weeks=week))
        deliver()
    return list(Notice.objects.filter(state="accepted").order_by("as_of").values_list("step_position", flat=True))


def _reminded_once(policy: Policy) -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=9))
    run_on(policy)
    assert deliver() == {"accepted": 1}


def test_r08_a_step_that_was_sent_can_be_taken_out_and_its_notice_stays(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    _change(policy, [step for step in _steps(policy) if step.position != 2], actor)
    assert list(policy.steps.values_list("position", flat=True)) == [1, 3, 4, 5, 6]
    notice = Notice.objects.get()
    assert (notice.state, notice.step_name, notice.step_position) == ("accepted", "First reminder", 2)
    assert _sent(policy, weeks=2) == [2, 3, 4]


def test_r01_a_new_step_does_not_pass_for_one_that_was_sent_and_taken_out(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    assert _sent(policy, weeks=8)[-1] == 6
    kept = [step for step in _steps(policy) if step.position != 6]
    _change(policy, [*kept, StepChange(None, "Last call", 90, "call_task", "late", 7)], actor)
    assert policy.steps.get(name="Last call").position == 7
    assert _sent(policy, weeks=14, after=8) == [2, 3, 4, 5, 6, 7]


def test_r01_a_sent_step_that_gets_a_later_day_is_not_sent_again_and_stops_nobody(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    assert _sent(policy, weeks=1) == [2, 3]
    _change(policy, _steps(policy, {2: 12, 3: 20, 4: 29}), actor)
    assert _sent(policy, weeks=6) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("positions", [[1, 2, 3, 4, 5, 40_000], [1, 2, 3, 4, 5, 5], [1, 2, 3, 4, 5, -1]])
def test_d87_steps_that_are_not_the_policys_own_in_their_order_are_refused(
    policy: Policy, actor: User, positions: list[int]
) -> None:
    odd = [step._replace(position=position) for step, position in zip(_steps(policy), positions, strict=True)]
    with pytest.raises(Conflict):
        _change(policy, odd, actor)
    assert list(policy.steps.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]
