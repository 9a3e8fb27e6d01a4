"""The engines below us killed or doubled: PostgreSQL, the broker, beat; a task that the broker gives away twice. Each
recipient has at most one copy, nothing is lost in silence, and whoever comes back goes on (D26, D28 to D30, D35)."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.utils import timezone

from collections_app.embedded.binaries import postgres_bin
from collections_app.embedded.locations import make_home
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.valkey import Valkey
from collections_app.env import read_environment
from customers.models import ProviderCircuit
from dunning.models import Notice, Run
from dunning.services.deliver_notices import deliver_notices
from dunning.services.install_policy import install_standard_policy
from tests import factories
from tests.dunning.conftest import pin
from tests.dunning.processes import CHAOS, ROOT, Sink, Worker, database_of_tests, wait_until
from tests.dunning.test_crash import books_hold, later, queue
from tests.factories import DAY

__all__ = ["books_hold"]  # a fixture
pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

_LATER = """
from datetime import timedelta
from django.utils import timezone
from dunning.services.deliver_notices import deliver_notices
for _ in range(3):
    deliver_notices(now=lambda: timezone.now() + timedelta(minutes=5))
"""


class Cluster:
    """A PostgreSQL of this test's own, durable, with a copy of the test database; so it can be killed."""

    def __init__(self, home: Path) -> None:
        env = read_environment({"COLLECTIONS_HOME": str(home / "cluster")}, ROOT)
        make_home(env.home)
        env.locations.engines.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(env.locations)
        self.postgres.start()
        self.postgres.make_database(env.database_name)
        self.url = env.database_url_or_embedded
        tools = postgres_bin(env.locations.engines)
        dump = subprocess.run([tools / "pg_dump", "-Fc", "-d", database_of_tests()], check=True, capture_output=True)
        subprocess.run([tools / "pg_restore", "-d", self.url, "--no-owner"], input=dump.stdout, check=True)

    def kill(self) -> None:
        """Nothing; the server was killed without a chance to write anything more."""
        pid = self.postgres.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """The rows of one statement."""
        with closing(psycopg2.connect(self.url)) as held, held.cursor() as cursor:
            cursor.execute(statement)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows


@pytest.fixture
def cluster(home: Path) -> Iterator[Callable[[], Cluster]]:
    """Makes the cluster once the test database holds what it is to have."""
    made: list[Cluster] = []

    def make() -> Cluster:
        made.append(Cluster(home))
        return made[-1]

    yield make
    for one in made:
        one.postgres.stop()


def test_d26_postgres_killed_in_the_middle_of_a_run_nobody_gets_two_and_none_is_lost(
    sink: Sink, start_worker: Callable[..., Worker], cluster: Callable[[], Cluster], environ: dict[str, str]
) -> None:
    number = 500 if CHAOS else 60
    queue(number)
    database = cluster()
    killed: list[bool] = []

    def kill_once() -> None:
        if len(sink.received) >= 7 and not killed:
            killed.append(True)
            database.kill()

    sink.before_answer = kill_once
    worker = start_worker(DATABASE_URL=database.url)
    worker.ask()
    wait_until(lambda: killed)
    database.postgres.start()
    # The same worker goes on with what it had not claimed; its dead claims wait for their lease.
    worker.ask()
    wait_until(lambda: len(sink.received) > 8)
    worker.kill()
    program = [sys.executable, "manage.py", "shell", "-v", "0", "-c", _LATER]
    subprocess.run(program, cwd=ROOT, env={**environ, "DATABASE_URL": database.url}, check=True, capture_output=True)
    states = Counter(state for (state,) in database.ask("SELECT state FROM dunning_notice"))
    assert set(states) <= {"accepted", "unknown"}
    assert states["accepted"] + states["unknown"] == number
    assert states["unknown"] <= 2, "one when the database died, one when the worker did"
    assert sink.most_copies == 1
    accepted = database.ask("SELECT to_address FROM dunning_notice WHERE state = 'accepted'")
    assert {to for to, _ in sink.received} >= {to for (to,) in accepted}


def test_d28_with_the_broker_away_nothing_is_lost_and_sending_resumes_when_it_is_back(
    sink: Sink, home: Path, start_worker: Callable[..., Worker]
) -> None:
    env = read_environment({"COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1"}, ROOT)
    broker = Valkey(env.locations, True)
    worker = start_worker()
    worker.ask(IDLE)
    broker.stop()
    queue(5)
    assert Notice.objects.filter(state="approved").count() == 5, "what people do is saved without the broker"
    broker.start()
    worker.ask()
    wait_until(lambda: Notice.objects.filter(state="accepted").count() == 5)
    assert len(sink.received) == 5


@contextmanager
def beats(environ: dict[str, str], directory: Path, number: int) -> Iterator[None]:
    """So many beat processes that tick every few seconds."""
    ticking = {**environ, "COLLECTIONS_TICK_SECONDS": "4"}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "collections_app", "beat", "-l", "WARNING",
             "-s", str(directory / f"beat{one}"), "--pidfile="],
            cwd=ROOT, env=ticking, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for one in range(number)
    ]  # fmt: skip
    try:
        yield
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_d29_two_beats_and_two_workers_make_one_run_a_day_and_one_message(
    sink: Sink, home: Path, start_worker: Callable[..., Worker], environ: dict[str, str]
) -> None:
    pin(DAY - timedelta(days=1))  # a Sunday: nothing is due
    policy = install_standard_policy(factories.entity())
    for _ in range(8):
        factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    start_worker(), start_worker()
    days = [DAY + timedelta(days=7 * week) for week in range(4 if CHAOS else 2)]
    with beats(environ, home, 2):
        for round_, day in enumerate(days, start=1):
            pin(day)
            wait_until(lambda round_=round_: len(sink.received) >= 8 * min(round_, 3))  # type: ignore[misc]
            wait_until(lambda day=day: Run.objects.filter(as_of=day, state="prepared").exists())  # type: ignore[misc]
    assert Counter(Run.objects.filter(policy=policy).values_list("as_of", flat=True)).most_common(1)[0][1] == 1
    sent = Counter((notice.customer_id, notice.as_of) for notice in Notice.objects.filter(state="accepted"))
    assert max(sent.values()) == 1
    mails = Notice.objects.filter(state="accepted", channel="email").count()
    assert len(sink.received) == mails
    assert len({message_id for _, message_id in sink.received}) == mails


def test_d30_a_task_the_broker_gives_away_again_while_it_runs_has_no_second_effect(
    sink: Sink, start_worker: Callable[..., Worker]
) -> None:
    queue(7)
    last = Notice.objects.latest("pk").pk
    Notice.objects.filter(pk=last).update(due_at=timezone.now() + timedelta(days=1))
    first, second = start_worker("tests.dunning.impatient_app"), start_worker("tests.dunning.impatient_app")
    parameters, joined = connection.get_connection_params(), threading.Event()

    def hold_until_the_other_worker_came() -> None:
        """The worker that has the task waits here; another notice falls due, which only the other worker can take."""
        if joined.is_set():
            return
        with closing(psycopg2.connect(**parameters)) as held, held.cursor() as cursor:
            held.autocommit = True
            cursor.execute("UPDATE dunning_notice SET due_at = now() WHERE id = %s", [last])
            for _ in range(900):  # a minute and a half at most
                cursor.execute("SELECT 1 FROM dunning_notice WHERE id = %s AND state <> 'approved'", [last])
                if cursor.fetchone():
                    joined.set()
                    return
                joined.wait(0.1)

    sink.before_answer = hold_until_the_other_worker_came
    first.ask()
    wait_until(lambda: Notice.objects.filter(state__in=["accepted", "unknown", "failed"]).count() == 7)
    assert joined.is_set(), "the broker gave the task to the other worker, too"
    assert Notice.objects.filter(state="accepted").count() == 7
    assert len(sink.received) == 7
    assert sink.most_copies == 1
    assert second.process.poll() is None


IDLE = "customers.tasks.follow_waiting_mail_events"


def test_d35_a_server_in_trouble_is_left_alone_tried_with_one_message_and_then_everything_leaves(sink: Sink) -> None:
    queue(12)
    busy = "421 too many messages"
    sink.answer = busy
    refused = deliver_notices(now=timezone.now)
    assert (refused.accepted, refused.retried) == (0, 5)
    assert deliver_notices(now=timezone.now).total == 0
    sink.answer = "250 OK"
    for minutes in (2, 4, 8, 130):
        deliver_notices(now=lambda minutes=minutes: timezone.now() + timedelta(minutes=minutes))  # type: ignore[misc]
    assert Notice.objects.filter(state="accepted").count() == 12
    assert sink.most_copies == 1
    assert not ProviderCircuit.objects.exists()


@pytest.mark.skipif(not CHAOS, reason="twenty rounds of kills: make chaos")
@pytest.mark.parametrize("seed", range(20))
def test_d25_killed_at_any_moment_nobody_gets_two_and_none_is_lost(
    sink: Sink, start_worker: Callable[..., Worker], seed: int
) -> None:
    queue(40)
    for kill_at in range(seed % 7, 40, 5 + seed % 5):
        worker = start_worker()
        worker.ask()
        wait_until(lambda kill_at=kill_at: len(sink.received) >= kill_at or not waiting())  # type: ignore[misc]
        worker.kill()
        later()
    later()
    states = Counter(Notice.objects.values_list("state", flat=True))
    assert set(states) <= {"accepted", "unknown"}
    assert sum(states.values()) == 40
    assert sink.most_copies == 1


def waiting() -> bool:
    """Whether anything is still to be sent."""
    return Notice.objects.filter(state__in=["approved", "claimed", "sending"]).exists()
