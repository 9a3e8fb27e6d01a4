"""What may leave the house: the kill switch, the test mode, the allow-list, the contact budget, the circuit; and what
the program itself cannot deal with."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain
from customers.models import ContactTouch, DeliveryState, OutgoingRules, ProviderCircuit
from customers.rules.backoff import FAILURES_TO_OPEN, MAX_ATTEMPTS
from customers.services.claim import CLAIM_LEASE, claim, sweep
from customers.services.deliver import MAX_LOOKS, DeliveryCounts, deliver_due
from customers.services.merge_customers import merge_customers
from customers.services.note_contact import note_contact
from customers.services.reserve_touches import Touch, reserve_touches
from customers.services.settle_delivery import Withdrawal
from invoices.models import DocumentMail
from tests import factories
from tests.customers.services.test_deliver import Outside, mail

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
AWAY = Refused("mail_server_away", "no route", provider_fault=True)


def touch_of(row: DocumentMail, on: date = TODAY) -> Touch:
    return Touch(
        customer_id=row.customer_id, contact_id=row.contact_id, address=row.to_address, on=on, channel=row.channel,
        source=f"mail:{row.pk}", again_at=timezone.now() + timedelta(hours=20), give_up_on=TODAY + timedelta(days=5),
    )  # fmt: skip


def deliver(
    send: Callable[[DocumentMail], Outcome],
    *,
    look_again: Callable[[Sequence[DocumentMail]], dict[int, Withdrawal]] = lambda rows: {},
    later: timedelta = timedelta(),
    on: date | None = None,
) -> DeliveryCounts:
    return deliver_due(
        model=DocumentMail, look_again=look_again, send=send, now=lambda: timezone.now() + later,
        touch=(lambda row: touch_of(row, on)) if on else None,
    )  # fmt: skip


def states() -> list[tuple[str, str]]:
    return list(DocumentMail.objects.order_by("pk").values_list("state", "reason"))


def test_o17_while_everything_is_stopped_nothing_is_even_claimed() -> None:
    mail()
    OutgoingRules.objects.create(pk=1, stopped_at=timezone.now(), stopped_why="x")
    assert deliver(Outside().send).total == 0
    assert states() == [("approved", "")]


def test_o17_the_switch_holds_from_its_commit_on_in_the_middle_of_a_batch() -> None:
    rows, seen = [mail("a"), mail("b"), mail("c")], []

    def send(row: DocumentMail) -> Outcome:
        seen.append(row.pk)
        OutgoingRules.objects.create(pk=1, stopped_at=timezone.now(), stopped_why="x", changed_at=timezone.now())
        return Accepted()

    deliver(send)
    assert seen == [rows[0].pk]
    assert [state for state, _ in states()] == ["accepted", "approved", "approved"]
    assert list(DocumentMail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]


def test_o17_rules_that_change_in_the_middle_of_a_batch_hold_for_the_next_message() -> None:
    mail("a"), mail("b")
    boxes: list[str] = []

    def send(row: DocumentMail) -> Outcome:
        boxes.append(row.redirect_to)
        OutgoingRules.objects.get_or_create(pk=1, defaults={"test_address": "box@house.example"})
        return Accepted()

    deliver(send)
    assert boxes == ["", "box@house.example"]
    assert states() == [("accepted", ""), ("cancelled", "test_mode")]
    assert "box@house.example" in DocumentMail.objects.latest("pk").reason_text


def test_o17_an_address_that_is_not_on_the_list_is_dropped_and_says_why() -> None:
    mail("a"), mail("b", to_address="me@house.example")
    OutgoingRules.objects.create(pk=1, allowed=["house.example"])
    outside = Outside()
    deliver(outside.send)
    assert states() == [("cancelled", "not_allowed"), ("accepted", "")]
    assert len(outside.seen) == 1


def test_o17_in_test_mode_what_no_box_can_take_does_not_leave() -> None:
    mail("a", channel="sms", to_address="+491701234567")
    OutgoingRules.objects.create(pk=1, test_address="box@house.example")
    deliver(Outside().send, on=TODAY)
    assert states() == [("cancelled", "test_mode")]


def test_d41_one_a_day_whatever_the_schedule_says() -> None:
    who = factories.customer()
    mail("a", customer=who), mail("b", customer=who), mail("c", customer=who, to_address="PAT@example.com")
    outside = Outside()
    assert deliver(outside.send, on=TODAY) == DeliveryCounts(accepted=1, postponed=2)
    assert len(outside.seen) == 1
    tomorrow = TODAY + timedelta(days=1)
    assert deliver(outside.send, on=tomorrow, later=timedelta(days=1)) == DeliveryCounts(accepted=1, postponed=1)


def test_d41_the_database_keeps_the_second_one_out_by_itself() -> None:
    who = factories.customer()
    first, second = mail("a", customer=who), mail("b", customer=who)
    assert reserve_touches(touches=[touch_of(first)]) == {f"mail:{first.pk}"}
    assert reserve_touches(touches=[touch_of(second)]) == set()
    past_the_service = ContactTouch(
        customer=second.customer, address="pat@example.com", on=TODAY, channel="sms", automatic=True, source="x"
    )
    ContactTouch.objects.bulk_create([past_the_service], ignore_conflicts=True)
    assert not ContactTouch.objects.filter(source="x").exists()


def test_d41_customers_that_share_a_mailbox_are_each_written_to() -> None:
    for number in range(20):
        mail(f"m{number}", to_address="payables@shared-centre.example")
    assert deliver(Outside().send, on=TODAY) == DeliveryCounts(accepted=20)


def test_d41_a_text_message_counts_against_the_mail_to_the_same_person() -> None:
    who = factories.customer()
    contact = who.contacts.get()
    by_mail = mail("a", customer=who, contact=contact)
    by_text = mail("b", customer=who, contact=contact, channel="sms", to_address="+491701234567")
    assert len(reserve_touches(touches=[touch_of(by_mail), touch_of(by_text)])) == 1


def test_r05_a_call_of_today_counts_and_is_given_back_when_it_is_undone() -> None:
    who = factories.customer()
    contact = who.contacts.get()
    row = mail("a", customer=who, contact=contact)
    noted = note_contact(customer=who, contact=contact, channel="call", on=TODAY, source="activity:1")
    assert noted.address == contact.phone
    assert reserve_touches(touches=[touch_of(row)]) == set()
    ContactTouch.objects.update(released_at=timezone.now())
    assert reserve_touches(touches=[touch_of(row)]) == {f"mail:{row.pk}"}


def test_l08_so_many_contacts_in_seven_days_and_no_more() -> None:
    OutgoingRules.objects.create(pk=1, contacts_per_week=2)
    who = factories.customer()
    rows = [mail(key, customer=who) for key in "abcd"]
    days = [TODAY, TODAY + timedelta(days=2), TODAY + timedelta(days=5), TODAY + timedelta(days=7)]
    got = [bool(reserve_touches(touches=[touch_of(row, on)])) for row, on in zip(rows, days, strict=True)]
    assert got == [True, True, False, True]


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (Accepted(), True),
        (Uncertain("connection_lost", "x"), True),
        (Refused("content_refused", "x", permanent=True), False),
        (Refused("mail_server_away", "x"), False),
    ],
)
def test_d41_a_contact_that_came_to_nothing_is_given_back(answer: Outcome, kept: bool) -> None:
    mail()
    deliver(Outside(answer).send, on=TODAY)
    assert ContactTouch.objects.filter(released_at__isnull=True).exists() is kept


def test_d41_a_message_for_which_there_never_is_room_ends_and_says_why() -> None:
    row = mail("a")
    note_contact(
        customer=row.customer, contact=None, channel="mail", on=TODAY + timedelta(days=5), source="activity:1",
        address=row.to_address,
    )  # fmt: skip
    assert deliver(Outside().send, on=TODAY + timedelta(days=5)) == DeliveryCounts(cancelled=1)
    assert states() == [("cancelled", "contact_budget")]


def test_d35_a_provider_in_trouble_is_left_alone_and_no_message_spends_its_attempts() -> None:
    for number in range(FAILURES_TO_OPEN + 5):
        mail(f"m{number}")
    outside = Outside(*[AWAY] * 100)
    deliver(outside.send)
    assert len(outside.seen) == FAILURES_TO_OPEN
    deliver(outside.send)
    assert len(outside.seen) == FAILURES_TO_OPEN, "the circuit is open"
    untouched = DocumentMail.objects.filter(attempts=0, state="approved").count()
    assert untouched == 5
    assert ProviderCircuit.objects.get().last_problem == "no route"


def test_d35_then_one_message_tries_and_all_follow_when_it_is_accepted() -> None:
    for number in range(FAILURES_TO_OPEN + 5):
        mail(f"m{number}")
    failing = Outside(*[AWAY] * FAILURES_TO_OPEN)
    deliver(failing.send)
    again = Outside(AWAY)
    soon = timedelta(minutes=2)
    deliver(again.send, later=soon)
    assert len(again.seen) == 1, "one message tries, and the circuit stays open for longer"
    assert ProviderCircuit.objects.get().opened == 2
    well = Outside()
    assert deliver(well.send, later=timedelta(minutes=6)).accepted == 1
    assert not ProviderCircuit.objects.exists()
    deliver(well.send, later=timedelta(hours=1))
    assert [state for state, _ in states()] == ["accepted"] * (FAILURES_TO_OPEN + 5)


def test_d35_another_way_out_goes_on_while_one_provider_is_away() -> None:
    for number in range(FAILURES_TO_OPEN):
        mail(f"m{number}")
    deliver(Outside(*[AWAY] * FAILURES_TO_OPEN).send)
    letter = mail("letter", channel="letter", to_address="")
    outside = Outside()
    deliver(outside.send)
    assert outside.seen == [letter.pk]


def test_d35_after_a_day_without_the_provider_the_waiting_messages_end_visibly() -> None:
    for number in range(FAILURES_TO_OPEN + 3):
        mail(f"m{number}")
    deliver(Outside(*[AWAY] * 100).send)
    for hours in (8, 16, 25):
        deliver(Outside(*[AWAY] * 100).send, later=timedelta(hours=hours))
    deliver(Outside().send, later=timedelta(hours=25, minutes=1))
    waiting = DocumentMail.objects.filter(state="approved", attempts=0)
    assert not waiting.exists()
    given_up = DocumentMail.objects.filter(state="failed", reason="provider_away")
    assert given_up.exists()
    assert "more than a day" in given_up[0].reason_text


def _cannot_look_at(pk: int) -> Callable[[Sequence[DocumentMail]], dict[int, Withdrawal]]:
    def look(rows: Sequence[DocumentMail]) -> dict[int, Withdrawal]:
        if any(row.pk == pk for row in rows):
            raise ZeroDivisionError
        return {}

    return look


def test_a_message_that_cannot_be_looked_at_keeps_nobody_else_and_ends_visibly() -> None:
    bad, fine = mail("bad"), mail("fine")
    outside = Outside()
    for attempt in range(MAX_LOOKS + 2):
        deliver(outside.send, look_again=_cannot_look_at(bad.pk), later=timedelta(days=attempt))
    assert outside.seen == [fine.pk]
    bad.refresh_from_db()
    assert (bad.state, bad.reason, bad.attempts) == ("failed", "look_failed", MAX_LOOKS)
    assert "ZeroDivisionError" in bad.reason_text


def test_a_message_in_whose_company_processes_die_is_taken_alone_and_ends_visibly() -> None:
    mail("a"), mail("b")
    now = timezone.now()
    taken: list[int] = []
    for attempt in range(2 * MAX_ATTEMPTS + 4):
        at = now + attempt * 2 * CLAIM_LEASE
        taken.append(len(claim(model=DocumentMail, now=at, limit=20)))  # and the process dies
        sweep(model=DocumentMail, now=at + 1.5 * CLAIM_LEASE)
    assert taken[:4] == [2, 2, 2, 1]
    assert states() == [("failed", "gave_up")] * 2


def test_every_state_a_message_ends_in_says_why_or_is_a_success() -> None:
    answers: dict[str, Outcome] = {
        "a": Accepted(), "b": Refused("content_refused", "554", permanent=True), "c": Uncertain("connection_lost", "x"),
    }  # fmt: skip
    rows = {mail(key).pk: answer for key, answer in answers.items()}
    withdrawn = mail("d")
    deliver(lambda row: rows[row.pk], look_again=lambda _: {withdrawn.pk: Withdrawal("paid", "Paid meanwhile.")})
    ended = DocumentMail.objects.exclude(state=DeliveryState.ACCEPTED)
    assert sorted(ended.values_list("state", flat=True)) == ["cancelled", "failed", "unknown"]
    assert all(row.reason and row.reason_text and isinstance(row.settled_at, datetime) for row in ended)


def test_d41_what_was_written_to_a_customer_before_a_merge_counts_for_the_account() -> None:
    absorbed, survivor = factories.customer(email="pat@example.com"), factories.customer(email="pat@example.com")
    before, after = mail("a", customer=absorbed), mail("b", customer=survivor)
    assert reserve_touches(touches=[touch_of(before)]) == {f"mail:{before.pk}"}
    merge_customers(
        absorbed=absorbed, survivor=survivor, merged_on=factories.DAY, on=factories.DAY, reason="One firm", actor=None,
        by="test",
    )  # fmt: skip
    assert reserve_touches(touches=[touch_of(after)]) == set()
