"""Small bank files for tests, written entry by entry as a bank would send them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from customers.models import LegalEntity
from invoices.models import BankAccount, BankFile, BankLine
from invoices.services.import_bank_file import import_bank_file
from tests import factories
from tests.factories import DAY

IBAN = "DE89370400440532013000"


@dataclass(frozen=True)
class Paid:
    """One entry of a statement. `parts` makes it a batch: amounts with end-to-end ids."""

    amount: str
    text: str = "INV"
    on: date = DAY
    name: str = "Acme Ltd"
    payer: str = "GB33BUKB20201555555555"
    bank: str = ""
    payer_id: str = ""
    status: str = "BOOK"
    reversal: bool = False
    parts: tuple[tuple[str, str], ...] = ()


def camt(
    entries: Sequence[Paid], *, iban: str = IBAN, opening: str = "1000.00", closing: str | None = None,
    currency: str = "EUR", kind: str = "053", version: str = "08", doctype: str = "",
) -> bytes:  # fmt: skip
    """A camt message of one statement; the closing balance follows from the entries unless it is given."""
    booked = sum((Decimal(each.amount) for each in entries if each.status == "BOOK"), Decimal(opening))
    root, node = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[kind]
    balances = (
        ""
        if kind == "054"
        else _balance("OPBD", Decimal(opening), currency)
        + _balance("CLBD", Decimal(closing) if closing else booked, currency)
    )
    body = "".join(_entry(each, currency, version) for each in entries)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{root}>'
        f"<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T20:00:00</CreDtTm></GrpHdr><{node}><Id>S1</Id>"
        f"<CreDtTm>2026-03-02T20:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances}{body}</{node}></{root}></Document>"
    ).encode()


def _balance(code: str, amount: Decimal, currency: str) -> str:
    side = "DBIT" if amount < 0 else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{abs(amount)}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>"
    )


def _entry(paid: Paid, currency: str, version: str) -> str:
    amount = Decimal(paid.amount)
    status = f"<Sts>{paid.status}</Sts>" if version == "02" else f"<Sts><Cd>{paid.status}</Cd></Sts>"
    parts = paid.parts or ((f"{abs(amount)}", paid.payer_id),)
    side = "DBIT" if amount < 0 else "CRDT"
    return (
        f'<Ntry><Amt Ccy="{currency}">{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<RvslInd>{'true' if paid.reversal else 'false'}</RvslInd>{status}"
        f"<BookgDt><Dt>{paid.on}</Dt></BookgDt><ValDt><Dt>{paid.on}</Dt></ValDt>"
        + (f"<AcctSvcrRef>{paid.bank}</AcctSvcrRef>" if paid.bank else "")
        + "<BkTxCd><Prtry><Cd>166</Cd></Prtry></BkTxCd><NtryDtls>"
        + "".join(_part(paid, share, payer_id, currency, side) for share, payer_id in parts)
        + "</NtryDtls></Ntry>"
    )


def _part(paid: Paid, share: str, payer_id: str, currency: str, side: str) -> str:
    who, account = ("Dbtr", "DbtrAcct") if side == "CRDT" else ("Cdtr", "CdtrAcct")
    return (
        f"<TxDtls><Refs><EndToEndId>{payer_id or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f'<Amt Ccy="{currency}">{share}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<RltdPties><{who}><Pty><Nm>{paid.name}</Nm></Pty></{who}><{account}><Id><IBAN>{paid.payer}</IBAN></Id>"
        f"</{account}></RltdPties><RmtInf><Ustrd>{paid.text}</Ustrd></RmtInf></TxDtls>"
    )


def imported(*entries: Paid, of: LegalEntity | None = None, name: str = "statement.xml", **options: Any) -> BankFile:
    """The file of these entries, taken in for the entity (DE01 by default), whose IBAN the account is."""
    entity = of or factories.entity()
    content = camt(entries, **{"iban": entity.iban or IBAN, **options})
    return import_bank_file(name=name, content=content, entities=[entity], by="test")


def bank_line(amount: str, text: str = "INV", *, of: LegalEntity | None = None, **facts: Any) -> BankLine:
    """One line of a statement of its own, waiting."""
    entity = of or factories.entity()
    before = BankLine.objects.count()
    imported(Paid(amount, text, bank=f"B{before}", **facts), of=entity)
    return BankLine.objects.latest("pk")


def account_of(entity: LegalEntity, **fields: Any) -> BankAccount:
    """The entity's own account in its currency."""
    return BankAccount.objects.get_or_create(
        identification=entity.iban or IBAN, currency=entity.currency, defaults={"entity": entity, **fields}
    )[0]
