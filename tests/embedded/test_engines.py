"""PostgreSQL and Valkey of one home: started, found again, killed, recovered, shared and stopped. Real processes."""

import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
import redis

from collections_app.embedded.engines import are_running, ensure_running, leave, urls
from collections_app.embedded.locations import LONGEST_SOCKET_PATH, POSTGRES_SOCKET, EngineLocations
from collections_app.embedded.postgres import Postgres
from collections_app.embedded.valkey import Valkey
from collections_app.env import Environment, read_environment

from .conftest import ROOT, is_alive, wait_until

pytestmark = pytest.mark.crash

USE_ENGINES = """
import os, sys
from pathlib import Path
from collections_app.embedded.engines import ensure_running
from collections_app.env import read_environment
ensure_running(read_environment(os.environ, Path.cwd()))
print("ready", flush=True)
sys.stdin.readline()
"""


def ask(env: Environment, statement: str) -> object:
    connection = psycopg2.connect(env.database_url_or_embedded)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def test_engines_start_from_nothing_and_never_as_root(env: Environment) -> None:
    assert not are_running(env)
    ensure_running(env)
    assert ask(env, "SELECT current_database()") == "collections"
    assert ask(env, "SHOW data_checksums") == "on"
    assert ask(env, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    assert redis.Redis.from_url(env.cache_url).ping()
    for pid in (Postgres(env.locations).pid(), Valkey(env.locations).pid()):
        assert Path(f"/proc/{pid}").stat().st_uid != 0


def test_urls_are_known_before_anything_runs(env: Environment) -> None:
    before = urls(env)
    assert not are_running(env)
    ensure_running(env)
    assert urls(env) == before


def test_engines_are_found_again_at_once(env: Environment) -> None:
    ensure_running(env)
    begun = time.perf_counter()
    ensure_running(env)
    assert time.perf_counter() - begun < 0.5


def test_every_dataset_has_a_database_of_its_own(env: Environment, home: Path) -> None:
    ensure_running(env)
    ask(env, "CREATE TABLE seen (id int)")
    dataset = read_environment({"COLLECTIONS_HOME": str(home), "COLLECTIONS_DATASET": "sap"}, ROOT)
    ensure_running(dataset)
    assert ask(dataset, "SELECT current_database()") == "collections_sap"
    assert ask(dataset, "SELECT to_regclass('seen')") is None


def test_committed_rows_and_queued_tasks_survive_a_kill(env: Environment) -> None:
    ensure_running(env)
    ask(env, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS id")
    redis.Redis.from_url(env.cache_url).set("queued", "yes")
    wait_until(lambda: redis.Redis.from_url(env.cache_url).info()["aof_pending_bio_fsync"] == 0)
    for pid in (Postgres(env.locations).pid(), Valkey(env.locations).pid()):
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not are_running(env))
    ensure_running(env)
    assert ask(env, "SELECT count(*) FROM kept") == 20000
    assert redis.Redis.from_url(env.cache_url).get("queued") == b"yes"


def test_engines_whose_sockets_were_cleaned_away_are_started_again(env: Environment) -> None:
    ensure_running(env)
    ask(env, "CREATE TABLE kept AS SELECT 1 AS id")
    before = Postgres(env.locations).pid(), Valkey(env.locations).pid()
    shutil.rmtree(env.locations.sockets)
    ensure_running(env)
    assert ask(env, "SELECT count(*) FROM kept") == 1
    assert redis.Redis.from_url(env.cache_url).ping()
    assert not any(is_alive(pid or 0) for pid in before)


def test_the_last_user_stops_the_engines_and_an_earlier_one_does_not(
    env: Environment, home: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    other = start_python(USE_ENGINES, COLLECTIONS_HOME=str(home))
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    ensure_running(env)
    assert leave(env) is False
    assert are_running(env)
    other.communicate("\n", timeout=30)
    assert other.returncode == 0
    assert not are_running(env)
    assert "database system is shut down" in env.locations.postgres_log.read_text()


def test_a_killed_user_is_not_counted_any_more(
    env: Environment, home: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    other = start_python(USE_ENGINES, COLLECTIONS_HOME=str(home))
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    other.kill()
    other.wait()
    assert are_running(env)
    ensure_running(env)
    assert leave(env) is True
    assert not are_running(env)


def test_many_processes_that_start_together_get_one_server(
    env: Environment, home: Path, start_python: Callable[..., subprocess.Popen[str]]
) -> None:
    others = [start_python(USE_ENGINES, COLLECTIONS_HOME=str(home)) for _ in range(4)]
    for other in others:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
    assert is_alive(Postgres(env.locations).pid() or 0)
    for other in others:
        other.communicate("\n", timeout=30)
    assert [other.returncode for other in others] == [0, 0, 0, 0]
    assert not are_running(env)


def test_a_forked_child_does_not_stop_the_engines_of_its_parent(env: Environment) -> None:
    ensure_running(env)
    child = os.fork()
    if child == 0:
        os._exit(1 if leave(env) else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert are_running(env)


def test_nothing_of_a_home_is_open_to_others(env: Environment) -> None:
    ensure_running(env)
    where = env.locations
    for directory in (where.sockets, where.engines, where.data, where.valkey):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700, directory
    for file in (where.home / "postgres_password", where.home / "secret_key", where.postgres_log, where.users_lock):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    for door in (where.sockets / POSTGRES_SOCKET, where.valkey_socket):
        assert stat.S_IMODE(door.stat().st_mode) == 0o700, door
    assert ask(env, "SHOW listen_addresses") == ""
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(host=str(where.sockets), user=where.user, password="wrong", dbname="postgres")


def test_two_homes_never_share_a_path_and_every_socket_path_is_short(home: Path) -> None:
    deep = home.joinpath(*["a-directory-with-a-long-name"] * 8)
    one, other = EngineLocations.of(deep), EngineLocations.of(deep / "second")
    assert {one.sockets, one.engines}.isdisjoint({other.sockets, other.engines})
    for where in (one, other):
        for door in (where.sockets / POSTGRES_SOCKET, where.valkey_socket):
            assert len(os.fsencode(door)) <= LONGEST_SOCKET_PATH


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has homes that the engines' user cannot enter")
def test_a_home_nobody_can_enter_keeps_its_engines_elsewhere(home: Path) -> None:
    home.chmod(0o700)
    closed = read_environment({"COLLECTIONS_HOME": str(home / "inner")}, ROOT)
    where = closed.locations
    assert where.engines.parent == Path("/var/lib")
    try:
        ensure_running(closed)
        assert ask(closed, "SELECT 1") == 1
        assert leave(closed) is True
    finally:
        shutil.rmtree(where.engines, ignore_errors=True)
        shutil.rmtree(where.sockets, ignore_errors=True)
