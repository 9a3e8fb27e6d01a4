"""The tables of docs/algorithms/matching.md, repeated with the rules."""

from datetime import date
from decimal import Decimal

import pytest

from invoices.rules.matching import POINTS, CustomerFact, Index, Line, OpenItem, Payers, Settings, match_lines
from invoices.rules.matching.named import seen_by
from invoices.rules.matching.naming import named_by
from invoices.rules.matching.reading import read_line
from tests.tables import table

DOCUMENT = "algorithms/matching.md"
ISSUED, RECEIVED = date(2026, 10, 1), date(2026, 11, 20)


def worked_index() -> Index:
    """The open items of the worked lines."""
    customers: dict[str, int] = {}
    items = []
    rows = table(DOCUMENT, "customer", "number", "due on", "open", "order", "discount", "until")
    for place, (customer, number, due_on, left, order, discount, until) in enumerate(rows):
        items.append(
            OpenItem(
                id=place,
                customer_id=customers.setdefault(customer, len(customers)),
                number=number,
                due_on=date.fromisoformat(due_on),
                open_amount=Decimal(left),
                currency="EUR",
                issued_on=ISSUED,
                po_number=order,
                discount=Decimal(discount or 0),
                discount_until=date.fromisoformat(until) if until else None,
            )
        )
    payers = Payers(
        accounts={
            "A": {customers["Ash Pumps GmbH"]: 3},
            "B": {customers["Elm Foods Ltd"]: 2, customers["Elm Farms Ltd"]: 2},
        }
    )
    facts = [CustomerFact(pk, f"{10_000 + 7 * pk}", name) for name, pk in customers.items()]
    return Index(items, facts, payers)


def test_the_table_of_points_is_the_table_in_the_code() -> None:
    told = {code: int(points) for code, points, _ in table(DOCUMENT, "code", "points", "question")}
    assert told == dict(POINTS)


@pytest.mark.parametrize(("typed", "code"), [tuple(row) for row in table(DOCUMENT, "typed", "reason")])
def test_every_slip_is_read_as_the_document_says(typed: str, code: str) -> None:
    item = OpenItem(1, 1, "NW-40123", date(2026, 11, 1), Decimal(1000), "EUR")
    index = Index([item], [CustomerFact(1, "10007", "Ash Pumps GmbH")], Payers())
    line = Line(1, RECEIVED, Decimal(1000), "EUR", text=typed)
    named = seen_by(named_by(line, read_line(line), index), index, 1, is_sender=True)
    assert named.items.get(0, "") == code


@pytest.mark.parametrize(
    "row", table(DOCUMENT, "amount", "text", "name", "account", "pays", "short", "rest", "score", "by itself"),
    ids=" ".join,
)  # fmt: skip
def test_every_worked_line_comes_out_as_the_document_says(row: list[str]) -> None:
    amount, text, name, account, pays, short, rest, score, by_itself = row
    line = Line(1, RECEIVED, Decimal(amount), "EUR", text=text, name=name, account=account)
    (answer,) = match_lines([line], worked_index(), Settings())
    best = answer.suggestions[0]
    assert [
        " + ".join(share.item.number for share in best.shares),
        f"{best.short:.2f}",
        f"{best.rest:.2f}",
        str(best.score),
        "yes" if answer.certain else "no",
    ] == [pays, short, rest, score, by_itself]


def test_a_document_is_complete() -> None:
    assert len(table(DOCUMENT, "typed", "reason")) > 15
    assert len(table(DOCUMENT, "amount", "text", "name", "account", "pays", "short", "rest", "score", "by itself")) > 20
