"""Writes bank entries as a camt.053 file, as a bank would hand it out. Must not read any."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from invoices.bank_formats.contract import Entry

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


@dataclass(frozen=True, slots=True)
class AccountEntries:
    """The entries of one statement: the account they are on, and what was there before, signed."""

    iban: str
    currency: str
    opening: Decimal
    entries: Sequence[Entry]


def camt053(statements: Sequence[AccountEntries], *, made_on: date) -> bytes:
    """The file, one statement per account and currency; opening plus entries is the closing balance."""
    register_namespace("", _NAMESPACE)
    document = Element(f"{{{_NAMESPACE}}}Document")
    root = _child(document, "BkToCstmrStmt")
    head = _child(root, "GrpHdr")
    _child(head, "MsgId", f"DEMO-{made_on:%Y%m%d}")
    _child(head, "CreDtTm", f"{made_on.isoformat()}T22:00:00Z")
    for number, statement in enumerate(statements, start=1):
        _statement(root, number, statement, made_on)
    indent(document)
    content: bytes = tostring(document, encoding="utf-8", xml_declaration=True)
    return content


def _statement(root: Element, number: int, statement: AccountEntries, made_on: date) -> None:
    node = _child(root, "Stmt")
    _child(node, "Id", f"{made_on:%Y%m%d}-{number}")
    _child(node, "ElctrncSeqNb", f"{made_on:%j}")
    _child(node, "CreDtTm", f"{made_on.isoformat()}T22:00:00Z")
    account = _child(node, "Acct")
    _child(_child(account, "Id"), "IBAN", statement.iban)
    _child(account, "Ccy", statement.currency)
    closing = statement.opening + sum((entry.amount for entry in statement.entries), Decimal(0))
    days = [entry.booked_on for entry in statement.entries] or [made_on]
    for code, amount, day in (("OPBD", statement.opening, min(days)), ("CLBD", closing, max(days))):
        balance = _child(node, "Bal")
        _child(_child(_child(balance, "Tp"), "CdOrPrtry"), "Cd", code)
        _amount(balance, amount, statement.currency)
        _child(_child(balance, "Dt"), "Dt", day.isoformat())
    for entry in statement.entries:
        _entry(node, entry)


def _entry(statement: Element, entry: Entry) -> None:
    node = _child(statement, "Ntry")
    _amount(node, entry.amount, entry.currency)
    if entry.is_reversal:
        _child(node, "RvslInd", "true")
    _child(_child(node, "Sts"), "Cd", "BOOK")
    _child(_child(node, "BookgDt"), "Dt", entry.booked_on.isoformat())
    _child(_child(node, "ValDt"), "Dt", (entry.value_on or entry.booked_on).isoformat())
    _child(node, "AcctSvcrRef", entry.bank_reference)
    family = _child(_child(_child(node, "BkTxCd"), "Domn"), "Fmly")
    _child(family, "Cd", "RCDT" if entry.amount > 0 else "ICDT")
    details = _child(_child(node, "NtryDtls"), "TxDtls")
    _child(_child(details, "Refs"), "EndToEndId", entry.end_to_end_id or "NOTPROVIDED")
    _parties(details, entry)
    _remittance(details, entry)


def _parties(details: Element, entry: Entry) -> None:
    if not entry.counterparty_name and not entry.counterparty_account:
        return
    parties = _child(details, "RltdPties")
    # A reversed entry keeps its parties: who pays us stays the debtor when the money goes back.
    side = "Dbtr" if (entry.amount > 0) != entry.is_reversal else "Cdtr"
    if entry.counterparty_name:
        _child(_child(_child(parties, side), "Pty"), "Nm", entry.counterparty_name)
    if entry.counterparty_account:
        _child(_child(_child(parties, f"{side}Acct"), "Id"), "IBAN", entry.counterparty_account)


def _remittance(details: Element, entry: Entry) -> None:
    if not entry.text and not entry.reference:
        return
    said = _child(details, "RmtInf")
    if entry.text:
        _child(said, "Ustrd", entry.text[:140])
    if entry.reference:
        _child(_child(_child(said, "Strd"), "CdtrRefInf"), "Ref", entry.reference)


def _amount(parent: Element, amount: Decimal, currency: str) -> None:
    node = _child(parent, "Amt", f"{abs(amount):f}")
    node.set("Ccy", currency)
    _child(parent, "CdtDbtInd", "CRDT" if amount >= 0 else "DBIT")


def _child(parent: Element, name: str, text: str | None = None) -> Element:
    node = SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    node.text = text
    return node
