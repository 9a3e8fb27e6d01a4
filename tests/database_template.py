"""A migrated, empty database that test databases are copied from: migrating takes many seconds, copying one.

Its name carries a digest of all migrations, so that a changed one makes another template. It knows no test."""

import contextlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg2
from django.core.management import call_command
from django.db import connection

from collections_app.env import load_environment

_ROOT = Path(__file__).resolve().parent.parent
_LOCK = 7_202_611  # an advisory lock's number: one process makes the template, the others wait for it


def migrated_template() -> str:
    """The template's name; the database is made first where there is none of these migrations yet."""
    name = f"migrated_{_digest()}"
    with _maintenance() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'migrated\\_%'")
            present = {found for (found,) in cursor.fetchall()}
            if name not in present:
                for old in present:
                    with contextlib.suppress(psycopg2.errors.ObjectInUse):  # being copied at this moment
                        cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
                _make(cursor, name)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return name


def _make(cursor: Any, name: str) -> None:
    half_made = f"migrated_{name[-8:]}_half"
    cursor.execute(f'DROP DATABASE IF EXISTS "{half_made}" WITH (FORCE)')
    cursor.execute(f'CREATE DATABASE "{half_made}"')
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = half_made
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own
    cursor.execute(f'ALTER DATABASE "{half_made}" RENAME TO "{name}"')


def _digest() -> str:
    files = [*_ROOT.glob("*/migrations/*.py"), *_ROOT.glob("collections_app/*/migrations/*.py")]
    found = sha256((_ROOT / "requirements.txt").read_bytes())
    for file in sorted(files):
        found.update(str(file.relative_to(_ROOT)).encode() + file.read_bytes())
    return found.hexdigest()[:16]


@contextlib.contextmanager
def _maintenance() -> Iterator[Any]:
    with contextlib.closing(psycopg2.connect(load_environment().database_url_or_embedded)) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            yield cursor
