"""What pauses an item, how long, and how that is shared among instalments (R9, R10, P5, P7)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.facts import HoldFacts, Pause
from dunning.rules.instalments import shared_out
from dunning.rules.weigh import promise_pauses_until
from tests.dunning.rules.accounts import DAY, POLICY, decided, item
from tests.tables import table


@pytest.mark.parametrize("row", table("algorithms/dunning.md", "given by", "level", "made", "promised", "pauses until"))
def test_p05_a_promise_pauses_as_long_as_the_document_says(row: list[str]) -> None:
    given_by, level, made, promised, until = row
    found = promise_pauses_until(
        made_on=date.fromisoformat(made),
        promised_on=date.fromisoformat(promised),
        by_payer=given_by == "payer",
        level=int(level),
    )
    assert found == (None if until == "–" else date.fromisoformat(until))


@pytest.mark.parametrize(
    "row", table("algorithms/dunning.md", "open", "on hold", "on plan", "promised", "asked", "decision")
)
def test_r09_holds_and_plans_leave_out_what_the_document_says(row: list[str]) -> None:
    open_, held, on_plan, promised, asked, code = row
    found = decided(
        item(
            5, open_, held=Decimal(held), held_until=DAY, held_why="checked", on_plan=Decimal(on_plan),
            promised=Decimal(promised), promised_until=DAY,
        )
    )  # fmt: skip
    assert found.code == code
    if asked:
        assert found.amount == Decimal(asked)


def test_r09_a_hold_on_an_invoice_ends_with_its_last_day() -> None:
    held = item(5, held=Decimal(10**15), held_until=DAY)
    assert decided(held).facts["until"] == DAY
    assert decided(held, on=DAY + timedelta(days=1)).code == "propose"


def test_r09_a_pause_of_the_house_is_told_apart_from_a_hold_on_the_customer() -> None:
    found = decided(item(5), hold=HoldFacts("Christmas", DAY, "entity"))
    assert (found.code, found.facts["why"]) == ("entity_paused", "Christmas")


def test_r09_after_a_hold_that_asks_for_it_the_conversation_starts_again_under_a_name_of_its_own() -> None:
    found = decided(item(60, sent=0), restarted_on=DAY - timedelta(days=2))
    assert found.step is not None
    assert (found.step.position, found.cycle) == (2, "1@2026-03-02")


def test_r10_what_is_held_is_shown_only_where_the_policy_says_so() -> None:
    items = (item(5, pk=1), item(40, "900.00", pk=2, disputed=Decimal(900)))
    assert decided(*items).held == ()
    shown = decided(*items, policy=replace(POLICY, lists_held_items=True))
    (part,) = shown.held
    assert (part["number"], part["why"], part["amount"]) == ("R2", "disputed", Decimal(900))
    assert shown.amount == Decimal(100)


def test_r15_the_days_after_delivery_are_the_policys() -> None:
    patient = replace(POLICY, days_after_delivery=10)
    fresh = item(5, delivered_on=DAY - timedelta(days=4))
    assert decided(fresh).code == "propose"
    found = decided(fresh, policy=patient)
    assert (found.code, found.facts["until"]) == ("just_delivered", DAY + timedelta(days=5))


AMOUNTS = st.decimals("0", "500", places=2)


@given(st.lists(st.decimals("0.01", "300", places=2), min_size=1, max_size=5), AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_pause_shared_among_instalments_is_shared_once(
    opens: list[Decimal], held: Decimal, disputed: Decimal, on_plan: Decimal, promised: Decimal
) -> None:
    whole = Pause(held=held, held_until=DAY, disputed=disputed, on_plan=on_plan, promised=promised, promised_until=DAY)
    parts = shared_out(whole, opens)
    taken = [part.held + part.disputed + part.on_plan + part.promised for part in parts]
    assert all(0 <= amount <= left for amount, left in zip(taken, opens, strict=True))
    assert sum(taken) == min(sum(opens), held + disputed + on_plan + promised)
    assert sum(part.held for part in parts) == min(sum(opens), held)
