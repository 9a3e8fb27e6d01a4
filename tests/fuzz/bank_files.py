"""What the searches for breaking bank files share: small files of our own to start from, and how a file is tried.

Every registered format needs a file here: a test says so. Must not hold anything a bank has written."""

import time

from invoices.bank_formats.contract import Choices, Refused
from invoices.bank_formats.registry import bank_formats, read
from tests.invoices.bank_formats import test_bai, test_coda, test_csv_file, test_norma43, test_ofx, test_qif, test_swift
from tests.invoices.bank_formats.camt_files import OWN, PAYER, camt, entry, payment, statement
from tests.invoices.bank_formats.damage import parsed_or_refused

ANSWERS = Choices(currency="EUR", date_order="dmy", decimal_mark=".")  # for formats that leave questions open
MOST_SECONDS = 10.0  # two shared cores; the files have a few thousand bytes

_BATCH = entry(
    "10.00",
    payment(amount="4.00", debtor="<Pty><Nm>Müller</Nm></Pty>", debtor_account=PAYER, remittance="<Ustrd>INV</Ustrd>"),
    payment(amount="6.00", side="CRDT", remittance="<Strd><CdtrRefInf><Ref>RF57INV20260815</Ref></CdtrRefInf></Strd>"),
    reference="B1",
)
_RETURN = entry("3.00", payment(creditor_account=OWN, more="<RtrInf/>"), side="DBIT", flag="true", note="returned")
_TABLE = (
    "Account;Booking date;Value date;Amount;Currency;Name;Description\n"
    f"{OWN};2026-11-02;2026-11-03;5.00;EUR;Müller;INV-77\n{OWN};2026-11-03;2026-11-03;-3.00;EUR;Bank;fee\n"
)
_WORKBOOK = test_csv_file.workbook(
    ("Account", "Booking date", "Amount", "Currency", "Name", "Description"),
    (OWN, "2026-11-02", 5, "EUR", "Müller", "INV-77"),
)

SEEDS: dict[str, tuple[bytes, ...]] = {
    "camt": (
        camt(statement(_BATCH, _RETURN, opening="1.00", closing="8.00")),
        camt(statement(entry("70", currency="JPY", status="PDNG"), currency="JPY"), kind="052", version="02"),
        camt(statement(entry("5.00"), currency=""), kind="054", version="13", encoding="UTF-16"),
    ),
    "ofx": (test_ofx.GOOD, test_ofx.XML),
    "mt940": (
        test_swift.statement(
            ":61:2601050105C10,50NTRFNONREF//BANK1", ":86:166?00CREDIT?20INV 7?32MUELLER", closing="C260131EUR1010,50"
        ).encode(),
    ),
    "csv": (_TABLE.encode(), _TABLE.replace("5.00", "5,00").replace("-3.00", "-3,00").encode("utf-16"), _WORKBOOK),
    "bai2": (test_bai.file("16,195,5000,Z,REF1,CUST1,WIRE IN/", smallest_units=5000).encode(),),
    "coda": (test_coda.file(test_coda.movement("50.00", "1101240283842818"), closing="150.00").encode(),),
    "norma43": (test_norma43.file(test_norma43.movement("50.00"), "2301ACME", closing="150.00").encode(),),
    "qif": (test_qif.GOOD.encode(),),
}


def read_whatever(content: bytes) -> None:
    """Read the content by the registry, then by the formats that recognise it and by one that a person might choose
    for it. Only refusals are caught."""
    started = time.monotonic()
    try:
        parsed = read(content, name="fuzzed")
    except Refused as refusal:
        assert refusal.sentence  # noqa: PT017 (a refusal is one of two good outcomes)
    else:
        assert parsed.statements
    formats = list(bank_formats().values())
    chosen = formats[len(content) % len(formats)]
    for each in formats:
        if each.sniff(content) or each is chosen:
            parsed_or_refused(each, content)
            parsed_or_refused(each, content, ANSWERS)
    assert time.monotonic() - started < MOST_SECONDS
