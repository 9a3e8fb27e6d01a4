"""Real processes killed at the worst moments: a Celery worker, its broker, its database connection. Nobody gets a
second copy, nothing is lost in silence, and what cannot be known says so (F30, D25, D27).

The worker is stopped at an exact place by a lock it runs into, never by a lucky moment."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.db import connection
from django.utils import timezone

from dunning.models import Notice
from dunning.services.deliver_notices import deliver_notices
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from invoices.queries.verify_ledger import violations
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.processes import CHAOS, Sink, Worker, end_waiting, is_waiting, locking, wait_until
from tests.factories import DAY

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def books_hold(transactional_db: None) -> Iterator[None]:
    """After each of these tests every law of the books holds, whatever was killed."""
    yield
    assert violations() == []


def queue(number: int = 1) -> None:
    """Nothing; so many approved notices are due, each to a customer of its own."""
    pin(DAY)
    policy = install_standard_policy(factories.entity())
    for _ in range(number):
        factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    prepare_run(policy=policy, as_of=DAY, now=timezone.now(), any_hour=True)
    assert Notice.objects.filter(state="approved").count() == number


def later() -> dict[str, int]:
    """What a fresh worker makes of it five minutes later, when the claims of the dead one have run out."""
    came = deliver_notices(now=lambda: timezone.now() + timedelta(minutes=5))
    return {"accepted": came.accepted, "unknown": came.unknown}


def state() -> str:
    return Notice.objects.get().state


def test_d25_killed_before_the_claim_the_notice_goes_out_once(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    with locking("LOCK TABLE dunning_notice IN ACCESS EXCLUSIVE MODE"):
        worker.ask()
        wait_until(is_waiting)
        worker.kill()
    assert (state(), sink.received) == ("approved", [])
    assert later()["accepted"] == 1
    assert sink.most_copies == 1


def test_d25_killed_after_the_claim_the_notice_goes_out_once(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    with locking("LOCK TABLE invoices_dispute IN ACCESS EXCLUSIVE MODE"):
        worker.ask()
        wait_until(is_waiting)
        assert state() == "claimed"
        worker.kill()
    assert (state(), sink.received) == ("claimed", [])
    assert deliver_notices(now=timezone.now).total == 0, "a claim that may be alive is left alone"
    assert later()["accepted"] == 1
    assert sink.most_copies == 1


def test_d25_killed_between_the_250_and_the_commit_it_ends_unknown_and_is_never_sent_again(
    sink: Sink, start_worker: Callable[[], Worker]
) -> None:
    queue()
    pk = Notice.objects.get().pk
    held: list[Any] = []

    def lock_the_row() -> None:
        held.append(psycopg2.connect(**parameters))
        held[0].cursor().execute("SELECT 1 FROM dunning_notice WHERE id = %s FOR UPDATE", [pk])

    parameters = connection.get_connection_params()
    sink.before_answer = lock_the_row
    worker = start_worker()
    worker.ask()
    wait_until(lambda: held and is_waiting())
    worker.kill()
    end_waiting()
    held[0].close()
    assert state() == "sending"
    assert len(sink.received) == 1
    sink.before_answer = lambda: None
    for _ in range(3):
        assert later() == {"accepted": 0, "unknown": 0}
    notice = Notice.objects.get()
    assert (notice.state, notice.reason) == ("unknown", "process_died")
    assert "may have arrived" in notice.reason_text
    assert sink.most_copies == 1


def test_d25_killed_after_the_commit_nothing_more_is_sent(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue()
    worker = start_worker()
    worker.ask()
    wait_until(lambda: state() == "accepted")
    worker.kill()
    assert later() == {"accepted": 0, "unknown": 0}
    assert sink.most_copies == 1


def test_d25_killed_in_the_middle_of_many_nobody_gets_two_and_none_is_lost(
    sink: Sink, start_worker: Callable[[], Worker]
) -> None:
    number = 500 if CHAOS else 50
    queue(number)
    worker = start_worker()
    worker.ask()
    wait_until(lambda: len(sink.received) >= number // 4)
    worker.kill()
    later()
    later()
    states = Counter(Notice.objects.values_list("state", flat=True))
    assert set(states) <= {"accepted", "unknown"}
    assert states["unknown"] <= 1
    assert states["accepted"] >= number - 1
    assert sink.most_copies == 1
    reached = {to for to, _ in sink.received}
    assert reached >= set(Notice.objects.filter(state="accepted").values_list("to_address", flat=True))


def test_d27_flushing_the_broker_in_the_middle_loses_nothing(
    sink: Sink, home: Path, start_worker: Callable[[], Worker]
) -> None:
    queue(30)
    worker = start_worker()
    flushed: list[bool] = []

    def flush() -> None:
        if len(sink.received) == 5:
            path = worker.broker.removeprefix("redis+socket://").partition("?")[0]
            flushed.append(redis.Redis(unix_socket_path=path).flushall())

    sink.before_answer = flush
    for _ in range(3):
        worker.ask()
    wait_until(lambda: Notice.objects.filter(state="accepted").count() == 30)
    assert flushed == [True]
    assert len(sink.received) == 30
    assert sink.most_copies == 1


def test_d29_two_workers_at_once_send_each_notice_once(sink: Sink, start_worker: Callable[[], Worker]) -> None:
    queue(30)
    first, second = start_worker(), start_worker()
    for worker in (first, second, first, second):
        worker.ask()
    wait_until(lambda: Notice.objects.filter(state="accepted").count() == 30)
    assert len(sink.received) == 30
    assert sink.most_copies == 1
