"""One account of a BAI2 file and its transactions (record 16). Must not know of groups and trailers."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from invoices.bank_formats.bai_records import Record, day, description, direction, signed, takes_back
from invoices.bank_formats.contract import Entry
from invoices.bank_formats.plain_text import plain_facts

_WORD = re.compile(r"\s*([A-Z]{4}):\s*(.*)")  # "DBNM: ACME INC", as some banks write a continuation


@dataclass(slots=True)
class Account:
    """An account while its records come in. `on` is the day of its group, None when that cannot be read."""

    number: str
    currency: str
    on: date | None
    is_booked: bool
    opening: Decimal | None = None
    closing: Decimal | None = None
    entries: list[Entry] = field(default_factory=list)


def transaction(record: Record, account: Account, on: date) -> Entry | None:
    """The transaction of this record; None when no money moved. Raises BadInput."""
    code, amount, funds, *rest = [*record.text.split(","), "", ""]
    code, amount, funds = code.strip(), amount.strip(), funds.strip()
    sign = direction(code)
    exact = signed(amount, account.currency) * sign
    if not exact:
        return None
    value_on = day(rest[0].strip()) if funds.upper() == "V" and rest[0].strip() else None
    skipped = {"V": 2, "S": 3}.get(funds.upper(), 0)
    if funds.upper() == "D" and rest[0].strip().isdecimal():
        skipped = 1 + 2 * int(rest[0].strip()[:4])
    bank, customer, *text = [*rest[skipped:], "", ""]
    words = {found[1]: found[2] for each in record.more if (found := _WORD.fullmatch(each))}
    free = " ".join([",".join(text).strip(" ,"), *(each for each in record.more if not _WORD.fullmatch(each))])
    return Entry(
        position=f"line {record.line}",
        booked_on=on,
        value_on=value_on,
        amount=exact,
        currency=account.currency,
        is_reversal=takes_back(code),
        is_booked=account.is_booked,
        **plain_facts(
            counterparty_name=words.get("DBNM" if sign > 0 else "CRNM", ""),
            counterparty_account=words.get("DACT" if sign > 0 else "CACT", ""),
            text=f"{words.get('REMI', '')} {free}".strip() or description(code),
            end_to_end_id=words.get("EREF") or customer,
            bank_reference=bank,
        ),
    )


def summaries(fields: list[str]) -> list[tuple[str, str]]:
    """Type code and amount of each summary of an account: four fields each, more where availability is given."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(fields):
        code, amount, _, funds, *rest = fields[at : at + 6] + [""] * 4
        found.append((code, amount))
        at += 4 + {"V": 2, "S": 3}.get(funds.upper(), 0)
        if funds.upper() == "D" and rest[0].isdecimal():
            at += 1 + 2 * int(rest[0][:4])
    return found
