"""B3: importing 168,830 SAP rows, against a bare COPY into a temporary table and a merge into the same tables.

The baseline writes what a ledger needs (customers, documents, and for what was cleared payments and allocations under
their law) from lines that are ready; the import also unpacks, reads, checks, nets credits and reports. `ratio` is
against that. The stricter `documents_only_ratio` is against the baseline's customers and documents alone, a ledger in
which nothing was ever paid. Everything is rolled back."""

import gzip
import io
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from collections_app.accounts.models import Team
from customers.import_sources.base import ItemRow, Options
from customers.import_sources.files import open_table
from customers.import_sources.sap import SapLineItems
from customers.models import ImportBatch, LegalEntity
from invoices.services.import_copy import NULL
from invoices.services.import_open_items import import_open_items

ROWS = 168_830
ROUNDS = 3
REAL_FILE = Path(settings.BASE_DIR).parent / "shared/data/invoices/sap_items_known_2018-10-01.csv.gz"
_HEADER = "MANDT,BUKRS,KUNNR,KNA1_LAND1,KNA1_ORT01,ZTERM,VALUE_EUR,TBSLT_LTEXT,CTLPC,DUE_DATE,PAYMENT_DATE\n"
_TABLES = (
    "customers_customer, invoices_invoice, invoices_creditnote, invoices_payment, invoices_refund, invoices_allocation"
)
_BARE = """
CREATE TEMP TABLE bare (line integer, entity text, customer text, kind text, number text, issued_on date,
    due_on date, currency text, amount numeric(19,4), settled_on date) ON COMMIT DROP
"""
_BARE_CUSTOMERS = """
INSERT INTO customers_customer (number, name, entity_id, kind, currency, language, country, holiday_region, time_zone,
    address, vat_id, risk_class, autopay, is_related_party, tags)
SELECT DISTINCT ON (b.customer) b.customer, b.customer, e.id, 'business', 'EUR', '', '', '', '', '', '', '', false,
    false, '{}'::text[]
FROM bare b JOIN customers_legalentity e ON e.code = b.entity ORDER BY b.customer, b.line
ON CONFLICT (number) DO NOTHING
"""
_BARE_INVOICES = """
INSERT INTO invoices_invoice (entity_id, customer_id, kind, number, status, issued_on, due_on, currency, total)
SELECT e.id, c.id, b.kind, b.number, 'issued', b.issued_on, b.due_on, b.currency, b.amount
FROM bare b JOIN customers_customer c ON c.number = b.customer JOIN customers_legalentity e ON e.code = b.entity
ON CONFLICT (entity_id, customer_id, number) DO NOTHING
"""

_BARE_PAYMENTS = """
INSERT INTO invoices_payment (entity_id, customer_id, currency, amount, received_on, method)
SELECT i.entity_id, i.customer_id, 'EUR', sum(b.amount), b.settled_on, 'other'
FROM bare b JOIN customers_legalentity e ON e.code = b.entity JOIN customers_customer c ON c.number = b.customer
JOIN invoices_invoice i ON i.entity_id = e.id AND i.customer_id = c.id AND i.number = b.number
WHERE b.settled_on IS NOT NULL GROUP BY i.entity_id, i.customer_id, b.settled_on
"""
_BARE_ALLOCATIONS = """
INSERT INTO invoices_allocation (customer_id, payment_id, invoice_id, currency, amount, effective_on)
SELECT i.customer_id, p.id, i.id, 'EUR', b.amount, b.settled_on
FROM bare b JOIN customers_legalentity e ON e.code = b.entity JOIN customers_customer c ON c.number = b.customer
JOIN invoices_invoice i ON i.entity_id = e.id AND i.customer_id = c.id AND i.number = b.number
JOIN invoices_payment p ON p.entity_id = i.entity_id AND p.customer_id = i.customer_id AND p.received_on = b.settled_on
"""


def measure() -> Iterator[dict[str, Any]]:
    """One line for generated rows and, where it lies beside the project, one for the real file."""
    with tempfile.TemporaryDirectory() as directory:
        generated = Path(directory) / "sap.csv.gz"
        with gzip.open(generated, "wt", encoding="utf-8", compresslevel=3) as file:
            file.writelines(generated_lines())
        yield _measured("B3 import of generated SAP rows", generated)
    if REAL_FILE.exists():
        yield _measured("B3 import of the SAP file", REAL_FILE)


def generated_lines(rows: int = ROWS) -> Iterator[str]:
    """A header and that many SAP lines, always the same: 6 companies, a customer per 8 rows, nine in ten cleared."""
    yield _HEADER
    kinds = ("Credit memo", "Payment difference", "Down payment request", *["Invoice"] * 21)
    first = date(2018, 1, 1)
    for n in range(rows):
        due = first + timedelta(days=n * 7919 % 270)
        cleared = "" if n % 10 == 0 else f"{due + timedelta(days=n * 31 % 40 - 10):%Y%m%d}"
        customer = n * 104_729 % (rows // 8 + 1)
        amount = n * 37 % 4000 + (n % 50 > 0)
        yield f"310,{customer % 6},{customer},SE,LUND,29,{amount},{kinds[n % 24]},2.0,{due},{cleared}\n"


def _measured(name: str, path: Path) -> dict[str, Any]:
    lines = "".join(_ready_lines(path))
    documents = statistics.median(_timed(lambda _: _bare_merge(lines, settle=False)) for _ in range(ROUNDS))
    bare = statistics.median(_timed(lambda _: _bare_merge(lines, settle=True)) for _ in range(ROUNDS))
    ours = statistics.median(_timed(lambda entities: _import(path, entities)) for _ in range(ROUNDS))
    rows = sum(1 for _ in open_table(path, Options()).rows())
    return {
        "name": name,
        "n": rows,
        "seconds": round(ours, 3),
        "per_second": round(rows / ours),
        "baseline": round(bare, 3),
        "ratio": round(ours / bare, 2),
        "baseline_is": "COPY and merge of customers, documents, payments and allocations",
        "documents_only_baseline": round(documents, 3),
        "documents_only_ratio": round(ours / documents, 2),
    }


def _timed(run: Callable[[dict[str, LegalEntity]], None]) -> float:
    """Seconds of one run on a ledger with six companies, rolled back afterwards."""
    with transaction.atomic():
        team = Team.objects.create(name="Bench import")
        entities = {
            code: LegalEntity.objects.create(
                code=code, name=code, team=team, currency="EUR", country="SE", holiday_region="SE", time_zone="UTC"
            )
            for code in "012345"
        }
        begun = time.perf_counter()
        run(entities)
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    with connection.cursor() as cursor:  # what was rolled back must not slow down the next round
        cursor.execute(f"VACUUM {_TABLES}")
    return seconds


def _ready_lines(path: Path) -> Iterator[str]:
    table = open_table(path, Options())
    for row in SapLineItems().read(table, Options()):
        if isinstance(row, ItemRow):
            yield (
                f"{row.line}\t{row.entity}\t{row.customer.number}\tinvoice\t{row.number}\t{row.issued_on}\t"
                f"{row.due_on}\tEUR\t{row.amount}\t{row.settled_on or NULL}\n"
            )


def _bare_merge(lines: str, *, settle: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE)
        cursor.cursor.copy_expert("COPY bare FROM STDIN", io.StringIO(lines))
        cursor.execute(_BARE_CUSTOMERS)
        cursor.execute(_BARE_INVOICES)
        if settle:
            cursor.execute("ANALYZE bare; ANALYZE customers_customer; ANALYZE invoices_invoice")
            cursor.execute(_BARE_PAYMENTS)
            cursor.execute("ANALYZE invoices_payment")
            cursor.execute(_BARE_ALLOCATIONS)


def _import(path: Path, entities: dict[str, LegalEntity]) -> None:
    batch = import_open_items(
        batch=ImportBatch(file_name=path.name),
        path=path,
        options=Options(source="sap"),
        entity=None,
        entities=list(entities.values()),
        write=True,
        by="bench",
    )
    if not batch.report["written"]:
        raise RuntimeError(f"The bench's file has errors: {batch.report['error_groups']}")
