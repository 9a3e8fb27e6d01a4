"""The pure rule of aging: where the buckets begin and end, and what an open amount is."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.rules.aging import LedgerDocument, Used, aged_by, aging_of_ledger, bucket_of, open_amount
from invoices.rules.buckets import BUCKETS, DEFAULT
from tests.tables import table

AS_OF = date(2026, 11, 21)
BOUNDARIES = table("algorithms/aging.md", "due on", "as of", "days late", "bucket")


def test_the_document_shows_both_ends_of_every_bucket() -> None:
    assert len(BOUNDARIES) == 14
    assert {row[3] for row in BOUNDARIES} == {bucket.key for bucket in BUCKETS}


@pytest.mark.parametrize(("due_on", "as_of", "days", "key"), BOUNDARIES)
def test_a04_a_bucket_begins_the_day_after(due_on: str, as_of: str, days: str, key: str) -> None:
    due, on = date.fromisoformat(due_on), date.fromisoformat(as_of)
    assert (on - due).days == int(days)
    assert bucket_of(due, on).key == key


def test_r13_due_today_is_not_overdue() -> None:
    assert bucket_of(AS_OF, AS_OF).key == "not_due"
    assert bucket_of(AS_OF - timedelta(days=1), AS_OF).key == "1-30"


@given(st.integers(-4000, 4000))
def test_every_number_of_days_lies_in_exactly_one_bucket(days: int) -> None:
    inside = [b for b in BUCKETS if (b.first is None or days >= b.first) and (b.last is None or days <= b.last)]
    assert inside == [DEFAULT.at(days)]


def test_a05_an_item_without_a_due_date_is_aged_by_its_own_date() -> None:
    assert aged_by(None, AS_OF) == AS_OF
    document = LedgerDocument(1, Decimal(10), AS_OF - timedelta(days=40), None)
    assert aging_of_ledger([document], AS_OF).buckets["31-60"] == Decimal(10)


def test_a03_drafts_and_documents_of_tomorrow_are_not_open() -> None:
    draft = LedgerDocument(1, Decimal(10), AS_OF, AS_OF, counts=False)
    tomorrow = LedgerDocument(1, Decimal(10), AS_OF + timedelta(days=1), AS_OF + timedelta(days=1))
    assert open_amount(draft, AS_OF) == open_amount(tomorrow, AS_OF) == 0
    assert aging_of_ledger([draft, tomorrow], AS_OF).documents == 0


def test_a01_an_allocation_counts_from_its_effective_day_on() -> None:
    day = date(2026, 10, 10)
    document = LedgerDocument(1, Decimal(10), date(2026, 9, 1), day, (Used(Decimal(4), day),))
    assert open_amount(document, day - timedelta(days=1)) == Decimal(10)
    assert open_amount(document, day) == Decimal(6)


def test_a07_credits_are_negative_in_the_bucket_of_their_own_date() -> None:
    aging = aging_of_ledger(
        [
            LedgerDocument(1, Decimal(100), date(2026, 7, 1), date(2026, 7, 1)),
            LedgerDocument(-1, Decimal(30), date(2026, 11, 1), date(2026, 11, 1)),
        ],
        AS_OF,
    )
    assert (aging.buckets["120+"], aging.buckets["1-30"], aging.total) == (Decimal(100), Decimal(-30), Decimal(70))


def test_a08_a_dispute_stays_in_the_total_and_counts_up_to_what_is_open() -> None:
    document = LedgerDocument(1, Decimal(100), AS_OF, AS_OF, (Used(Decimal(80), AS_OF),), disputed=Decimal(50))
    aging = aging_of_ledger([document], AS_OF)
    assert (aging.total, aging.disputed) == (Decimal(20), Decimal(20))
