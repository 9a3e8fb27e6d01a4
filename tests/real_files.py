"""The real files read without the product: what a ledger of them owes on a day, as plain sums a reader can check.

Must not import the product's readers or rules: it is the other opinion they are compared with."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "invoices"
LOWERS_THE_BALANCE = {"Credit memo", "Reverse invoice", "Incoming payment"}
KEYS = ("not_due", "1-30", "31-60", "61-90", "91-120", "120+")


@dataclass(frozen=True)
class Item:
    """One line of a file; the amount is negative when it lowers the balance."""

    customer: str
    amount: Decimal
    issued_on: date
    due_on: date
    paid_on: date | None

    def is_open(self, as_of: date) -> bool:
        """Whether it was known and not cleared at the end of that day."""
        return self.issued_on <= as_of and (self.paid_on is None or self.paid_on > as_of)


@dataclass(frozen=True)
class RealFile:
    """A file, its currency, the day on which it was written, and how its lines read."""

    dataset: str
    path: Path
    currency: str
    known_on: date
    past: tuple[date, ...]
    read: Callable[[Path], Iterator[Item]]

    def items(self) -> list[Item]:
        """Every line that has an amount."""
        return [item for item in self.read(self.path) if item.amount]


def aging(file: RealFile, items: list[Item], as_of: date) -> dict[str, object]:
    """What `aging --format json` should print for that day."""
    open_items = [item for item in items if item.is_open(as_of)]
    buckets = dict.fromkeys(KEYS, Decimal(0))
    for item in open_items:
        buckets[_bucket((as_of - item.due_on).days)] += item.amount
    written = {key: f"{amount:.2f}" for key, amount in buckets.items()}
    return {
        "as_of": as_of.isoformat(),
        "totals": {file.currency: {**written, "total": f"{sum(buckets.values()):.2f}"}},
        "documents": len(open_items),
        "customers": len({item.customer for item in open_items}),
    }


def owed(items: list[Item], as_of: date) -> dict[str, Decimal]:
    """What each customer has to pay on that day before any credit is taken off."""
    owing: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        if item.is_open(as_of) and item.amount > 0:
            owing[item.customer] += item.amount
    return owing


def _bucket(days_late: int) -> str:
    return KEYS[min(max(0, -(-days_late // 30)), 5)]


def _sap(path: Path) -> Iterator[Item]:
    """No issue date in the file: 30 days before the due date, or the day of payment if that was earlier."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            due_on = date.fromisoformat(row["DUE_DATE"])
            paid_on = date.fromisoformat(row["PAYMENT_DATE"]) if row["PAYMENT_DATE"] else None
            issued_on = due_on - timedelta(days=30)
            amount = Decimal(row["VALUE_EUR"])
            yield Item(
                row["KUNNR"],
                -amount if row["TBSLT_LTEXT"] in LOWERS_THE_BALANCE else amount,
                min(issued_on, paid_on) if paid_on else issued_on,
                due_on,
                paid_on,
            )


def _ibm(path: Path) -> Iterator[Item]:
    def day(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()

    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            paid_on = day(row["SettledDate"]) if row["SettledDate"] else None
            issued_on, due_on = day(row["InvoiceDate"]), day(row["DueDate"])
            yield Item(row["customerID"], Decimal(row["InvoiceAmount"]), issued_on, due_on, paid_on)


FILES = (
    RealFile(
        "sap",
        FOLDER / "sap_items_known_2018-10-01.csv.gz",
        "EUR",
        date(2018, 10, 1),
        (date(2018, 7, 1), date(2018, 3, 15)),
        _sap,
    ),
    RealFile(
        "ibm", FOLDER / "ibm_ar_known_2013-04-01.csv", "USD", date(2013, 4, 1), (date(2012, 9, 15),), _ibm
    ),
)  # fmt: skip
