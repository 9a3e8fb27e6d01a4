"""A strategy in words, what differs between two, and the starters."""

from dataclasses import replace
from decimal import Decimal

import pytest

from worklist.rules.strategy import USUAL, Band, Escalating, as_data, read_strategy
from worklist.rules.strategy_starters import STARTERS, Starter
from worklist.rules.strategy_words import Difference, differences, grouped, strategy_lines


@pytest.mark.parametrize("starter", STARTERS.values(), ids=lambda starter: starter.code)
def test_f17_every_starter_is_a_rule_that_reads_back_as_itself(starter: Starter) -> None:
    assert read_strategy(as_data(starter.rule)) == starter.rule
    assert starter.about.endswith(".")


def test_f17_there_are_four_starters_and_they_differ() -> None:
    rules = [starter.rule for starter in STARTERS.values()]
    assert len(rules) == 4
    assert STARTERS["balanced"].rule == USUAL
    assert all(differences(USUAL, rule) for rule in rules if rule != USUAL)


def test_every_figure_of_a_rule_is_in_its_words() -> None:
    other = replace(
        USUAL,
        points=dict.fromkeys(USUAL.points, 999),
        effects=dict.fromkeys(USUAL.effects, 99),
        minutes=dict.fromkeys(USUAL.minutes, 199),
        class_a=Decimal(98),
        class_b=Decimal(97),
        class_percent=dict.fromkeys(USUAL.class_percent, 998),
        bands=(Band(Decimal(5), 50),),
        escalating=(Escalating(7, 8),),
        minute_cost=Decimal("0.75"),
        call_after_days=1,
        rest_days=2,
        broken_days=3,
        soon_days=4,
        escalate_after=60,
    )
    unchanged = set(strategy_lines(USUAL)) & set(strategy_lines(other))
    assert not unchanged
    assert [name for name, _ in grouped(strategy_lines(other))] == [
        "What counts", "What a contact moves", "Size of the account", "Amount bands", "Without a reaction", "Time",
        "Minutes of each step",
    ]  # fmt: skip


def test_a_difference_names_the_figure_and_both_values() -> None:
    other = replace(USUAL, call_after_days=1, bands=(Band(Decimal(1000), 120),), escalating=USUAL.escalating[1:])
    assert differences(USUAL, other) == [
        Difference("Amount bands: From 1,000 overdue", "–", "120 %"),
        Difference("Time: Overdue items are called about after", "21 days", "1 day"),
        Difference("Without a reaction: After 5 days", "2 %", "–"),
    ]
    assert differences(USUAL, USUAL) == []
