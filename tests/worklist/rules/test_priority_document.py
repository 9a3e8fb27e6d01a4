"""The worked examples of docs/algorithms/priority.md are true."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Habit, Slice
from worklist.rules.score import score

DOCUMENT = Path(__file__).parents[3] / "docs" / "algorithms" / "priority.md"
ON = date(2026, 11, 3)


def examples() -> list[dict[str, str]]:
    lines = DOCUMENT.read_text().split("## Worked examples")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def test_the_document_has_examples() -> None:
    assert len(examples()) >= 10


@pytest.mark.parametrize("row", examples(), ids=lambda row: "/".join(row.values()))
def test_the_score_is_what_the_document_says(row: dict[str, str]) -> None:
    days = int(row["days late"])
    overdue, disputed, broken = (Decimal(row[name]) for name in ("overdue", "disputed", "broken"))
    contact = None if row["contact days ago"] == "-" else ON - timedelta(days=int(row["contact days ago"]))

    def late(amount: Decimal, upcoming: Decimal = Decimal(0)) -> Slice:
        return Slice(upcoming, amount, amount * min(days, 120))

    found = score(
        CustomerFacts(
            1, "C1", "EUR", ON,
            exposures=(Exposure("EUR", late(overdue, Decimal(row["not due"])), late(disputed)),),
            habit=Habit(int(row["late"]), int(row["of"]), Decimal("0.3")),
            broken=BrokenPromise(ON, broken) if broken else None,
            last_contact_on=contact,
            hold_reason="With lawyers" if row["hold"] == "yes" else "",
            hold_until=ON,
        )
    )  # fmt: skip
    assert found.score == Decimal(row["score"])
