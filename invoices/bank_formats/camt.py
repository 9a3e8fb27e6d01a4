"""Reads camt.053 (statement), camt.054 (notification) and camt.052 (intraday report) of ISO 20022, versions 02 to 13.

From the file to its statements with their balances; `camt_entries` reads the entries. The versions differ in few places
and are read by one reader that accepts the spelling of each."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element

from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput, quoted
from invoices.bank_formats.camt_entries import EntryReader
from invoices.bank_formats.camt_values import account_at, day_in, signed_amount
from invoices.bank_formats.contract import BankFormat, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.declared_text import beginning_of
from invoices.bank_formats.xml_reading import read_xml, text_at

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(?P<message>camt\.(?P<kind>05[234])\.001\.(?P<version>\d\d))")
_STATEMENTS = {
    "052": "BkToCstmrAcctRpt/Rpt", "053": "BkToCstmrStmt/Stmt", "054": "BkToCstmrDbtCdtNtfctn/Ntfctn"
}  # fmt: skip
_LINES_OF = ("Rpt", "Stmt", "Ntfctn", "Bal", "Ntry", "TxDtls")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)  # the other balances are available or expected, not booked
_ASK = "Ask the bank for camt.053.001.08, or any version from 02 to 13."


def sniff(content: bytes) -> bool:
    """Whether this is XML that names one of the messages near its beginning, in any version."""
    beginning = beginning_of(content)
    return beginning.startswith("<") and bool(re.search(r"\bcamt\.05[234]\.|BkToCstmr", beginning))


def parse(content: bytes) -> ParsedFile:
    """Every statement, one per account and currency. Raises Refused for broken XML, other messages and versions."""
    root = read_xml(content, lines_of=_LINES_OF)
    document = root if root.tag == "Document" else next(root.iter("Document"), root)  # banks also send it in envelopes
    found = _NAMESPACE.fullmatch(document.get("namespace", ""))
    if document.tag != "Document" or found is None:
        raise Refused(
            f"The XML begins with {quoted(document.tag)} of {quoted(document.get('namespace', ''))}, "
            f"which is no account statement known here. {_ASK}",
            code="wrong_message",
        )
    if not 2 <= int(found["version"]) <= 13:
        raise Refused(f"{found['message']} is a version that is not known here. {_ASK}", code="wrong_version")
    statements: list[Statement] = []
    problems: list[Problem] = []
    path = _STATEMENTS[found["kind"]]
    in_pages = _is_page(document.find(f"{path.partition('/')[0]}/GrpHdr/MsgPgntn"))
    for number, node in enumerate(document.iterfind(path), start=1):
        reader = _StatementReader(node, number, intraday=found["kind"] == "052", in_pages=in_pages)
        statements += reader.statements()
        problems += reader.problems
    if not statements:
        first = problems[0] if problems else Problem("", f"The file holds no statement. {_ASK}")
        raise Refused(first.sentence, position=first.position, code="no_statement")
    name = f"{found['message']}, intraday" if found["kind"] == "052" else found["message"]
    return ParsedFile(name, tuple(statements), tuple(problems))


CAMT = BankFormat("camt", "camt.053 and camt.054", sniff, parse)


class _Balance(NamedTuple):
    code: str
    amount: Decimal
    currency: str
    on: date | None


def _is_page(pagination: Element | None) -> bool:
    """Whether this is one of several pages; a single page says that it is the first and the last."""
    if pagination is None:
        return False
    return text_at(pagination, "PgNb").lstrip("0") != "1" or text_at(pagination, "LastPgInd") not in ("true", "1")


class _StatementReader:
    """One statement of the file. Problems collect while it is read."""

    def __init__(self, node: Element, number: int, *, intraday: bool, in_pages: bool) -> None:
        self.problems: list[Problem] = []
        self._node = node
        self._place = f"statement {number}"
        self._intraday = intraday
        self._is_page = in_pages or any(_is_page(node.find(f"{tag}Pgntn")) for tag in ("Rpt", "Stmt", "Ntfctn"))
        self._account = account_at(node, "Acct/Id")
        self._currency = text_at(node, "Acct/Ccy")

    def statements(self) -> list[Statement]:
        """One statement per currency: several only where the account states none of its own. None without account."""
        if not self._account:
            return self._useless("names no account, so it cannot be told whose money this is")
        if self._currency and not is_currency(self._currency):
            return self._useless(f"is kept in {quoted(self._currency)}, which is no currency")
        balances = list(self._balances())
        entries = self._entries()
        currencies = [self._currency] if self._currency else list(dict.fromkeys(entry.currency for entry in entries))
        currencies = currencies or [balance.currency for balance in balances][:1]
        if not currencies and self.problems:
            return []  # why its entries cannot be read is told already
        if not currencies:
            return self._useless("states neither a currency, nor a balance, nor an entry that can be read")
        self.problems += [
            Problem(
                f"{self._place}, balance {each.code}",
                f"The balance is in {each.currency}, the entries are in {', '.join(currencies)}; it was left out.",
            )
            for each in balances
            if each.currency not in currencies
        ]
        return [self._statement(currency, entries, balances) for currency in currencies]

    def _useless(self, why: str) -> list[Statement]:
        place = f"{self._place}, line {self._node.get('line')}"
        self.problems.insert(0, Problem(place, f"The statement {why}. Ask the bank for it again."))
        return []

    def _statement(self, currency: str, entries: list[Entry], balances: list[_Balance]) -> Statement:
        own = [balance for balance in balances if balance.currency == currency]
        opening = next((each for code in _OPENING for each in own if each.code == code), None)
        closing = next((each for code in _CLOSING for each in reversed(own) if each.code == code), None)
        opened_on = (opening and opening.on) or self._period("FrDtTm")
        closed_on = (closing and closing.on) or self._period("ToDtTm")
        statement = Statement(
            account=self._account,
            currency=currency,
            entries=tuple(entry for entry in entries if entry.currency == currency),
            number=next(filter(None, (text_at(self._node, tag) for tag in ("ElctrncSeqNb", "LglSeqNb", "Id"))), ""),
            opening=opening.amount if opening else None,
            closing=closing.amount if closing else None,
            opened_on=opened_on,
            closed_on=closed_on if not (opened_on and closed_on and closed_on < opened_on) else None,
        )
        if not (self._is_page and statement.difference):
            return statement
        self.problems.append(
            Problem(
                self._place,
                "This is a page of a longer statement whose balances are those of all pages, so its entries could not "
                "be held to them. Import the other pages too.",
            )
        )
        return replace(statement, opening=None, closing=None)

    def _balances(self) -> Iterable[_Balance]:
        for node in self._node.iterfind("Bal"):
            code = text_at(node, "Tp/CdOrPrtry/Cd")
            if code not in (*_OPENING, *_CLOSING):
                continue
            try:
                amount, currency = signed_amount(node)
                yield _Balance(code, amount, currency, day_in(node, "Dt"))
            except BadInput as error:
                self._problem(f"{self._place}, balance {code}, line {node.get('line')}", error)

    def _entries(self) -> list[Entry]:
        reader = EntryReader(self._account, self._currency, booked_unless_told=not self._intraday)
        entries: list[Entry] = []
        for number, node in enumerate(self._node.iterfind("Ntry"), start=1):
            place = f"{self._place}, entry {number}"
            try:
                entries += reader.entries(node, place)
            except BadInput as error:
                self._problem(f"{place}, line {node.get('line')}", error)
        return entries

    def _period(self, tag: str) -> date | None:
        try:
            return day_in(self._node, f"FrToDt/{tag}")
        except BadInput:
            return None  # the balances' own dates count; this one is only shown

    def _problem(self, place: str, error: BadInput) -> None:
        self.problems.append(Problem(place, error.sentence))
