"""Carrying out a plan: by set, with audit, notifications and one way back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from collections_app.accounts.models import User
from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import Conflict
from customers.models import Customer
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, Activity, Notification, Undo, WorklistItem
from worklist.rules.rebalance import Move, Why
from worklist.services.redistribute import redistribute
from worklist.services.rescore import rescore_all
from worklist.services.take_back_redistribution import take_back_redistribution

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben(cast: Cast) -> User:
    return factories.user(username="ben")


def late(cast: Cast, count: int = 1, collector: User | None = None) -> list[Customer]:
    made = [factories.customer(collector=collector) for _ in range(count)]
    for who in made:
        factories.invoice(who, "500.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    return made


def move(who: Customer, to: User, why: Why = Why.ROOM) -> Move:
    return Move(who.pk, who.collector_id, to.pk, 10, why)


def holders(*customers: Customer) -> list[tuple[User | None, User | None, User | None]]:
    rows = [Customer.objects.select_related("worklist_item").get(pk=who.pk) for who in customers]
    return [(row.collector, row.worklist_item.collector, row.worklist_item.analyst) for row in rows]


def test_accounts_their_items_timelines_and_audit_change_together(cast: Cast, ben: User) -> None:
    nobodys, annas = late(cast)[0], late(cast, collector=cast.collector)[0]
    done = redistribute(
        moves=[move(nobodys, ben, Why.NOBODY), move(annas, ben)], on=DAY, actor=cast.lead
    )  # fmt: skip
    assert (done.moved, done.skipped) == (2, 0)
    assert holders(nobodys, annas) == [(ben, ben, ben)] * 2
    assert [row.text for row in Activity.objects.all()] == ["To Ben", "To Ben"]
    entries = AuditEntry.objects.filter(action="team.rebalanced").order_by("customer_id")
    assert [(row.payload["from"], row.payload["to"], row.payload["why"]) for row in entries] == [
        (None, ben.pk, "nobody"), (cast.collector.pk, ben.pk, "room"),
    ]  # fmt: skip


def test_who_was_given_accounts_is_told_once(cast: Cast, ben: User) -> None:
    redistribute(moves=[move(who, ben) for who in late(cast, 3)], on=DAY, actor=cast.lead)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.text) == (ben, "assigned", "3 accounts were given to you.")


def test_an_account_that_somebody_else_moved_first_stays_where_it_is(cast: Cast, ben: User) -> None:
    first, second = late(cast, 2, collector=cast.collector)
    plan = [move(first, ben), move(second, ben)]
    Customer.objects.filter(pk=first.pk).update(collector=cast.lead)
    done = redistribute(moves=plan, on=DAY, actor=cast.lead)
    assert (done.moved, done.skipped) == (1, 1)
    assert holders(first)[0][0] == cast.lead
    assert Activity.objects.count() == 1


def test_a_plan_of_which_nothing_is_left_is_refused(cast: Cast, ben: User) -> None:
    who = late(cast, collector=cast.collector)[0]
    plan = [move(who, ben)]
    Customer.objects.filter(pk=who.pk).update(collector=None)
    with pytest.raises(Conflict, match="Nothing of this plan"):
        redistribute(moves=plan, on=DAY, actor=cast.lead)
    assert not Undo.objects.exists()


def test_an_account_given_to_somebody_away_is_on_the_substitutes_list(cast: Cast, ben: User) -> None:
    Absence.objects.create(user=ben, substitute=cast.collector, starts_on=DAY, ends_on=DAY)
    who = late(cast)[0]
    redistribute(moves=[move(who, ben)], on=DAY, actor=cast.lead)
    assert holders(who) == [(ben, ben, cast.collector)]


def test_taken_back_everything_stands_as_before(cast: Cast, ben: User) -> None:
    nobodys, annas = late(cast)[0], late(cast, collector=cast.collector)[0]
    before = holders(nobodys, annas)
    done = redistribute(moves=[move(nobodys, ben), move(annas, ben)], on=DAY, actor=cast.lead)
    back = take_back_redistribution(batch=done.batch, on=DAY, actor=cast.lead)
    assert (back.moved, back.skipped) == (2, 0)
    assert holders(nobodys, annas) == before
    assert not Activity.objects.filter(undone_at=None).exists()
    assert not Notification.objects.exists()


def test_d89_taking_back_leaves_what_moved_again_and_works_once(cast: Cast, ben: User) -> None:
    first, second = late(cast, 2, collector=cast.collector)
    done = redistribute(moves=[move(first, ben), move(second, ben)], on=DAY, actor=cast.lead)
    Customer.objects.filter(pk=second.pk).update(collector=cast.lead)
    back = take_back_redistribution(batch=done.batch, on=DAY, actor=cast.lead)
    assert (back.moved, back.skipped) == (1, 1)
    assert [row[0] for row in holders(first, second)] == [cast.collector, cast.lead]
    with pytest.raises(Conflict, match="too late"):
        take_back_redistribution(batch=done.batch, on=DAY, actor=cast.lead)


def test_another_person_cannot_take_it_back(cast: Cast, ben: User) -> None:
    done = redistribute(moves=[move(late(cast)[0], ben)], on=DAY, actor=cast.lead)
    with pytest.raises(Conflict):
        take_back_redistribution(batch=done.batch, on=DAY, actor=cast.admin)


def test_twelve_accounts_cost_as_many_statements_as_two(cast: Cast, ben: User) -> None:
    def statements(count: int) -> int:
        plan = [move(who, ben) for who in late(cast, count)]
        with CaptureQueriesContext(connection) as seen:
            done = redistribute(moves=plan, on=DAY, actor=cast.lead)
            take_back_redistribution(batch=done.batch, on=DAY, actor=cast.lead)
        return len(seen)

    assert statements(12) == statements(2)
    assert WorklistItem.objects.filter(collector=None).count() == 14
