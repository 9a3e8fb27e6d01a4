"""The delivery engine: at most once, whatever happens between the steps."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from collections_app.audit.models import AuditEntry
from customers.channels.parcel import Accepted, Outcome, Refused, Uncertain
from customers.models import DeliveryState
from customers.rules.backoff import MAX_ATTEMPTS
from customers.services.claim import CLAIM_LEASE, claim, sweep
from customers.services.deliver import LOOK_LASTS, deliver_due
from customers.services.settle_delivery import Postponement, Withdrawal
from invoices.models import DocumentMail
from tests import factories

pytestmark = pytest.mark.django_db


def mail(key: str = "one", **fields: object) -> DocumentMail:
    who = factories.customer()
    return DocumentMail.objects.create(
        **{
            "customer": who, "kind": DocumentMail.Kind.INVOICE, "channel": "email", "language": "en", "dedupe_key": key,
            "to_address": "pat@example.com", "state": DeliveryState.APPROVED, "due_at": timezone.now(), **fields,
        }
    )  # fmt: skip


def nothing_withdrawn(rows: Sequence[DocumentMail]) -> dict[int, Withdrawal]:
    return {}


class Outside:
    """What the world outside saw, and what it answers."""

    def __init__(self, *answers: Outcome) -> None:
        self.seen: list[int] = []
        self._answers = list(answers)

    def send(self, row: DocumentMail) -> Outcome:
        self.seen.append(row.pk)
        return self._answers.pop(0) if self._answers else Accepted("id-1")


def deliver(outside: Outside, *, later: timedelta = timedelta()) -> None:
    deliver_due(model=DocumentMail, look_again=nothing_withdrawn, send=outside.send, now=lambda: timezone.now() + later)


def test_an_accepted_message_is_sent_once_and_never_again() -> None:
    row, outside = mail(), Outside()
    deliver(outside)
    deliver(outside)
    row.refresh_from_db()
    assert (outside.seen, row.state, row.provider_id) == ([row.pk], DeliveryState.ACCEPTED, "id-1")


def test_r06_a_withdrawn_message_does_not_leave_and_says_why() -> None:
    row, outside = mail(), Outside()
    deliver_due(
        model=DocumentMail,
        look_again=lambda rows: {row.pk: Withdrawal("paid", "Paid meanwhile.")},
        send=outside.send,
        now=timezone.now,
    )
    row.refresh_from_db()
    assert (outside.seen, row.state, row.reason, row.reason_text) == ([], "cancelled", "paid", "Paid meanwhile.")


def test_r07_a_certain_refusal_is_tried_again_later_and_ends_visibly() -> None:
    row, outside = mail(), Outside(*[Refused("mail_server_away", "away")] * 20)
    for attempt in range(MAX_ATTEMPTS + 3):
        deliver(outside, later=timedelta(days=attempt))
    row.refresh_from_db()
    assert (len(outside.seen), row.state, row.reason) == (MAX_ATTEMPTS, "failed", "mail_server_away")


def test_d34_an_uncertain_answer_is_never_sent_again() -> None:
    row, outside = mail(), Outside(Uncertain("connection_lost", "timed out"))
    deliver(outside)
    sweep(model=DocumentMail, now=timezone.now() + timedelta(days=1))
    deliver(outside, later=timedelta(days=2))
    row.refresh_from_db()
    assert (outside.seen, row.state) == ([row.pk], "unknown")


def test_one_broken_message_does_not_stop_the_others() -> None:
    broken, fine = mail("a"), mail("b")

    def send(row: DocumentMail) -> Outcome:
        if row.pk == broken.pk:
            raise ZeroDivisionError
        return Accepted()

    deliver_due(model=DocumentMail, look_again=nothing_withdrawn, send=send, now=timezone.now)
    assert dict(DocumentMail.objects.values_list("pk", "state")) == {broken.pk: "unknown", fine.pk: "accepted"}


def test_d25_a_claim_of_a_dead_process_goes_back_and_a_hand_over_becomes_unknown() -> None:
    claimed, sending = mail("claimed"), mail("sending")
    now = timezone.now()
    claim(model=DocumentMail, now=now, limit=10)
    DocumentMail.objects.filter(pk=sending.pk).update(state=DeliveryState.SENDING, sending_at=now)
    assert sweep(model=DocumentMail, now=now) == {"given_back": 0, "failed": 0, "unknown": 0}
    assert sweep(model=DocumentMail, now=now + CLAIM_LEASE * 2) == {"given_back": 1, "failed": 0, "unknown": 1}
    assert dict(DocumentMail.objects.values_list("pk", "state")) == {claimed.pk: "approved", sending.pk: "unknown"}


def test_a_process_that_lost_its_claim_sends_nothing() -> None:
    row, outside = mail(), Outside()

    def slow_look(rows: Sequence[DocumentMail]) -> dict[int, Withdrawal]:
        sweep(model=DocumentMail, now=timezone.now() + CLAIM_LEASE * 2)
        return {}

    deliver_due(model=DocumentMail, look_again=slow_look, send=outside.send, now=timezone.now)
    row.refresh_from_db()
    assert (outside.seen, row.state) == ([], "approved")


@pytest.mark.parametrize("sql", ["UPDATE invoices_documentmail SET subject = 'x'", "DELETE FROM invoices_documentmail"])
def test_d18_a_sent_message_refuses_update_and_delete(sql: str) -> None:
    mail()
    deliver(Outside())
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_r06_the_facts_are_looked_at_anew_when_the_messages_before_took_long() -> None:
    rows, outside, clock = [mail("a"), mail("b"), mail("c")], Outside(), [timezone.now()]
    looks: list[list[int]] = []

    def look_again(waiting: Sequence[DocumentMail]) -> dict[int, Withdrawal]:
        looks.append([row.pk for row in waiting])
        return {} if len(looks) == 1 else {rows[1].pk: Withdrawal("paid", "Paid meanwhile.")}

    def slow(row: DocumentMail) -> Outcome:
        clock[0] += LOOK_LASTS
        return outside.send(row)

    deliver_due(model=DocumentMail, look_again=look_again, send=slow, now=lambda: clock[0])
    first, second, third = (row.pk for row in rows)
    assert looks == [[first, second, third], [second, third]]
    assert outside.seen == [first, third]


def test_d43_a_postponed_message_keeps_its_place_in_the_queue_until_its_time() -> None:
    row, outside, later = mail(), Outside(), timezone.now() + timedelta(hours=9)
    deliver_due(
        model=DocumentMail, look_again=lambda rows: {row.pk: Postponement(later)}, send=outside.send, now=timezone.now
    )
    row.refresh_from_db()
    assert (outside.seen, row.state, row.due_at, row.attempts) == ([], "approved", later, 0)


def test_d36_an_address_its_server_refuses_for_good_is_not_written_to_again() -> None:
    row = mail()
    contact = row.customer.contacts.get()
    DocumentMail.objects.filter(pk=row.pk).update(contact=contact, to_address=contact.email)
    deliver(Outside(Refused("address_refused", "550 no such user", permanent=True, bounced=True)))
    contact.refresh_from_db()
    assert contact.health == "bounced"
    assert AuditEntry.objects.filter(action="contact.bounced", customer_id=row.customer_id).count() == 1


@pytest.mark.parametrize(
    "answer", [Refused("content_refused", "554 spam", permanent=True), Refused("address_refused", "450 try later")]
)
def test_d36_a_refusal_that_says_nothing_about_the_mailbox_leaves_the_contact_alone(answer: Refused) -> None:
    row = mail()
    contact = row.customer.contacts.get()
    DocumentMail.objects.filter(pk=row.pk).update(contact=contact, to_address=contact.email)
    deliver(Outside(answer))
    contact.refresh_from_db()
    assert contact.health == "ok"
