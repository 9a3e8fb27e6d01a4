"""B3: importing open invoices and their customers, against a bare COPY into a temporary table and one merge.

Both write the same rows into the same tables, under the same keys, indexes and laws, with the references checked as at
commit. The bare merge takes lines that are ready and believes them; the import reads a CSV, finds out how it is
written, checks every row against the ledger, and reports. All is rolled back. SIZE=L measures up to a million rows."""

import gc
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import log
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from collections_app.accounts.models import Team
from customers.import_sources.base import Options
from customers.models import ImportBatch, LegalEntity
from invoices.services.import_open_items import import_open_items

SIZES = {"": (10_000, 30_000, 100_000), "L": (10_000, 100_000, 1_000_000)}
ROUNDS = 3
LONG = 1_000_000  # rows from which one round is enough: what a machine does beside it evens out over minutes
_HEADER = "Customer number,Customer name,Invoice number,Invoice date,Due date,Amount,Currency\n"
_TABLES = "customers_customer, invoices_invoice"
_BARE = """
CREATE TEMP TABLE bare (customer text, name text, number text, issued_on date, due_on date, amount numeric(19,4),
    currency text) ON COMMIT DROP
"""
_BARE_CUSTOMERS = """
INSERT INTO customers_customer (number, name, entity_id, kind, currency, language, country, holiday_region, time_zone,
    address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT DISTINCT ON (customer) customer, name, %s, 'business', currency, '', '', '', '', '', '', '', false, false,
    '{}'::text[]
FROM bare ORDER BY customer
ON CONFLICT (number) DO UPDATE SET name = excluded.name
"""
_BARE_INVOICES = """
INSERT INTO invoices_invoice (entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total)
SELECT %s, c.id, 'invoice', b.number, 'issued', b.issued_on, b.due_on, b.currency, b.amount
FROM bare b JOIN customers_customer c ON c.number = b.customer
ON CONFLICT (entity_id, customer_id, number) DO NOTHING
"""
_AS_AT_COMMIT = "SET CONSTRAINTS ALL IMMEDIATE"


def measure() -> Iterator[dict[str, Any]]:
    """A line per size, one for the same file once more, and one with the exponent of the product's time."""
    sizes = SIZES.get(os.environ.get("SIZE", ""), SIZES[""])
    seconds = {}
    with tempfile.TemporaryDirectory() as directory:
        for rows in sizes:
            path = Path(directory) / f"{rows}.csv"
            with path.open("w", encoding="utf-8") as file:
                file.write(_HEADER)
                file.writelines(",".join(each) + "\n" for each in generated_rows(rows))
            ours, bare, again = _medians(path, rows)
            seconds[rows] = ours
            yield {
                "name": "B3 import of open invoices",
                "n": rows,
                "seconds": round(ours, 3),
                "per_second": round(rows / ours),
                "baseline": round(bare, 3),
                "ratio": round(ours / bare, 2),
                "same_file_again": round(again, 3),
            }
    small, large = min(sizes), max(sizes)
    exponent = log(seconds[large] / seconds[small]) / log(large / small)
    yield {"name": "B3 import of open invoices, exponent", "n": large, "exponent": round(exponent, 2)}


def generated_rows(rows: int) -> Iterator[tuple[str, ...]]:
    """That many invoices in the order of their numbers, always the same, with a customer per ten of them."""
    first = date(2025, 11, 1)
    customers = rows // 10 + 1
    for n in range(rows):
        issued = first + timedelta(days=n * 300 // rows)
        customer = n * 104_729 % customers
        amount = 10 + n * 7919 % 500_000 / 100
        yield (
            f"K{customer:06d}", f"Customer {customer} Ltd", f"R{n:07d}", f"{issued}",
            f"{issued + timedelta(days=(14, 30, 60)[customer % 3])}", f"{amount:.2f}", "EUR",
        )  # fmt: skip


def _medians(path: Path, rows: int) -> tuple[float, float, float]:
    """Seconds of the import, of the bare merge, and of importing the same file once more; in turns, so that a busy
    machine slows all of them."""
    ready = "".join("\t".join(each) + "\n" for each in generated_rows(rows))
    ours, bare, again = [], [], []
    for _ in range(ROUNDS if rows < LONG else 1):
        bare.append(_timed(lambda entity: _bare_merge(ready, entity))[0])
        first, second = _timed(lambda entity: _import(path, entity, rows), lambda entity: _import(path, entity, 0))
        ours.append(first)
        again.append(second)
    return statistics.median(ours), statistics.median(bare), statistics.median(again)


def _timed(*runs: Callable[[LegalEntity], None]) -> list[float]:
    """Seconds of each run, one after the other on a ledger that is empty at first, rolled back afterwards."""
    seconds = []
    gc.collect()
    with transaction.atomic():
        team = Team.objects.create(name="Bench import")
        entity = LegalEntity.objects.create(
            code="B3", name="B3", team=team, currency="EUR", country="SE", holiday_region="SE", time_zone="UTC"
        )
        for run in runs:
            begun = time.perf_counter()
            run(entity)
            with connection.cursor() as cursor:
                cursor.execute(_AS_AT_COMMIT)
            seconds.append(time.perf_counter() - begun)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:  # what was rolled back must not slow down the next round
        cursor.execute(f"VACUUM ANALYZE {_TABLES}")
    return seconds


def _bare_merge(lines: str, entity: LegalEntity) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        cursor.cursor.copy_expert("COPY bare FROM STDIN", io.StringIO(lines))
        cursor.execute(_BARE_CUSTOMERS, [entity.pk])
        cursor.execute(_BARE_INVOICES, [entity.pk])


def _import(path: Path, entity: LegalEntity, new: int) -> None:
    batch = import_open_items(
        batch=ImportBatch(file_name=path.name),
        path=path,
        options=Options(),
        entity=entity,
        entities=[entity],
        write=True,
        by="bench",
    )
    if not batch.report["written"] or batch.report["new"] != new:
        raise RuntimeError(f"The bench's file was not imported whole: {batch.report}")
