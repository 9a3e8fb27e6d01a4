"""Starts the engines that nobody configured, once for all processes of a home, and stops them after the last one.

Every process that uses them holds a shared lock on one file. The kernel drops that lock with the process, however it
ends, so a killed process leaves no wrong count behind: the next command finds the engines running and will stop them.
Must not import Django.
"""

import atexit
import fcntl
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from collections_app.embedded.binaries import give_to_engine, private_directory
from collections_app.embedded.locations import EngineError, EngineLocations, is_root, make_home
from collections_app.embedded.postgres import Postgres, make_database
from collections_app.embedded.valkey import Valkey
from collections_app.env import Environment

LOCK_SECONDS = 660  # longer than the longest start


@dataclass
class _Use:
    """This process's use of one home's engines."""

    where: EngineLocations
    fast: bool
    users: int
    pid: int = field(default_factory=os.getpid)


_uses: dict[Path, _Use] = {}


def urls(env: Environment) -> tuple[str, str]:
    """The database's and the broker's URL; starts nothing."""
    return env.database_url_or_embedded, env.broker_url


def ensure_running(env: Environment, *, stop_at_exit: bool = True) -> None:
    """Nothing; afterwards every engine that is not configured elsewhere runs, with the database of this dataset.

    Quick when they run already. Raises EngineError with a sentence when one cannot be started. With `stop_at_exit`,
    this process stops the engines when it ends as their last user.
    """
    if env.database_url and env.redis_url:
        _make_dataset_database(env)
        return
    where = env.locations
    make_home(env.home)
    with _locked(where.start_lock):
        _use(where, fast=env.fast_engine, stop_at_exit=stop_at_exit)
        _make_engine_directory(where)
        if not env.redis_url:
            valkey = Valkey(where, env.fast_engine)
            if not valkey.is_running():
                valkey.start()
        if not env.database_url:
            postgres = Postgres(where, env.fast_engine)
            if not postgres.is_running():
                postgres.start()
            postgres.make_database(env.database_name)
    if env.database_url:
        _make_dataset_database(env)


def are_running(env: Environment) -> bool:
    """Whether every engine that is not configured elsewhere runs."""
    where = env.locations
    return (bool(env.database_url) or Postgres(where).is_running()) and (
        bool(env.redis_url) or Valkey(where).is_running()
    )


def leave(env: Environment) -> bool:
    """Whether this process was the last user and stopped the engines; afterwards it uses them no more."""
    return _leave(env.locations.home)


def _leave(home: Path) -> bool:
    use = _uses.get(home)
    if use is None or use.pid != os.getpid():  # a forked child inherits the list, not the duty
        return False
    del _uses[home]
    with _locked(use.where.start_lock):
        os.close(use.users)
        if not _nobody_else(use.where.users_lock):
            return False
        Postgres(use.where, use.fast).stop()
        Valkey(use.where, use.fast).stop()
        return True


def _leave_all() -> None:
    for home in list(_uses):
        try:
            _leave(home)
        except (EngineError, OSError) as error:
            print(f"The engines of {home} were not stopped: {error}")


def _use(where: EngineLocations, *, fast: bool, stop_at_exit: bool) -> None:
    known = _uses.get(where.home)
    if known is not None and known.pid == os.getpid():
        return
    users = _open(where.users_lock)
    fcntl.flock(users, fcntl.LOCK_SH)
    _uses[where.home] = _Use(where, fast, users)
    if stop_at_exit:
        atexit.unregister(_leave_all)
        atexit.register(_leave_all)


def _nobody_else(path: Path) -> bool:
    """Whether no process holds the users' lock; asked while holding the start lock, so nobody can come in between."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


class _locked:
    """An exclusive lock on a file for the length of a block, waited for with patience but not for ever."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.handle = -1

    def __enter__(self) -> None:
        self.handle = _open(self.path)
        begun = time.monotonic()
        while True:
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() - begun > LOCK_SECONDS:
                    os.close(self.handle)
                    raise EngineError(f"Another process keeps {self.path} locked; end it and try again.") from None
                time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        os.close(self.handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EngineError(
            f"{path} cannot be opened ({error.strerror}): it belongs to another user. Run the command as that user, "
            "or set COLLECTIONS_HOME to a directory of your own."
        ) from error


def _make_engine_directory(where: EngineLocations) -> None:
    if not where.engines.exists():
        private_directory(where.engines)
    if is_root():
        give_to_engine(where.engines)


def _make_dataset_database(env: Environment) -> None:
    """Make the dataset's own database on a configured server; the main one is the operator's to make."""
    if not env.dataset or not env.database_url:
        return
    maintenance = urlunsplit(urlsplit(env.database_url)._replace(path="/postgres"))
    try:
        make_database(psycopg2.connect(maintenance, connect_timeout=10), env.database_name)
    except psycopg2.Error as error:
        raise EngineError(
            f"The database {env.database_name} could not be made ({str(error).strip()}). Make it by hand, "
            "or let the user of DATABASE_URL create databases."
        ) from error
