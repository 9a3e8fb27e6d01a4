"""Importing rates: again adds nothing, a correction is a new row, and the rate that counts names its day and source."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from collections_app.audit.models import AuditEntry
from collections_app.lib.errors import BadInput
from collections_app.lib.rates import Rate, ecb_rate
from invoices.models import ExchangeRate
from invoices.queries.aging_base import in_one_currency
from invoices.queries.rates import latest_rates, rate_on
from invoices.services.import_rates import import_rates
from tests.invoices.test_rate_files import CSV, TODAY, XML

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


def load(content: bytes = CSV, *, dry_run: bool = False) -> tuple[int, int, int]:
    report = import_rates(content=content, today=TODAY, dry_run=dry_run, by="test")
    return report.added, report.corrected, report.known


def test_the_same_file_again_adds_nothing() -> None:
    assert load() == (4, 0, 0)
    assert load() == (0, 0, 4)
    assert load(XML) == (0, 0, 2)
    assert ExchangeRate.objects.count() == 4
    assert AuditEntry.objects.filter(action="rates.imported").count() == 1


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    assert load(dry_run=True) == (4, 0, 0)
    assert not ExchangeRate.objects.exists()


def test_a_corrected_rate_is_a_new_row_and_counts_from_then_on() -> None:
    load()
    assert load(CSV.replace(b"1.0842", b"1.0843")) == (1, 1, 3)
    assert rate_on("EUR", "USD", FRIDAY).rate == Decimal("1.0843")
    assert ExchangeRate.objects.filter(quote="USD", on=FRIDAY).count() == 2


def test_a_rate_may_be_corrected_back_to_what_it_was() -> None:
    load()
    load(CSV.replace(b"1.0842", b"9.9999"))
    assert load() == (1, 1, 3)
    assert rate_on("EUR", "USD", FRIDAY).rate == Decimal("1.0842")


def test_imported_rates_go_before_bundled_ones_of_the_same_or_an_earlier_day() -> None:
    bundled = rate_on("EUR", "USD", FRIDAY)
    assert bundled == ecb_rate("EUR", "USD", FRIDAY)
    load()
    assert rate_on("EUR", "USD", FRIDAY) == Rate(Decimal("1.0842"), FRIDAY, "ECB")
    early = date(2026, 1, 5)
    assert rate_on("EUR", "USD", early) == ecb_rate("EUR", "USD", early)


def test_a_day_without_rates_gets_those_of_the_last_day_before() -> None:
    load()
    assert rate_on("EUR", "USD", date(2026, 11, 22)).on == FRIDAY


def test_two_other_currencies_go_by_way_of_the_euro_on_one_day() -> None:
    load()
    load(CSV.replace(b"2026-11-20,1.0842,161.23", b"2026-11-21,1.0900,N/A"))
    found = rate_on("USD", "JPY", TODAY)
    assert found.on == FRIDAY  # the last day on which both were published
    assert found.rate == pytest.approx(Decimal("161.23") / Decimal("1.0842"), abs=Decimal("1e-20"))
    assert rate_on("USD", "EUR", FRIDAY).rate == pytest.approx(1 / Decimal("1.0842"), abs=Decimal("1e-20"))


def test_a_currency_nobody_publishes_is_refused_with_a_sentence() -> None:
    with pytest.raises(BadInput, match="Enter a rate"):
        rate_on("EUR", "KWD", FRIDAY)
    assert rate_on("KWD", "KWD", FRIDAY).rate == 1


def test_the_latest_rates_tell_their_age() -> None:
    load()
    assert [(row.quote, row.rate, row.on, row.days_old) for row in latest_rates(TODAY)] == [
        ("JPY", Decimal("161.23"), FRIDAY, 1),
        ("USD", Decimal("1.0842"), FRIDAY, 1),
    ]


def test_good_rates_go_in_although_others_are_bad() -> None:
    report = import_rates(content=CSV.replace(b"161.23", b"many"), today=TODAY, by="test")
    assert (report.added, [error.position for error in report.errors]) == (3, ["line 2, JPY"])


@pytest.mark.parametrize("change", ["UPDATE invoices_exchangerate SET rate = 2", "DELETE FROM invoices_exchangerate"])
def test_d18_a_rate_cannot_be_changed_by_raw_sql(change: str) -> None:
    load()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_command_prints_json_alone(tmp_path: Path) -> None:
    file, out = tmp_path / "eurofxref-hist.csv", StringIO()
    file.write_bytes(CSV.replace(b"2026-11-20", b"2026-03-06").replace(b"2026-11-19", b"2026-03-05"))
    call_command("import_rates", str(file), "--format", "json", "--dry-run", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["added"], said["first_on"], said["last_on"], said["written"]) == (4, "2026-03-05", "2026-03-06", False)
    assert said["errors"] == []
    call_command("import_rates", str(file), stdout=out)
    assert ExchangeRate.objects.count() == 4


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_rates", str(tmp_path / "missing.csv"))
    other = tmp_path / "other.csv"
    other.write_text("name,amount\n")
    with pytest.raises(CommandError, match="no file of exchange rates"):
        call_command("import_rates", str(other))


def test_i12_the_aging_report_converts_at_imported_rates_and_names_their_day() -> None:
    load()
    (row,) = in_one_currency([("USD", Decimal("108.42"))], base="EUR", as_of=date(2026, 11, 22)).rows
    assert row.rate is not None
    assert (row.amount, row.rate.on, row.rate.source) == (Decimal("100.00"), FRIDAY, "ECB")
