"""B4: matching 10,000 bank lines against 100,000 open items of 20,000 customers, with building the index.

The baseline does only what no matching can do without, in the same run: the items by number in one dictionary, and for
each line a look for a number among its words. Every tenth line is of each of ten kinds: number, digits alone,
reference, several numbers, a slip, a known account, everything a customer owes, a stranger's amount, too little, and a
text without any hint. SIZE=L adds a million items."""

import os
import re
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from math import log
from typing import Any

from collections_app.lib.references import rf_reference
from invoices.rules.matching import Answer, CustomerFact, Index, Line, OpenItem, Payers, Settings, match_lines
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
