"""The supervisor with small real processes: restarts, one log, and an end without orphans."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from collections_app.embedded.announcement import Announcement, announcement_path, end_leftovers
from collections_app.embedded.processes import start_mark
from collections_app.embedded.server import free_port

from .conftest import is_alive, wait_until

pytestmark = pytest.mark.crash

# A leader that forks a worker, as web servers do; both write their numbers down and wait.
FAMILY = """
import os, sys, time
worker = os.fork()
if worker == 0:
    time.sleep(600)
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()} {worker}\\n")
print("hello from the family", flush=True)
time.sleep(600)
"""
SUPERVISE = """
import sys
from pathlib import Path
from collections_app.embedded.supervisor import Process, Supervisor
directory = Path(sys.argv[1])
family = (sys.executable, "-c", sys.argv[2], str(directory / "family"))
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
stubborn = (sys.executable, "-c", deaf)
processes = [Process("family", family)] + ([Process("stubborn", stubborn)] if "stubborn" in sys.argv else [])
import collections_app.embedded.supervisor as module
module.GRACE_SECONDS = 1.0
sys.exit(Supervisor(processes, directory=directory, log_file=directory / "log/all.log").run())
"""


def families(directory: Path) -> list[tuple[int, int]]:
    """The process numbers (leader, worker) of every family that was started."""
    try:
        lines = (directory / "family").read_text().splitlines()
    except OSError:
        return []
    return [(int(line.split()[0]), int(line.split()[1])) for line in lines]


@pytest.fixture
def supervise(
    tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a supervisor with a family; whoever of it outlives the test is ended."""

    def start(*flags: str) -> subprocess.Popen[str]:
        process = start_python(SUPERVISE, str(tmp_path), FAMILY, *flags)
        wait_until(lambda: len(families(tmp_path)) == 1)
        return process

    yield start
    for leader, worker in families(tmp_path):
        for survivor in (leader, worker):
            with suppress(ProcessLookupError):
                os.kill(survivor, signal.SIGKILL)


def test_a_killed_child_is_started_again_and_its_workers_do_not_live_on(
    tmp_path: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    supervise()
    leader, worker = families(tmp_path)[0]
    os.kill(leader, signal.SIGKILL)
    wait_until(lambda: len(families(tmp_path)) == 2)
    assert not is_alive(worker)
    assert is_alive(families(tmp_path)[1][0])


def test_sigterm_leaves_no_orphan_even_when_a_child_does_not_listen(
    tmp_path: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    supervisor = supervise("stubborn")
    wait_until(lambda: "| deaf" in (tmp_path / "log/all.log").read_text())
    supervisor.terminate()
    assert supervisor.wait(timeout=20) == 0
    assert not any(is_alive(pid) for family in families(tmp_path) for pid in family)
    log = (tmp_path / "log/all.log").read_text()
    assert "family   | hello from the family" in log
    assert "stubborn | did not end in time and was killed" in log


def test_the_children_of_a_killed_supervisor_end_too(
    tmp_path: Path, supervise: Callable[..., subprocess.Popen[str]]
) -> None:
    supervisor = supervise()
    leader, _ = families(tmp_path)[0]
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: not is_alive(leader))


def test_what_a_killed_server_left_behind_is_ended_by_the_next(
    tmp_path: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    orphan = start_python("import os, time; os.setsid(); print('ready', flush=True); time.sleep(600)")
    assert orphan.stdout is not None
    assert orphan.stdout.readline() == "ready\n"
    path = announcement_path(tmp_path, "")
    children = {str(orphan.pid): start_mark(orphan.pid), str(os.getpid()): "another process of that number"}
    Announcement(2**22 - 1, "1", 8000, "http://localhost:8000", False, "", children).write(path)
    assert end_leftovers(path) == [orphan.pid]
    assert orphan.wait(timeout=5) == -signal.SIGKILL
    assert end_leftovers(path) == []


def test_a_taken_port_is_avoided() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        taken = door.getsockname()[1]
        assert free_port(taken) != taken
    assert free_port(taken) == taken
