"""Laws of the dunning rule over made-up accounts that live through weeks: no level falls, no run sends two steps, what
is held is never asked for, and contacts keep their distance."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from collections_app.lib.calendars import is_business_day
from dunning.rules.decide import decide
from dunning.rules.facts import Account, Decision, LastContact, OpenItem, Pause, PolicyFacts, StepFacts
from dunning.rules.timing import ready_on
from tests.dunning.rules.accounts import DAY, STEPS, account, item

MONEY = st.decimals("0.01", "1000", places=2)
ANCHORS = st.sampled_from(["due_date", "end_of_month", "previous_notice"])


@st.composite
def policies(draw: st.DrawFn) -> PolicyFacts:
    """A policy with a ladder of one to six steps, perhaps one before the due date and one after a broken promise."""
    steps = [StepFacts(1, "Before", draw(st.integers(-10, 0)), "email", "preventive", 7, "email")]
    days = 0
    for position in range(2, draw(st.integers(3, 8))):
        anchor = draw(ANCHORS) if position > 2 else "due_date"
        gap = draw(st.integers(1, 20))
        days = days + gap if anchor == "due_date" else days
        offset = days if anchor == "due_date" else gap
        steps.append(StepFacts(position, f"Step {position}", offset, "email", "early", 7, "email", anchor=anchor,
                               business_days=draw(st.booleans())))  # fmt: skip
    if draw(st.booleans()):
        steps.append(StepFacts(20, "Broken", draw(st.integers(0, 5)), "email", "late", anchor="broken_promise"))
    return PolicyFacts(
        tuple(steps[draw(st.integers(0, 1)) :]),
        entry=draw(st.sampled_from(["first", "matching"])),
        min_days_between=draw(st.integers(1, 10)),
        min_share=draw(st.sampled_from([Decimal(0), Decimal(5), Decimal(40)])),
    )


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """An account of up to five invoices, some of which are paused, have a broken promise, or are fees."""
    items = []
    for pk in range(1, draw(st.integers(1, 5)) + 1):
        owed = item(
            draw(st.integers(-40, 90)), str(draw(MONEY)), pk=pk,
            kind=draw(st.sampled_from(["invoice", "invoice", "invoice", "fee"])),
            broken_on=draw(st.none() | st.integers(0, 60).map(lambda days: DAY + timedelta(days=days))),
            disputed=draw(st.just(Decimal(0)) | MONEY), on_plan=draw(st.just(Decimal(0)) | MONEY),
            held=draw(st.just(Decimal(0)) | MONEY),
            held_until=DAY + timedelta(days=draw(st.integers(0, 60))),
        )  # fmt: skip
        items.append(owed)
    return account(*items, min_amount=draw(st.sampled_from([Decimal(0), Decimal(50)])))


def after(policy: PolicyFacts, known: Account, found: Decision, on: date) -> Account:
    """The account once the proposed notice has left, as the next day's facts tell it."""
    step = found.step
    assert step is not None
    asked = {one.item.claim for one in found.items}
    items = []
    for owed in known.items:
        if owed.claim not in asked:
            items.append(owed)
            continue
        leads = owed.claim == found.cycle
        if step in policy.beside:
            answered = (*owed.answered, step.position) if leads else owed.answered
            items.append(owed._replace(sent_on=on, answered=answered))
            continue
        own = max(
            (
                one.position
                for one in policy.steps
                if one not in policy.beside
                and one.position <= step.position
                and (leads or ready_on(one, owed, known.region) <= on)
            ),
            default=0,
        )
        level = 0 if owed.kind == "fee" else max(owed.sent_step, own)
        items.append(owed._replace(sent_step=level, sent_on=on))
    return known._replace(items=tuple(items), last_contact=LastContact(on, step.name))


@settings(max_examples=150, deadline=None)
@given(policies(), accounts())
def test_r01_no_level_falls_and_no_step_comes_twice_however_long_it_takes(policy: PolicyFacts, known: Account) -> None:
    led: dict[str, list[int]] = {}
    last = None
    for days in range(120):
        on = DAY + timedelta(days=days)
        found = decide(policy, known, on)
        if not found.proposes:
            continue
        assert found.step is not None
        assert is_business_day(on, known.region)
        assert last is None or (on - last).days >= policy.min_days_between
        steps = led.setdefault(found.cycle, [])
        assert found.step.position not in steps
        if found.step not in policy.beside:
            assert found.step.position > max((one for one in steps if one != 20), default=0)
        steps.append(found.step.position)
        levels = {owed.claim: owed.sent_step for owed in known.items}
        known, last = after(policy, known, found, on), on
        assert all(owed.sent_step >= levels[owed.claim] for owed in known.items)


@settings(max_examples=300, deadline=None)
@given(policies(), accounts(), st.integers(0, 100))
def test_r10_what_is_held_disputed_or_on_a_plan_is_never_asked_for(
    policy: PolicyFacts, known: Account, days: int
) -> None:
    on = DAY + timedelta(days=days)
    found = decide(policy, known, on)
    for one in found.items:
        pause = one.item.pause or Pause()
        held = pause.held if pause.held_until and on <= pause.held_until else Decimal(0)
        assert one.asked == one.item.open - held - pause.disputed - pause.on_plan > 0
    if found.proposes:
        assert found.amount == sum(one.asked for one in found.items) - known.credits > 0
        assert found.amount >= known.min_amount
        assert found.amount * 100 >= sum(owed.open for owed in known.items) * policy.min_share


@settings(max_examples=300, deadline=None)
@given(policies(), accounts(), st.integers(0, 100))
def test_fees_never_lead_and_the_lead_is_owed_its_step(policy: PolicyFacts, known: Account, days: int) -> None:
    on = DAY + timedelta(days=days)
    found = decide(policy, known, on)
    if not found.proposes:
        return
    assert found.step is not None
    lead = next(one.item for one in found.items if one.item.claim == found.cycle)
    assert lead.kind == "invoice"
    assert ready_on(found.step, lead, known.region) <= on
    assert found.facts["since"] <= on


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.integers(1, 200))
def test_r02_the_letter_has_the_step_after_the_highest_open_level(levels: list[int], late: int) -> None:
    items: list[OpenItem] = [item(late, pk=pk, sent=sent) for pk, sent in enumerate(levels, start=1)]
    found = decide(PolicyFacts(STEPS), account(*items), DAY)
    alive = [sent for sent in levels if sent < 6]
    if not alive:
        assert found.code == "finished"
    elif found.proposes:
        assert found.step is not None
        assert found.step.position == max(max(alive) + 1, 2)


@given(policies(), accounts())
def test_an_account_that_nothing_is_open_in_is_never_written_to(policy: PolicyFacts, known: Account) -> None:
    assert decide(policy, known._replace(items=()), DAY).code == "nothing_open"
    assert decide(replace(policy, entry="first"), known._replace(related_party=True), DAY).code == "related_party"
