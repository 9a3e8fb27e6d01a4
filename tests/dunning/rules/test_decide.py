"""The dunning decision: the worked tables of the document, each rule by its number, and laws over made-up accounts."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.facts import HoldFacts, InHand, OpenItem, PolicyFacts
from dunning.rules.look_again import look_again
from dunning.rules.sentences import sentence
from tests.dunning.rules.accounts import DAY, POLICY, STEPS, account, contact, decided, item
from tests.tables import table


@pytest.mark.parametrize("row", table("algorithms/dunning.md", "days late", "sent", "contact", "decision", "step"))
def test_one_invoice_through_its_life_as_the_document_says(row: list[str]) -> None:
    late, sent, days_ago, code, step = row
    last = contact(int(days_ago)) if days_ago != "–" else None
    found = decided(item(int(late), sent=int(sent)), last_contact=last)
    assert found.code == code
    assert (str(found.step.position) if found.step else "") == step


@pytest.mark.parametrize(
    "row",
    table("algorithms/dunning.md", "open", "disputed", "in flight", "promised", "credits", "asked", "decision"),
)
def test_what_is_asked_for_as_the_document_says(row: list[str]) -> None:
    open_, disputed, in_flight, promised, credits, asked, code = row
    parts = {"disputed": Decimal(disputed), "in_flight": Decimal(in_flight), "promised": Decimal(promised)}
    late = item(5, open_, **parts, promised_until=DAY)  # type: ignore[arg-type]
    found = decided(late, credits=Decimal(credits))
    assert found.code == code
    if asked:
        assert found.amount == Decimal(asked)


def test_r01_a_step_that_was_not_sent_is_proposed_again_and_none_is_skipped() -> None:
    for late in (8, 21, 50, 300):
        found = decided(item(late, sent=2))
        assert found.step is not None
        assert found.step.position == 3


def test_r02_the_highest_open_level_leads_and_a_paid_lead_lets_the_tone_fall_back() -> None:
    old, young = item(22, pk=1, sent=3), item(9, pk=2, sent=2)
    both, rest = decided(old, young), decided(young)
    assert both.step is not None
    assert rest.step is not None
    assert (both.step.position, both.cycle) == (4, "1")
    assert (rest.step.position, rest.cycle) == (3, "2")


def test_r03_a_new_overdue_invoice_joins_the_letter_and_starts_no_second_sequence() -> None:
    found = decided(item(21, pk=1, sent=3), item(1, pk=2))
    assert [asked.item.invoice_id for asked in found.items] == [1, 2]
    assert decided(item(20, pk=1, sent=3), item(1, pk=2)).code == "step_not_due"


def test_r04_a_missed_day_is_caught_up_by_one_step_and_the_day_is_named() -> None:
    found = decided(item(13, sent=2))
    assert found.step is not None
    assert found.step.position == 3
    assert found.facts["since"] == DAY - timedelta(days=5)


def test_r04_entry_at_the_matching_step_only_for_who_has_had_none() -> None:
    matching = PolicyFacts(STEPS, "matching")
    first = decided(item(150), policy=matching)
    assert first.step is not None
    assert first.step.position == 6
    later = decided(item(150, sent=2), policy=matching)
    assert later.step is not None
    assert later.step.position == 3


@pytest.mark.parametrize(("days_ago", "code"), [(0, "too_soon"), (5, "too_soon"), (6, "propose"), (7, "propose")])
def test_r05_the_days_between_contacts_beat_any_step(days_ago: int, code: str) -> None:
    assert decided(item(30), last_contact=contact(days_ago)).code == code


def test_r09_a_hold_stops_everything_and_names_its_end() -> None:
    found = decided(item(30), hold=HoldFacts("legal", DAY))
    assert (found.code, found.facts["until"]) == ("on_hold", DAY)


def test_r09_a_promise_pauses_until_its_last_day_and_no_longer() -> None:
    promised = {"promised": Decimal(100), "promised_until": DAY}
    assert decided(item(5, **promised)).code == "promised"  # type: ignore[arg-type]
    assert decided(item(6, promised=Decimal(100), promised_until=DAY - timedelta(days=1))).code == "propose"


def test_r10_a_disputed_invoice_does_not_leak_onto_the_letter_of_another() -> None:
    found = decided(item(5, pk=1), item(40, "900.00", pk=2, disputed=Decimal(900)))
    assert [asked.item.invoice_id for asked in found.items] == [1]
    assert found.amount == Decimal(100)
    assert found.facts["left_out"][0]["number"] == "R2"


def test_r13_due_today_is_not_overdue() -> None:
    assert decided(item(0, sent=1)).code == "not_due"
    assert decided(item(1, sent=1)).code == "propose"


@pytest.mark.parametrize(
    ("on", "region", "code"),
    [
        (date(2026, 3, 7), "DE", "no_business_day"),  # a Saturday
        (date(2026, 4, 3), "DE", "no_business_day"),  # Good Friday
        (date(2026, 4, 3), "US", "propose"),
        (date(2026, 3, 9), "DE", "propose"),
    ],
)
def test_r14_weekends_and_holidays_of_the_customers_region_wait(on: date, region: str, code: str) -> None:
    late = item(30)
    assert decided(late, on=on, region=region).code == code


def test_r15_an_invoice_that_did_not_arrive_is_not_reminded_of() -> None:
    assert decided(item(5, undelivered=True)).code == "not_delivered"
    assert decided(item(5, delivered_on=DAY - timedelta(days=1))).code == "just_delivered"
    assert decided(item(5, delivered_on=DAY - timedelta(days=3))).code == "propose"


def test_r16_direct_debit_customers_hear_from_us_only_after_a_failed_charge() -> None:
    assert decided(item(-3), autopay=True).code == "autopay"
    assert decided(item(5), autopay=True).code == "autopay"
    assert decided(item(5, charge_failed=True), autopay=True).code == "propose"


def test_r17_credits_are_taken_off_and_listed() -> None:
    found = decided(item(5), credits=Decimal("99.99"))
    assert (found.amount, found.credits, found.facts["credits"]) == (
        Decimal("0.01"),
        Decimal("99.99"),
        Decimal("99.99"),
    )


def test_below_the_minimum_nothing_is_asked() -> None:
    assert decided(item(5, "4.99"), min_amount=Decimal(5)).code == "below_minimum"
    assert decided(item(5, "5.00"), min_amount=Decimal(5)).code == "propose"


def test_r19_without_an_address_somebody_calls() -> None:
    mail = decided(item(5), reach=frozenset({"address"}))
    assert (mail.code, mail.channel, mail.facts["missing"]) == ("propose", "call_task", "email")
    letter = decided(item(50, sent=5), reach=frozenset({"email"}))
    assert (letter.channel, letter.facts["missing"]) == ("call_task", "address")


def test_r21_a_related_party_is_never_reminded_whatever_else_holds() -> None:
    assert decided(item(90), related_party=True, hold=HoldFacts("legal", DAY)).code == "related_party"


def test_r22_after_the_last_step_the_end_is_a_state_and_younger_debt_goes_on() -> None:
    assert decided(item(90, sent=6)).code == "finished"
    found = decided(item(90, pk=1, sent=6), item(2, pk=2))
    assert found.step is not None
    assert (found.step.position, [a.item.invoice_id for a in found.items]) == (2, [2])


def test_d40_a_finished_conversation_stays_finished_however_often_it_is_asked() -> None:
    assert {decided(item(60 + n, sent=6), on=DAY).code for n in range(100)} == {"finished"}


def test_r24_nothing_open_is_nothing_to_say() -> None:
    assert decided().code == "nothing_open"


def test_a_notice_under_way_is_waited_for() -> None:
    assert decided(item(30), in_hand=InHand("Step 2", "approved", DAY)).code == "in_hand"


def test_a_step_before_the_due_date_is_over_once_it_has_passed() -> None:
    found = decided(item(1), item(-2, pk=2))
    assert found.step is not None
    assert found.step.position == 2
    assert [asked.item.invoice_id for asked in found.items] == [1]


def seen_again(*items: OpenItem, step: int = 2, cycle: str = "1", ids: tuple[int, ...] = (1,), **facts: Any) -> str:
    """What the last look says about a notice of that step over those invoices."""
    found = look_again(
        POLICY,
        account(*items, **facts),
        step=STEPS[step - 1],
        channel="email",
        cycle=cycle,
        claims=[str(pk) for pk in ids],
        on=DAY,
    )  # fmt: skip
    assert found.proposes or sentence(found.code, found.facts, "EUR")
    return found.code


def test_r06_the_last_look_tells_what_changed() -> None:
    assert seen_again(item(5)) == "propose"
    assert seen_again(item(5, pk=2)) == "paid"
    assert seen_again(item(5), credits=Decimal(100)) == "covered_by_credits"
    assert seen_again(item(5), last_contact=contact(0)) == "too_soon"
    assert seen_again(item(5), reach=frozenset()) == "no_address"
    assert seen_again(item(5, sent=2)) == "already_sent"
    assert seen_again(item(1), step=1) == "overdue_by_now"
    assert seen_again(item(5, pk=2), step=4, ids=(1, 2)) == "paid"


MONEY = st.decimals("0.01", "1000", places=2)
ITEMS = st.builds(
    lambda pk, late, amount, sent, disputed, promised, flight: item(
        late, str(amount), pk=pk, sent=sent, disputed=disputed, promised=promised, promised_until=DAY, in_flight=flight
    ),
    st.integers(1, 10**6),
    st.integers(-40, 400),
    MONEY,
    st.integers(0, 6),
    st.one_of(st.just(Decimal(0)), MONEY),
    st.one_of(st.just(Decimal(0)), MONEY),
    st.one_of(st.just(Decimal(0)), MONEY),
)
ACCOUNTS = st.lists(ITEMS, max_size=8, unique_by=lambda one: one.invoice_id)


@given(ACCOUNTS, st.one_of(st.just(Decimal(0)), MONEY), st.sampled_from(["first", "matching"]))
def test_no_account_is_ever_asked_for_more_than_it_owes_undisputed(
    items: list[OpenItem], credits: Decimal, entry: str
) -> None:
    found = decided(*items, credits=credits, policy=PolicyFacts(STEPS, entry))
    if not found.proposes:
        assert not found.items
        return
    assert 0 < found.amount == sum(asked.asked for asked in found.items) - credits
    assert len({asked.item.invoice_id for asked in found.items}) == len(found.items)
    for asked in found.items:
        pause = asked.item.pause
        assert pause is not None
        owed = asked.item.open - pause.disputed - pause.in_flight - pause.promised
        assert 0 < asked.asked <= asked.item.open
        assert asked.asked == owed
    lead = next(asked for asked in found.items if str(asked.item.invoice_id) == found.cycle)
    assert found.step is not None
    assert lead.item.sent_step < found.step.position
    assert lead.days_late >= found.step.offset_days


@given(ACCOUNTS, st.one_of(st.just(Decimal(0)), MONEY))
def test_what_is_proposed_passes_the_last_look_when_nothing_changed(items: list[OpenItem], credits: Decimal) -> None:
    found = decided(*items, credits=credits)
    if found.proposes and found.step:
        ids = {asked.item.claim for asked in found.items}
        again = look_again(
            POLICY, account(*items, credits=credits), step=found.step, channel=found.channel, cycle=found.cycle,
            claims=ids, on=DAY,
        )  # fmt: skip
        assert (again.code, again.amount, again.items) == ("propose", found.amount, found.items)
