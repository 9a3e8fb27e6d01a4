"""Real processes for the tests that kill them: Celery workers, a broker and a mail server of their own, and locks that
stop a process at an exact place."""

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
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.db import connection
from kombu.connection import Connection

from collections_app.celery import app
from collections_app.embedded.locations import make_home
from collections_app.embedded.valkey import Valkey
from collections_app.env import read_environment

ROOT = Path(__file__).resolve().parents[2]
DELIVER = "dunning.tasks.deliver_due_notices"
# `make chaos` looks much longer than `make test`.
CHAOS = bool(os.environ.get("CHAOS"))


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
        self.answer = "250 OK"
        self.before_answer: Callable[[], None] = lambda: None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        head = envelope.content.decode("utf-8", "replace")
        message_id = next(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        if self.answer.startswith("250"):
            self.received += [(to, message_id) for to in envelope.rcpt_tos]
        self.before_answer()
        return self.answer

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

    def __init__(self, broker: str, environ: dict[str, str], application: str = "collections_app") -> None:
        self.broker = broker
        self.process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", application, "worker", "-P", "solo", "-l", "WARNING",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
            cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, task: str = DELIVER) -> None:
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
def environ(home: Path, sink: Sink) -> dict[str, str]:
    """The environment of our own processes: the tests' database, a broker of their own, the mail server."""
    return {
        **os.environ, "COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1",
        "DATABASE_URL": database_of_tests(),
        "COLLECTIONS_SECRET_KEY": "a-key-for-the-workers-of-tests-only-" * 2, "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
    }  # fmt: skip


def database_of_tests() -> str:
    """The URL of the database this test runs on."""
    where = connection.settings_dict
    return f"postgresql://{where['USER']}:{quote(where['PASSWORD'])}@{quote(where['HOST'], safe='')}/{where['NAME']}"


@pytest.fixture
def start_worker(home: Path, environ: dict[str, str]) -> Iterator[Callable[..., Worker]]:
    """Starts workers; those still alive after the test are killed."""
    env = read_environment({"COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1"}, ROOT)
    started: list[Worker] = []

    def start(application: str = "collections_app", **more: str) -> Worker:
        started.append(Worker(env.broker_url, {**environ, **more}, application))
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
