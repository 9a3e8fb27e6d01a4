"""`run_dunning`: JSON alone on standard output, the same with and without --dry-run, and errors as sentences."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dunning.models import Notice, Policy, Run
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("run_dunning", "--format", "json", *arguments, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


@pytest.fixture
def late(policy: Policy) -> None:
    """One customer who is owed a reminder, one on hold."""
    factories.invoice(factories.customer(number="LATE"), "12.50", due_on=DAY - timedelta(days=1), number="R-1")
    held = factories.customer(number="HELD")
    held.holds.create(reason="legal", starts_on=DAY, ends_on=DAY)
    factories.invoice(held, due_on=DAY - timedelta(days=1))


def test_a_dry_run_tells_proposals_and_reasons_and_writes_nothing(late: None) -> None:
    told = run("--as-of", "2026-03-02", "--dry-run")
    assert told == {
        "as_of": "2026-03-02",
        "proposals": [
            {
                "customer": "LATE",
                "step": "First reminder",
                "currency": "EUR",
                "amount": "12.50",
                "reason": "“First reminder” is due since 2 Mar 2026: R-1 is 1 day late.",
            }
        ],
        "skipped": {"on_hold": 1},
    }
    assert Run.objects.count() == Notice.objects.count() == 0


def test_a_real_run_does_what_the_dry_run_told(late: None) -> None:
    rehearsed = run("--as-of", "2026-03-02", "--dry-run")
    assert run("--as-of", "2026-03-02") == rehearsed
    assert run("--as-of", "2026-03-02") == rehearsed
    assert Run.objects.count() == Notice.objects.count() == 1


def test_a_dry_run_of_the_past_knows_only_what_was_so_then(late: None) -> None:
    assert run("--as-of", "2026-02-26", "--dry-run")["proposals"][0]["step"] == "Friendly notice"
    assert run("--as-of", "2025-01-01", "--dry-run") == {"as_of": "2025-01-01", "proposals": [], "skipped": {}}


def test_without_a_policy_the_standard_one_is_rehearsed_and_nothing_can_be_run() -> None:
    factories.invoice(factories.customer(), due_on=DAY - timedelta(days=1))
    assert run("--as-of", "2026-03-02", "--dry-run")["proposals"][0]["step"] == "First reminder"
    with pytest.raises(CommandError, match="Switch a policy on"):
        run("--as-of", "2026-03-02")


@pytest.mark.parametrize("arguments", [("--as-of", "2026-02-31"), ("--as-of", "soon"), ("--entity", "XX99")])
def test_what_makes_no_sense_is_refused_in_a_sentence(policy: Policy, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"\.$"):
        run(*arguments)
