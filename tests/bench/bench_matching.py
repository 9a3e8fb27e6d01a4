"""B4: matching 10,000 bank lines against 100,000 open items of 20,000 customers, with building the index.

The baseline does only what no matching can do without, in the same run: the items by number in one dictionary, and for
each line a look for a number among its words. Every tenth line is of each of ten kinds: number, digits alone,
reference, several numbers, a slip, a known account, everything a customer owes, a stranger's amount, too little, and a
text without any hint. The last measure does the same in the database: it reads the facts by set and writes every
suggestion, posting none; its baseline is one join of lines to invoices by number and amount. SIZE=L adds a million."""

import os
import re
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import log
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import Team
from collections_app.lib.references import rf_reference
from customers.models import LegalEntity
from invoices.models import BankAccount, BankFile, BankLine, BankStatement, PayerAlias
from invoices.rules.matching import Answer, CustomerFact, Index, Line, OpenItem, Payers, Settings, match_lines
from invoices.services.suggest_matches import suggest_matches
from tests.bench.clock import line as printed
from tests.bench.clock import median_seconds

DAY = date(2026, 3, 2)
LINES, ITEMS = 10_000, 100_000
_KINDS = 10
_WORD = re.compile(r"[0-9]{5,}")
_TRADES = ("Pumps", "Timber", "Foods", "Optics", "Marine", "Textiles", "Energy", "Printing", "Cycles", "Medical")


def measure() -> Iterator[dict[str, Any]]:
    """One line per size, smallest first, then the exponent of the cost (1 is linear)."""
    sizes = (25_000, 50_000, ITEMS, 1_000_000) if os.environ.get("SIZE") == "L" else (25_000, 50_000, ITEMS)
    found = []
    for size in sizes:
        items, customers, payers = _items(size), _customers(size), _payers(size)
        lines = _lines(items, LINES * size // ITEMS)
        begun = time.perf_counter()
        answers = match_lines(lines, Index(items, customers, payers), Settings())
        seconds = time.perf_counter() - begun
        baseline = median_seconds(lambda lines=lines, items=items: _by_dictionary(lines, items))  # type: ignore[misc]
        found.append((size, seconds))
        yield printed(
            f"B4 matching {len(lines):,} lines against {size:,} open items", n=len(lines), seconds=seconds,
            baseline=baseline, peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            certain=sum(answer.certain for answer in answers), wrong=_wrong(lines, answers, items),
        )  # fmt: skip
    (small, least), (large, most) = found[0], found[-1]
    yield {"name": "B4 matching, exponent", "n": large, "exponent": round(log(most / least) / log(large / small), 2)}
    with transaction.atomic():
        yield _in_the_database()
        transaction.set_rollback(True)


_CUSTOMERS_SQL = """
INSERT INTO customers_customer (id, number, name, entity_id, kind, currency, language, country, holiday_region,
    time_zone, address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT * FROM UNNEST(%s::bigint[], %s::text[], %s::text[]) AS told (id, number, name),
    (SELECT %s::bigint, 'business', 'EUR', '', '', '', '', '', '', '', false, false, '{}'::text[]) AS same
"""
_INVOICES_SQL = """
INSERT INTO invoices_invoice (id, entity_id, customer_id, kind, number, po_number, status, issued_on, due_on, currency,
    total)
SELECT id, %s, customer, 'invoice', number, po, 'issued', issued_on, due_on, 'EUR', total
FROM UNNEST(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[], %s::date[], %s::numeric[])
    AS told (id, customer, number, po, issued_on, due_on, total)
"""
_JOIN_SQL = """
SELECT line.id, doc.id FROM invoices_bankline AS line
JOIN invoices_invoice AS doc ON doc.number = SUBSTRING(line.text FROM 'RE-2026-[0-9]+') AND doc.total = line.amount
"""


def _in_the_database() -> dict[str, Any]:
    items, customers = _items(ITEMS), _customers(ITEMS)
    account = _fill(items, customers)
    rows = _bank_lines(_lines(items, LINES), account)
    PayerAlias.objects.bulk_create(
        (PayerAlias(customer_id=n + 1, kind="account", value=f"DE{n:020}", times=3, last_on=DAY)
         for n in range(len(customers)) if n % 3),
        batch_size=5000,
    )  # fmt: skip
    begun = time.perf_counter()
    done = suggest_matches(lines=rows, on=DAY)
    seconds = time.perf_counter() - begun
    return printed(
        f"B4 suggesting for {LINES:,} lines in the database", n=LINES, seconds=seconds,
        baseline=median_seconds(_joined), suggested=done.suggested,
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )  # fmt: skip


def _joined() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOIN_SQL)
        cursor.fetchall()


def _fill(items: list[OpenItem], customers: list[CustomerFact]) -> BankAccount:
    entity = LegalEntity.objects.create(
        code="BENCH", name="Bench", team=Team.objects.create(name="Bench"), currency="EUR", country="DE",
        holiday_region="DE", time_zone="Europe/Berlin",
    )  # fmt: skip
    with connection.cursor() as cursor:
        # The rows obey the laws by construction; checking them again is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            _CUSTOMERS_SQL,
            [[each.id + 1 for each in customers], [each.number for each in customers],
             [each.name for each in customers], entity.pk],
        )  # fmt: skip
        cursor.execute(
            _INVOICES_SQL,
            [entity.pk, [item.id + 1 for item in items], [item.customer_id + 1 for item in items],
             [item.number for item in items], [item.po_number for item in items],
             [item.issued_on for item in items], [max(item.due_on, item.issued_on or item.due_on) for item in items],
             [item.open_amount for item in items]],
        )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        cursor.execute("ANALYZE customers_customer, invoices_invoice")
    return BankAccount.objects.create(entity=entity, identification="BENCH", currency="EUR", post_certain=False)


def _bank_lines(lines: list[Line], account: BankAccount) -> list[BankLine]:
    file = BankFile.objects.create(name="bench.xml", digest="0" * 64, size=1, state=BankFile.State.READ)
    statement = BankStatement.objects.create(file=file, account=account)
    return BankLine.objects.bulk_create(
        (
            BankLine(
                account=account, statement=statement, position=str(line.id), booked_on=DAY, value_on=DAY,
                amount=line.amount, currency="EUR", counterparty_name=line.name, counterparty_account=line.account,
                reference=line.reference, text=line.text, fingerprint=f"{line.id:064}", occurrence=1,
            )
            for line in lines
        ),
        batch_size=5000,
    )  # fmt: skip


def _items(count: int) -> list[OpenItem]:
    """Five items a customer, numbered without gaps, so that nearly every slip hits somebody else's number."""
    customers = count // 5
    return [
        OpenItem(
            id=n, customer_id=n % customers, number=f"RE-2026-{100_000 + n}", due_on=DAY - timedelta(days=n % 90),
            open_amount=Decimal(1_000 + n * 7919 % 900_000) / 100, currency="EUR", entity_id=1,
            issued_on=DAY - timedelta(days=30 + n % 90), po_number=f"PO {n % 50_000}" if n % 3 else "",
        )
        for n in range(count)
    ]  # fmt: skip


def _customers(count: int) -> list[CustomerFact]:
    return [CustomerFact(n, f"{20_000 + n}", _name(n)) for n in range(count // 5)]


def _name(n: int) -> str:
    return f"{'ABCDEFGHJKLMNPRSTUVWZ'[n % 21]}{n % 401:o}er {_TRADES[n % 10]} {n // 401} GmbH"


def _payers(count: int) -> Payers:
    """Two of three customers are known by their account."""
    return Payers(accounts={f"DE{n:020}": {n: 3} for n in range(count // 5) if n % 3})


def _lines(items: list[OpenItem], count: int) -> list[Line]:
    lines = []
    step = len(items) // count
    for place in range(count):
        item = items[place * step]
        kind = place % _KINDS
        amount = _amount(kind, item, items)
        digits = item.number[-6:]
        text = {
            0: f"Rechnung {item.number} vom {item.issued_on:%d.%m.%Y}", 1: f"Zahlung {digits} danke",
            3: f"RE-2026-{digits}, {items[(item.id + len(items) // 5) % len(items)].number}",
            4: f"RE-2026-{digits[0]}{digits[2]}{digits[1]}{digits[3:]}", 8: f"{item.number} abzgl. Mangel",
        }.get(kind, "Ueberweisung")  # fmt: skip
        stranger = kind in (7, 9)
        lines.append(
            Line(
                id=place, received_on=DAY, amount=amount, currency="EUR", entity_id=1,
                name="Treuhand Weber" if stranger else _name(item.customer_id).upper()[:27],
                account="" if stranger else f"DE{item.customer_id:020}",
                reference=rf_reference(item.number) if kind == 2 else "", text=text,
            )
        )  # fmt: skip
    return lines


def _amount(kind: int, item: OpenItem, items: list[OpenItem]) -> Decimal:
    if kind == 3:
        return item.open_amount + items[(item.id + len(items) // 5) % len(items)].open_amount
    if kind == 6:
        return sum((items[n].open_amount for n in range(item.customer_id, len(items), len(items) // 5)), Decimal(0))
    return item.open_amount - 5 if kind == 8 else item.open_amount


def _wrong(lines: list[Line], answers: list[Answer], items: list[OpenItem]) -> int:
    """Certain answers for another customer than the one meant, and any for strangers."""
    step = len(items) // len(lines)
    return sum(
        answer.certain
        and (answer.suggestions[0].customer_id != items[line.id * step].customer_id or line.name == "Treuhand Weber")
        for line, answer in zip(lines, answers, strict=True)
    )


def _by_dictionary(lines: list[Line], items: list[OpenItem]) -> int:
    by_digits = {item.number[-6:]: item for item in items}
    return sum(
        any((item := by_digits.get(word)) and item.open_amount == line.amount for word in _WORD.findall(line.text))
        for line in lines
    )
