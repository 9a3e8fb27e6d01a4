"""The life of a strategy: draft, check, activation, restoring, switching off; and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput, Conflict
from customers.models import BusinessClock, Customer, Segment, SegmentMember
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Strategy, StrategyVersion, WorklistItem
from worklist.queries.strategies import first_fitting, segments_on, strategies_in_force
from worklist.rules.strategy import USUAL, as_data
from worklist.services.activate_strategy import activate_strategy
from worklist.services.ask_strategy_check import ask_strategy_check
from worklist.services.check_strategies import LEASE, check_strategies
from worklist.services.discard_draft import discard_draft
from worklist.services.rescore import rescore_all
from worklist.services.restore_strategy import restore_strategy
from worklist.services.save_strategy import save_strategy
from worklist.services.switch_off_strategy import switch_off_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> None:
    BusinessClock.objects.create(pinned_on=DAY)


def rule(**changed: Any) -> dict[str, Any]:
    return {**as_data(USUAL), **changed}


def draft(cast: Cast, name: str = "Calm", data: dict[str, Any] | None = None, **fields: Any) -> StrategyVersion:
    return save_strategy(strategy=Strategy(name=name, **fields), rule=data or rule(), note="first", actor=cast.lead)


def checked(version: StrategyVersion, cast: Cast, on: date = DAY) -> StrategyVersion:
    ask_strategy_check(version=version, now=timezone.now(), actor=cast.lead)
    assert check_strategies(on=on, now=timezone.now()) == 1
    version.refresh_from_db()
    assert version.findings["state"] == "done", version.findings
    return version


def active(version: StrategyVersion, cast: Cast) -> StrategyVersion:
    return activate_strategy(version=checked(version, cast), on=DAY, actor=cast.lead)


def late(amount: str, days: int = 40, **more: Any) -> Customer:
    who = factories.customer(**more)
    factories.invoice(who, amount, due_on=DAY - timedelta(days=days))
    return who


def test_f17_a_new_strategy_is_a_draft_and_changes_nothing(cast: Cast) -> None:
    made = draft(cast)
    assert (made.number, made.state, made.strategy.is_active) == (1, "draft", False)
    assert strategies_in_force() == []
    assert AuditEntry.objects.filter(action="strategy.saved").count() == 1


def test_f17_activation_is_refused_without_a_fresh_check(cast: Cast) -> None:
    made = draft(cast)
    with pytest.raises(Conflict, match="Check this version"):
        activate_strategy(version=made, on=DAY, actor=cast.lead)
    checked(made, cast)
    with pytest.raises(Conflict, match="days old"):
        activate_strategy(version=made, on=DAY + timedelta(days=9), actor=cast.lead)
    again = save_strategy(strategy=made.strategy, rule=rule(rest_days=1), note="", actor=cast.lead)
    assert (again.pk, again.findings) == (made.pk, {})
    with pytest.raises(Conflict, match="Check this version"):
        activate_strategy(version=again, on=DAY, actor=cast.lead)


def test_f17_activating_replaces_the_version_before_and_ranks_the_list_anew(cast: Cast) -> None:
    old, new = late("1000.00"), late("900.00", 90)
    small_first = {**as_data(USUAL), "bands": [{"least": "950", "percent": 10}]}
    first = active(draft(cast), cast)
    rescore_all(on=DAY)
    before = list(WorklistItem.objects.filter(score__gt=0).order_by("-rank").values_list("pk", flat=True))
    second = active(save_strategy(strategy=first.strategy, rule=small_first, note="", actor=cast.lead), cast)
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("retired", "active", 2)
    rescore_all(on=DAY)
    item = WorklistItem.objects.get(pk=old.pk)
    assert item.strategy_version_id == second.pk
    after = list(WorklistItem.objects.filter(score__gt=0).order_by("-rank").values_list("pk", flat=True))
    assert set(before) == {old.pk, new.pk}
    assert after == [new.pk, old.pk]


def test_a_version_that_was_in_force_is_never_changed(cast: Cast) -> None:
    made = active(draft(cast), cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        StrategyVersion.objects.filter(pk=made.pk).update(rule={})
    with pytest.raises(DatabaseError), transaction.atomic():
        StrategyVersion.objects.filter(pk=made.pk).delete()
    next_one = save_strategy(strategy=made.strategy, rule=rule(soon_days=9), note="", actor=cast.lead)
    assert (next_one.number, next_one.state) == (2, "draft")


def test_f17_an_old_version_is_restored_as_a_draft(cast: Cast) -> None:
    first = active(draft(cast, data=rule(rest_days=2)), cast)
    active(save_strategy(strategy=first.strategy, rule=rule(), note="", actor=cast.lead), cast)
    first.refresh_from_db()
    with pytest.raises(Conflict, match="Restore"):
        activate_strategy(version=first, on=DAY, actor=cast.lead)
    again = restore_strategy(version=first, actor=cast.lead)
    assert (again.number, again.state, again.rule) == (3, "draft", first.rule)
    assert again.note == "As version 1"


def test_switching_off_leaves_the_accounts_to_what_is_usual_and_back_on_needs_a_check(cast: Cast) -> None:
    made = active(draft(cast), cast)
    switch_off_strategy(strategy=made.strategy, actor=cast.lead)
    switch_off_strategy(strategy=made.strategy, actor=cast.lead)
    assert strategies_in_force() == []
    assert AuditEntry.objects.filter(action="strategy.switched_off").count() == 1
    with pytest.raises(Conflict, match="days old"):
        activate_strategy(version=made, on=DAY + timedelta(days=10), actor=cast.lead)
    activate_strategy(version=made, on=DAY, actor=cast.lead)  # as it was checked: nothing else is in force
    assert [row.version_id for row in strategies_in_force()] == [made.pk]


def test_f17_a_check_against_another_order_than_todays_is_not_enough(cast: Cast) -> None:
    made = checked(draft(cast), cast)
    active(draft(cast, "Other"), cast)
    with pytest.raises(Conflict, match="Another strategy was activated"):
        activate_strategy(version=made, on=DAY, actor=cast.lead)


def test_the_first_by_rank_that_fits_entity_and_segment_counts(cast: Cast) -> None:
    inside, outside = late("10.00"), late("10.00")
    key = Segment.objects.create(code="key", name="Key", rule={})
    SegmentMember.objects.create(segment=key, customer=inside, since=DAY)
    active(draft(cast, "All", rank=50), cast)
    active(draft(cast, "Key", segment=key, rank=10), cast)
    theirs = factories.entity("DE02", team=factories.team("Southern team"))
    active(draft(cast, "South", entity=theirs, rank=5), cast)
    found = strategies_in_force()
    segments = segments_on([inside.pk, outside.pk], DAY)
    assert [row.name for row in found] == ["South", "Key", "All"]

    def name(who: Customer, entity: int) -> str:
        fitting = first_fitting(found, entity, segments.get(who.pk, frozenset()))
        return fitting.name if fitting else ""

    home = inside.entity_id
    assert (name(inside, home), name(outside, home), name(inside, theirs.pk)) == ("Key", "All", "South")
    assert segments_on([inside.pk], DAY - timedelta(days=1)) == {}


def test_for_whom_a_strategy_in_force_is_cannot_be_changed_unseen(cast: Cast) -> None:
    made = active(draft(cast), cast).strategy
    made.rank = 1
    with pytest.raises(BadInput, match="Switch the strategy off") as refused:
        save_strategy(strategy=made, rule=rule(), note="", actor=cast.lead)
    assert list(refused.value.fields) == ["rank"]
    made.refresh_from_db()
    made.name = "Quiet"
    save_strategy(strategy=made, rule=rule(), note="", actor=cast.lead)
    assert Strategy.objects.get().name == "Quiet"


@pytest.mark.parametrize(
    ("fields", "data", "field"),
    [
        ({"name": " "}, None, "name"),
        ({"name": "Taken"}, None, "name"),
        ({"name": "A"}, {"points": {"call_due": -1}}, "points.call_due"),
        ({"name": "A"}, {"unknown": 1}, "unknown"),
    ],
)
def test_what_cannot_be_a_strategy_is_refused_at_its_field(
    cast: Cast, fields: dict[str, str], data: dict[str, Any] | None, field: str
) -> None:
    draft(cast, "Taken")
    with pytest.raises(BadInput) as refused:
        save_strategy(strategy=Strategy(**fields), rule=data or rule(), note="", actor=cast.lead)
    assert field in refused.value.fields


def test_a_segment_that_is_switched_off_is_refused(cast: Cast) -> None:
    off = Segment.objects.create(code="off", name="Off", rule={}, is_active=False)
    with pytest.raises(BadInput, match="no members"):
        draft(cast, segment=off)


def test_a_draft_is_thrown_away_alone_or_with_its_strategy(cast: Cast) -> None:
    made = draft(cast)
    assert discard_draft(version=made, actor=cast.lead) is True
    assert not Strategy.objects.exists()
    first = active(draft(cast), cast)
    with pytest.raises(Conflict, match="Only a draft"):
        discard_draft(version=first, actor=cast.lead)
    second = save_strategy(strategy=first.strategy, rule=rule(rest_days=1), note="", actor=cast.lead)
    assert discard_draft(version=second, actor=cast.lead) is False
    assert list(StrategyVersion.objects.values_list("number", flat=True)) == [1]


def test_a_check_is_computed_once_and_taken_up_again_when_its_worker_is_gone(cast: Cast) -> None:
    made, now = draft(cast), timezone.now()
    ask_strategy_check(version=made, now=now, actor=cast.lead)
    ask_strategy_check(version=made, now=now, actor=cast.lead)
    StrategyVersion.objects.filter(pk=made.pk).update(
        findings={"state": "running", "asked_at": now.isoformat(), "since": now.isoformat()}
    )
    assert check_strategies(on=DAY, now=now) == 0
    assert check_strategies(on=DAY, now=now + LEASE + timedelta(seconds=1)) == 1
    assert check_strategies(on=DAY, now=now + 2 * LEASE) == 0


def test_no_more_than_three_checks_wait(cast: Cast) -> None:
    for name in "abc":
        ask_strategy_check(version=draft(cast, name), now=timezone.now(), actor=cast.lead)
    with pytest.raises(Conflict, match="wait already"):
        ask_strategy_check(version=draft(cast, "d"), now=timezone.now(), actor=cast.lead)


def test_findings_about_an_earlier_rule_are_not_kept(cast: Cast) -> None:
    made, now = draft(cast), timezone.now()
    ask_strategy_check(version=made, now=now, actor=cast.lead)
    save_strategy(strategy=made.strategy, rule=rule(rest_days=1), note="", actor=cast.lead)
    assert check_strategies(on=DAY, now=now) == 0
    made.refresh_from_db()
    assert made.findings == {}


def test_f17_the_preview_is_the_order_that_activation_makes(cast: Cast) -> None:
    for amount, days in (("5000.00", 5), ("900.00", 90), ("4000.00", 60), ("150.00", 119), ("20.00", 30)):
        late(amount, days, collector=cast.collector)
    old_first = {**as_data(USUAL), "bands": [{"least": "3000", "percent": 5}]}
    made = checked(draft(cast, data=old_first), cast)
    preview = made.findings["preview"]
    rescore_all(on=DAY)
    listed = WorklistItem.objects.filter(score__gt=0, for_today=True).order_by("-pinned", "-rank", "customer_id")
    assert [line[0] for line in preview["tops"][""]] == list(listed.values_list("pk", flat=True))
    activate_strategy(version=made, on=DAY, actor=cast.lead)
    rescore_all(on=DAY)
    assert [line[1] for line in preview["tops"][""]] == list(listed.values_list("pk", flat=True))
    assert (preview["customers"], preview["people"][0]["analyst"]) == (5, cast.collector.pk)
    assert preview["rises"] > 0
    first = str(preview["tops"][""][0][1])
    assert Decimal(preview["about"][first]["score_then"]) == WorklistItem.objects.get(pk=int(first)).score


def test_f17_the_back_test_tells_what_each_order_would_have_reached(cast: Cast) -> None:
    """Nine small debts that were paid in time lay before one old large one, which a band hides from today's order."""
    issued = DAY - timedelta(days=220)
    for n in range(9):
        who = factories.customer()
        bill = factories.invoice(who, "500.00", due_on=DAY - timedelta(days=90), issued_on=issued)
        factories.payment(who, "500.00", received_on=DAY - timedelta(days=88 - n), shares=[(bill, None)])
    slow = factories.customer()
    factories.invoice(slow, "9000.00", due_on=DAY - timedelta(days=100), issued_on=issued)
    hidden = {**as_data(USUAL), "bands": [{"least": "1000", "percent": 0}]}
    active(draft(cast, "Small first", hidden), cast)
    made = checked(draft(cast, "Plain", rank=1), cast)
    past = made.findings["backtest"]
    assert past["accounts"] == 10
    assert past["days"]
    average = past["average"]
    assert Decimal(average["then"]["share_10"]) > Decimal(average["now"]["share_10"])
    assert Decimal(average["then"]["waiting"]) >= Decimal(average["now"]["waiting"])


def test_without_a_past_the_back_test_says_so(cast: Cast) -> None:
    late("10.00", 1)
    assert checked(draft(cast), cast).findings["backtest"]["days"] == []


def test_a_fault_of_ours_is_told_and_stops_no_other_check(cast: Cast) -> None:
    broken, fine = draft(cast, "Broken"), draft(cast, "Fine")
    now = timezone.now()
    for version in (broken, fine):
        ask_strategy_check(version=version, now=now, actor=cast.lead)
    StrategyVersion.objects.filter(pk=broken.pk).update(rule={"points": 7})
    assert check_strategies(on=DAY, now=now) == 2
    states = dict(StrategyVersion.objects.values_list("strategy__name", "findings__state"))
    assert states == {"Broken": "failed", "Fine": "done"}
