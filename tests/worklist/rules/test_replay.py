"""A ledger replayed day by day: a day knows nothing of what came later."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from worklist.rules.facts import Slice
from worklist.rules.replay import Document, Replay
from worklist.rules.score import score

START = date(2026, 1, 10)
KNOWN_ON = START + timedelta(days=900)


def day(number: int) -> date:
    return START + timedelta(days=number)


def bill(customer: str, amount: int, due: int, paid: int | None = None, *, is_credit: bool = False) -> Document:
    paid_on = None if paid is None else day(paid)
    return Document(customer, Decimal(amount), is_credit, day(due - 30), day(due), paid_on)


def replay(*documents: Document, known_on: date = KNOWN_ON) -> Replay:
    return Replay(documents, currency="EUR", known_on=known_on)


def test_open_money_lies_in_the_band_of_its_days_late_and_paid_invoices_make_the_habit() -> None:
    ((facts, standing),) = replay(
        bill("A", 1, 130), bill("A", 2, 91), bill("A", 4, 80), bill("A", 8, 70), bill("A", 16, 69),
        bill("A", 500, 40, 52), bill("A", 500, 40, 40), bill("A", 3, 90, is_credit=True),
    ).day(day(100))  # fmt: skip
    assert facts.exposures[0].open == Slice(Decimal(1), Decimal(2), Decimal(4), Decimal(8), Decimal(16))
    assert facts.exposures[0].credit == 3
    assert (facts.oldest_days, facts.overdue_documents) == (31, 4)
    assert facts.habit.own.paid_over == (1, 1, 0, 0, 0)
    assert (facts.habit.own.paid, facts.habit.own.open_over) == (2, (4, 3, 1))
    assert standing.amount == standing.age == 31
    assert standing.amount_age == 2 * 9 + 4 * 20 + 8 * 30 + 16 * 31


def test_what_became_of_the_money_is_measured_at_the_due_day_and_thirty_days_later() -> None:
    rows = (bill("A", 1, 100, 130), bill("A", 2, 100, 131), bill("A", 4, 129, 140), bill("A", 8, 130, 200))
    ((_, standing),) = replay(*rows).day(day(100))
    assert standing.outcome.late == 15
    assert standing.outcome.late_30 == 10
    assert standing.outcome.unpaid_30 == 6


def test_what_nobody_knows_yet_is_not_called_late() -> None:
    ((_, standing),) = replay(bill("A", 1, 100), known_on=day(130)).day(day(100))
    assert standing.outcome.late == 1
    assert standing.outcome.late_30 == 0
    ((_, standing),) = replay(bill("A", 1, 100), known_on=day(131)).day(day(100))
    assert standing.outcome.late_30 == 1


def test_an_invoice_paid_more_than_a_year_ago_is_forgotten() -> None:
    ledger = replay(bill("A", 500, 40, 52), bill("A", 1, 900))
    assert next(ledger.day(day(52 + 364)), None) is None
    ((facts, _),) = ledger.day(day(880))
    assert facts.habit.own.known == 0


documents = st.lists(
    st.builds(
        bill,
        st.sampled_from("ABC"),
        st.integers(1, 500),
        st.integers(30, 400),
        st.none() | st.integers(5, 500),
        is_credit=st.booleans(),
    ),
    max_size=25,
)


@given(documents, st.lists(st.integers(0, 450), min_size=1, max_size=4))
def test_a_day_is_the_same_whatever_happens_after_it(rows: list[Document], days: list[int]) -> None:
    ledger = replay(*rows)
    for number in sorted(days):
        on = day(number)
        known = [
            row._replace(paid_on=row.paid_on if row.paid_on and row.paid_on <= on else None)
            for row in rows
            if row.issued_on <= on
        ]
        told = [facts for facts, _ in ledger.day(on)]
        alone = {facts.number: facts for facts, _ in replay(*known).day(on)}
        assert [facts.number for facts in told] == sorted(alone)
        for facts in told:
            twin = alone[facts.number]
            assert (facts.exposures, facts.habit, facts.oldest_days) == (twin.exposures, twin.habit, twin.oldest_days)
            assert score(facts).score == score(twin).score
