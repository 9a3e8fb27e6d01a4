"""What an order of the past was worth: shares of late money, contacts and minutes, and their averages."""

from decimal import Decimal

from tests.tables import table
from worklist.rules.strategy_past import Past, order_worth, summed_up


def past(pk: int, now: int, then: int, late: int, waiting: int = 0) -> Past:
    return Past(pk, Decimal(now), Decimal(then), 5, Decimal(late), Decimal(waiting))


# Ten accounts; all the late money is with the last three, which only the order to come puts first.
ROWS = [past(pk, 100 - pk, pk, {8: 100, 9: 300, 10: 600}.get(pk, 0), 10 * pk) for pk in range(1, 11)]


def test_f17_the_share_of_late_money_is_that_of_the_first_accounts() -> None:
    now, then = order_worth(ROWS, lambda row: row.now), order_worth(ROWS, lambda row: row.then)
    assert (now["share_10"], now["share_20"]) == ("0.0000", "0.0000")
    assert (then["share_10"], then["share_20"]) == ("0.6000", "0.9000")


def test_f17_the_effort_ends_where_four_fifths_of_the_late_money_are_reached() -> None:
    now, then = order_worth(ROWS, lambda row: row.now), order_worth(ROWS, lambda row: row.then)
    assert (then["contacts"], then["minutes"]) == (2, 10)
    assert (now["contacts"], now["minutes"]) == (10, 50)


def test_f17_slow_money_is_that_of_the_first_fifth() -> None:
    assert order_worth(ROWS, lambda row: row.now)["waiting"] == "30.00"
    assert order_worth(ROWS, lambda row: row.then)["waiting"] == "190.00"


def test_accounts_that_are_not_on_the_list_hold_money_that_no_order_reaches() -> None:
    rows = [past(1, 5, 5, 10), past(2, 0, 0, 90)]
    found = order_worth(rows, lambda row: row.now)
    assert (found["share_20"], found["contacts"]) == ("0.1000", None)


def test_without_late_money_there_is_no_share() -> None:
    found = order_worth([past(1, 5, 5, 0)], lambda row: row.now)
    assert (found["share_10"], found["contacts"], found["minutes"]) == (None, None, None)


def test_the_average_is_over_the_days_that_have_a_figure() -> None:
    day = {"now": order_worth(ROWS, lambda row: row.now), "then": order_worth(ROWS, lambda row: row.then)}
    other = {"now": {**day["now"], "contacts": None}, "then": {**day["then"], "share_20": "0.7000", "contacts": 4}}
    found = summed_up([day, other])
    assert (found["then"]["share_20"], found["then"]["contacts"], found["now"]["contacts"]) == ("0.8000", "3", "10")
    assert summed_up([]) == {}


def test_the_document_says_what_the_rule_says() -> None:
    heads = ("account", "late money", "slow money")
    rows = [past(int(pk), 11 - int(pk), int(pk), int(late), int(slow))
            for pk, late, slow in table("algorithms/strategies.md", *heads)]  # fmt: skip
    told = table(
        "algorithms/strategies.md", "order", "first 10 %", "first 20 %", "contacts to 80 %",
        "slow money of the first 20 %",
    )  # fmt: skip
    for (name, *figures), found in zip(
        told, (order_worth(rows, lambda row: row.now), order_worth(rows, lambda row: row.then)), strict=True
    ):
        said = [str(found[key]) for key in ("share_10", "share_20", "contacts", "waiting")]
        assert figures == said, name
