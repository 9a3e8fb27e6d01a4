"""The EPC QR code's text (EPC069-12, version 2): a SEPA credit transfer that a banking app can scan. Pure.

It draws nothing; `invoices.documents.qr` does."""

from decimal import Decimal

from collections_app.lib.errors import BadInput
from collections_app.lib.references import format_iban, is_iban, rf_reference
from collections_app.lib.rounding import round_amount

_LARGEST = Decimal("999999999.99")
_LONGEST_NAME = 70
_LONGEST_TEXT = 140
_MOST_BYTES = 331


def payment_reference(number: str) -> str:
    """What a payer should quote for a document or customer of that number: its RF reference, else the number as it is.

    Numbers with signs or lengths that no RF reference can hold are quoted plainly rather than not at all."""
    try:
        return rf_reference(number)
    except BadInput:
        return number[:_LONGEST_TEXT]


def shown_iban(iban: str) -> str:
    """The IBAN in groups of four; what is no IBAN, such as another country's account number, as it is."""
    return format_iban(iban) if is_iban(iban) else iban


def epc_payload(*, name: str, iban: str, bic: str, amount: Decimal, currency: str, reference: str) -> str:
    """The lines of the code, or "" when the scheme cannot carry this payment: another currency, no valid IBAN, an
    amount of 0 or less or above 999,999,999.99, texts of more than 331 bytes. `amount` is exact, in `currency`."""
    if currency != "EUR" or not is_iban(iban) or not Decimal(0) < amount <= _LARGEST or not name.strip():
        return ""
    is_rf = reference.startswith("RF")
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        bic.replace(" ", ""),
        _line(name, _LONGEST_NAME),
        iban.replace(" ", "").upper(),
        f"EUR{round_amount(amount, currency):f}",
        "",  # purpose
        reference if is_rf else "",
        "" if is_rf else _line(reference, _LONGEST_TEXT),
    ]
    payload = "\n".join(lines).rstrip("\n")
    return payload if len(payload.encode()) <= _MOST_BYTES else ""


def _line(text: str, longest: int) -> str:
    """One line: a line break in a name would shift every field behind it."""
    return " ".join(text.split())[:longest]
