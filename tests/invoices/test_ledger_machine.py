"""Case D24 in the default run. `make chaos` runs the same machine far longer."""

import os
from contextlib import closing

import psycopg2
import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invoices.ledger_book import world
from tests.invoices.ledger_machine import LedgerMachine

RUNS = int(os.environ.get("LEDGER_MACHINE_RUNS", "500"))
PARTS = int(os.environ.get("LEDGER_MACHINE_PARTS", "5"))  # so that several cores can share the runs
STEPS = 50


@pytest.fixture
def swept(db: None) -> None:
    """Nothing; afterwards the tables are rid of what runs took back. A run is a savepoint: the rows it leaves behind
    make every later look longer, five hundred runs three times as long."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.autocommit = True
        with other.cursor() as cursor:
            cursor.execute("VACUUM")


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize("part", range(PARTS))
def test_d24_the_books_hold_after_every_step(part: int) -> None:
    LedgerMachine.world = world()
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=RUNS // PARTS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # a failing run prints its seed; shrinking it takes longer than all runs
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
