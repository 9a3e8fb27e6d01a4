"""Reads the table of a remittance advice: columns found by their heads, rows that must not contradict themselves."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from collections_app.lib.amount_reading import parse_amount
from collections_app.lib.errors import BadInput
from invoices.rules.remittance import MAX_ROWS, TOTALS, Advice, AdviceItem, AdviceProblem, checked, common_mark
from invoices.rules.remittance_text import advice_of_text

_WORDS = {
    "number": """invoice invoiceno invoicenumber invoiceid document documentno documentnumber billno rechnung
        rechnungsnr rechnungsnummer rgnr belegnr belegnummer facture factuur reference ref yourreference number""",
    "net": """net netamount paid amountpaid paidamount payment paymentamount remitted applied zahlbetrag zahlung bezahlt
        netto betragbezahlt montantpaye""",
    "gross": """gross grossamount amount invoiceamount betrag brutto rechnungsbetrag total documentamount originalamount
        montant bedrag""",
    "deduction": """deduction discount skonto abzug kuerzung kürzung shortpay adjustment withheld discounttaken escompte
        korting""",
    "text": "reason text comment note grund bemerkung remark description",
}
_HEADS = {name: frozenset(words.split()) for name, words in _WORDS.items()}


def advice_of_table(rows: Sequence[tuple[int, Sequence[str]]], *, currency: str) -> Advice:
    """The advice in a table of (row number, cells). The head is the first of twenty rows that names a number and an
    amount; without one the rows are read as text. Raises BadInput ('decimal_mark') for amounts with two readings."""
    for place, (_, cells) in enumerate(rows[:20]):
        columns = _columns(cells)
        if "number" in columns and ("net" in columns or "gross" in columns):
            return _of_rows(rows[place + 1 : place + 1 + MAX_ROWS], columns, currency)
    return advice_of_text("\n".join("  ".join(cells) for _, cells in rows), currency=currency)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        word = re.sub(r"[^a-zäöüß]", "", cell.lower())
        for name, words in _HEADS.items():
            if word in words and name not in found:
                found[name] = place
    return found


def _of_rows(rows: Sequence[tuple[int, Sequence[str]]], columns: dict[str, int], currency: str) -> Advice:
    money: list[str] = [name for name in ("net", "gross", "deduction") if name in columns]
    mark = common_mark(_cell(cells, columns[name]) for _, cells in rows for name in money)
    items: list[AdviceItem] = []
    problems: list[AdviceProblem] = []
    totals: list[Decimal] = []
    for row, cells in rows:
        position = f"row {row}"
        number = _cell(cells, columns["number"])
        try:
            amounts = {
                name: parse_amount(text, decimal_mark=mark, currency=currency)
                for name in money
                if (text := _cell(cells, columns[name]))
            }
            if not amounts:
                continue
            paid, kept = _from_columns(amounts)
            if not number or re.sub(r"[^a-z]", "", number.lower()) in TOTALS:
                totals.append(paid)
                continue
            items.append(AdviceItem(position, number[:60], paid, kept, _cell(cells, columns.get("text", -1))[:200]))
        except BadInput as error:
            problems.append(AdviceProblem(position, error.sentence))
    return checked(Advice(currency, tuple(items), tuple(problems)), totals)


def _from_columns(amounts: Mapping[str, Decimal]) -> tuple[Decimal, Decimal]:
    """What was paid and what was kept back, of the columns that are there; they must not contradict each other."""
    kept = abs(amounts.get("deduction", Decimal(0)))
    if "net" not in amounts:
        if "gross" not in amounts:
            raise BadInput("The row has a deduction but no amount. Add what was paid.", code="no_amount")
        return amounts["gross"] - kept, kept
    if "gross" not in amounts:
        return amounts["net"], kept
    missing = amounts["gross"] - amounts["net"]
    if "deduction" in amounts and missing != kept:
        raise BadInput(
            f"{amounts['gross']} less {kept} is not {amounts['net']}. Correct the row.", code="contradiction"
        )
    if missing < 0 and amounts["gross"] > 0:
        raise BadInput("More was paid than the document says. Correct the row.", code="contradiction")
    return amounts["net"], max(missing, Decimal(0))


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if 0 <= place < len(cells) else ""
