"""The promises made about real data: load_dataset, then every command of its own, each in a process of its own.

The expected figures come from `tests.real_files`, which reads the files without the product."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from collections_app.embedded.postgres import Postgres
from collections_app.embedded.valkey import Valkey
from collections_app.env import read_environment
from tests.real_files import FILES, Item, RealFile, aging, owed

ROOT = Path(__file__).resolve().parents[1]
ABSENT = [str(file.path.name) for file in FILES if not file.path.exists()]
pytestmark = pytest.mark.skipif(bool(ABSENT), reason=f"the real data is not beside the project: {', '.join(ABSENT)}")


@dataclass(frozen=True)
class Loaded:
    """A data set in the database of an installation of its own."""

    file: RealFile
    items: list[Item]
    environ: dict[str, str]

    def manage(self, *arguments: str) -> Any:
        """The JSON that the command prints alone on standard output, on this data set."""
        return json.loads(_manage({**self.environ, "COLLECTIONS_DATASET": self.file.dataset}, *arguments))


def _manage(environ: dict[str, str], *arguments: str) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("COLLECTIONS_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=clean | environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def installation() -> Iterator[dict[str, str]]:
    """The environment of an installation with engines of its own; nothing of it remains afterwards."""
    home = Path(tempfile.mkdtemp(prefix="collections-real-"))
    home.chmod(0o711)
    environ = {"COLLECTIONS_HOME": str(home), "COLLECTIONS_FAST_ENGINE": "1"}
    try:
        yield environ
    finally:
        locations = read_environment(environ, ROOT).locations
        Postgres(locations).stop()
        Valkey(locations).stop()
        for path in (home, locations.sockets, locations.engines):
            shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.dataset)
def loaded(request: pytest.FixtureRequest, installation: dict[str, str]) -> Loaded:
    """Each real file after `load_dataset`, once for all tests."""
    file: RealFile = request.param
    where = ("--path", str(file.path), "--as-of", file.known_on.isoformat())
    told = json.loads(_manage(installation, "load_dataset", file.dataset, *where))
    items = file.items()
    assert (told["new"], told["errors"]) == (len(items), 0)
    return Loaded(file, items, installation)


def test_aging_equals_an_independent_sum_over_the_file_on_that_day_and_before(loaded: Loaded) -> None:
    for day in (loaded.file.known_on, *loaded.file.past):
        printed = loaded.manage("aging", "--as-of", day.isoformat(), "--format", "json")
        expected = aging(loaded.file, loaded.items, day)
        assert {key: printed[key] for key in expected} == expected


def test_run_dunning_lists_at_most_one_proposal_per_customer_and_currency_within_what_is_open(loaded: Loaded) -> None:
    day = loaded.file.known_on
    told = loaded.manage("run_dunning", "--as-of", day.isoformat(), "--dry-run", "--format", "json")
    assert set(told) == {"as_of", "proposals", "skipped"}
    assert told["as_of"] == day.isoformat()
    assert told["proposals"]
    assert all(set(row) == {"customer", "step", "currency", "amount", "reason"} for row in told["proposals"])
    asked = {(row["customer"], row["currency"]): Decimal(row["amount"]) for row in told["proposals"]}
    assert len(asked) == len(told["proposals"])
    owing = owed(loaded.items, day)
    too_much = {who: amount for (who, _), amount in asked.items() if not 0 < amount <= owing.get(who, Decimal(0))}
    assert too_much == {}
    assert all(row["reason"].endswith(".") and row["step"] in row["reason"] for row in told["proposals"])
    assert all(isinstance(count, int) and count > 0 for count in told["skipped"].values())


def test_worklist_ranks_by_scores_that_are_the_sum_of_the_parts_that_why_gives(loaded: Loaded) -> None:
    items = loaded.manage("worklist", "--user", "demo", "--limit", "50", "--format", "json")["items"]
    assert len(items) == 50
    scores = [Decimal(item["score"]) for item in items]
    assert scores == sorted(scores, reverse=True)
    for item, score in zip(items, scores, strict=True):
        assert set(item) == {"customer", "score", "parts", "why"}
        assert sum(Decimal(part["amount"]) for part in item["parts"]) == score, item["customer"]
        assert all(set(part) == {"name", "amount", "why"} and part["why"] for part in item["parts"])
        assert item["why"]
    assert len({item["customer"] for item in items}) == 50
    day = loaded.file.known_on.isoformat()
    told = loaded.manage("why", items[0]["customer"], "--on", day, "--format", "json")
    assert (told["customer"], told["on"]) == (items[0]["customer"], day)
    assert told["worklist"] == items[0]["parts"]
    assert told["dunning"]
    assert all({"code", "facts"} <= set(decision) for decision in told["dunning"])


def test_the_list_replayed_from_our_ledger_holds_what_it_holds_replayed_from_the_file(loaded: Loaded) -> None:
    past = loaded.file.past[-1].replace(day=1).isoformat()
    days = ("--from", past, "--to", past, "--known-on", loaded.file.known_on.isoformat(), "--format", "json")
    own = loaded.manage("backtest_worklist", "--own", *days)
    file = loaded.manage("backtest_worklist", "--data", str(loaded.file.path), "--source", loaded.file.dataset, *days)
    (ours,), (theirs,) = own["dates"], file["dates"]
    assert ours["customers"] == theirs["customers"] > 50
    apart = {
        (outcome, share, order): (held, ours[outcome][share][order])
        for outcome in ("late_30", "unpaid_30", "late")
        for share in ("top_10", "top_20")
        for order, held in theirs[outcome][share].items()
        # Among sixty customers one place is three points, and a score reads more of a ledger than a file says.
        if held is not None
        and abs(Decimal(held) - Decimal(ours[outcome][share][order]))
        >= Decimal("0.05" if order == "score" else "0.002")
    }
    assert apart == {}


def test_a_rehearsal_counts_everybody_who_owed_once_and_asks_for_no_more_than_was_open(loaded: Loaded) -> None:
    last = loaded.file.known_on
    days = ("--from", (last - timedelta(days=2)).isoformat(), "--to", last.isoformat())
    policy = "standard-0" if loaded.file.dataset == "sap" else "any"  # the SAP file has several companies
    (told,) = loaded.manage("rehearse", policy, *days, "--format", "json")["policies"]
    assert told["reached"] + told["never_reached"]["customers"] == told["owing"] <= told["customers"]
    assert told["number"] == sum(row["number"] for row in told["letters"]) == sum(day["number"] for day in told["load"])
    assert 0 <= told["crossed"] <= told["number"]
    ever = sum(item.amount for item in loaded.items if item.amount > 0 and item.issued_on <= last)
    assert 0 < Decimal(told["addressed"][loaded.file.currency]) <= ever


def test_the_books_are_in_order(loaded: Loaded) -> None:
    assert loaded.manage("verify_ledger", "--format", "json") == {"ok": True, "violations": []}
