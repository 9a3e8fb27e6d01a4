"""A private Valkey server on a Unix socket: broker in database 0, cache in database 1.

Callers hold the start lock (see `engines.py`). Must not import Django or a Redis client: two commands are enough.
"""

import os
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from collections_app.embedded.binaries import (
    give_to_engine,
    private_directory,
    run_binary,
    valkey_server,
)
from collections_app.embedded.locations import LONGEST_SOCKET_PATH, EngineError, EngineLocations
from collections_app.embedded.processes import executable_of, works_in

START_SECONDS = 60


@dataclass(frozen=True)
class Valkey:
    """The broker of one home. `fast` keeps nothing on disk."""

    where: EngineLocations
    fast: bool = False

    def is_running(self) -> bool:
        """Whether the server answers on its socket."""
        return self._say("PING").startswith("+PONG")

    def pid(self) -> int | None:
        """The server's process id, None when it does not run."""
        try:
            pid = int((self.where.valkey / "valkey.pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        ours = executable_of(pid) == "valkey-server" and works_in(pid, self.where.valkey)
        return pid if ours else None

    def start(self) -> None:
        """Nothing; afterwards the server answers, with everything it had written before."""
        path = str(self.where.valkey_socket)
        if len(os.fsencode(path)) > LONGEST_SOCKET_PATH:
            raise EngineError(f"The path {path} is too long for a socket; set COLLECTIONS_HOME to a shorter one.")
        private_directory(self.where.sockets)
        private_directory(self.where.valkey)
        log = self.where.valkey / "valkey.log"
        log.touch(mode=0o600)
        give_to_engine(log)
        if self.pid() is not None and not self.where.valkey_socket.exists():
            self.stop()  # somebody cleaned up the directory of its socket; nobody can reach it any more
        if self.pid() is None:
            self._start_server(str(log))
        begun = time.monotonic()
        while not self.is_running():
            if time.monotonic() - begun > START_SECONDS:
                raise EngineError(
                    f"Valkey did not start. See {log}; if its files are damaged, remove {self.where.valkey}."
                )
            time.sleep(0.02)

    def stop(self) -> None:
        """Nothing; afterwards the server is gone and what it held is on disk."""
        pid = self.pid()
        if pid is None:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)  # which writes everything down first
        begun = time.monotonic()
        while self.pid() is not None:
            if time.monotonic() - begun > 20:
                raise EngineError(f"Valkey (process {pid}) did not stop. See {self.where.valkey}/valkey.log.")
            time.sleep(0.02)

    def _start_server(self, log: str) -> None:
        # It puts itself into the background, so that it belongs to no terminal and to no parent of ours.
        command = [
            str(valkey_server(self.where.engines)), "--port", "0",
            "--unixsocket", str(self.where.valkey_socket), "--unixsocketperm", "700",
            "--dir", str(self.where.valkey), "--appendonly", "no" if self.fast else "yes", "--save", "",
            "--maxmemory-policy", "noeviction", "--daemonize", "yes", "--logfile", log,
            "--pidfile", str(self.where.valkey / "valkey.pid"), "--loglevel", "warning",
        ]  # fmt: skip
        done = run_binary(command, timeout=START_SECONDS)
        if done.returncode:
            raise EngineError(f"Valkey did not start: {(done.stderr or done.stdout).strip()} See {log}.")

    def _say(self, command: str) -> str:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
                door.settimeout(2)
                door.connect(str(self.where.valkey_socket))
                door.sendall(f"{command}\r\n".encode("ascii"))
                return door.recv(64).decode("ascii", "replace")
        except OSError:
            return ""
