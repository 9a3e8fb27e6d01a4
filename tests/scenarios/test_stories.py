"""Stories of accounts through the calendar: what happened, and on which days which reminder came, or why none did."""

from datetime import timedelta
from decimal import Decimal

import pytest

from collections_app.accounts.roles import Role
from customers.services.suppress_address import suppress_address
from dunning.models import Notice, Run
from invoices.rules.plans import Part
from invoices.services.approve_plan import approve_plan
from invoices.services.close_case import close_case
from invoices.services.close_dispute import close_dispute
from invoices.services.issue_credit_note import issue_credit_note
from invoices.services.make_promise import make_promise
from invoices.services.open_case import open_case
from invoices.services.open_dispute import open_dispute
from invoices.services.propose_plan import propose_plan
from invoices.services.reopen_case import reopen_case
from tests import factories
from tests.scenarios.story import Story, day

pytestmark = pytest.mark.django_db


def test_a_customer_who_never_answers_goes_down_the_whole_ladder_and_stops_at_its_end() -> None:
    story = Story("2026-02-20")
    story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-06-30")
    story.ends_with(
        "Fri 27 Feb: Friendly notice, 100.00 EUR for R-1",
        "Thu 5 Mar: First reminder, 100.00 EUR for R-1",  # six days after the word before
        "Wed 11 Mar: Second reminder, 100.00 EUR for R-1",
        "Mon 23 Mar: Third reminder, 100.00 EUR for R-1",
        "Tue 7 Apr: Call, 100.00 EUR for R-1",  # the 6th is Easter Monday
        "Tue 21 Apr: Final letter, 100.00 EUR for R-1",
    )
    assert story.reason() == "finished"


def test_r20_a_part_payment_lowers_the_claim_and_not_the_level() -> None:
    story = Story("2026-03-03")
    invoice = story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-11")
    story.pays("40.00", invoice)
    story.until("2026-03-24")
    story.pays("60.00", invoice)
    story.until("2026-05-31")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
        "Mon 23 Mar: Third reminder, 60.00 EUR for R-1",
    )
    assert story.reason() == "nothing_open"


def test_f26_only_the_undisputed_part_is_claimed_until_the_dispute_is_settled() -> None:
    story = Story("2026-03-03")
    invoice = story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-05")
    dispute = open_dispute(
        invoice=invoice, amount=Decimal("30.00"), reason="quality", opened_on=story.today, by="test"
    )  # fmt: skip
    story.until("2026-03-30")
    close_dispute(
        dispute=dispute, state="rejected", resolution="The goods were in order.", closed_on=story.today, actor=None,
        by="test",
    )  # fmt: skip
    story.until("2026-04-08")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 70.00 EUR for R-1",
        "Mon 23 Mar: Third reminder, 70.00 EUR for R-1",
        "Tue 7 Apr: Call, 100.00 EUR for R-1",
    )


def test_f37_dunning_resumes_at_the_right_step_when_a_case_of_two_invoices_ends() -> None:
    story = Story("2026-03-03")
    first = story.invoice("R-1", "100.00", due="2026-03-02")
    second = story.invoice("R-2", "50.00", due="2026-03-02")
    story.until("2026-03-05")
    case = open_case(
        customer=story.customer, items=[(first, None), (second, None)], reason="quality", opened_on=story.today,
        by="test",
    )  # fmt: skip
    story.until("2026-03-30")
    assert story.reason() == "disputed"
    lead = factories.user(Role.MANAGER)
    factories.payment(story.customer, "50.00", received_on=story.today, shares=[(second, None)])
    story.until("2026-03-31")
    close_case(case=case, outcome="rejected", resolution="As ordered.", on=story.today, actor=lead)
    story.until("2026-04-08")
    reopen_case(case=case, why="New photos.", on=story.today, actor=lead)
    story.until("2026-04-20")
    close_case(case=case, outcome="rejected", resolution="As before.", on=story.today, actor=lead)
    story.until("2026-04-22")
    story.ends_with(
        "Tue 3 Mar: First reminder, 150.00 EUR for R-1 R-2",
        "Wed 1 Apr: Second reminder, 100.00 EUR for R-1",
        "Tue 7 Apr: Third reminder, 100.00 EUR for R-1",
        "Tue 21 Apr: Call, 100.00 EUR for R-1",
    )


def test_p02_a_promise_buys_silence_until_it_is_broken_and_no_longer() -> None:
    story = Story("2026-03-03")
    invoice = story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-06")
    promise = make_promise(
        customer=story.customer, items=[(invoice, None)], promised_on=day("2026-03-18"), made_on=story.today, by="test"
    )
    story.until("2026-03-17")
    assert story.reason() == "promised"
    story.until("2026-03-31")
    promise.refresh_from_db()
    assert promise.state == "broken"
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Thu 19 Mar: Second reminder, 100.00 EUR for R-1",
        "Wed 25 Mar: Third reminder, 100.00 EUR for R-1",
    )


def test_p07_a_plan_freezes_the_conversation_and_its_default_takes_it_up_where_it_was() -> None:
    story = Story("2026-03-03")
    invoice = story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-12")
    parts = [Part(day("2026-03-20"), Decimal("50.00")), Part(day("2026-04-20"), Decimal("50.00"))]
    lead = factories.user(Role.MANAGER)
    plan = propose_plan(customer=story.customer, items=[(invoice, None)], parts=parts, on=story.today, by="test")
    approve_plan(plan=plan, on=story.today, actor=lead)
    story.until("2026-03-20")
    assert story.reason() == "on_plan"
    story.pays("50.00", invoice)
    story.until("2026-04-22")  # two days after the second part: still within the grace of three
    assert story.reason() == "on_plan"
    story.until("2026-05-15")
    plan.refresh_from_db()
    assert plan.state == "defaulted"
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
        "Fri 24 Apr: Third reminder, 50.00 EUR for R-1",
        "Thu 30 Apr: Call, 50.00 EUR for R-1",
        "Wed 6 May: Final letter, 50.00 EUR for R-1",
    )


def test_d36_a_bounced_address_is_written_to_no_more_and_somebody_calls() -> None:
    story = Story("2026-03-03", address="Werkstraße 1\n20457 Hamburg")
    story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-05")
    contact = story.customer.contacts.get()
    suppress_address(contact_id=contact.pk, address=contact.email, why="550 no such mailbox")
    story.until("2026-03-11")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
    )
    notice = Notice.objects.latest("pk")
    assert (notice.channel, notice.to_address) == ("call_task", "")
    assert story.reason() == "step_not_due"


def test_r24_a_credit_note_after_the_notice_ends_the_matter_at_once() -> None:
    story = Story("2026-03-03")
    invoice = story.invoice("R-1", "100.00", due="2026-03-02")
    story.until("2026-03-04")
    issue_credit_note(
        entity=story.entity, customer=story.customer, number="G-1", issued_on=story.today, total=Decimal("100.00"),
        currency="EUR", corrects=invoice, by="test",
    )  # fmt: skip
    story.until("2026-06-30")
    story.ends_with("Tue 3 Mar: First reminder, 100.00 EUR for R-1")
    assert story.reason() == "nothing_open"


def test_d42_after_five_days_without_us_one_reminder_goes_out_and_the_next_in_order() -> None:
    story = Story("2026-03-03")
    story.invoice("R-1", "100.00", due="2026-03-02")
    outage = {day("2026-03-09") + timedelta(days=n) for n in range(5)}
    story.until("2026-03-31", at_work=lambda today: today not in outage)
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Mon 16 Mar: Second reminder, 100.00 EUR for R-1",  # was due on the 10th; the 14th is a Saturday
        "Mon 23 Mar: Third reminder, 100.00 EUR for R-1",
    )
    assert not Run.objects.filter(as_of__in=outage).exists()


def test_r14_in_the_week_of_easter_nothing_leaves_on_a_holiday_and_the_next_step_counts_from_the_sending() -> None:
    story = Story("2026-04-01")
    story.invoice("R-1", "100.00", due="2026-04-02")  # Maundy Thursday; Good Friday follows
    story.until("2026-04-20")
    story.ends_with(
        "Wed 1 Apr: Friendly notice, 100.00 EUR for R-1",
        "Tue 7 Apr: First reminder, 100.00 EUR for R-1",  # after Good Friday, the weekend and Easter Monday
        "Mon 13 Apr: Second reminder, 100.00 EUR for R-1",
    )


def test_d38_two_currencies_are_two_letters_and_one_contact() -> None:
    story = Story("2026-03-03")
    story.invoice("R-1", "100.00", due="2026-03-02")
    dollars = story.invoice("R-2", "250.00", due="2026-02-27", currency="USD")
    story.until("2026-03-05")
    factories.payment(story.customer, "250.00", currency="USD", received_on=story.today, shares=[(dollars, None)])
    story.until("2026-03-10")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 3 Mar: First reminder, 250.00 USD for R-2",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
    )


def test_a_subsidiary_is_written_to_for_what_it_owes_itself_and_its_parent_is_left_alone() -> None:
    story = Story("2026-03-03")
    parent = factories.customer(name="Holding AG")
    story.customer.parent = parent
    story.customer.save()
    story.invoice("R-1", "100.00", due="2026-03-02")
    story.invoice("R-2", "900.00", due="2026-03-20", who=parent)
    story.until("2026-03-18")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
        "Tue 17 Mar: Friendly notice, 900.00 EUR for R-2",
    )


def test_r03_a_young_invoice_joins_the_conversation_and_does_not_inherit_its_level() -> None:
    story = Story("2026-03-03")
    old = story.invoice("R-1", "100.00", due="2026-03-02")
    story.invoice("R-2", "50.00", due="2026-03-20")
    story.until("2026-03-24")
    story.pays("100.00", old)
    story.until("2026-04-20")
    story.ends_with(
        "Tue 3 Mar: First reminder, 100.00 EUR for R-1",
        "Tue 10 Mar: Second reminder, 100.00 EUR for R-1",
        "Mon 23 Mar: Third reminder, 150.00 EUR for R-1 R-2",
        "Mon 30 Mar: Second reminder, 50.00 EUR for R-2",
        "Fri 10 Apr: Third reminder, 50.00 EUR for R-2",
    )
