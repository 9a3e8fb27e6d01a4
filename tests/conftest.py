"""Starts the tests' own engines (PostgreSQL and Valkey, not durable, in a home of their own) before the first test."""

import os

import pytest
from hypothesis import HealthCheck, settings

from collections_app.embedded.engines import ensure_running
from collections_app.env import load_environment

# For the processes that tests start; this process knows already that it is pytest.
os.environ.setdefault("COLLECTIONS_FAST_ENGINE", "1")

# Two shared cores: a slow example is no failure. `make fuzz` looks much longer.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("tests"), max_examples=5000)
settings.load_profile("tests")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Nothing; afterwards the engines run. Workers of pytest-xdist find those of the first process."""
    ensure_running(load_environment())
