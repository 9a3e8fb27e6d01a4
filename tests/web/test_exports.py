"""Downloads are typed, complete and harmless in a spreadsheet."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.http import HttpResponse
from python_calamine import CalamineWorkbook

from collections_app.lib.money import Money
from collections_app.web.exports import Row, csv_response, neutral_text, xlsx_response

HEADINGS = ["Customer", "Due", "Open"]
ROWS: list[Row] = [
    ["=1+1", date(2026, 3, 2), Money(Decimal("-320.5000"), "EUR")],
    ["Müller & Söhne", date(2026, 3, 4), Money(Decimal("12480"), "JPY")],
]


def _csv_rows(response: HttpResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_d69_text_that_starts_like_a_formula_is_neutralised(start: str) -> None:
    assert neutral_text(f"{start}cmd|calc").startswith("'")
    assert _csv_rows(csv_response("x", ["A"], [[f"{start}cmd"]]))[1][0].startswith("'")


def test_d69_a_formula_after_spaces_is_neutralised() -> None:
    assert neutral_text("  =1+1") == "'  =1+1"


def test_ordinary_text_stays_as_it_is() -> None:
    assert neutral_text("Müller & Söhne") == "Müller & Söhne"


def test_d69_negative_amounts_stay_numeric_in_csv() -> None:
    assert _csv_rows(csv_response("x", HEADINGS, ROWS))[1:] == [
        ["'=1+1", "2026-03-02", "-320.50"],
        ["Müller & Söhne", "2026-03-04", "12480"],
    ]


def test_d69_cells_are_typed_in_xlsx() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_response("x", HEADINGS, ROWS).content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [
        HEADINGS,
        ["'=1+1", date(2026, 3, 2), -320.5],
        ["Müller & Söhne", date(2026, 3, 4), 12480.0],
    ]


def test_an_amount_that_a_spreadsheet_would_round_is_written_as_text() -> None:
    response = xlsx_response("x", ["Open"], [[Money(Decimal("999999999999999.99"), "EUR")]])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["999999999999999.99"]


def test_a_file_name_with_umlauts_and_quotes_is_a_valid_header() -> None:
    response = csv_response('Rück"stand', ["A"], [])
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''R%C3%BCck%22stand.csv"
