"""Real processes killed while a mail by hand is on its way: nobody gets a second copy, nothing is lost in silence, and
what cannot be known says so (F30, D25, D34). The same points as for notices, because it is the same gate."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from customers.models import ContactTouch
from dunning.models import OwnMessage
from dunning.services.deliver_messages import deliver_messages
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.own_messages import sent
from tests.dunning.processes import Sink, Worker, end_waiting, is_waiting, locking, wait_until
from tests.factories import DAY

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

DELIVER = "dunning.tasks.deliver_due_messages"


def queue() -> OwnMessage:
    """One mail by hand that is due."""
    pin(DAY)
    who = factories.customer()
    message = sent(who, factories.invoice(who, due_on=DAY - timedelta(days=1)))
    OwnMessage.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    return message


def later() -> dict[str, int]:
    """What a fresh worker makes of it five minutes later, when the claims of the dead one have run out."""
    came = deliver_messages(now=lambda: timezone.now() + timedelta(minutes=5))
    return {"accepted": came.accepted, "unknown": came.unknown}


def state() -> str:
    return OwnMessage.objects.get().state


def test_d25_killed_before_the_claim_the_mail_goes_out_once(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    with locking("LOCK TABLE dunning_ownmessage IN ACCESS EXCLUSIVE MODE"):
        worker.ask(DELIVER)
        wait_until(is_waiting)
        worker.kill()
    assert (state(), sink.received) == ("approved", [])
    assert later()["accepted"] == 1
    assert sink.most_copies == 1


def test_d25_killed_after_the_claim_the_mail_goes_out_once(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    with locking("LOCK TABLE customers_hold IN ACCESS EXCLUSIVE MODE"):
        worker.ask(DELIVER)
        wait_until(is_waiting)
        assert state() == "claimed"
        worker.kill()
    assert (state(), sink.received) == ("claimed", [])
    assert deliver_messages(now=timezone.now).total == 0, "a claim that may be alive is left alone"
    assert later()["accepted"] == 1
    assert sink.most_copies == 1


def test_d25_killed_between_the_250_and_the_commit_it_ends_unknown_and_is_never_sent_again(
    sink: Sink, start_worker: Callable[[], Worker]
) -> None:
    message = queue()
    held: list[Any] = []

    def lock_the_row() -> None:
        held.append(psycopg2.connect(**parameters))
        held[0].cursor().execute("SELECT 1 FROM dunning_ownmessage WHERE id = %s FOR UPDATE", [message.pk])

    parameters = connection.get_connection_params()
    sink.before_answer = lock_the_row
    worker = start_worker()
    worker.ask(DELIVER)
    wait_until(lambda: held and is_waiting())
    worker.kill()
    end_waiting()
    held[0].close()
    assert (state(), len(sink.received)) == ("sending", 1)
    sink.before_answer = lambda: None
    for _ in range(3):
        assert later() == {"accepted": 0, "unknown": 0}
    found = OwnMessage.objects.get()
    assert (found.state, found.reason) == ("unknown", "process_died")
    assert "may have arrived" in found.reason_text
    assert sink.most_copies == 1
    assert ContactTouch.objects.filter(source=f"own:{message.pk}", released_at=None).exists(), (
        "it may have reached them"
    )


def test_d25_killed_after_the_commit_nothing_more_is_sent(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    worker.ask(DELIVER)
    wait_until(lambda: state() == "accepted")
    worker.kill()
    assert later() == {"accepted": 0, "unknown": 0}
    assert sink.most_copies == 1


def test_d34_a_mail_server_that_refuses_for_now_gets_it_again_and_one_that_hangs_up_does_not(sink: Sink) -> None:
    queue()
    sink.answer = "451 try again"
    assert deliver_messages(now=timezone.now).retried == 1
    assert state() == "approved"
    assert not ContactTouch.objects.filter(released_at=None).exists(), "nobody heard from us"
    sink.answer = "250 OK"
    assert deliver_messages(now=lambda: timezone.now() + timedelta(hours=2)).accepted == 1
    assert sink.most_copies == 1
