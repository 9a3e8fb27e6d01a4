"""Open items and lines for the tests of matching, with as few words as possible."""

from datetime import date
from decimal import Decimal
from typing import Any

from invoices.rules.matching import CustomerFact, Index, Line, OpenItem, Payers

DUE, TODAY = date(2026, 11, 1), date(2026, 11, 20)
ASH, ELM, FIR = 1, 2, 3
CUSTOMERS = (
    CustomerFact(ASH, "10007", "Ash Pumps GmbH"),
    CustomerFact(ELM, "10014", "Elm Foods Ltd"),
    CustomerFact(FIR, "10021", "Fir Timber AG"),
)
KNOWN = Payers(accounts={"DE1": {ASH: 4}, "GB2": {ELM: 2}}, names={"ASH PUMPS GMBH": {ASH: 4}})


def item(customer_id: int, number: str, open_amount: str, **more: Any) -> OpenItem:
    """An item in EUR, due on DUE; its id is made of the number's digits."""
    more.setdefault("due_on", DUE)
    more.setdefault("currency", "EUR")
    pk = more.pop("id", int("".join(sign for sign in number if sign.isdigit())))
    return OpenItem(id=pk, customer_id=customer_id, number=number, open_amount=Decimal(open_amount), **more)


def index(*items: OpenItem, **more: Any) -> Index:
    """The index over these items and the three customers, whose accounts are known."""
    return Index(items, CUSTOMERS, more.pop("payers", KNOWN), **more)


def line(amount: str, text: str = "", **more: Any) -> Line:
    """A line in EUR of TODAY."""
    more.setdefault("currency", "EUR")
    more.setdefault("received_on", TODAY)
    return Line(id=more.pop("id", 1), amount=Decimal(amount), text=text, **more)
