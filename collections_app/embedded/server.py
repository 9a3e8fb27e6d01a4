"""The whole application as one command: engines, schema, static files, then web, worker, beat and mail catcher.

`serve` is what `./manage.py serve` and the demo call; Django is set up before. Decides nothing about the product.
"""

import fcntl
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from collections_app.embedded.announcement import Announcement, announcement_path, end_leftovers, read_announcement
from collections_app.embedded.engines import are_running, ensure_running
from collections_app.embedded.locations import EngineError
from collections_app.embedded.processes import start_mark
from collections_app.embedded.schema import collect_static_files, migrate_once
from collections_app.embedded.supervisor import Process, Supervisor
from collections_app.env import Environment

MAIL_PORT = 8025
WORKERS = 2


@dataclass(frozen=True)
class Server:
    """A server that answers: where it is, where its mail goes, and where it writes its log."""

    base_url: str
    mail_sink: str
    log_file: Path


class AlreadyServingError(EngineError):
    """Another server runs on this home; the text names its process and address."""


def serve(
    env: Environment,
    *,
    demo: bool = False,
    port: int | None = None,
    before_start: Callable[[], None] | None = None,
    on_ready: Callable[[Server], None] | None = None,
    terminal: bool = True,
) -> int:
    """The exit code after SIGTERM or Ctrl-C. Raises AlreadyServingError when this home is being served.

    `before_start` runs with the schema in place and before any process starts; `on_ready` once the web answers.
    """
    announced_at = announcement_path(env.home, env.dataset)
    lock = _lock_home(env, announced_at)
    try:
        end_leftovers(announced_at)
        ensure_running(env)
        migrate_once(env)
        collect_static_files()
        if before_start:
            before_start()
        announcement = _announce(env, demo=demo, port=port or env.port)
        log_file = env.home / "log" / announced_at.with_suffix(".log").name.replace("server", "collections")

        def keep(children: list[int]) -> None:
            announcement.children = {str(pid): start_mark(pid) for pid in children}
            announcement.write(announced_at)

        server = Server(announcement.base_url, announcement.mail_sink, log_file)
        supervisor = Supervisor(
            processes_of(env, announcement),
            directory=env.root,
            log_file=log_file,
            ready_url=f"http://127.0.0.1:{announcement.port}/healthz",
            on_ready=(lambda: on_ready(server)) if on_ready else None,
            watch=lambda: _revive(env, supervisor),
            on_change=keep,
            terminal=terminal,
        )
        if announcement.port != (port or env.port):
            supervisor.say("serve", f"port {port or env.port} is taken; using {announcement.port} instead")
        try:
            return supervisor.run()
        finally:
            announced_at.unlink(missing_ok=True)
    finally:
        os.close(lock)


def processes_of(env: Environment, announcement: Announcement) -> list[Process]:
    """The processes of one server, in the order of their start."""
    shared = {
        "COLLECTIONS_PORT": str(announcement.port),
        "COLLECTIONS_BASE_URL": announcement.base_url,
        "COLLECTIONS_DEMO": "true" if announcement.demo else "false",
        "COLLECTIONS_MAIL_SINK": announcement.mail_sink,
        "PYTHONUNBUFFERED": "1",
    }
    python, celery = sys.executable, (sys.executable, "-m", "celery", "-A", "collections_app.celery")
    schedule = announcement_path(env.home, env.dataset).with_suffix(".schedule").name.replace("server", "beat")
    web = (
        *(python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(announcement.port)),
        *("--workers", str(WORKERS), "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws"),
        *("--workers-kill-timeout", "10", "--log-level", "warning", "collections_app.wsgi:application"),
    )
    worker = ("worker", "--concurrency", str(WORKERS), "--without-gossip", "--without-mingle", "--loglevel", "WARNING")
    beat = ("beat", "--schedule", str(env.home / schedule), "--pidfile", "", "--loglevel", "WARNING")
    processes = [
        Process("web", web, shared),
        Process("worker", (*celery, *worker), shared),
        Process("beat", (*celery, *beat), shared),
    ]
    if announcement.demo:
        # Stopped last: a letter on its way must still arrive.
        catcher = Process("mail", (python, "-m", "collections_app.demo.mail_catcher"), shared, stop_rank=1)
        processes.insert(0, catcher)
    return processes


def free_port(wanted: int) -> int:
    """`wanted` when nobody listens there on this machine, else a free port."""
    for candidate in (wanted, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(door.getsockname()[1])
    raise EngineError(f"Port {wanted} is taken and no other port is free on 127.0.0.1.")


def _announce(env: Environment, *, demo: bool, port: int) -> Announcement:
    chosen = free_port(port)
    base_url = env.base_url
    if urlsplit(base_url).hostname in ("localhost", "127.0.0.1"):
        base_url = f"http://localhost:{chosen}"
    sink = env.mail_sink
    if demo and not sink:
        sink = f"127.0.0.1:{free_port(MAIL_PORT)}"
    return Announcement(os.getpid(), start_mark(os.getpid()), chosen, base_url, demo, sink)


def _lock_home(env: Environment, announced_at: Path) -> int:
    """A descriptor that keeps every other server off this home and dataset while it is open."""
    handle = os.open(announced_at.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        other = read_announcement(announced_at)
        who = f"as process {other.pid} at {other.base_url}" if other and other.is_alive else "and is just starting"
        raise AlreadyServingError(
            f"A server of {env.home} runs already {who}. Stop it first, or set COLLECTIONS_HOME to another directory."
        ) from None
    return handle


def _revive(env: Environment, supervisor: Supervisor) -> None:
    """Start an engine again that somebody killed; a failure is told and tried again at the next look."""
    if are_running(env):
        return
    supervisor.say("engines", "an engine is away; starting it again")
    try:
        ensure_running(env)
    except EngineError as error:
        supervisor.say("engines", str(error))
    else:
        supervisor.say("engines", "running again")
