"""The real files beside the project, where they are present: what the importer makes of them equals a plain sum."""

import csv
import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from customers.import_sources.base import ItemRow, Options
from customers.import_sources.files import open_table
from customers.import_sources.registry import source_for
from customers.models import ImportBatch
from invoices.models import Allocation, Invoice
from invoices.queries.aging import aging_totals
from invoices.queries.aging_sql import AgingScope
from invoices.services.import_open_items import import_open_items
from tests import factories

FOLDER = Path(settings.BASE_DIR).parent / "shared/data/invoices"
SAP, IBM = FOLDER / "sap_items_known_2018-10-01.csv.gz", FOLDER / "ibm_ar_known_2013-04-01.csv"
needs_data = pytest.mark.skipif(not SAP.exists() or not IBM.exists(), reason="the real data is not beside the project")
CREDITS = {"Credit memo", "Reverse invoice", "Incoming payment"}


@needs_data
def test_sap_open_items_sum_to_2225599() -> None:
    table = open_table(SAP, Options())
    source = source_for(table)
    assert source.code == "sap"
    rows = [row for row in source.read(table, Options()) if isinstance(row, ItemRow) and not row.settled]
    read = sum((-row.amount if row.is_credit else row.amount for row in rows), Decimal(0))
    with gzip.open(SAP, "rt", encoding="utf-8") as file:
        plain = sum(
            -int(row["VALUE_EUR"]) if row["TBSLT_LTEXT"] in CREDITS else int(row["VALUE_EUR"])
            for row in csv.DictReader(file)
            if not row["PAYMENT_DATE"]
        )
    assert read == plain == 2_225_599


@needs_data
def test_the_date_order_of_both_ibm_files_is_proved_by_the_file() -> None:
    for name, order in ((IBM.name, "mdy"), ("ibm_ar_ddmmyyyy_first300.csv", "dmy")):
        table = open_table(FOLDER / name, Options())
        assert source_for(table).complete(table, Options()).date_order == order


@needs_data
@pytest.mark.django_db
def test_ibm_has_94_open_invoices_whose_sum_is_the_aging() -> None:
    us = factories.entity("IBM", currency="USD", country="US", holiday_region="US", time_zone="America/New_York")
    import_open_items(
        batch=ImportBatch(file_name=IBM.name),
        path=IBM,
        options=Options(),
        entity=us,
        entities=[us],
        write=True,
        by="test",
    )
    totals = aging_totals(AgingScope(date(2013, 4, 1)))
    with IBM.open(encoding="utf-8") as file:
        plain = sum(Decimal(row["InvoiceAmount"]) for row in csv.DictReader(file) if not row["SettledDate"])
    assert totals.documents == 94
    assert totals.currencies["USD"].total == plain
    assert Invoice.objects.count() - Allocation.objects.count() == 94
