"""Real processes killed at the worst moments: a Celery worker, its broker, its database connection. Nobody gets a
second copy, nothing is lost in silence, and what cannot be known says so (F30, D25, D27).

The worker is stopped at an exact place by a lock it runs into, never by a lucky moment."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone
from kombu.connection import Connection

from collections_app.celery import app
from collections_app.embedded.locations import make_home
from collections_app.embedded.valkey import Valkey
from collections_app.env import read_environment
from dunning.models import Notice
from dunning.services.deliver_notices import deliver_notices
from dunning.services.install_policy import install_standard_policy
from dunning.services.prepare_run import prepare_run
from invoices.queries.verify_ledger import violations
from tests import factories
from tests.dunning.conftest import pin
from tests.factories import DAY

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def books_hold(transactional_db: None) -> Iterator[None]:
    """After each of these tests every law of the books holds, whatever was killed."""
    yield
    assert violations() == []


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    """Nothing; returns as soon as the condition holds, fails when it does not in time."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "the expected did not happen in time"
        time.sleep(0.02)


class Sink:
    """A mail server that keeps what it took. `before_answer` runs when a message is complete, before the 250."""

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self.before_answer: Callable[[], None] = lambda: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.content.decode("utf-8", "replace")
        message_id = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        self.received += [(to, message_id) for to in envelope.rcpt_tos]
        self.before_answer()
        return "250 OK"

    @property
    def most_copies(self) -> int:
        """The largest number of messages that one recipient got."""
        return max(Counter(to for to, _ in self.received).values(), default=0)


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    """A real SMTP server, which this process and the workers send to."""
    kept = Sink()
    controller = Controller(kept, hostname="127.0.0.1", port=kept.port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
    yield kept
    controller.stop()


class Worker:
    """A Celery worker of our own, with a broker of its own, on the tests' database."""

    def __init__(self, broker: str, environ: dict[str, str]) -> None:
        self.broker = broker
        self.process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "collections_app", "worker", "-P", "solo", "-l", "WARNING",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
            cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, task: str = "dunning.tasks.deliver_due_notices") -> None:
        """Nothing; the task lies in the broker."""
        options = app.conf.broker_transport_options
        with Connection(self.broker, transport_options=options) as broker:  # type: ignore[no-untyped-call]
            app.send_task(task, connection=broker)

    def kill(self) -> None:
        """Nothing; the process was killed without a chance to say goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a broker of its own, so that flushing it hurts nobody else."""
    directory = Path(tempfile.mkdtemp(prefix="collections-test-"))
    directory.chmod(0o711)
    env = read_environment({"COLLECTIONS_HOME": str(directory), "COLLECTIONS_FAST_ENGINE": "1"}, ROOT)
    make_home(env.home)
    env.locations.engines.mkdir(parents=True, exist_ok=True)
    broker = Valkey(env.locations, True)
    broker.start()
    yield directory
    broker.stop()
    for path in (directory, env.locations.sockets):
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def start_worker(home: Path, sink: Sink) -> Iterator[Callable[[], Worker]]:
    """Starts workers; those still alive after the test are killed."""
    env = read_environment({"COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1"}, ROOT)
    where = connection.settings_dict
    sockets = quote(where["HOST"], safe="")
    database = f"postgresql://{where['USER']}:{quote(where['PASSWORD'])}@{sockets}/{where['NAME']}"
    environ = {
        **os.environ, "COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1", "DATABASE_URL": database,
        "COLLECTIONS_SECRET_KEY": "a-key-for-the-workers-of-tests-only-" * 2, "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
    }  # fmt: skip
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(env.broker_url, environ))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


@contextmanager
def locking(statement: str, *values: object) -> Iterator[None]:
    """Another connection that holds what the statement locks. At the end, first every connection that waits for it is
    ended, as it would be with its process on another machine; then the lock goes."""
    held = psycopg2.connect(**connection.get_connection_params())
    try:
        with held.cursor() as cursor:
            cursor.execute(statement, values)
        yield
        end_waiting()
    finally:
        held.close()


_WAITING = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def is_waiting() -> bool:
    """Whether somebody waits for a lock in the tests' database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_WAITING}")
        return bool(cursor.fetchone()[0])


def end_waiting() -> None:
    """Nothing; connections that wait for a lock are gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) {_WAITING}")
    wait_until(lambda: not is_waiting())


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
    queue(50)
    worker = start_worker()
    worker.ask()
    wait_until(lambda: len(sink.received) >= 12)
    worker.kill()
    later()
    later()
    states = Counter(Notice.objects.values_list("state", flat=True))
    assert set(states) <= {"accepted", "unknown"}
    assert states["unknown"] <= 1
    assert states["accepted"] >= 49
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
