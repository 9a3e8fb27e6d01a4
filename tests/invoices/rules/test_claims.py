"""The pure rules of instalments and of what can be collected, and the tables of the document about them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_app.lib.errors import BadInput
from invoices.rules.aging import net_oldest_first
from invoices.rules.buckets import BUCKETS, DEFAULT, bucket_set
from invoices.rules.claims import Share, open_shares, splits
from tests.tables import table

DOCUMENT = "algorithms/aging.md"
NAMED = ["named for 1", "named for 2", "named for 3"]
INSTALMENTS = table(DOCUMENT, *NAMED, "unnamed", "open of 1", "open of 2", "open of 3")
COUNTED = ["collectable", "counted disputed", "counted on plan", "counted promised"]
SPLITS = table(DOCUMENT, "open", "disputed", "on plan", "promised", *COUNTED)
AFTER = ["not_due after", "1-30 after", "120+ after"]
NETTING = table(DOCUMENT, "not_due", "1-30", "120+", "credit", *AFTER)

amounts = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize("line", INSTALMENTS, ids=" ".join)
def test_a06_money_fills_the_earliest_instalment_unless_it_names_one(line: list[str]) -> None:
    *named, unnamed, first, second, third = map(Decimal, line)
    shares = [Share(Decimal(300), amount) for amount in named]
    assert open_shares(shares, unnamed) == [first, second, third]


@pytest.mark.parametrize("line", SPLITS, ids=" ".join)
def test_a08_a_dispute_goes_before_a_plan_and_a_plan_before_a_promise(line: list[str]) -> None:
    open_, disputed, on_plan, promised, *expected = map(Decimal, line)
    (split,) = splits([open_], disputed=disputed, on_plan=on_plan, promised=promised)
    assert [split.collectable, split.disputed, split.on_plan, split.promised] == expected


@pytest.mark.parametrize("line", NETTING, ids=" ".join)
def test_a07_credits_are_netted_against_the_oldest_bucket_backwards(line: list[str]) -> None:
    first, second, last, credit, *expected = map(Decimal, line)
    sums = {**dict.fromkeys((bucket.key for bucket in BUCKETS), Decimal(0))}
    sums |= {"not_due": first, "1-30": second, "120+": last}
    found = net_oldest_first(sums, credit)
    assert [found["not_due"], found["1-30"], found["120+"]] == expected
    assert sum(found.values()) == sum(sums.values()) - credit


@given(st.lists(amounts, min_size=1, max_size=4), amounts, amounts, amounts)
def test_a_split_is_never_negative_and_adds_up(
    opens: list[Decimal], disputed: Decimal, on_plan: Decimal, promised: Decimal
) -> None:
    found = splits(opens, disputed=disputed, on_plan=on_plan, promised=promised)
    for open_, split in zip(opens, found, strict=True):
        parts = (split.collectable, split.disputed, split.on_plan, split.promised)
        assert min(parts) >= 0
        assert sum(parts) == open_
    assert sum(split.disputed for split in found) == min(disputed, sum(opens))


@given(st.lists(amounts, min_size=6, max_size=6), amounts)
def test_netting_keeps_the_sum_and_leaves_late_buckets_between_nothing_and_themselves(
    sums: list[Decimal], credit: Decimal
) -> None:
    before = dict(zip((bucket.key for bucket in BUCKETS), sums, strict=True))
    after = net_oldest_first(before, credit)
    assert sum(after.values()) == sum(sums) - credit
    assert all(0 <= after[bucket.key] <= before[bucket.key] for bucket in BUCKETS[1:])


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("", [bucket.key for bucket in BUCKETS]),
        ("0/30/60/90/120", [bucket.key for bucket in BUCKETS]),
        ("15, 30", ["not_due", "1-15", "16-30", "30+"]),
        ("7", ["not_due", "1-7", "7+"]),
    ],
)
def test_buckets_are_written_by_their_last_days(written: str, keys: list[str]) -> None:
    assert [bucket.key for bucket in bucket_set(written).all] == keys


@pytest.mark.parametrize("written", ["0", "30/30", "60/30", "-5", "1.5", "abc", "3651", "1/2/3/4/5/6/7/8/9", "0/0/1"])
def test_buckets_that_make_no_sense_are_refused_with_an_example(written: str) -> None:
    with pytest.raises(BadInput, match="like 0/30/60/90/120"):
        bucket_set(written)


@given(st.lists(st.integers(1, 3650), min_size=1, max_size=8, unique=True).map(sorted), st.integers(-50, 4000))
def test_a04_every_day_lies_in_exactly_one_bucket_of_any_set(bounds: list[int], days: int) -> None:
    buckets = bucket_set("/".join(map(str, bounds)))
    inside = [b for b in buckets.all if (b.first is None or days >= b.first) and (b.last is None or days <= b.last)]
    assert inside == [buckets.at(days)]
    assert bucket_set(buckets.written) == buckets


def test_very_late_means_over_90_days_where_the_set_knows_that_bound() -> None:
    assert [bucket.key for bucket in DEFAULT.very_late] == ["91-120", "120+"]
    assert [bucket.key for bucket in bucket_set("15/45").very_late] == ["45+"]
