"""Homes of their own for tests that start, kill and stop engines, short enough for a socket and left by nobody."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from collections_app.embedded.engines import leave
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.processes import start_mark
from collections_app.embedded.valkey import Valkey
from collections_app.env import Environment, read_environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory in which the engines' user may live, without engines and without traces afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="collections-test-"))
    directory.chmod(0o711)
    yield directory
    env = environment_of(directory)
    leave(env)
    Postgres(env.locations).stop()
    Valkey(env.locations).stop()
    for path in (directory, env.locations.sockets, env.locations.engines):
        shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def env(home: Path) -> Environment:
    """The configuration of somebody who configured nothing but the home."""
    return environment_of(home)


def environment_of(home: Path) -> Environment:
    """The configuration of `home`, durable as in production."""
    return read_environment({"COLLECTIONS_HOME": str(home)}, ROOT)


@pytest.fixture
def start_python() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts Python programs in this checkout; those still running after the test are killed."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("COLLECTIONS_", "PYTEST_"))}
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            env=clean | environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.communicate()


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Nothing; returns as soon as `condition` holds, fails when it does not within `seconds`."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "the expected did not happen in time"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether process `pid` runs; a zombie does not."""
    return start_mark(pid) != ""
