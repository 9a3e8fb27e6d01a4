"""A private PostgreSQL cluster: made, started, found again, stopped.

Callers hold the start lock (see `engines.py`). Must not import Django; connections here are bare psycopg2.
"""

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from collections_app.embedded.binaries import (
    give_to_engine,
    postgres_bin,
    private_directory,
    run_binary,
)
from collections_app.embedded.locations import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, EngineError, EngineLocations
from collections_app.embedded.processes import executable_of, works_in

START_SECONDS = 600  # a long recovery after a crash is no reason to give up
REFUSED_SECONDS = 20  # how long a start may be refused because of what a killed server left behind
STALE_SECONDS = 3

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
}
# For tests only: a crash may cost the data, and nobody will miss it.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Postgres:
    """The cluster of one home. `fast` gives up durability."""

    where: EngineLocations
    fast: bool = False

    def is_running(self) -> bool:
        """Whether a server serves this data directory and accepts connections."""
        lines = self._pid_file()
        ready = len(lines) >= 8 and lines[7].strip() == "ready"
        return ready and self._server_pid() is not None and self._socket.exists()

    def pid(self) -> int | None:
        """The process id of the postmaster, None when there is none."""
        return self._server_pid()

    def start(self) -> None:
        """Nothing; afterwards the server accepts connections. Makes the cluster at the first start."""
        socket = self.where.sockets / POSTGRES_SOCKET
        if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
            raise EngineError(
                f"The path {socket} is too long for a socket; set COLLECTIONS_HOME to a shorter directory."
            )
        binaries = postgres_bin(self.where.engines)
        private_directory(self.where.sockets)
        if not (self.where.data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._refuse_other_version(binaries)
        if self._server_pid() is not None and not self._socket.exists():
            self.stop()  # somebody cleaned up the directory of its socket; nobody can reach it any more
        if self._server_pid() is None:
            self._start_server(binaries)
        self._wait_until_ready()

    def stop(self) -> None:
        """Nothing; afterwards no server serves this data directory. Open transactions are rolled back."""
        if self._server_pid() is None:
            return
        control = str(postgres_bin(self.where.engines) / "pg_ctl")
        done = run_binary([control, "-D", str(self.where.data), "-w", "-t", "60", "-m", "fast", "stop"], timeout=70)
        if done.returncode and self._server_pid() is not None:
            raise EngineError(f"PostgreSQL did not stop: {done.stderr.strip()} See {self.where.postgres_log}.")

    def make_database(self, name: str) -> bool:
        """Whether the database `name` had to be made."""
        connection = psycopg2.connect(
            host=str(self.where.sockets), user=self.where.user, password=self.where.password(), dbname="postgres"
        )
        return make_database(connection, name)

    @property
    def _socket(self) -> Path:
        return self.where.sockets / POSTGRES_SOCKET

    def _make_cluster(self, binaries: Path) -> None:
        private_directory(self.where.data)
        for leftover in self.where.data.iterdir():  # an initdb that was interrupted
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        password_file = self.where.sockets / "initial-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.where.password(), encoding="ascii")
        give_to_engine(password_file)
        command = [
            str(binaries / "initdb"), "-D", str(self.where.data), "-U", self.where.user, "--auth=scram-sha-256",
            f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions",
        ]  # fmt: skip
        if self._major(binaries) >= 17:
            command += ["--locale-provider=builtin"]
        if self.fast:
            command += ["--no-sync"]
        try:
            done = run_binary(command, timeout=300)
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            shutil.rmtree(self.where.data, ignore_errors=True)
            raise EngineError(f"A PostgreSQL cluster could not be made in {self.where.data}: {done.stderr.strip()}")

    def _start_server(self, binaries: Path) -> None:
        """Start, and keep trying while the lock file of a killed server still looks alive to PostgreSQL."""
        self.where.postgres_log.touch(mode=0o600)
        give_to_engine(self.where.postgres_log)
        settings = (
            SETTINGS | (FAST_SETTINGS if self.fast else {}) | {"unix_socket_directories": str(self.where.sockets)}
        )
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        command = [
            str(binaries / "pg_ctl"), "-D", str(self.where.data), "-w", "-t", str(START_SECONDS),
            "-l", str(self.where.postgres_log), "-o", options, "start",
        ]  # fmt: skip
        begun = time.monotonic()
        while True:
            done = run_binary(command, timeout=START_SECONDS + 10)
            if done.returncode == 0:
                return
            waited = time.monotonic() - begun
            if waited > STALE_SECONDS and not self._anybody_in_data_directory():
                # The old server is a zombie nobody reaps; without a live process on the data its lock means nothing.
                (self.where.data / "postmaster.pid").unlink(missing_ok=True)
            if waited > REFUSED_SECONDS:
                raise EngineError(f"PostgreSQL did not start: {self._last_words()} See {self.where.postgres_log}.")
            time.sleep(0.2)

    def _wait_until_ready(self) -> None:
        begun = time.monotonic()
        while not self.is_running():
            if self._server_pid() is None or time.monotonic() - begun > START_SECONDS:
                raise EngineError(f"PostgreSQL did not start: {self._last_words()} See {self.where.postgres_log}.")
            time.sleep(0.05)

    def _refuse_other_version(self, binaries: Path) -> None:
        written_by = (self.where.data / "PG_VERSION").read_text(encoding="ascii").strip()
        offered = self._major(binaries)
        if written_by != str(offered):
            raise EngineError(
                f"The data in {self.where.data} was written by PostgreSQL {written_by}, "
                f"but PostgreSQL {offered} is installed. Install version {written_by} again to export it, "
                "or move the directory away to begin with an empty one."
            )

    def _major(self, binaries: Path) -> int:
        words = run_binary([str(binaries / "postgres"), "--version"], timeout=30).stdout.split()
        try:
            return int(words[2].split(".")[0])
        except (IndexError, ValueError):
            raise EngineError(
                f"{binaries}/postgres cannot be run on this machine. Set DATABASE_URL to a server of yours."
            ) from None

    def _pid_file(self) -> list[str]:
        try:
            return (self.where.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _server_pid(self) -> int | None:
        lines = self._pid_file()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        if executable_of(pid) != "postgres" or not works_in(pid, self.where.data):
            return None
        return pid

    def _anybody_in_data_directory(self) -> bool:
        return any(works_in(int(entry), self.where.data) for entry in os.listdir("/proc") if entry.isdigit())

    def _last_words(self) -> str:
        try:
            return " ".join(self.where.postgres_log.read_text(encoding="utf-8", errors="replace").splitlines()[-3:])
        except OSError:
            return "it left no log."


def make_database(connection: "psycopg2.extensions.connection", name: str) -> bool:
    """Whether the database `name` had to be made on that server; closes the connection."""
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                return False
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
            return True
    finally:
        connection.close()
