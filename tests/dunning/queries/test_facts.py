"""What the rule is told, read from the database: pauses of every scope, levels across policies and versions, and which
policy is whose."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import pytest

from customers.models import Customer, LegalEntity, Segment, SegmentMember, TrackingEvent
from customers.services.pause_entity import pause_entity
from customers.services.place_hold import place_hold
from dunning.models import Notice, Policy, Step
from dunning.queries.decisions import decide_about
from dunning.queries.facts import facts_about, next_chunk
from dunning.queries.policies import policies_of, policy_of_customer
from dunning.rules.facts import Decision, OpenItem
from dunning.services.add_policy import add_policy
from invoices.models import DocumentMail, Invoice
from invoices.rules.plans import Part
from invoices.services.approve_plan import approve_plan
from invoices.services.claim_fee import claim_fee
from invoices.services.end_plan import end_plan
from invoices.services.hold_invoice import hold_invoice
from invoices.services.judge_promises import judge_promises
from invoices.services.make_promise import make_promise
from invoices.services.propose_plan import propose_plan
from tests import factories
from tests.dunning.conftest import NOON, deliver, run_on
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def decision(policy: Policy, who: Customer, on: date = DAY) -> Decision:
    """The decision about the only account of the customer."""
    ((_, _, found),) = decide_about(policy, [who.pk], on)
    return found


def items(policy: Policy, who: Customer, on: date = DAY) -> Sequence[OpenItem]:
    return facts_about(policy, [who.pk], on).accounts[0].items


def late(days: int = 9, total: str = "100.00") -> tuple[Customer, Invoice]:
    who = factories.customer()
    return who, factories.invoice(who, total, due_on=ago(days))


def reminded(policy: Policy, days: int = 9) -> tuple[Customer, Invoice]:
    """A customer that got the first reminder today."""
    who, invoice = late(days)
    run_on(policy)
    assert deliver() == {"accepted": 1}
    return who, invoice


def test_r09_a_pause_of_the_entity_holds_everybody_of_it_until_it_ends(policy: Policy, entity: LegalEntity) -> None:
    who, _ = late()
    pause_entity(
        entity=entity, reason="Stocktaking", starts_on=DAY, ends_on=DAY + timedelta(days=2), actor=None, by="t"
    )
    assert decision(policy, who).code == "entity_paused"
    assert decision(policy, who, DAY + timedelta(days=3)).code == "propose"


def test_r09_a_hold_on_one_person_leaves_the_others(policy: Policy) -> None:
    who, _ = late()
    first = who.contacts.get()
    place_hold(customer=who, contact=first, reason="do_not_contact", starts_on=DAY, ends_on=DAY, actor=None, by="test")
    alone = decision(policy, who)
    assert (alone.code, alone.channel) == ("propose", "call_task")
    who.contacts.create(name="Kim", email="kim@customer.example", part="payables")
    facts = facts_about(policy, [who.pk], DAY)
    assert facts.people[who.pk].email == "kim@customer.example"
    assert facts_about(policy, [who.pk], DAY + timedelta(days=1)).people[who.pk].contact_id == first.pk


def test_r09_a_hold_on_an_invoice_or_a_part_of_it_is_left_out_and_the_rest_asked_for(policy: Policy) -> None:
    who, invoice = late()
    other = factories.invoice(who, "50.00", due_on=ago(9))
    hold = partial(hold_invoice, reason="Checked", starts_on=DAY, ends_on=DAY + timedelta(days=5), actor=None, by="t")
    hold(invoice=invoice, amount=None)
    assert decision(policy, who).amount == Decimal(50)
    hold(invoice=other, amount=Decimal(20))
    found = decision(policy, who)
    assert found.amount == Decimal(30)
    assert [part["why"] for part in found.facts["left_out"]] == ["invoice_held", "invoice_held"]
    assert decision(policy, who, DAY + timedelta(days=7)).amount == Decimal(150)


def test_r09_after_a_hold_reminders_go_on_or_start_again_as_it_says(policy: Policy) -> None:
    who, _ = reminded(policy)
    ends = DAY + timedelta(days=10)
    hold = place_hold(customer=who, reason="relationship", starts_on=DAY, ends_on=ends, actor=None, by="test")
    after = ends + timedelta(days=1)
    goes_on = decision(policy, who, after)
    assert goes_on.step is not None
    assert (goes_on.step.name, "@" in goes_on.cycle) == ("Second reminder", False)
    hold.then = "restart"
    hold.save()
    again = decision(policy, who, after)
    assert again.step is not None
    assert (again.step.name, again.cycle.partition("@")[2]) == ("First reminder", after.isoformat())
    run_on(policy, after)
    assert deliver() == {"accepted": 1}
    assert items(policy, who, after)[0].sent_step == 2


def test_p05_a_payers_promise_pauses_once_and_ours_as_long_as_agreed(policy: Policy) -> None:
    who, invoice = late()
    day = DAY + timedelta(days=4)
    make_promise(customer=who, items=[(invoice, None)], promised_on=day, made_on=DAY, via="payer", by="test")
    assert decision(policy, who).code == "promised"
    judge_promises(on=DAY + timedelta(days=5))
    again = DAY + timedelta(days=7)
    promise = make_promise(customer=who, items=[(invoice, None)], promised_on=again, made_on=again, via="payer", by="t")
    assert promise.level == 2
    assert decision(policy, who, again).code == "propose"
    promise.via = "analyst"
    promise.save()
    assert decision(policy, who, again).code == "promised"


def test_p07_a_plan_freezes_its_part_and_its_default_brings_back_the_level(policy: Policy) -> None:
    who, invoice = reminded(policy)
    Step.objects.create(policy=policy, position=7, name="Broken", anchor="broken_promise", offset_days=0,
                        channel="email", stage="late")  # fmt: skip
    parts = [Part(DAY + timedelta(days=14), Decimal(30)), Part(DAY + timedelta(days=44), Decimal(30))]
    plan = propose_plan(customer=who, items=[(invoice, Decimal(60))], parts=parts, on=DAY, by="test")
    later = DAY + timedelta(days=8)
    assert decision(policy, who, later).amount == Decimal(100)
    approve_plan(plan=plan, on=DAY, actor=factories.user())
    frozen = decision(policy, who, later)
    assert (frozen.amount, frozen.facts["left_out"][0]["why"]) == (Decimal(40), "on_plan")
    plan.refresh_from_db()
    plan.state, plan.ended_on = "defaulted", later
    plan.save()
    found = decision(policy, who, later)
    assert found.step is not None
    assert (found.step.name, found.amount, found.step_offset) == ("Broken", Decimal(100), None)
    assert items(policy, who, later)[0].sent_step == 2


def test_a_cancelled_plan_pauses_no_more(policy: Policy) -> None:
    who, invoice = late()
    plan = propose_plan(
        customer=who, items=[(invoice, None)], parts=[Part(DAY + timedelta(days=9), Decimal(100))], on=DAY, by="test"
    )
    plan = approve_plan(plan=plan, on=DAY, actor=factories.user())
    assert decision(policy, who).code == "on_plan"
    end_plan(plan=plan, why="Mistake", on=DAY, by="test")
    assert decision(policy, who).code == "propose"


def test_r10_an_invoice_hold_lies_on_the_oldest_instalment(policy: Policy) -> None:
    who = factories.customer()
    due = [(ago(40), Decimal(10)), (ago(20), Decimal(20))]
    invoice = factories.invoice(who, "30", due_on=ago(20), issued_on=ago(90), instalments=due)
    hold_invoice(
        invoice=invoice, amount=Decimal(15), reason="Checked", starts_on=DAY, ends_on=DAY, actor=None, by="test"
    )
    found = decision(policy, who)
    assert [(one.item.number, one.asked) for one in found.items] == [(f"{invoice.number}/2", Decimal(15))]


def test_fees_join_with_no_level_of_their_own(policy: Policy) -> None:
    who, invoice = reminded(policy)
    claim_fee(invoice=invoice, number="F-1", amount=Decimal(5), issued_on=DAY, by="test")
    run_on(policy, DAY + timedelta(days=7))
    assert deliver() == {"accepted": 1}
    levels = {owed.number: (owed.kind, owed.sent_step) for owed in items(policy, who, DAY + timedelta(days=7))}
    assert levels == {invoice.number: ("invoice", 3), "F-1": ("fee", 0)}
    assert Notice.objects.latest("pk").amount == Decimal(105)


def test_r12_a_new_date_to_pay_by_leaves_the_due_date_as_it_is(policy: Policy) -> None:
    who, invoice = reminded(policy)
    assert Notice.objects.get().pay_by == DAY + timedelta(days=7)
    (owed,) = items(policy, who, DAY + timedelta(days=7))
    assert (owed.due_on, owed.sent_on) == (invoice.due_on, DAY)


def test_r20_a_part_payment_resets_nothing_and_one_in_another_currency_neither(policy: Policy) -> None:
    who, invoice = reminded(policy)
    factories.payment(who, "60.00", received_on=DAY, shares=[(invoice, None)])
    dollars = factories.invoice(who, "20.00", due_on=ago(3), currency="USD")
    factories.payment(who, "20.00", received_on=DAY, currency="USD", shares=[(dollars, None)])
    found = decision(policy, who, DAY + timedelta(days=7))
    assert found.step is not None
    assert (found.step.name, found.amount) == ("Second reminder", Decimal(40))


def test_r23_unpaid_since_means_the_due_date_however_old_the_invoice_is(policy: Policy) -> None:
    who = factories.customer()
    factories.invoice(who, due_on=DAY + timedelta(days=10), issued_on=ago(200))
    assert decision(policy, who).code == "not_due"


def test_d48_days_late_turn_with_the_entitys_own_midnight() -> None:
    far = factories.entity("AU01", time_zone="Australia/Lord_Howe", country="AU", holiday_region="AU")
    policy = add_policy(entity=far, name="Far", based_on=None, actor=None)
    who = factories.customer(of=far)
    factories.invoice(who, due_on=DAY)
    assert decision(policy, who, DAY).step is not None  # due today: still the word before the due date
    tomorrow = decision(policy, who, DAY + timedelta(days=1))
    assert tomorrow.step is not None
    assert tomorrow.step.name == "First reminder"


def in_segment(policy: Policy, who: Customer, *, until: date | None = None) -> Segment:
    segment, _ = Segment.objects.get_or_create(code="big", defaults={"name": "Big"})
    SegmentMember.objects.create(segment=segment, customer=who, since=ago(99), until=until)
    return segment


def test_a_customer_comes_under_the_first_policy_that_fits(policy: Policy, entity: LegalEntity) -> None:
    big, gentle, plain, left = [late()[0] for _ in range(4)]
    segment = in_segment(policy, big)
    in_segment(policy, left, until=ago(9))
    Customer.objects.filter(pk__in=[gentle.pk, big.pk]).update(strategy="gentle")
    for_big = add_policy(entity=entity, name="Big", based_on=None, segment=segment, rank=10, actor=None)
    for_gentle = add_policy(entity=entity, name="Gentle", based_on=None, strategy="gentle", rank=20, actor=None)
    everybody = [big.pk, gentle.pk, plain.pk, left.pk]
    assert set(policies_of(everybody).values()) == {policy.pk}
    assert next_chunk(for_big, 0, 9) == [big.pk]  # while it is off: whom it would have
    Policy.objects.update(is_active=True)
    assert policies_of(everybody) == {
        big.pk: for_big.pk, gentle.pk: for_gentle.pk, plain.pk: policy.pk, left.pk: policy.pk,
    }  # fmt: skip
    assert next_chunk(for_gentle, 0, 9) == [gentle.pk]
    assert next_chunk(policy, 0, 9) == [plain.pk, left.pk]
    assert next_chunk(policy, 0, 9, upto=plain.pk) == [plain.pk]
    assert policy_of_customer(big) == for_big


def test_every_customer_is_in_exactly_one_policys_chunks(policy: Policy, entity: LegalEntity) -> None:
    ids = [late()[0].pk for _ in range(7)]
    segment = in_segment(policy, Customer.objects.get(pk=ids[2]))
    Customer.objects.filter(pk__in=ids[2:5]).update(strategy="gentle")
    add_policy(entity=entity, name="Gentle", based_on=None, strategy="gentle", rank=100, actor=None)
    add_policy(entity=entity, name="Big", based_on=None, segment=segment, rank=5, actor=None)
    Policy.objects.update(is_active=True)
    found = [pk for one in Policy.objects.order_by("pk") for pk in next_chunk(one, 0, 99)]
    assert sorted(found) == ids


def test_r02_a_level_goes_along_to_another_policy_and_never_falls(policy: Policy, entity: LegalEntity) -> None:
    who, _ = reminded(policy, days=22)
    run_on(policy, DAY + timedelta(days=7))
    deliver()
    other = add_policy(entity=entity, name="Other", based_on=None, strategy="x", actor=None)
    other.steps.filter(position=4).delete()
    other.steps.filter(position=3).update(offset_days=5)
    assert items(policy, who, DAY + timedelta(days=7))[0].sent_step == 3
    assert items(other, who, DAY + timedelta(days=7))[0].sent_step == 3
    found = decision(other, who, DAY + timedelta(days=14))
    assert found.step is not None
    assert found.step.name == "Call"


def test_r01_a_notice_that_was_recalled_counts_for_no_step_and_no_day(policy: Policy) -> None:
    who, _ = reminded(policy)
    assert decision(policy, who, DAY + timedelta(days=1)).code == "too_soon"
    Notice.objects.update(recalled_at=NOON)
    found = decision(policy, who, DAY + timedelta(days=1))
    assert found.step is not None
    assert (found.code, found.step.name) == ("propose", "First reminder")


def test_r19_a_step_goes_to_its_first_role_with_somebody_reachable_and_copies_to_others(policy: Policy) -> None:
    who, _ = late()
    cfo = who.contacts.create(name="Cleo", email="cleo@customer.example", part="cfo", language="fr")
    who.contacts.create(name="Bo", email="bo@customer.example", part="buyer")
    who.contacts.create(name="Bo again", email="BO@customer.example", part="buyer")
    who.contacts.create(name="Gone", email="gone@customer.example", part="escalation", health="left")
    policy.steps.filter(position=2).update(recipients=["escalation", "cfo"], copies=["buyer", "cfo"])
    step = decision(Policy.objects.get(pk=policy.pk), who).step
    assert step is not None
    person = facts_about(policy, [who.pk], DAY).people[who.pk]
    addressed = person.addressed(step)
    assert (addressed.contact_id, addressed.email, addressed.language) == (cfo.pk, "cleo@customer.example", "fr")
    assert [mailbox.lower() for mailbox in person.copies(step)] == ["bo@customer.example"]
    assert person.contact_name == "Pat Payable"


def test_r19_only_a_role_is_reachable_and_the_step_is_for_it(policy: Policy) -> None:
    who, _ = late()
    who.contacts.update(health="bounced")
    who.contacts.create(name="Cleo", email="cleo@customer.example", part="cfo")
    assert decision(policy, who).channel == "call_task"
    policy.steps.filter(position=2).update(recipients=["cfo"])
    assert decision(Policy.objects.get(pk=policy.pk), who).channel == "email"


def test_r15_an_invoice_whose_mail_came_back_is_not_reminded_of_until_another_one_arrives(policy: Policy) -> None:
    who, invoice = late()
    mailed = partial(
        DocumentMail.objects.create, customer=who, kind="invoice", invoice=invoice, channel="email", language="en",
        state="accepted", settled_at=NOON - timedelta(days=20),
    )  # fmt: skip
    mailed(dedupe_key="one", message_id="one@us.example")
    assert decision(policy, who).code == "propose"
    came_back = NOON - timedelta(days=19)
    TrackingEvent.objects.create(
        provider="esp", event_id="1", kind="bounced", message_id="one@us.example", happened_at=came_back
    )
    assert decision(policy, who).code == "not_delivered"
    mailed(dedupe_key="two", message_id="two@us.example")
    assert decision(policy, who).code == "propose"


def test_a_minimum_of_its_own_goes_before_the_converted_one(policy: Policy) -> None:
    Policy.objects.update(min_amount=Decimal(50))
    policy.minimums.create(currency="USD", min_amount=Decimal(5))
    who = factories.customer()
    factories.invoice(who, "20.00", due_on=ago(9))
    factories.invoice(who, "20.00", due_on=ago(9), currency="USD")
    found = {currency: one.code for _, currency, one in decide_about(Policy.objects.get(), [who.pk], DAY)}
    assert found == {"EUR": "below_minimum", "USD": "propose"}


def test_r17_credits_hold_the_letter_where_the_policy_says_so(policy: Policy) -> None:
    Policy.objects.update(credits="hold")
    who, _ = late()
    factories.payment(who, "10.00", received_on=DAY)
    assert decision(Policy.objects.get(), who).code == "credits_open"
