"""The worked tables of docs/algorithms/rounding.md, read from the file and repeated."""

from decimal import Decimal
from pathlib import Path

import pytest

from collections_app.lib.money import round_amount, split

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "algorithms" / "rounding.md"


def table(*heads: str) -> list[list[str]]:
    """The rows of the table with exactly these column heads."""
    rows: list[list[str]] = []
    inside = False
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if cells == list(heads):
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= set(":-"):
            rows.append(cells)
    return rows


ROUNDINGS = table("amount", "currency", "rounded")
CALCULATIONS = table("calculation", "exact", "currency", "rounded")
SPLITS = table("amount", "currency", "weights", "parts")


def calculated(formula: str) -> Decimal:
    first, *rest = formula.split()
    value = Decimal(first)
    for operation, number in zip(rest[::2], rest[1::2], strict=True):
        value = value * Decimal(number) if operation == "*" else value / Decimal(number)
    return value


def test_the_document_holds_its_three_tables() -> None:
    assert (len(ROUNDINGS), len(CALCULATIONS), len(SPLITS)) == (11, 3, 8)


@pytest.mark.parametrize(("amount", "currency", "rounded"), ROUNDINGS)
def test_an_amount_rounds_as_documented(amount: str, currency: str, rounded: str) -> None:
    assert str(round_amount(Decimal(amount), currency)) == rounded


@pytest.mark.parametrize(("formula", "exact", "currency", "rounded"), CALCULATIONS)
def test_l4_a_calculation_rounds_once_at_the_end(formula: str, exact: str, currency: str, rounded: str) -> None:
    value = calculated(formula)
    assert str(value.quantize(Decimal("0.000001"))) == exact
    assert str(round_amount(value, currency)) == rounded


@pytest.mark.parametrize(("amount", "currency", "weights", "parts"), SPLITS)
def test_an_amount_splits_as_documented(amount: str, currency: str, weights: str, parts: str) -> None:
    made = split(Decimal(amount), currency, [Decimal(weight) for weight in weights.split()])
    assert " ".join(map(str, made)) == parts
    assert sum(made) == Decimal(amount)
