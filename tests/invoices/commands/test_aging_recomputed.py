"""`./manage.py aging` against an independent recomputation over raw exports: 24 days, 3 currencies, 2 entities, every
basis and credit mode, with and without "as known on", to the cent."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from itertools import product

import pytest
from django.core.management import call_command

from invoices.queries.verify_aging import violations
from invoices.queries.verify_ledger import violations as ledger_violations
from tests.invoices.recomputation import Exports, month_ends
from tests.invoices.seeded_books import CURRENCIES, SeededBooks

pytestmark = pytest.mark.django_db

DAYS = month_ends(24)
MODES = list(product(("due", "invoice"), ("own", "oldest", "column")))
PARTS = ("collectable", "disputed", "on_plan", "promised")


@pytest.fixture
def exports() -> Exports:
    """The seeded books, written, and exported again."""
    SeededBooks(20261121).write()
    return Exports()


def told(as_of: date, entity: str, basis: str, credits: str, known_on: date | None, buckets: str) -> dict[str, object]:
    out = StringIO()
    known = ["--known-on", known_on.isoformat()] if known_on else []
    asked = ["--as-of", as_of.isoformat(), "--entity", entity, "--basis", basis, "--credits", credits]
    call_command("aging", *asked, *known, "--buckets", buckets, "--format", "json", stdout=out)
    found: dict[str, object] = json.loads(out.getvalue())
    return found


def test_d50_the_command_agrees_to_the_cent_with_a_recomputation_over_raw_exports(exports: Exports) -> None:
    seen: set[tuple[str, str]] = set()
    compared = 0
    for place, as_of in enumerate(DAYS):
        bounds = (30, 60, 90, 120) if place % 2 else (15, 45)
        for known_on, (basis, credits) in product((None, as_of, as_of - timedelta(days=20)), MODES):
            expected = exports.aging(as_of, known_on, basis, credits, bounds)
            for entity in ("DE01", "US01"):
                found = told(as_of, entity, basis, credits, known_on, "/".join(map(str, bounds)))
                totals, split = found["totals"], found["split"]
                assert isinstance(totals, dict)
                assert isinstance(split, dict)
                lines = {code: {**totals[code], **split[code]} for code in totals}
                for currency in CURRENCIES:
                    line = {key: Decimal(amount) for key, amount in lines.get(currency, {}).items()}
                    want = dict(expected.get((entity, currency), {}))
                    assert line == want, (as_of, known_on, basis, credits, entity, currency)
                    seen |= {(entity, currency)} if line else set()
                    compared += len(line)
    assert len(seen) == 6
    assert compared > 6000


def test_i4_every_mode_adds_up_to_the_same_balance(exports: Exports) -> None:
    for as_of in DAYS[5::6]:
        totals = []
        for basis, credits in MODES:
            found = told(as_of, "DE01", basis, credits, None, "")["totals"]
            assert isinstance(found, dict)
            for line in found.values():
                amounts = {key: Decimal(amount) for key, amount in line.items()}
                assert sum(amounts.values()) == 2 * amounts["total"]
            totals.append({code: line["total"] for code, line in found.items()})
        assert all(total == totals[0] for total in totals)


def test_the_seeded_books_hold_every_law_and_have_something_of_each_kind(exports: Exports) -> None:
    assert ledger_violations() == []
    assert violations(DAYS[-1]) == []
    assert exports.merges
    assert all(exports.tables[name] for name in exports.tables)
    sides = {name for row in exports.tables["allocation"] for name in ("payment", "credit_note", "adjustment")
             if row[f"{name}_id"]}  # fmt: skip
    assert sides == {"payment", "credit_note", "adjustment"}
    assert any(row["reverses_id"] for row in exports.tables["allocation"])
    assert any(row["instalment_id"] for row in exports.tables["allocation"])
