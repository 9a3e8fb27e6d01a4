"""Absences: who works whose list meanwhile, from the first day to the last, and back at once when they return."""

from datetime import timedelta

import pytest

from collections_app.accounts.models import User
from collections_app.lib.errors import BadInput, Conflict
from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence, Notification, WorklistItem
from worklist.services.end_absence import end_absence
from worklist.services.hand_lists import hand_lists
from worklist.services.record_absence import record_absence
from worklist.services.rescore import rescore_all

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=3)


@pytest.fixture
def ben(cast: Cast) -> User:
    return factories.user(username="ben")


@pytest.fixture
def item(cast: Cast) -> WorklistItem:
    who = factories.customer(collector=cast.collector)
    factories.invoice(who, "500.00", due_on=DAY - timedelta(days=40))
    rescore_all(on=DAY)
    hand_lists(on=DAY)
    return WorklistItem.objects.get(pk=who.pk)


def worked_by(item: WorklistItem) -> User | None:
    item.refresh_from_db()
    return item.analyst


def away(cast: Cast, substitute: User | None, starts_on: object = DAY, ends_on: object = LATER) -> Absence:
    return record_absence(
        user=cast.collector, substitute=substitute, starts_on=starts_on, ends_on=ends_on, on=DAY, actor=cast.lead  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_list_goes_to_the_substitute_at_once_and_the_account_stays_the_collectors(
    cast: Cast, ben: User, item: WorklistItem
) -> None:
    assert worked_by(item) == cast.collector
    away(cast, ben)
    assert worked_by(item) == ben
    assert item.collector == cast.collector
    told = Notification.objects.get(user=ben)
    assert "stand in for Collector" in told.text


def test_an_absence_to_come_changes_nothing_yet(cast: Cast, ben: User, item: WorklistItem) -> None:
    away(cast, ben, starts_on=DAY + timedelta(days=1))
    assert worked_by(item) == cast.collector
    hand_lists(on=DAY + timedelta(days=1))
    assert worked_by(item) == ben
    hand_lists(on=LATER + timedelta(days=1))
    assert worked_by(item) == cast.collector


def test_without_a_substitute_the_list_is_nobodys(cast: Cast, item: WorklistItem) -> None:
    away(cast, None)
    assert worked_by(item) is None


def test_scoring_during_an_absence_leaves_the_list_with_the_substitute(
    cast: Cast, ben: User, item: WorklistItem
) -> None:
    away(cast, ben)
    rescore_all(on=DAY)
    assert worked_by(item) == ben


def test_who_is_back_early_has_the_list_again(cast: Cast, ben: User, item: WorklistItem) -> None:
    absence = away(cast, ben, starts_on=DAY - timedelta(days=2))
    ended = end_absence(absence=absence, on=DAY, actor=cast.lead)
    assert ended is not None
    assert (ended.ends_on, worked_by(item)) == (DAY - timedelta(days=1), cast.collector)
    with pytest.raises(Conflict, match="over already"):
        end_absence(absence=absence, on=DAY, actor=cast.lead)


def test_an_absence_that_has_not_lasted_a_day_is_gone(cast: Cast, ben: User, item: WorklistItem) -> None:
    assert end_absence(absence=away(cast, ben), on=DAY, actor=cast.lead) is None
    assert not Absence.objects.exists()
    assert worked_by(item) == cast.collector


@pytest.mark.parametrize(
    ("starts", "ends", "field"), [(2, 1, "ends_on"), (-5, -1, "ends_on")], ids=["out of order", "over already"]
)
def test_wrong_days_are_refused_at_their_field(cast: Cast, ben: User, starts: int, ends: int, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        away(cast, ben, DAY + timedelta(days=starts), DAY + timedelta(days=ends))
    assert list(refused.value.fields) == [field]


def test_nobody_stands_in_for_themselves(cast: Cast) -> None:
    with pytest.raises(BadInput, match="themselves"):
        away(cast, cast.collector)


def test_somebody_who_may_not_see_all_the_accounts_does_not_stand_in(cast: Cast, ben: User, item: WorklistItem) -> None:
    other = factories.user(username="other", of=factories.team("Southern team"))
    with pytest.raises(BadInput, match="on nobody's list"):
        away(cast, other)
    assert worked_by(item) == cast.collector
    away(cast, ben)
    assert worked_by(item) == ben


def test_two_absences_of_one_person_do_not_overlap(cast: Cast, ben: User) -> None:
    away(cast, ben)
    with pytest.raises(BadInput, match="away from"):
        away(cast, None, starts_on=LATER)


def test_handing_over_again_changes_no_row(cast: Cast, ben: User, item: WorklistItem) -> None:
    away(cast, ben)
    assert hand_lists(on=DAY) == 0
