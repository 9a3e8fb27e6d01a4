"""The history of a document: its order, the amount left after each step, and what was known on a day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from invoices.rules.history import Event, end_of_day, known, left_of, steps
from invoices.rules.statement import Posting, period
from tests.factories import DAY


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


ISSUED = Event("issued", DAY, at(DAY), change=Decimal("100.00"))
PAID = Event("allocated", DAY + timedelta(days=5), at(DAY + timedelta(days=9)), change=Decimal("-60.00"))
TAKEN_BACK = Event("reversed", DAY + timedelta(days=7), at(DAY + timedelta(days=7)), change=Decimal("60.00"))
MAILED = Event("mail", DAY, at(DAY, 8))


def test_a_document_is_there_before_anything_happens_to_it_and_then_days_count() -> None:
    told = steps([TAKEN_BACK, MAILED, PAID, ISSUED])
    assert [step.event.what for step in told] == ["issued", "mail", "allocated", "reversed"]
    assert [step.left for step in told] == [100, None, 40, 100]


def test_within_a_day_the_moment_of_recording_counts() -> None:
    late, early = Event("allocated", DAY, at(DAY, 20), change=Decimal(-1)), Event("used", DAY, at(DAY, 9))
    assert [step.event.what for step in steps([late, early, ISSUED])] == ["issued", "used", "allocated"]


def test_as_of_a_day_what_takes_effect_later_is_left_out() -> None:
    assert left_of(known([ISSUED, PAID, TAKEN_BACK], as_of=DAY + timedelta(days=4))) == 100
    assert left_of(known([ISSUED, PAID, TAKEN_BACK], as_of=DAY + timedelta(days=6))) == 40


def test_as_known_on_a_day_what_was_recorded_later_is_left_out() -> None:
    """Paid with effect on the sixth day, but booked on the tenth."""
    before = end_of_day(DAY + timedelta(days=6), "Europe/Berlin")
    assert left_of(known([ISSUED, PAID], as_of=DAY + timedelta(days=30), before=before)) == 100
    after = end_of_day(DAY + timedelta(days=9), "Europe/Berlin")
    assert left_of(known([ISSUED, PAID], as_of=DAY + timedelta(days=30), before=after)) == 40


def test_the_end_of_a_day_is_that_of_its_zone() -> None:
    assert end_of_day(date(2026, 3, 2), "Europe/Berlin") == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 2), "America/New_York") == datetime(2026, 3, 3, 5, tzinfo=UTC)


def test_an_event_without_a_moment_is_known_from_the_end_of_its_day() -> None:
    closed = Event("dispute_closed", DAY, None)
    assert known([closed], as_of=DAY, before=at(DAY)) == []
    assert known([closed], as_of=DAY, before=at(DAY + timedelta(days=1))) == [closed]


def test_a_period_runs_from_its_opening_balance() -> None:
    rows = [
        Posting(DAY, "invoice", 1, "R1", "", Decimal("50.00")),
        Posting(DAY, "payment", 1, "", "", Decimal("-80.00")),
    ]
    found = period(Decimal("10.00"), rows)
    assert [row.balance for row in found.postings] == [60, -20]
    assert [found.closing, found.raised, found.lowered] == [-20, 50, -80]
    assert period(Decimal("10.00"), []).closing == 10
