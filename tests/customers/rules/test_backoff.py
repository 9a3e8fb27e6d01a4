"""How long to wait: doubling, bounded, spread, and a circuit that opens and gives up visibly (D35)."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.rules.backoff import (
    FAILURES_TO_OPEN,
    GIVE_UP_AFTER,
    LONGEST_OPEN,
    LONGEST_WAIT,
    Circuit,
    after_failure,
    has_given_up,
    wait_before,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 2), (2, 4), (5, 32), (6, 64), (7, 64), (16, 64)])
def test_d35_waits_double_up_to_an_hour_and_lie_between_half_and_all(attempt: int, minutes: int) -> None:
    for seed in range(50):
        assert timedelta(minutes=minutes) / 2 <= wait_before(attempt, seed=seed) <= timedelta(minutes=minutes)


def test_d35_a_hundred_messages_do_not_come_back_at_the_same_second() -> None:
    assert len({wait_before(3, seed=pk).seconds for pk in range(100)}) > 50


def test_d35_a_provider_that_names_a_time_is_believed_up_to_a_day() -> None:
    assert wait_before(1, seed=1, asked=timedelta(hours=2)) == timedelta(hours=2)
    assert wait_before(1, seed=1, asked=timedelta(days=40)) == timedelta(days=1)
    assert wait_before(6, seed=1, asked=timedelta(seconds=1)) > LONGEST_WAIT / 2


def test_d35_the_circuit_opens_after_some_failures_in_a_row_and_each_time_for_longer() -> None:
    circuit, waits = Circuit(), []
    for _ in range(FAILURES_TO_OPEN + 10):
        circuit = after_failure(circuit, now=NOW, seed="email")
        waits.append(circuit.open_until - NOW if circuit.open_until else timedelta())
    assert waits[: FAILURES_TO_OPEN - 1] == [timedelta()] * (FAILURES_TO_OPEN - 1)
    assert all(waits[FAILURES_TO_OPEN - 1 :])
    assert waits[FAILURES_TO_OPEN + 2] > waits[FAILURES_TO_OPEN - 1]
    assert max(waits) <= LONGEST_OPEN
    assert circuit.away_since == NOW


def test_d35_a_provider_that_is_away_for_a_day_is_given_up() -> None:
    circuit = Circuit(20, 9, NOW, NOW + timedelta(hours=1))
    assert not has_given_up(circuit, now=NOW + GIVE_UP_AFTER - timedelta(seconds=1))
    assert has_given_up(circuit, now=NOW + GIVE_UP_AFTER)
    assert not has_given_up(Circuit(), now=NOW)
