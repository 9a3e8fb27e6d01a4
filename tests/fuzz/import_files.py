"""What the searches for breaking tables of open items share: small good files of our own, and how a file is read.

Every import source has a file here. Must not hold anything that another system has written."""

import gzip
import tempfile
import time
from pathlib import Path

from collections_app.lib.errors import Refusal
from customers.import_sources.base import ItemRow, MoreNeeded, Options
from customers.import_sources.files import open_table
from customers.import_sources.registry import import_sources, source_for
from customers.rules.import_problems import RowProblem, SkippedRow
from tests.invoices.bank_formats.test_csv_file import workbook

MOST_SECONDS = 10.0  # two shared cores; the files have a few thousand bytes
_GENERIC = """Customer number,Customer name,Invoice number,Invoice date,Due date,Amount,Currency,Open amount,Type,\
Tax amount,PO number,Payment terms,E-mail,Country
C1,Müller & Söhne,R1,2026-01-05,2026-02-14,119.00,EUR,119.00,Invoice,19.00,PO 77,2/10 net 40,a@example.org,DE
C1,Müller & Söhne,R2,2026-01-06,2026-02-05,50.50,EUR,20.00,Debit note,,,"2% 10 days, 30 days net",,
C2,"Beta, ""the"" AG",R1,2026-01-07,2026-02-06,7000,JPY,7000,,,,,,
C2,Beta AG,G1,2026-01-08,2026-01-08,-2.00,EUR,-2.00,Credit note,-0.32,,,,
"""
_GERMAN = """Kundennummer;Kundenname;Rechnungsnummer;Rechnungsdatum;Fälligkeitsdatum;Rechnungsbetrag;Währung;\
Skonto;Skonto bis;Bezahlt am
10001;Müller GmbH;RE-1;05.01.2026;04.02.2026;1.190,00;EUR;2,5 %;15.01.2026;
10001;Müller GmbH;RE-2;17.01.2026;16.02.2026;50,50;EUR;;;20.02.2026
10002;Groß AG;RE-1;18.01.2026;17.02.2026;7,00;EUR;;;
"""
_SAP = """MANDT,BUKRS,KUNNR,KNA1_LAND1,KNA1_ORT01,ZTERM,VALUE_EUR,TBSLT_LTEXT,CTLPC,DUE_DATE,PAYMENT_DATE
310,0,1,SE,LUND,29,100,Invoice,2.0,2018-03-05,
310,0,1,SE,LUND,29,40,Credit memo,2.0,2018-03-06,20180310
310,0,2,DE,KIEL,30,60,Invoice,1.0,2018-03-07,20180310
310,0,2,DE,KIEL,30,7,Down payment request,1.0,2018-03-08,
"""
_IBM = """countryCode,customerID,PaperlessDate,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,\
PaperlessBill,DaysToSettle,DaysLate
391,0379-NEVHP,4/6/2013,611365,1/2/2013,2/1/2013,55.94,No,1/15/2013,Paper,13,0
406,8976-AMJEO,3/3/2012,7900770,1/26/2013,2/25/2013,61.74,Yes,3/3/2013,Electronic,36,6
391,2820-XGXSB,1/26/2012,9231909,3/3/2013,4/2/2013,65.88,No,,Electronic,26,0
"""
_SHEET = workbook(
    ("Customer number", "Invoice number", "Invoice date", "Due date", "Amount", "Currency"),
    ("C1", 4711, "2026-01-05", "2026-02-04", 119.5, "EUR"),
)
SEEDS: tuple[bytes, ...] = (
    _GENERIC.encode(),
    _GENERIC.encode("utf-16"),
    _GERMAN.encode("cp1252"),
    _SAP.encode(),
    gzip.compress(_SAP.encode(), mtime=0),
    _IBM.encode(),
    _SHEET,
)
ANSWERS = Options(date_order="dmy", decimal_mark=".", currency="EUR")


def read_whatever(content: bytes) -> None:
    """Read the content as it explains itself, then by every source with answers to what it may leave open. Only
    refusals are caught; every row is money with a day, a problem with a sentence, or skipped with a reason."""
    started = time.monotonic()
    with tempfile.NamedTemporaryFile(prefix="items-", suffix=".table") as file:
        file.write(content)
        file.flush()
        for options in (Options(), *(Options(source=code) for code in import_sources())):
            _read(Path(file.name), options)
    assert time.monotonic() - started < MOST_SECONDS


def _read(path: Path, options: Options) -> None:
    try:
        table = open_table(path, options)
        source = source_for(table, options.source)
        try:
            complete = source.complete(table, options)
        except MoreNeeded:
            complete = source.complete(table, Options(**{**ANSWERS.as_json(), "source": options.source}))
        for outcome in source.read(table, complete):
            if isinstance(outcome, ItemRow):
                assert 0 < outcome.amount < 10**15
                assert 0 <= outcome.tax_total <= outcome.amount
                assert 0 <= outcome.discount_percent < 100
                assert (outcome.discount_until is not None) is (outcome.discount_percent > 0)
                assert outcome.is_credit or outcome.issued_on <= outcome.due_on
                assert "\0" not in outcome.number + outcome.text + outcome.customer.number + outcome.customer.name
            else:
                assert isinstance(outcome, RowProblem | SkippedRow)
    except Refusal as refusal:
        assert refusal.sentence  # noqa: PT017 (a refusal is one of two good outcomes)
