"""Reads the values of single MT940 fields: balances (60, 62) and entries (61) with their details (86).

The library mt-940 knows the forms of field 61 and its days; amounts are read here, because the library takes "1.234,56"
for 1. What cannot be read raises BadInput with a sentence."""

import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from mt940 import Options
from mt940.models import Transactions
from mt940.tags import StatementGLS

from collections_app.lib.currencies import is_currency
from collections_app.lib.dates import parse_date
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.money import parse_amount
from invoices.bank_formats.contract import Entry
from invoices.bank_formats.plain_text import account_number, looks_like_iban, plain_facts
from invoices.bank_formats.swift_details import Details, details

_BALANCE = re.compile(r"([DC])(\d{6})([A-Z]{3})(\d{1,15}(?:,\d{0,4})?)\s*")
_NO_REFERENCE = re.compile(r"(NONREF|NOTPROVIDED|[EPKM]REF\+?)?", re.IGNORECASE)
_LONGEST = 4_000  # characters of one field; banks send less than 1,000


class Field(NamedTuple):
    """One field of the file: the line it begins on, its tag, its value with line breaks."""

    line: int
    tag: str
    value: str


class Balance(NamedTuple):
    """A balance as stated: signed, on a day."""

    amount: Decimal
    currency: str
    on: date


class _EntryLine(StatementGLS):
    """Field 61 with references of any length, and MT942's marks of expected movements (ED, EC)."""

    pattern = StatementGLS.pattern.replace("R?[DC]", "[RE]?[DC]")


_LINE = _EntryLine()
_LIBRARY = Transactions(options=Options.all())


def balance(given: Field) -> Balance:
    """The balance in this field. Raises BadInput."""
    found = _BALANCE.fullmatch(given.value.replace("\n", ""))
    if found is None:
        raise BadInput(f"The balance {quoted(given.value)} cannot be read.")
    currency = currency_of(found[3])
    amount = _amount(found[4], currency)
    on = parse_date(f"20{found[2]}", order="ymd")
    return Balance(-amount if found[1] == "D" else amount, currency, on)


def currency_of(value: str) -> str:
    """The currency that the value begins with. Raises BadInput for a code that is none."""
    if not is_currency(value[:3]):
        raise BadInput(f"{quoted(value[:3])} is not a currency that amounts are kept in here.")
    return value[:3]


def entry(given: Field, text: str, currency: str, *, is_booked: bool) -> Entry:
    """The entry of this field 61 with its field 86, an amount of 0 included. Raises BadInput."""
    first, _, rest = given.value[:_LONGEST].partition("\n")
    shape = _LINE.re.match(f"{first.rstrip()}\n{' '.join(rest.split())}" if rest.strip() else first.rstrip())
    # Without the transaction type behind it, the amount was cut short by a sign that is not part of amounts.
    if shape is None or not shape["id"]:
        raise BadInput(f"The entry {quoted(first)} cannot be read.")
    amount = _amount(shape["amount"], currency)
    try:
        known: dict[str, Any] = _LINE(_LIBRARY, dict(shape.groupdict()))
    except (ValueError, ArithmeticError):
        raise BadInput(f"The entry {quoted(first)} has a day that is not in the calendar.") from None
    value_on = _day(known["date"])
    mark = shape["status"].upper()
    is_debit = mark in ("D", "ED", "RC")  # RC takes back a credit
    found = details(text[:_LONGEST])
    return Entry(
        position=f"line {given.line}",
        booked_on=_day(known["entry_date"]) if known.get("entry_date") else value_on,
        value_on=value_on,
        amount=-amount if is_debit else amount,
        currency=currency,
        is_reversal=mark.startswith("R") or shape["id"].upper() == "NRTI" or found.is_return,
        is_booked=is_booked and not mark.startswith("E"),
        **_facts(shape, found),
    )


def _facts(shape: "re.Match[str]", found: Details) -> dict[str, str]:
    """The text fields of the entry. Some banks put account and name of the other side into field 61."""
    own, extra = (shape["customer_reference"] or "").strip(), (shape["extra_details"] or "").strip()
    reference = "" if _NO_REFERENCE.fullmatch(own) or looks_like_iban(own) else own
    account = found.account or next((each for each in (own, extra) if looks_like_iban(each)), "")
    name = found.name or (extra if looks_like_iban(own) else "")
    return plain_facts(
        counterparty_name=name,
        counterparty_account=account_number(account),
        reference=found.reference,
        text=found.text or (extra if extra not in (name, account) else ""),
        end_to_end_id=found.end_to_end_id or reference,
        bank_reference=(shape["bank_reference"] or "").strip() or found.bank_reference,
    )


def _amount(text: str, currency: str) -> Decimal:
    """The amount. Its comma must be there: without it, figures are lost or the comma itself."""
    if text.count(",") != 1:
        raise BadInput(f"The amount {quoted(text)} is damaged: it needs one decimal comma.")
    whole, _, fraction = text.partition(",")
    return parse_amount(f"{whole or '0'},{fraction or '0'}", decimal_mark=",", currency=currency)


def _day(day: date) -> date:
    return date(day.year, day.month, day.day)  # the library's own kind of date is not a plain one
