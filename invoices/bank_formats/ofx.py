"""Reads OFX, versions 1 and 2 (also QFX): statements of bank accounts and credit cards.

OFX states the closing balance only, so its entries cannot be held to an opening one. Must not read investments."""

import re
from datetime import date
from decimal import Decimal

from collections_app.lib.currencies import is_currency
from collections_app.lib.dates import parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import parse_amount
from invoices.bank_formats.contract import BankFormat, Entry, ParsedFile, Problem, Refused, Statement
from invoices.bank_formats.declared_text import beginning_of
from invoices.bank_formats.ofx_tree import Node, read_ofx
from invoices.bank_formats.plain_text import account_number, plain_facts

_HEAD = re.compile(r"OFXHEADER\s*[:=]|<OFX\s*>", re.IGNORECASE)
_VERSION = re.compile(r"""\bVERSION\s*[:=]\s*["']?(\d)(\d)(\d)""")
_MOMENT = re.compile(r"([0-9]{8})([0-9]{4}([0-9]{2}(\.[0-9]{0,6})?)?)?(\[[^\]]{0,20}\]?)?")
_AMOUNT = re.compile(r"[+-]?([0-9]{1,40}([.,][0-9]{0,40})?|[.,][0-9]{1,40})")
_OTHERS = {
    "INVSTMTRS": "statements of an investment account, which hold no payments of customers",
    "ACCTINFORS": "only a list of accounts",
    "PROFRS": "only the bank's own profile",
}
_IN_LIST = {"STMTTRN", "DTSTART", "DTEND"}
_WRONG_SIGN = {"CREDIT": -1, "DEBIT": 1}  # other types (fees, interest, card payments) come with either sign
_ASK = "Download the statement of the bank account instead."


def sniff(content: bytes) -> bool:
    """Whether the beginning holds an OFX header or the `OFX` element."""
    return bool(_HEAD.search(beginning_of(content)))


def parse(content: bytes) -> ParsedFile:
    """Every statement of a bank account or credit card. Raises Refused when there is none."""
    tree = read_ofx(content)
    statements: list[Statement] = []
    problems: list[Problem] = []
    nodes = [node for tag in ("STMTRS", "CCSTMTRS") for node in tree.all(tag)]
    for number, node in enumerate(sorted(nodes, key=lambda each: each.line), start=1):
        reader = _StatementReader(node, f"statement {number}")
        statements += reader.statement()
        problems += reader.problems
    others = [(what, found) for tag, what in _OTHERS.items() for found in tree.all(tag)]
    if statements:
        problems += [Problem(f"line {found.line}", f"The file also holds {what}; they were left out.")
                     for what, found in others if found.tag == "INVSTMTRS"]  # fmt: skip
        return ParsedFile(_name(content), tuple(statements), tuple(problems))
    if problems:
        raise Refused(problems[0].sentence, position=problems[0].position, code="no_statement")
    if others:
        raise Refused(
            f"The file holds {others[0][0]}. {_ASK}", position=f"line {others[0][1].line}", code="no_statement"
        )
    raise Refused(f"The file holds no statement{_status(tree)}. {_ASK}", code="no_statement")


OFX = BankFormat("ofx", "OFX", sniff, parse)


class _StatementReader:
    """One statement of the file. Problems collect while it is read."""

    def __init__(self, node: Node, place: str) -> None:
        self.problems: list[Problem] = []
        self._node = node
        self._place = place
        self._currency = node.value("CURDEF").upper()

    def statement(self) -> list[Statement]:
        """The statement in a list, or an empty list when account or currency is missing."""
        account = _account(self._node, "BANKACCTFROM", "CCACCTFROM")
        if not account or not is_currency(self._currency):
            what = f"is in {quoted(self._currency)}, which is no currency" if account else "names no account"
            place = f"{self._place}, line {self._node.line}"
            self.problems.append(Problem(place, f"The statement {what}. Ask the bank for it again."))
            return []
        entries = (
            self._entry_or_problem(node, f"{self._place}, entry {number}, line {node.line}")
            for number, node in enumerate(self._node.all("STMTTRN"), start=1)
        )
        closing, closed_on = self._closing()
        self._tell_unknown()
        period = next(self._node.all("BANKTRANLIST"), self._node)
        return [
            Statement(
                account=account, currency=self._currency,
                entries=tuple(entry for entry in entries if entry and entry.amount),  # a note of 0 moves no money
                closing=closing,
                opened_on=self._day_or_none(period.value("DTSTART")),
                closed_on=closed_on or self._day_or_none(period.value("DTEND")),
            )
        ]  # fmt: skip

    def _entry_or_problem(self, node: Node, place: str) -> Entry | None:
        try:
            return self._entry(node, place)
        except BadInput as error:
            self.problems.append(Problem(place, error.sentence))
            return None

    def _entry(self, node: Node, place: str) -> Entry:
        amount = _amount(node.value("TRNAMT"), self._currency)
        kind = node.value("TRNTYPE").upper()
        if amount * _WRONG_SIGN.get(kind, 0) > 0:
            raise BadInput(f"The amount {amount} contradicts its kind {kind}. Ask the bank whether money came in.")
        if node.value("CORRECTFITID"):
            raise BadInput("This corrects an entry that was delivered before. Compare both and record it by hand.")
        currency = node.value("CURRENCY", "CURSYM").upper()
        if currency and currency != self._currency:
            raise BadInput(
                f"The entry is in {currency}, but the account is kept in {self._currency}. Record it by hand."
            )
        valued = node.value("DTAVAIL")
        return Entry(
            position=place,
            booked_on=_day(node.value("DTPOSTED")),
            amount=amount,
            currency=self._currency,
            value_on=_day(valued) if valued else None,
            is_reversal=False,
            is_booked=True,
            **plain_facts(
                counterparty_name=node.value("NAME") or node.value("PAYEE", "NAME"),
                counterparty_account=_account(node, "BANKACCTTO", "CCACCTTO"),
                text=node.value("MEMO"),
                bank_reference=node.value("FITID"),
            ),
        )

    def _tell_unknown(self) -> None:
        """A damaged tag would otherwise hide its entry without a trace."""
        for listed in self._node.all("BANKTRANLIST"):
            strange = dict.fromkeys(each.tag for each in listed.children if each.tag not in _IN_LIST)
            if strange:
                self.problems.append(
                    Problem(
                        f"{self._place}, line {listed.line}",
                        f"Among the entries stands what is not known: {quoted(', '.join(strange))}. "
                        "Compare the entries with the bank's.",
                    )
                )

    def _closing(self) -> tuple[Decimal | None, date | None]:
        stated = self._node.value("LEDGERBAL", "BALAMT")
        if not stated:
            return None, None
        try:
            return _amount(stated, self._currency), _day(self._node.value("LEDGERBAL", "DTASOF"))
        except BadInput as error:
            self.problems.append(Problem(f"{self._place}, balance", error.sentence))
            return None, None

    def _day_or_none(self, text: str) -> date | None:
        try:
            return _day(text)
        except BadInput:
            return None  # the period is only shown


def _account(node: Node, *aggregates: str) -> str:
    """The account in the first of these that names one; empty if none does."""
    return account_number(next(filter(None, (node.value(each, "ACCTID") for each in aggregates)), ""))


def _day(text: str) -> date:
    """The day as written: the bank's own, whatever time zone is named behind it. Raises BadInput."""
    found = _MOMENT.fullmatch(text.replace(" ", ""))
    return parse_date(found[1] if found else text, order="ymd")


def _amount(text: str, currency: str) -> Decimal:
    """The signed amount; a comma may be the decimal mark. Raises BadInput."""
    if not _AMOUNT.fullmatch(text):
        raise BadInput(f"{quoted(text)} is not an amount. Ask the bank what was booked, and record it by hand.")
    return parse_amount(text.replace(",", ".").rstrip("."), decimal_mark=".", currency=currency)


def _name(content: bytes) -> str:
    found = _VERSION.search(beginning_of(content))
    return f"OFX {found[1]}.{found[2]}.{found[3]}" if found else "OFX"


def _status(tree: Node) -> str:
    """What the bank's computer said instead of a statement."""
    said = next((each for each in tree.all("STATUS") if each.value("SEVERITY") == "ERROR"), None)
    return f"; the bank answered {quoted(said.value('MESSAGE') or said.value('CODE'))}" if said else ""
