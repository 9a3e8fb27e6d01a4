"""The demo as its users start it: real web, worker, beat, engines and mail catcher, in a home of its own."""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collections_app.embedded.locations import EngineLocations
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.server import free_port
from collections_app.embedded.valkey import Valkey
from collections_app.env import Environment, read_environment

ROOT = Path(__file__).resolve().parents[2]
LOOK_AGAIN_SECONDS = 0.2
SHARED = "TESTS_SHARED_DIRECTORY"  # the variable that names a directory all workers of one test run share


@dataclass(frozen=True)
class DemoServer:
    """A running demo."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    environ: dict[str, str]

    @property
    def env(self) -> Environment:
        """Its configuration."""
        return read_environment(self.environ, ROOT)

    def manage(self, *arguments: str) -> str:
        """What a `manage.py` command of this installation prints on standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=os.environ | self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stdout


@contextmanager
def running_demo(*, like: Path | None = None) -> Iterator[DemoServer]:
    """A demo that has said it is ready; stopped, and its home gone, afterwards.

    It starts from nothing, or from a copy of the home `like` that another demo has left."""
    home = Path(tempfile.mkdtemp(prefix="collections-demo-"))
    home.chmod(0o711)
    if like is not None:
        _copy(like, home)
    try:
        with _served(home) as demo:
            yield demo
    finally:
        remove_home(home)


def filled_home(ready: Callable[[DemoServer], None]) -> Path:
    """The home of a stopped demo that had been `ready`: made by whoever asks first in this test run, kept for the rest.

    Workers of one run share it through the directory named in the environment (see `tests/conftest.py`)."""
    shared = Path(os.environ[SHARED])
    with (shared / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home, done = shared / "home", shared / "done"
        if not done.exists():
            home.mkdir(mode=0o711)
            with _served(home) as demo:
                ready(demo)
            Postgres(_locations(home)).stop()
            Valkey(_locations(home)).stop()
            done.touch()
    return home


@contextmanager
def _served(home: Path) -> Iterator[DemoServer]:
    environ = {"COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1", "COLLECTIONS_TICK_SECONDS": "2"}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COLLECTIONS_", "PYTEST_"))}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(free_port(0))],
        cwd=ROOT, env=clean | environ, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield DemoServer(_address(process), home, process, environ)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def eventually(check: Callable[[], object], *, seconds: float = 120, what: str) -> None:
    """Nothing; returns as soon as `check` holds, fails with `what` when it does not in time."""
    begun, between = time.monotonic(), threading.Event()
    while not check():
        assert time.monotonic() - begun < seconds, f"In {seconds:.0f} s it did not happen that {what}."
        between.wait(LOOK_AGAIN_SECONDS)  # a core that only asks is one that the demo does not have


def fetch(url: str) -> int:
    """The status of a plain GET."""
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 (an address of this machine)
        return int(answer.status)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"runs at\s+(http://\S+)", line):
            return found[1]
    raise AssertionError("The demo ended before it was ready:\n" + "".join(said))


def _copy(home: Path, to: Path) -> None:
    """Nothing; the home and what its engines keep elsewhere is copied. Nothing may run there."""
    old, new = _locations(home), _locations(to)
    # Owners and modes stay: the engines run as a user of their own and refuse a directory of anybody else's.
    subprocess.run(["/bin/cp", "-a", f"{home}/.", str(to)], check=True)
    if not old.engines.is_relative_to(home):
        subprocess.run(["/bin/cp", "-a", str(old.engines), str(new.engines)], check=True)


def _locations(home: Path) -> EngineLocations:
    return read_environment({"COLLECTIONS_HOME": str(home)}, ROOT).locations


def remove_home(home: Path) -> None:
    """Nothing; the engines of the home are stopped, and all they left is gone."""
    locations = _locations(home)
    Postgres(locations).stop()
    Valkey(locations).stop()
    for path in (home, locations.sockets, locations.engines):
        shutil.rmtree(path, ignore_errors=True)
