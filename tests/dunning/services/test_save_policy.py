"""Changing a policy while customers are in the middle of it: nobody is written to twice, nobody is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput, Conflict
from customers.models import LegalEntity
from dunning.models import Notice, Policy, PolicyStay
from dunning.rules.policy_change import PolicyChange, StepChange
from dunning.rules.starters import STARTERS
from dunning.services.add_policy import add_policy
from dunning.services.install_starter import install_starter
from dunning.services.save_policy import save_policy
from tests import factories
from tests.dunning.conftest import NOON, deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(db: None) -> User:
    return factories.user()


def _change(policy: Policy, steps: list[StepChange], actor: User, *, running: str = "move", **fields: Any) -> Policy:
    policy.refresh_from_db()
    change = PolicyChange(**{name: getattr(policy, name) for name in PolicyChange._fields})._replace(**fields)
    return save_policy(policy=policy, change=change, steps=steps, actor=actor, on=DAY, running=running)


def _steps(policy: Policy, days: dict[int, int] | None = None) -> list[StepChange]:
    moved: dict[int, Any] = days or {}
    return [
        StepChange(
            row.position, row.name, moved.get(row.position, row.offset_days), row.channel, row.stage, row.days_to_pay
        )
        for row in policy.steps.order_by("position")
    ]


def _as_they_are(policy: Policy) -> list[StepChange]:
    rows = policy.steps.order_by("position")
    return [StepChange(**{name: getattr(row, name) for name in StepChange._fields}) for row in rows]


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


def test_r01_a_step_put_between_two_others_is_sent_in_its_turn_and_none_twice(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    assert _sent(policy, weeks=1) == [2, 3]
    second, third = factories.customer(), factories.customer()
    factories.invoice(second, due_on=DAY - timedelta(days=1))
    factories.invoice(third, due_on=DAY - timedelta(days=30))
    steps = _steps(policy)
    steps.insert(3, StepChange(None, "Between", 14, "email", "early", 7))
    _change(policy, steps, actor)
    assert list(policy.steps.order_by("position").values_list("name", flat=True))[3:5] == ["Between", "Third reminder"]
    _sent(policy, weeks=9, after=1)
    heard = {
        who: list(
            Notice.objects.filter(customer=who, state="accepted").order_by("as_of").values_list("step_name", flat=True)
        )
        for who in (Notice.objects.order_by("pk")[0].customer, second, third)
    }
    ladder = ["First reminder", "Second reminder", "Between", "Third reminder", "Call", "Final letter"]
    assert list(heard.values()) == [ladder, ladder, ladder]


def test_a_step_that_changes_places_is_not_sent_again(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    assert _sent(policy, weeks=2) == [2, 3, 4]
    steps = _steps(policy, {3: 22, 4: 8})
    steps[2], steps[3] = steps[3]._replace(stage="early"), steps[2]._replace(stage="late")
    _change(policy, steps, actor)
    _sent(policy, weeks=4, after=2)
    names = Notice.objects.filter(state="accepted").order_by("as_of").values_list("step_name", flat=True)
    assert list(names)[:3] == ["First reminder", "Second reminder", "Third reminder"]
    assert len(set(names)) == len(names)


def test_r08_running_conversations_end_as_they_began_where_they_are_let(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    old = Notice.objects.get().customer
    changed = _change(policy, _steps(policy, {3: 30, 4: 40, 5: 50, 6: 60}), actor, running="finish")
    assert changed.version == 2
    young = factories.customer()
    factories.invoice(young, due_on=DAY - timedelta(days=2))
    _sent(policy, weeks=1)
    assert [row.step_name for row in Notice.objects.filter(customer=old).order_by("pk")] == [
        "First reminder", "Second reminder",
    ]  # fmt: skip
    assert Notice.objects.filter(customer=old).latest("pk").policy_version == 1
    assert Notice.objects.get(customer=young).policy_version == 2
    _sent(policy, weeks=2, after=1)
    assert Notice.objects.filter(customer=young).count() == 1  # the second reminder comes on day 30 now
    assert Notice.objects.filter(customer=old).count() == 3


def test_a_new_conversation_of_somebody_who_stayed_follows_the_new_version(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    old = Notice.objects.get().customer
    _change(policy, _steps(policy, {3: 30, 4: 40, 5: 50, 6: 60}), actor, running="finish")
    factories.payment(old, "100.00", received_on=DAY, shares="oldest")
    factories.invoice(old, due_on=DAY - timedelta(days=1))
    _sent(policy, weeks=2)
    assert list(Notice.objects.filter(customer=old).order_by("pk").values_list("policy_version", flat=True)) == [1, 2]


def test_moving_takes_along_those_who_stayed_before(policy: Policy, actor: User) -> None:
    _reminded_once(policy)
    _change(policy, _steps(policy, {3: 30, 4: 40, 5: 50, 6: 60}), actor, running="finish")
    assert PolicyStay.objects.count() == 1
    _change(policy, _steps(policy, {3: 31}), actor, running="finish")
    assert PolicyStay.objects.get().version.number == 1
    _change(policy, _steps(policy, {3: 32}), actor)
    assert PolicyStay.objects.count() == 0
    assert policy.versions.count() == 4


def test_switching_hours_or_the_name_makes_no_version(policy: Policy, actor: User) -> None:
    changed = _change(policy, _steps(policy), actor, name="Other name", send_hour=10, hold_minutes=30)
    assert (changed.version, changed.name, policy.versions.count()) == (1, "Other name", 1)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"send_hour": 20, "send_until_hour": 20}, "Nothing could ever leave"),
        ({"rank": 200}, "would never get a customer"),
        ({"strategy": "gentle"}, "There is a policy for these customers already"),
    ],
)
def test_what_a_policy_cannot_be_is_refused(policy: Policy, actor: User, fields: dict[str, Any], reason: str) -> None:
    gentle = add_policy(entity=policy.entity, name="Gentle", based_on=policy, strategy="gentle", actor=actor)
    held = policy if "strategy" in fields or "send_hour" in fields else gentle
    if held == gentle:
        fields["is_active"] = True
    with pytest.raises(BadInput, match=reason):
        _change(held, _steps(held), actor, **fields)


def test_a_step_of_the_ladder_does_not_become_an_answer_to_a_broken_promise(policy: Policy, actor: User) -> None:
    steps = _steps(policy)
    steps[2] = steps[2]._replace(anchor="broken_promise", offset_days=1)
    with pytest.raises(BadInput, match="Take it out and add a new step"):
        _change(policy, steps, actor)


@pytest.mark.parametrize("kind", sorted(STARTERS))
def test_a_starter_is_a_policy_that_can_work(entity: LegalEntity, actor: User, kind: str) -> None:
    made = install_starter(kind=kind, entity=entity, actor=actor)
    assert _change(made, _as_they_are(made), actor).version == 1


def test_u71_the_first_run_needs_a_person(policy: Policy, actor: User) -> None:
    Policy.objects.update(is_active=False, rehearsed_at=None)
    with pytest.raises(BadInput, match="first run needs a person"):
        _change(policy, _steps(policy), actor, is_active=True, mode="automatic")
    Policy.objects.update(rehearsed_at=NOON)
    assert _change(policy, _steps(policy), actor, is_active=True, mode="automatic").is_active
