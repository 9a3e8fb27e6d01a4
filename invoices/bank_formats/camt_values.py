"""Reads the values inside a camt message: accounts, signed amounts, days. Every amount, date and side passes here.

Must not know what they belong to. What cannot be read raises BadInput with a sentence."""

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from collections_app.lib.dates import parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import parse_amount
from invoices.bank_formats.plain_text import account_number
from invoices.bank_formats.xml_reading import text_at

_AMOUNT = re.compile(r"[0-9]{1,40}(\.[0-9]{0,40})?|\.[0-9]{1,40}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9:.]{5,20})?(Z|[+-][0-9]{2}:[0-9]{2})?")
_SIGNS = {"CRDT": 1, "DBIT": -1}
_NO_ID = {"NOTPROVIDED", "NONREF", "NOT PROVIDED"}


def account_at(node: Element, path: str) -> str:
    """The IBAN without blanks, or the number as given; empty if there is none."""
    return account_number(text_at(node, f"{path}/IBAN") or text_at(node, f"{path}/Othr/Id"))


def signed_amount(node: Element) -> tuple[Decimal, str]:
    """The amount of an entry or balance with its currency, negative for a debit. Raises BadInput."""
    sign = sign_of(node)
    stated = node.find("Amt")
    currency = "" if stated is None else stated.get("Ccy", "")
    return sign * amount_of(text_at(node, "Amt"), currency), currency


def day_in(node: Element, path: str) -> date | None:
    """The day at the path, which holds a day or a moment in itself or in `Dt` or `DtTm`; None if there is none.

    A moment counts by the day that is written, in the bank's own time zone. Raises BadInput."""
    text = next(filter(None, (text_at(node, each) for each in (f"{path}/Dt", f"{path}/DtTm", path))), "")
    if not text:
        return None
    found = _MOMENT.fullmatch(text)
    return parse_date(found[1] if found else text, order="ymd")


def sign_of(node: Element) -> int:
    """1 for a credit, -1 for a debit. Raises BadInput."""
    side = text_at(node, "CdtDbtInd")
    if side not in _SIGNS:
        raise BadInput(f"{quoted(side)} is neither CRDT nor DBIT. Ask the bank whether money came in.")
    return _SIGNS[side]


def amount_of(text: str, currency: str) -> Decimal:
    """The amount in whole smallest units; zeros beyond them are dropped, other digits refused. Never negative."""
    if not _AMOUNT.fullmatch(text):
        raise BadInput(f"{quoted(text)} is not an amount. Ask the bank what was booked, and record it by hand.")
    return parse_amount(text.rstrip(".") if "." in text else text, decimal_mark=".", currency=currency)


def identifier(text: str) -> str:
    """The identifier, empty when it only says that there is none."""
    return "" if text.upper() in _NO_ID else text


def texts_at(node: Element, path: str) -> list[str]:
    """The texts of all elements at the path with whitespace collapsed, without empty ones."""
    return [text for each in node.iterfind(path) if (text := " ".join((each.text or "").split()))]
