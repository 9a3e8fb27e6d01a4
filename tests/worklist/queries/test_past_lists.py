"""Past days of the list: from our own ledger and from a file, without knowledge of what came later."""

import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from collections_app.lib.errors import BadInput
from customers.models import Customer
from tests import factories
from tests.factories import DAY
from worklist.models import WorklistItem
from worklist.queries.facts import odds_key
from worklist.queries.past_lists import FilePast, OwnPast, replayed_days

pytestmark = pytest.mark.django_db

KNOWN_ON = DAY + timedelta(days=200)
# Customer, amount, days from DAY to the due day, days from DAY to the payment (None: not yet).
LEDGER = [
    ("slow", "100.00", -160, -140), ("slow", "100.00", -130, -90), ("slow", "900.00", -5, 60),
    ("slow", "50.00", 10, 12), ("quick", "100.00", -160, -161), ("quick", "100.00", -130, -131),
    ("quick", "1000.00", 3, 2),
    ("new", "30.00", -40, None), ("new", "10.00", 40, 45),
]  # fmt: skip


def day(number: int) -> date:
    return DAY + timedelta(days=number)


@pytest.fixture
def own() -> dict[str, Customer]:
    """The ledger in the database, and no odds of another one in the cache."""
    cache.delete_many([odds_key(day(number).replace(day=1)) for number in range(-110, 70, 10)])
    people: dict[str, Customer] = {}
    for name, amount, due, paid in LEDGER:
        who = people.setdefault(name, factories.customer(number=name) if name not in people else people[name])
        invoice = factories.invoice(who, amount, due_on=day(due), issued_on=day(due - 30))
        if paid is not None:
            factories.payment(who, amount, received_on=day(paid), shares=[(invoice, Decimal(amount))])
    return people


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The ledger as an export of the day."""
    columns = ("countryCode", "customerID", "PaperlessDate", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount",
               "Disputed", "SettledDate", "PaperlessBill", "DaysToSettle", "DaysLate")  # fmt: skip
    found = tmp_path / "ledger.csv"
    with found.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for at, (name, amount, due, paid) in enumerate(LEDGER):
            issued, due_on = (day(number).strftime("%m/%d/%Y") for number in (due - 30, due))
            settled = "" if paid is None else day(paid).strftime("%m/%d/%Y")
            writer.writerow([391, name, "", at, issued, due_on, amount, "No", settled, "Paper", "", ""])
    return found


def test_our_own_ledger_and_a_file_of_it_tell_the_same_past(own: dict[str, Customer], path: Path) -> None:
    ours, file = OwnPast(known_on=KNOWN_ON), FilePast(path, known_on=KNOWN_ON)
    assert file.currency == "USD"
    for number in (-100, 0, 20, 60):
        mine = {row.customer: row for row in ours.day(day(number))}
        theirs = {row.customer: row for row in file.day(day(number))}
        assert mine.keys() == theirs.keys()
        for name, row in theirs.items():
            assert (mine[name].amount, mine[name].age, mine[name].amount_age) == (row.amount, row.age, row.amount_age)
            assert mine[name].outcome == row.outcome
            assert mine[name].score == row.score


def test_the_past_of_a_day_does_not_change_when_the_future_does(own: dict[str, Customer]) -> None:
    before = {row.customer: row.score for row in OwnPast(known_on=KNOWN_ON).day(DAY)}
    factories.payment(own["slow"], "900.00", received_on=day(1), shares="oldest")
    factories.invoice(own["quick"], "70.00", due_on=day(3), issued_on=day(2))
    assert {row.customer: row.score for row in OwnPast(known_on=KNOWN_ON).day(DAY)} == before


def test_days_have_a_quarter_of_history_before_and_thirty_known_days_after_them(own: dict[str, Customer]) -> None:
    past = OwnPast(known_on=day(31))
    assert past.first == day(-161)
    days = replayed_days(past, every="day", since=None, until=None)
    assert (days[0], days[-1]) == (day(-161 + 90), DAY)
    months = replayed_days(past, every="month", since=None, until=None)
    assert {found.day for found in months} == {1}
    with pytest.raises(BadInput, match="no day to replay"):
        replayed_days(past, every="day", since=day(1), until=None)


def test_the_command_prints_each_date_beside_the_simpler_orders(
    own: dict[str, Customer], capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> Any:
        call_command("backtest_worklist", "--own", "--known-on", str(KNOWN_ON), "--from", str(DAY), "--to",
                     str(day(6)), "--every", "week", *arguments)  # fmt: skip
        return capsys.readouterr().out

    told = json.loads(run("--format", "json"))
    (one,) = told["dates"]
    assert date.fromisoformat(one["as_of"]).weekday() == 0
    assert set(one["late_30"]["top_20"]) == {"score", "amount", "age", "amount_age", "best"}
    assert set(told["average"]["late_30"]["top_20"]["ahead"]) == {"amount", "age", "amount_age"}
    assert one["late_30"]["money"] == "930.0000"
    assert "more than 30 days late, first 20 % of the customers" in run()
    assert not WorklistItem.objects.exists()


def test_a_past_that_cannot_be_replayed_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nobody has paid anything yet"):
        call_command("backtest_worklist")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("backtest_worklist", "--data", str(wrong))
    with pytest.raises(CommandError, match="no kind of file 'nonsense'"):
        call_command("backtest_worklist", "--data", str(wrong), "--source", "nonsense")
