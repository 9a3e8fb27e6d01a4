"""`./manage.py aging`: the JSON other programs read, and sentences for what cannot be."""

import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.models import BusinessClock
from tests import factories
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("aging", *arguments, stdout=out)
    return out.getvalue()


def test_the_json_has_exactly_the_promised_shape() -> None:
    who = factories.customer()
    factories.invoice(who, "1234.50", due_on=DAY)
    factories.invoice(who, "100.00", due_on=DAY - timedelta(days=121))
    factories.payment(who, "20.00", received_on=DAY - timedelta(days=30))
    assert json.loads(run("--as-of", DAY.isoformat(), "--format", "json")) == {
        "as_of": "2026-03-02",
        "basis": "due",
        "credits": "own",
        "known_on": None,
        "buckets": "0/30/60/90/120",
        "totals": {
            "EUR": {
                "not_due": "1234.50",
                "1-30": "-20.00",
                "31-60": "0.00",
                "61-90": "0.00",
                "91-120": "0.00",
                "120+": "100.00",
                "total": "1314.50",
            }
        },
        "split": {
            "EUR": {"collectable": "1334.50", "disputed": "0.00", "on_plan": "0.00", "promised": "0.00"},
        },
        "documents": 3,
        "customers": 1,
    }


def test_amounts_have_the_decimals_of_their_currency() -> None:
    who = factories.customer()
    factories.invoice(who, "1000", currency="JPY")
    factories.invoice(who, "1.5", currency="KWD")
    totals = json.loads(run("--as-of", DAY.isoformat(), "--format", "json"))["totals"]
    assert (totals["JPY"]["total"], totals["KWD"]["total"]) == ("1000", "1.500")
    assert totals["JPY"]["1-30"] == "0"


def test_without_a_day_it_takes_the_business_day() -> None:
    BusinessClock.objects.create(pinned_on=DAY)
    factories.invoice(factories.customer(), "1.00")
    assert json.loads(run("--format", "json"))["as_of"] == DAY.isoformat()


def test_one_entity_alone_can_be_asked() -> None:
    factories.invoice(factories.customer(), "1.00")
    other = factories.entity("UK01")
    factories.invoice(factories.customer(of=other), "2.00")
    told = json.loads(run("--as-of", DAY.isoformat(), "--entity", "UK01", "--format", "json"))
    assert Decimal(told["totals"]["EUR"]["total"]) == 2


def test_an_empty_ledger_is_an_answer() -> None:
    told = json.loads(run("--as-of", DAY.isoformat(), "--format", "json"))
    assert (told["totals"], told["split"], told["documents"], told["customers"]) == ({}, {}, 0, 0)


def test_the_table_states_how_credits_are_shown() -> None:
    factories.invoice(factories.customer(), "1.00")
    told = run("--as-of", DAY.isoformat())
    assert "Aging as of 2026-03-02: 1 open documents of 1 customers." in told
    assert "Credits and unapplied cash are negative" in told


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "01.02.2026", "tomorrow", "", "9999-99-99"])
def test_a_day_that_is_none_is_refused_with_a_sentence(day: str) -> None:
    with pytest.raises(CommandError, match=r"date|calendar"):
        run("--as-of", day)


def test_an_unknown_entity_is_refused_with_the_known_ones() -> None:
    factories.entity("DE01")
    with pytest.raises(CommandError, match=r"no legal entity XX\. Known codes: DE01"):
        run("--entity", "XX")
