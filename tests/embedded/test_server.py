"""`manage.py serve` with everything real: web, worker, beat, engines; one server a home, and nobody left at the end."""

import fcntl
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from collections_app.embedded.announcement import Announcement, announcement_path
from collections_app.embedded.engines import are_running
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.processes import start_mark
from collections_app.embedded.server import AlreadyServingError, processes_of, serve
from collections_app.env import Environment

from .conftest import ROOT, environment_of, is_alive, wait_until

pytestmark = pytest.mark.crash
READY_SECONDS = 120


def test_a_second_server_of_a_home_is_refused_with_the_process_of_the_first(env: Environment, home: Path) -> None:
    first = Announcement(os.getpid(), start_mark(os.getpid()), 8123, "http://localhost:8123", False, "")
    first.write(announcement_path(home, ""))
    with announcement_path(home, "").with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AlreadyServingError, match=rf"process {os.getpid()} at http://localhost:8123"):
            serve(env)
    assert not are_running(env)


def test_only_the_demo_catches_mail_and_the_catcher_is_stopped_last(env: Environment) -> None:
    plain = Announcement(1, "", 8000, "http://localhost:8000", False, "")
    demo = Announcement(1, "", 8000, "http://localhost:8000", True, "127.0.0.1:8025")
    assert [process.name for process in processes_of(env, plain)] == ["web", "worker", "beat"]
    catcher, *others = processes_of(env, demo)
    assert catcher.name == "mail"
    assert all(catcher.stop_rank > other.stop_rank for other in others)
    assert catcher.environ["COLLECTIONS_MAIL_SINK"] == "127.0.0.1:8025"


@pytest.fixture
def server(home: Path) -> Iterator[subprocess.Popen[str]]:
    """A running `manage.py serve` that has said it is ready."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COLLECTIONS_", "PYTEST_"))}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=clean | {"COLLECTIONS_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        answered, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
        assert answered, (home / "log/collections.log").read_text()[-4000:]
        assert re.match(r"Ready at http://localhost:\d+ ", process.stdout.readline())
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=40)


def children(home: Path) -> list[int]:
    return [int(pid) for pid in json.loads(announcement_path(home, "").read_text())["children"]]


def family_of(pid: int) -> set[int]:
    """All processes whose session is led by `pid`."""
    found = set()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and is_alive(int(entry)):
            try:
                session = os.getsid(int(entry))
            except OSError:
                continue
            if session == pid:
                found.add(int(entry))
    return found


def healthz(home: Path) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment_of(home).port}/healthz", timeout=2) as answer:
            return int(answer.status)
    except OSError:
        return 0


def test_one_command_serves_survives_kills_and_leaves_nobody(server: subprocess.Popen[str], home: Path) -> None:
    env = environment_of(home)
    assert healthz(home) == 200
    web, *others = children(home)
    assert len(others) == 2
    # Leader and two workers of the web, leader and two of the worker, beat.
    wait_until(lambda: len(set().union(*(family_of(child) for child in children(home)))) >= 7)

    workers = family_of(web)
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: web not in children(home) and len(children(home)) == 3 and healthz(home) == 200)
    assert not any(is_alive(pid) for pid in workers)

    postmaster = Postgres(env.locations).pid()
    assert postmaster is not None
    os.kill(postmaster, signal.SIGKILL)
    wait_until(lambda: Postgres(env.locations).pid() not in (None, postmaster) and are_running(env))

    everybody = set().union(*(family_of(child) for child in children(home)))
    begun = time.monotonic()
    server.terminate()
    assert server.wait(timeout=40) == 0
    assert time.monotonic() - begun < 30
    assert not any(is_alive(pid) for pid in everybody)
    assert not are_running(env)
    log = (home / "log/collections.log").read_text()
    assert "web    | started as process" in log
    assert "engines | running again" in log
