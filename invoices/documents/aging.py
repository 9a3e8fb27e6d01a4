"""The aging as a document on landscape paper: what the page shows, with its day, its modes and its rates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language

from invoices.documents.pdf import render_pdf
from invoices.documents.styles import print_css


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """One currency: column heads, lines of (name, note, amounts as text), the totals, and a sentence when lines were
    left out."""

    currency: str
    heads: list[str]
    lines: list[tuple[str, str, list[str]]]
    totals: list[str]
    cut: str


@dataclass(frozen=True, slots=True)
class PrintedAging:
    """Everything of the document, already in words. `rates` are sentences, one per converted currency."""

    as_of: date
    made_at: datetime
    mode: list[str]
    filters: Mapping[str, str]
    lines_word: str
    sections: list[PrintedSection]
    base_total: str
    rates: list[str]


def aging_pdf(report: PrintedAging) -> bytes:
    """The PDF in the reader's language. Raises PdfRefused with a sentence for people."""
    context = {"report": report, "css": print_css(), "language": get_language() or "en"}
    return render_pdf(render_to_string("invoices/aging_pdf.html", context), timeout=60)
