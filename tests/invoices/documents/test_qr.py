"""The transfer code: read back from its drawing, it asks for exactly this amount with exactly this reference (U53)."""

from decimal import Decimal
from typing import Any

import pytest

from invoices.documents.qr import transfer_code
from invoices.rules.epc import epc_payload, payment_reference
from tests import factories
from tests.invoices.qr_reading import read_qr

IBAN = "DE89370400440532013000"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "name"),
    [("12480.00", "Nordwind Handel GmbH"), ("0.01", "Müller & Söhne Ökostrom AG"), ("999999999.99", "Ł" * 35)],
)
def test_u53_the_drawn_code_reads_back_to_the_exact_transfer(amount: str, name: str) -> None:
    seller = factories.entity(name=name)
    reference = payment_reference("INV-2026/10417")
    lines = read_qr(transfer_code(seller, amount=Decimal(amount), currency="EUR", reference=reference)).split("\n")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[4:7] == ["COBADEFFXXX", name, IBAN]
    assert lines[7] == f"EUR{amount}"
    assert lines[9] == reference
    assert reference.startswith("RF")
    assert len(lines) == 10


def payload(**fields: Any) -> str:
    return epc_payload(
        **{
            "name": "A",
            "iban": IBAN,
            "bic": "",
            "amount": Decimal("1.00"),
            "currency": "EUR",
            "reference": "x",
            **fields,
        }
    )


@pytest.mark.parametrize(
    "fields",
    [{"currency": "USD"}, {"iban": "DE00123"}, {"iban": ""}, {"amount": Decimal(0)}, {"amount": Decimal("-1")},
     {"amount": Decimal("1000000000.00")}, {"name": "  "},
     {"name": "€" * 70, "reference": "€" * 140}],
)  # fmt: skip
def test_what_the_scheme_cannot_carry_has_no_code(fields: dict[str, object]) -> None:
    assert payload(**fields) == ""


def test_a_reference_that_is_no_rf_one_goes_into_the_text_line() -> None:
    lines = payload(reference="Über 21 Zeichen lange Nummer").split("\n")
    assert lines[9:] == ["", "Über 21 Zeichen lange Nummer"]


def test_line_breaks_cannot_shift_the_fields() -> None:
    lines = payload(name="Evil\nDE00\r\nEUR0.01", reference="a\nb").split("\n")
    assert lines[5] == "Evil DE00 EUR0.01"
    assert lines[10] == "a b"


@pytest.mark.parametrize(("number", "reference"), [("R000123", "RF"), ("ü", "ü"), ("x" * 40, "x" * 40)])
def test_every_number_has_something_to_quote(number: str, reference: str) -> None:
    assert payment_reference(number).startswith(reference)
