"""R2: where too little is owed at a step, the next lower step is tried."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.dunning.rules.accounts import POLICY, decided, item
from tests.tables import table


@pytest.mark.parametrize(
    "row",
    table("algorithms/dunning.md", "sent: open", "minimum", "share", "not due yet", "decision", "step"),
)
def test_r02_too_little_for_a_step_tries_the_next_lower_one(row: list[str]) -> None:
    owed, minimum, share, not_due, code, step = row
    items = []
    for pk, part in enumerate(owed.split(", "), start=1):
        sent, _, amount = part.partition(": ")
        items.append(item(60, amount, pk=pk, sent=int(sent)))
    if not_due != "0":
        items.append(item(-30, not_due, pk=99))
    policy = replace(POLICY, min_share=Decimal(share))
    found = decided(*items, policy=policy, min_amount=Decimal(minimum))
    assert found.code == code
    assert (str(found.step.position) if found.step else "") == step


def test_r02_what_got_farther_stays_on_the_milder_letter() -> None:
    found = decided(item(60, "3.00", pk=1, sent=5), item(60, "500.00", pk=2), min_amount=Decimal(10))
    assert [one.item.invoice_id for one in found.items] == [1, 2]
    assert (found.cycle, found.amount) == ("2", Decimal(503))


def test_r02_credits_count_against_what_a_step_is_worth() -> None:
    items = (item(60, "30.00", pk=1, sent=5), item(60, "500.00", pk=2))
    found = decided(*items, credits=Decimal(25), min_amount=Decimal(10))
    assert found.step is not None
    assert found.step.position == 2


def test_fees_join_a_letter_count_for_its_worth_and_never_lead_it() -> None:
    fee = item(5, "40.00", pk=9, kind="fee")
    with_debt = decided(item(8, "5.00", pk=1, sent=2), fee, min_amount=Decimal(45))
    assert (with_debt.cycle, with_debt.amount) == ("1", Decimal(45))
    assert with_debt.fee_lead is not None
    assert with_debt.fee_lead.item.invoice_id == 1
    assert decided(fee).code == "only_claims"
    assert decided(fee, item(90, pk=1, sent=6)).code == "finished"
    before = decided(item(-3, "5.00", pk=1), item(-1, "40.00", pk=9, kind="interest"))
    assert (before.code, before.cycle, len(before.items)) == ("propose", "1", 2)
    assert decided(item(-1, "40.00", pk=9, kind="interest")).code == "not_due"


def test_r17_open_credits_may_hold_the_letter_until_they_are_allocated() -> None:
    waits = replace(POLICY, credits="hold")
    found = decided(item(5), credits=Decimal(25), policy=waits)
    assert (found.code, found.facts["credits"]) == ("credits_open", Decimal(25))
    assert decided(item(5), policy=waits).code == "propose"
