"""The command import_invoices, and what load_dataset says about files it cannot load."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from collections_app.demo.datasets import companies_in
from customers.import_sources.base import FileRefused
from invoices.models import Invoice
from tests import factories
from tests.invoices.services.test_import_open_items import GOOD, SAP


@pytest.fixture
def file(tmp_path: Path) -> Path:
    factories.entity()
    path = tmp_path / "items.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_json_stands_alone_on_standard_output(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_invoices", str(file), "--entity", "DE01", "--format", "json")
    assert json.loads(capsys.readouterr().out)["new"] == 4


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(file: Path) -> None:
    call_command("import_invoices", str(file), "--entity", "DE01", "--dry-run")
    assert not Invoice.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--entity", "XX"], "no legal entity XX. Known codes: DE01"),
        (["--entity", "DE01", "--option", "date_order=dym"], "no date_order"),
        (["--entity", "DE01", "--option", "map.amout=Total"], "no field"),
        (["--entity", "DE01", "--source", "dbase"], "not enabled here"),
        ([], "Nothing was imported: 4 rows are wrong"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(file: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("import_invoices", str(file), *words)
    assert not Invoice.objects.exists()


def test_a_day_before_what_the_file_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sap.csv"
    path.write_text(SAP, encoding="utf-8")
    with pytest.raises(FileRefused, match="as late as 2018-08-21"):
        companies_in(path, source="sap", as_of=date(2018, 8, 1))
    found = companies_in(path, source="sap", as_of=date(2018, 10, 1))
    assert [(company.code, company.country, company.currency) for company in found] == [
        ("3", "NL", "EUR"), ("5", "DE", "EUR"),
    ]  # fmt: skip


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileRefused, match="not a file of SAP line items"):
        companies_in(path, source="sap", as_of=date(2018, 10, 1))
