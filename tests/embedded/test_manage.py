"""`manage.py` tells what to do about the database in a sentence, where Django would show a traceback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from collections_app.demo import dataset_databases

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The finished command."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env={**os.environ, **environ}, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_database_that_is_away_is_told_in_a_sentence() -> None:
    away = {"DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/nothing", "COLLECTIONS_SECRET_KEY": "k" * 60}
    done = run("aging", **away)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def never_filled() -> Iterator[str]:
    """The name of a data set without tables: a command makes its database, the test drops it."""
    yield "never_filled"
    dataset_databases.drop(settings.ENV, "never_filled")


def test_tables_that_are_missing_are_told_with_the_command_that_makes_them(never_filled: str) -> None:
    done = run("aging", COLLECTIONS_DATASET=never_filled)
    assert done.returncode == 1
    assert "Run ./manage.py migrate_once" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in run("aging", "--traceback", COLLECTIONS_DATASET=never_filled).stderr
