"""Who is away and who stands in, as read from the table."""

from datetime import timedelta

from tests import factories
from tests.conftest import Cast
from tests.factories import DAY
from worklist.models import Absence
from worklist.queries.team import stand_ins


def test_an_absence_counts_on_its_first_and_last_day_and_not_beyond(cast: Cast) -> None:
    Absence.objects.create(user=cast.collector, substitute=cast.lead, starts_on=DAY, ends_on=DAY + timedelta(days=2))
    found = [stand_ins(DAY + timedelta(days=n)) for n in range(-1, 4)]
    there: dict[int, int | None] = {}
    away = {cast.collector.pk: cast.lead.pk}
    assert found == [there, away, away, away, there]


def test_a_substitute_who_left_the_company_stands_in_for_nobody(cast: Cast) -> None:
    gone = factories.user(username="gone", is_active=False)
    Absence.objects.create(user=cast.collector, substitute=gone, starts_on=DAY, ends_on=DAY)
    assert stand_ins(DAY) == {cast.collector.pk: None}
