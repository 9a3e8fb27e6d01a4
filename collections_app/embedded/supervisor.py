"""Runs a list of processes as one: one log, restarts, and an end that leaves nobody behind.

Knows nothing of Django, databases or what the processes do. Each child is the leader of a session of its own; the
whole group is killed before a restart and at the end, because a web server's workers outlive their killed parent and
go on serving old code on the same port.
"""

import ctypes
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

TICK_SECONDS = 0.2
WATCH_SECONDS = 2.0
ASK_SECONDS = 0.4  # each question makes the web write a line, which wakes us; unhurried, or we would chase ourselves
LONGEST_DELAY = 30.0
STEADY_SECONDS = 30.0  # who lived that long starts again without delay
GRACE_SECONDS = 20.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Process:
    """One program to keep running. Those with a higher `stop_rank` are stopped after the others are gone."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    stop_rank: int = 0


@dataclass
class _Child:
    process: Process
    running: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    failures: int = 0
    next_start: float = 0.0
    rest: bytes = b""


class Supervisor:
    """Keeps `processes` running until SIGTERM, SIGINT or SIGHUP.

    `ready_url` is asked until it answers 200; then `on_ready` is called once. `watch` is called every two seconds.
    `on_change` gets the process ids of all children whenever one starts or ends.
    """

    def __init__(
        self,
        processes: list[Process],
        *,
        directory: Path,
        log_file: Path,
        ready_url: str = "",
        on_ready: Callable[[], None] | None = None,
        watch: Callable[[], None] | None = None,
        on_change: Callable[[list[int]], None] | None = None,
        terminal: bool = True,
    ) -> None:
        self._children = [_Child(process) for process in processes]
        self._directory = directory
        self._ready_url = ready_url
        self._on_ready = on_ready
        self._watch = watch
        self._on_change = on_change
        self._terminal = terminal
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._log = _open_log(log_file)
        self._width = max((len(process.name) for process in processes), default=0)

    def run(self) -> int:
        """0 after an orderly end. Blocks until then."""
        before = {
            number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        begun = watched = asked = time.monotonic()
        ready = not self._ready_url
        warned = False
        try:
            while not self._stopping:
                self._start_due()
                self._pump(TICK_SECONDS)
                self._reap()
                now = time.monotonic()
                if not ready and now - asked > ASK_SECONDS:
                    asked = now
                    ready = self._answers()
                    if ready and self._on_ready:
                        self._on_ready()
                if not ready and not warned and now - begun > 60:
                    warned = True
                    self.say("supervisor", f"{self._ready_url} does not answer yet; the lines above may say why.")
                if self._watch and now - watched > WATCH_SECONDS:
                    watched = now
                    self._watch()
        finally:
            self._end()
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def say(self, name: str, line: str) -> None:
        """Nothing; the line is in the log, and on the terminal when there is one."""
        self._log.info("%s | %s", name.ljust(self._width), line)
        if self._terminal:
            # A closed terminal must not end the server.
            with suppress(OSError, ValueError):
                print(f"{name.ljust(self._width)} | {line}", file=sys.stderr, flush=True)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True

    def _start_due(self) -> None:
        for child in self._children:
            if child.running is None and time.monotonic() >= child.next_start:
                self._start(child)

    def _start(self, child: _Child) -> None:
        parent = os.getpid()

        def tie_to_parent() -> None:
            # Whoever kills us with SIGKILL kills the children too: the kernel tells them.
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        child.begun = time.monotonic()
        try:
            child.running = subprocess.Popen(
                child.process.command,
                cwd=self._directory,
                env={**os.environ, **child.process.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=tie_to_parent,  # safe here: this process has one thread
            )
        except OSError as error:
            self.say(child.process.name, f"cannot be started: {error}")
            self._delay(child)
            return
        output = child.running.stdout
        if output is not None:
            os.set_blocking(output.fileno(), False)
            self._selector.register(output, selectors.EVENT_READ, child)
        self.say(child.process.name, f"started as process {child.running.pid}")
        self._tell_change()

    def _pump(self, seconds: float) -> None:
        """Wait up to `seconds` for output and pass whole lines on."""
        for key, _ in self._selector.select(seconds):
            self._read(key.data)

    def _read(self, child: _Child) -> None:
        output = child.running.stdout if child.running else None
        if output is None or output.closed:
            return
        try:
            chunk = os.read(output.fileno(), 65536)
        except BlockingIOError:
            return
        if not chunk:
            self._selector.unregister(output)
            output.close()
        *lines, child.rest = (child.rest + chunk).split(b"\n")
        if not chunk and child.rest:
            lines, child.rest = [*lines, child.rest], b""
        for line in lines:
            self.say(child.process.name, line.decode("utf-8", "replace").rstrip())

    def _reap(self) -> None:
        for child in self._children:
            if child.running is not None and child.running.poll() is not None:
                code = child.running.returncode
                self._kill_group(child)
                self.say(child.process.name, f"ended ({_describe(code)}); it will be started again")
                self._delay(child)

    def _delay(self, child: _Child) -> None:
        child.failures = 0 if time.monotonic() - child.begun > STEADY_SECONDS else child.failures + 1
        delay = 0.0 if child.failures == 0 else min(LONGEST_DELAY, 0.5 * 2 ** (child.failures - 1))
        child.next_start = time.monotonic() + delay

    def _kill_group(self, child: _Child) -> None:
        """Kill what is left of the child's group, read its last words, forget it."""
        running = child.running
        if running is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        output = running.stdout
        if output is not None and not output.closed:
            self._read(child)
            if not output.closed:
                self._selector.unregister(output)
                output.close()
        child.running = None
        self._tell_change()

    def _end(self) -> None:
        """Stop rank by rank: first those that make work, then those that the others need to finish it."""
        ranks = sorted({child.process.stop_rank for child in self._children})
        deadline = time.monotonic() + GRACE_SECONDS
        for rank in ranks:
            members = [child for child in self._children if child.process.stop_rank == rank and child.running]
            for child in members:
                if child.running is not None:
                    child.running.terminate()
            while any(child.running and child.running.poll() is None for child in members):
                if time.monotonic() > deadline:
                    break
                self._pump(TICK_SECONDS)
            for child in members:
                late = child.running is not None and child.running.poll() is None
                self._kill_group(child)
                self.say(child.process.name, "did not end in time and was killed" if late else "stopped")
            deadline = max(deadline, time.monotonic() + 3)
        self._selector.close()
        for handler in list(self._log.handlers):
            handler.flush()

    def _answers(self) -> bool:
        # Asked as the balancer would ask, so that a production configuration does not answer with a redirect.
        request = urllib.request.Request(self._ready_url, headers={"X-Forwarded-Proto": "https"})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=1) as answer:  # noqa: S310 (our own address)
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError, ValueError):
            return False

    def _tell_change(self) -> None:
        if self._on_change:
            self._on_change([child.running.pid for child in self._children if child.running])


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"


def _open_log(path: Path) -> logging.Logger:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    logger = logging.Logger(f"collections.supervisor.{path}", logging.INFO)
    handler = RotatingFileHandler(path, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
    formatter = logging.Formatter("%(asctime)sZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    return logger
