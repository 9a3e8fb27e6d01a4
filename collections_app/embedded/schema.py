"""Brings the schema and the static files up to date before anything is served. Needs Django to be set up."""

import hashlib
import time
from pathlib import Path

import psycopg2
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from collections_app.embedded.locations import EngineError
from collections_app.env import Environment

WAIT_SECONDS = 60
MIGRATION_LOCK = 7_265_017_301  # any number, as long as every release uses the same


def migrate_once(env: Environment, *, verbosity: int = 0) -> None:
    """Nothing; afterwards all migrations are applied. Of several containers that start together, one does the work.

    Waits up to a minute for a database that is still starting; raises EngineError when it does not come.
    """
    guard = _connect_patiently(env)
    try:
        guard.autocommit = True
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        call_command("migrate", interactive=False, verbosity=verbosity)
    finally:
        guard.close()  # which gives the lock back
        connections.close_all()


def collect_static_files() -> bool:
    """Whether static files had to be collected anew, because one of them changed since the last time."""
    target = Path(str(settings.STATIC_ROOT))
    stamp, mark = target / ".collected", _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == mark:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=target.exists())
    stamp.write_text(mark, encoding="ascii")
    return True


def _connect_patiently(env: Environment) -> "psycopg2.extensions.connection":
    begun = time.monotonic()
    while True:
        try:
            return psycopg2.connect(env.database_url_or_embedded, connect_timeout=5)
        except psycopg2.OperationalError as error:
            if time.monotonic() - begun > WAIT_SECONDS:
                raise EngineError(
                    f"The database does not answer: {str(error).strip()} Start it, or correct DATABASE_URL."
                ) from None
            time.sleep(1)


def _fingerprint() -> str:
    backend = str(settings.STORAGES["staticfiles"]["BACKEND"])
    found = [backend]
    for finder in get_finders():
        for path, storage in finder.list([]):
            size, changed = storage.size(path), storage.get_modified_time(path).timestamp()
            found.append(f"{path} {size} {changed}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
