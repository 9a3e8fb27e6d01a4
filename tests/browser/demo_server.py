"""The demo as its users start it: real web, worker, beat, engines and mail catcher, in a home of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collections_app.embedded.postgres import Postgres
from collections_app.embedded.server import free_port
from collections_app.embedded.valkey import Valkey
from collections_app.env import Environment, read_environment

ROOT = Path(__file__).resolve().parents[2]


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
def running_demo() -> Iterator[DemoServer]:
    """A demo that has said it is ready; stopped, and its home gone, afterwards."""
    home = Path(tempfile.mkdtemp(prefix="collections-demo-"))
    home.chmod(0o711)
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
        _tidy(home, environ)


def eventually(check: Callable[[], object], *, seconds: float = 120, what: str) -> None:
    """Nothing; returns as soon as `check` holds, fails with `what` when it does not in time."""
    begun = time.monotonic()
    while not check():
        assert time.monotonic() - begun < seconds, f"In {seconds:.0f} s it did not happen that {what}."


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


def _tidy(home: Path, environ: dict[str, str]) -> None:
    locations = read_environment(environ, ROOT).locations
    Postgres(locations).stop()
    Valkey(locations).stop()
    for path in (home, locations.sockets, locations.engines):
        shutil.rmtree(path, ignore_errors=True)
