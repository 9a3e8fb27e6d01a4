"""Files of remittance advices: CSV, XLSX, PDF and text are read, everything else refused with what to do."""

import io
from contextlib import suppress

import pytest
import xlsxwriter
from pypdf import PdfReader, PdfWriter

from collections_app.lib.errors import BadInput
from invoices.documents.pdf import render_pdf
from invoices.remittance_formats import MAX_FILE, read_advice

CSV = b"Invoice;Gross;Discount;Net\nNW-40123;1000,00;20,00;980,00\nNW-40124;35,00;0,00;35,00\nTotal;;;1015,00\n"


def pdf(body: str) -> bytes:
    """A PDF of this HTML."""
    return render_pdf(f"<html><body><pre>{body}</pre></body></html>")


def numbers(content: bytes, name: str) -> list[tuple[str, str, str]]:
    return [
        (item.number, f"{item.amount:.2f}", f"{item.deduction:.2f}")
        for item in read_advice(content, name=name, currency="EUR").items
    ]


def test_a_csv_is_read() -> None:
    assert numbers(CSV, "advice.csv") == [("NW-40123", "980.00", "20.00"), ("NW-40124", "35.00", "0.00")]


def test_a_spreadsheet_is_read() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for row, cells in enumerate((("Invoice", "Amount paid"), ("NW-40123", 980.5), ("NW-40124", 35))):
        sheet.write_row(row, 0, cells)
    book.close()
    assert numbers(out.getvalue(), "advice.xlsx") == [("NW-40123", "980.50", "0.00"), ("NW-40124", "35.00", "0.00")]


def test_the_text_of_a_pdf_is_read() -> None:
    content = pdf("Zahlungsavis 20.11.2026\n\nNW-40123    1.000,00   20,00   980,00\nNW-40124   35,00\nSumme 1.015,00")
    assert numbers(content, "avis.pdf") == [("NW-40123", "980.00", "20.00"), ("NW-40124", "35.00", "0.00")]


def test_a_locked_pdf_is_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("NW-40123 10,00"))))
    writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(BadInput, match="password"):
        read_advice(out.getvalue(), name="avis.pdf", currency="EUR")


def test_a_pdf_with_too_many_pages_is_refused() -> None:
    writer = PdfWriter()
    for _ in range(60):
        writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(BadInput, match="pages"):
        read_advice(out.getvalue(), name="avis.pdf", currency="EUR")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "advice.csv"),
        (b"%PDF-1.7 and then nothing", "avis.pdf"),
        (b"PK\x03\x04 broken", "advice.xlsx"),
        (b"\x00\x01\x02", "advice.bin"),
        (b"Dear all, thank you.", "advice.txt"),
        (CSV.replace(b";", b"\x00"), "advice.csv"),
        (b"x" * (MAX_FILE + 1), "advice.txt"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(content: bytes, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_advice(content, name=name, currency="EUR")
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.8, 0.97])
def test_a_cut_pdf_is_read_or_refused_but_never_fails(cut: float) -> None:
    content = pdf("NW-40123 10,00")
    with suppress(BadInput):
        assert numbers(content[: int(len(content) * cut)], "avis.pdf") == [("NW-40123", "10.00", "0.00")]
