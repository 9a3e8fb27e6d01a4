"""The worked examples of docs/algorithms/priority.md are true."""

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.worklist.rules.test_score import money
from worklist.rules.facts import BrokenPromise, CustomerFacts, Exposure, Reactions
from worklist.rules.lateness import Delays, Habit
from worklist.rules.score import score
from worklist.rules.strategy import EFFECTS, POINTS
from worklist.views.panel import PART_WORDS

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
    overdue, upcoming, disputed, broken = (Decimal(row[name]) for name in ("overdue", "not due", "disputed", "broken"))
    paid, *later = (int(count) for count in row["paid / later than 0, 10, 15, 20, 30"].replace("/", ",").split(","))
    contact = None if row["contact days ago"] == "-" else ON - timedelta(days=int(row["contact days ago"]))
    answered, made = (int(count) for count in row["calls answered"].split("/"))
    first, second, third, fourth, fifth = later
    found = score(
        CustomerFacts(
            1, "C1", "EUR", ON,
            exposures=(Exposure("EUR", money(overdue, days, upcoming), money(disputed, days)),),
            habit=Habit(Delays(paid, (first, second, third, fourth, fifth))),
            oldest_days=days,
            broken=BrokenPromise(ON, broken) if broken else None,
            last_contact_on=contact,
            reactions=Reactions(made, answered),
            hold_reason="With lawyers" if row["hold"] == "yes" else "",
            hold_until=ON,
        )
    )  # fmt: skip
    assert found.score == Decimal(row["score"])


def test_the_document_names_every_part_and_every_usual_figure() -> None:
    text = DOCUMENT.read_text()
    named = set(re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE))
    assert named == set(PART_WORDS)
    for setting in (*POINTS, *EFFECTS):
        assert f"`{setting.name}` {setting.usual} %" in text, setting.name
