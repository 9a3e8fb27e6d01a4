"""Starts the tests' own engines (PostgreSQL and Valkey, not durable, in a home of their own) before the first test."""

import contextlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from collections_app.accounts.models import User
from collections_app.accounts.roles import Role
from collections_app.embedded.engines import ensure_running
from collections_app.env import load_environment
from tests import factories
from tests.browser.demo_server import SHARED, remove_home
from tests.database_template import migrated_template

# For the processes that tests start; this process knows already that it is pytest.
os.environ.setdefault("COLLECTIONS_FAST_ENGINE", "1")

# Two shared cores: a slow example is no failure. `make fuzz` looks much longer.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("tests"), max_examples=5000)
settings.load_profile("tests")


# Files that take longest. With two workers and one file at a time,
# whatever is long must begin first, or one core waits for the other at the end.
_LONGEST = (
    "invoices/test_ledger_machine.py",
    "test_real_data.py",
    "browser/test_every_page.py",
    "browser/test_spine.py",
    "embedded/test_server.py",
    "test_outage.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing; afterwards the longest files come first. The order is otherwise pytest-django's."""
    tests = Path(__file__).parent
    place = {tests / name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Nothing; afterwards the engines run. Workers of pytest-xdist find those of the first process."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ[SHARED] = tempfile.mkdtemp(prefix="collections-tests-")
        Path(os.environ[SHARED]).chmod(0o711)
    ensure_running(load_environment())
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _drop_databases_of_dead_runs()


def pytest_sessionfinish() -> None:
    """Nothing; afterwards what the workers shared is gone. Workers end before the process that started them."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        shared = Path(os.environ[SHARED])
        if (shared / "home").exists():
            remove_home(shared / "home")
        shutil.rmtree(shared, ignore_errors=True)


def _drop_databases_of_dead_runs() -> None:
    """A killed test run leaves its databases behind; their names end in its process id."""
    with contextlib.closing(psycopg2.connect(load_environment().database_url_or_embedded)) as maintenance:
        maintenance.autocommit = True
        with maintenance.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
            for (name,) in cursor.fetchall():
                owner = re.search(r"_(\d+)(_gw\d+)?$", name)
                if owner and not Path(f"/proc/{owner[1]}").exists():
                    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Nothing; afterwards test databases are copied from a migrated one."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@dataclass(frozen=True)
class Cast:
    """The people every test knows. The stranger works in another team and sees nothing of the northern one."""

    lead: User
    collector: User
    accountant: User
    viewer: User
    admin: User
    stranger: User


@pytest.fixture
def cast(db: None) -> Cast:
    """A lead, a collector, an accountant, a viewer and an administrator of one team, and a stranger from another."""
    return Cast(
        lead=factories.user(Role.MANAGER, username="lead"),
        collector=factories.user(Role.ANALYST, username="collector"),
        accountant=factories.user(Role.ACCOUNTANT, username="accountant"),
        viewer=factories.user(Role.VIEWER, username="viewer"),
        admin=factories.user(Role.ADMINISTRATOR, username="admin"),
        stranger=factories.user(Role.MANAGER, username="stranger", of=factories.team("Southern team")),
    )


_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _flush_append_only_tables(self: TransactionTestCase) -> None:
    """Empties the tables after a transactional test; append-only ones refuse TRUNCATE while their triggers fire."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    _flush(self)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


TransactionTestCase._fixture_teardown = _flush_append_only_tables  # type: ignore[attr-defined]
