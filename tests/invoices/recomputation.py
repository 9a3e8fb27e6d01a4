"""The aging computed a second time, in plain Python over exports of the tables, row by row as an auditor would.
It shares no code with the product: if both agree to the cent, neither can be wrong in the same way by accident."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection

Row = dict[str, str]
ZERO = Decimal(0)


def export(table: str) -> list[Row]:
    """Every row of a table as text, as COPY writes it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        out = io.StringIO()
        cursor.copy_expert(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT WITH CSV HEADER", out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


class Exports:
    """All tables that bear on an aging, and the aging of a day from them."""

    def __init__(self) -> None:
        names = ("invoice", "instalment", "creditnote", "payment", "allocation", "dispute", "promise", "promiseitem")
        self.tables = {name: export(f"invoices_{name}") for name in (*names, "paymentplan", "planitem")}
        self.zones = {row["id"]: ZoneInfo(row["time_zone"]) for row in export("customers_legalentity")}
        self.codes = {row["id"]: row["code"] for row in export("customers_legalentity")}
        self.home = {row["id"]: row["entity_id"] for row in export("customers_customer")}
        self.merges = export("customers_customermerge")
        self.parts = _grouped(self.tables["instalment"], "invoice_id")
        self.rows = {side: _grouped(self.tables["allocation"], f"{side}_id") for side in _SIDES}

    def aging(
        self, as_of: date, known_on: date | None, basis: str, credits: str, bounds: tuple[int, ...]
    ) -> dict[tuple[str, str], dict[str, Decimal]]:
        """By entity code and currency: one sum per bucket, 'credits' in the mode "column", 'total', and the split."""
        accounts: dict[tuple[str, str, str], list[tuple[int, Decimal, dict[str, Decimal]]]] = defaultdict(list)
        for entity, customer, currency, aged, open_, split in self._items(as_of, known_on, basis):
            account = self._account(customer, as_of, known_on)
            accounts[entity, account, currency].append(((as_of - aged).days, open_, split))
        found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for (entity, _, currency), items in accounts.items():
            line = found[self.codes[entity], currency]
            for key, amount in _line(items, credits, bounds).items():
                line[key] += amount
        return found

    def _items(
        self, as_of: date, known_on: date | None, basis: str
    ) -> Iterator[tuple[str, str, str, date, Decimal, dict[str, Decimal]]]:
        for doc in self.tables["invoice"]:
            if doc["status"] != "issued" or not self._counts(doc, "issued_on", as_of, known_on):
                continue
            for due, open_, split in self._claims(doc, as_of, known_on):
                aged = due if basis == "due" else _day(doc["issued_on"])
                yield doc["entity_id"], doc["customer_id"], doc["currency"], aged, open_, split
        for side, on, due_on, amount in (
            ("creditnote", "issued_on", "due_on", "total"),
            ("payment", "received_on", "received_on", "amount"),
        ):
            for doc in self.tables[side]:
                if doc.get("status", "issued") != "issued" or not self._counts(doc, on, as_of, known_on):
                    continue
                used = self._sum(_SIDES[side], doc, as_of, known_on)
                if Decimal(doc[amount]) != used:
                    aged = _day(doc[due_on if basis == "due" else on])
                    left = used - Decimal(doc[amount])
                    yield doc["entity_id"], doc["customer_id"], doc["currency"], aged, left, {}

    def _claims(
        self, doc: Row, as_of: date, known_on: date | None
    ) -> Iterator[tuple[date, Decimal, dict[str, Decimal]]]:
        """Money fills cent by cent: first what names an instalment, then the rest from the earliest on."""
        rows = self._used("invoice", doc, as_of, known_on)
        parts = sorted(self.parts.get(doc["id"], []), key=lambda part: (part["due_on"], int(part["position"])))
        unnamed = sum((Decimal(row["amount"]) for row in rows if not row["instalment_id"]), ZERO)
        claims = []
        for part in parts or [{"id": "", "due_on": doc["due_on"], "amount": doc["total"]}]:
            named = [Decimal(row["amount"]) for row in rows if part["id"] and row["instalment_id"] == part["id"]]
            left = Decimal(part["amount"]) - sum(named, ZERO)
            taken = left if unnamed > left else unnamed
            unnamed -= taken
            claims.append((_day(part["due_on"]), left - taken))
        marks = self._marks(doc, as_of, known_on)
        for due, open_ in claims:
            rest, split = open_, {}
            for name in ("disputed", "on_plan", "promised"):
                split[name] = min(marks[name], rest)
                marks[name] -= split[name]
                rest -= split[name]
            if open_:
                yield due, open_, {**split, "collectable": rest}

    def _marks(self, doc: Row, as_of: date, known_on: date | None) -> dict[str, Decimal]:
        entity, found = doc["entity_id"], dict.fromkeys(("disputed", "on_plan", "promised"), ZERO)
        for row in self.tables["dispute"]:
            if row["invoice_id"] == doc["id"] and self._in_force(
                row, "opened_on", "closed_on", entity, as_of, known_on
            ):
                found["disputed"] += Decimal(row["amount"])
        for name, words, items, link, begun, ended in (
            ("on_plan", "paymentplan", "planitem", "plan_id", "agreed_on", "ended_on"),
            ("promised", "promise", "promiseitem", "promise_id", "made_on", "closed_on"),
        ):
            for item in self.tables[items]:
                if item["invoice_id"] != doc["id"]:
                    continue
                (word,) = (row for row in self.tables[words] if row["id"] == item[link])
                if not self._in_force(word, begun, ended, entity, as_of, known_on):
                    continue
                since: defaultdict[str, Decimal] = defaultdict(Decimal)
                for row in self._used("invoice", doc, as_of, known_on):
                    later = _moment(row["recorded_at"]) > _moment(word["recorded_at"])
                    if row["payment_id"] and (row["effective_on"] > word[begun] or later):
                        since[row["payment_id"]] += Decimal(row["amount"])
                came = sum((max(ZERO, amount) for amount in since.values()), ZERO)  # one that bounced is worth nothing
                found[name] += max(ZERO, Decimal(item["amount"]) - came)
        return found

    def _in_force(self, row: Row, begun: str, ended: str, entity: str, as_of: date, known_on: date | None) -> bool:
        over = bool(row[ended]) and _day(row[ended]) <= as_of
        return _day(row[begun]) <= as_of and not over and self._known(row, entity, known_on)

    def _used(self, side: str, doc: Row, as_of: date, known_on: date | None) -> list[Row]:
        rows = self.rows[side].get(doc["id"], [])
        effective = (row for row in rows if _day(row["effective_on"]) <= as_of)
        return [row for row in effective if self._known(row, doc["entity_id"], known_on)]

    def _sum(self, side: str, doc: Row, as_of: date, known_on: date | None) -> Decimal:
        return sum((Decimal(row["amount"]) for row in self._used(side, doc, as_of, known_on)), ZERO)

    def _counts(self, doc: Row, on: str, as_of: date, known_on: date | None) -> bool:
        return _day(doc[on]) <= as_of and self._known(doc, doc["entity_id"], known_on)

    def _known(self, row: Row, entity: str, known_on: date | None) -> bool:
        """Whether it was recorded before the entity's midnight that ends the day."""
        return known_on is None or _moment(row["recorded_at"]).astimezone(self.zones[entity]).date() <= known_on

    def _account(self, customer: str, as_of: date, known_on: date | None) -> str:
        merges = [
            (row["merged_on"], int(row["id"]), row["survivor_id"])
            for row in self.merges
            if row["absorbed_id"] == customer and _day(row["merged_on"]) <= as_of
            if self._known(row, self.home[customer], known_on)
        ]
        return max(merges)[2] if merges else customer


_SIDES = {"invoice": "invoice", "creditnote": "credit_note", "payment": "payment", "credit_note": "credit_note"}


def _line(
    items: list[tuple[int, Decimal, dict[str, Decimal]]], credits: str, bounds: tuple[int, ...]
) -> dict[str, Decimal]:
    keys = ["not_due", *(f"{a + 1}-{b}" for a, b in zip((0, *bounds), bounds, strict=False)), f"{bounds[-1]}+"]
    line = dict.fromkeys((*keys, "disputed", "on_plan", "promised", "collectable"), ZERO)
    credit = ZERO
    for days, amount, split in items:
        place = 0 if days <= 0 else 1 + sum(days > bound for bound in bounds)
        if amount < 0 and credits != "own":
            credit -= amount
        else:
            line[keys[place]] += amount
        for name, part in split.items():
            line[name] += part
    if credits == "column":
        line["credits"] = -credit
    else:
        for key in reversed(keys[1:]):
            taken = min(line[key], credit) if credit else ZERO
            line[key], credit = line[key] - taken, credit - taken
        line["not_due"] -= credit
    line["total"] = sum((amount for _, amount, _ in items), ZERO)
    return line


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get(column):
            found[row[column]].append(row)
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def month_ends(count: int) -> list[date]:
    """The last days of so many months from January 2024 on."""
    firsts = [date(2024 + month // 12, month % 12 + 1, 1) for month in range(1, count + 1)]
    return [first - timedelta(days=1) for first in firsts]
