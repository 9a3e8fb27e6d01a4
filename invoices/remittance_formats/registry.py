"""From the bytes of a remittance advice to what it says. Bounded in size, pages, time and memory; writes nothing."""

import tempfile
from pathlib import Path

from collections_app.lib.errors import BadInput
from customers.import_sources.base import Options
from customers.import_sources.files import open_table
from customers.import_sources.spreadsheets import as_text
from invoices.remittance_formats.pdf import pdf_text
from invoices.rules.remittance import MAX_ROWS, Advice
from invoices.rules.remittance_table import advice_of_table
from invoices.rules.remittance_text import advice_of_text

MAX_FILE = 10_000_000  # bytes
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_TABLES = (".csv", ".tsv", ".xlsx", ".xls")


def read_advice(content: bytes, *, name: str, currency: str) -> Advice:
    """What the file says, in `currency` unless it names another. A table by its name or first bytes, a PDF by its text,
    anything else as text.

    Raises BadInput, and nothing else, for what cannot be read: too large, encrypted, damaged, without any row."""
    if len(content) > MAX_FILE:
        raise BadInput(
            f"The file has {len(content) // 1_000_000} MB; an advice may have {MAX_FILE // 1_000_000}. Send only the "
            "pages that list invoices.",
            code="file_too_large",
        )
    if content[:1024].lstrip().startswith(b"%PDF"):
        advice = advice_of_text(pdf_text(content), currency=currency)
    elif content.startswith((_ZIP, _OLE)) or name.lower().endswith(_TABLES):
        advice = _of_table(content, name, currency)
    else:
        advice = advice_of_text(_text(content), currency=currency)
    if not advice.items:
        first = advice.problems[0].sentence if advice.problems else "It names no invoice with an amount."
        raise BadInput(f"Nothing in this advice can be used. {first}", code="nothing_read")
    return advice


def _of_table(content: bytes, name: str, currency: str) -> Advice:
    """The readers of imported tables check sizes, bombs and encodings; they want a file."""
    with tempfile.TemporaryDirectory(prefix="advice") as folder:
        path = Path(folder) / f"advice{Path(name).suffix.lower()[:5] if name.lower().endswith(_TABLES) else '.xlsx'}"
        path.write_bytes(content)
        rows = []
        for line, cells in open_table(path, Options()).all_rows():
            rows.append((line, [as_text(cell) for cell in cells]))
            if len(rows) > MAX_ROWS:
                raise BadInput(f"The advice has more than {MAX_ROWS:,} rows. Split it.", code="too_many_rows")
    return advice_of_table(rows, currency=currency)


def _text(content: bytes) -> str:
    if b"\x00" in content[:4096]:
        raise BadInput("This is no text, table or PDF. Save the advice as CSV, XLSX or PDF.", code="unknown_format")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
