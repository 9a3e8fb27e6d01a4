"""Bank accounts and lines for tests, written past the files they would come in."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from customers.models import LegalEntity
from invoices.models import BankAccount, BankFile, BankLine, BankStatement
from tests.factories import DAY, entity

_prints = count(1)


def bank_account(of: LegalEntity | None = None, **fields: Any) -> BankAccount:
    """The account of the entity, in its currency; certain matches post unless told otherwise."""
    owner = of or entity()
    made, _ = BankAccount.objects.get_or_create(
        identification=owner.iban, currency=fields.pop("currency", owner.currency), defaults={"entity": owner, **fields}
    )
    return made


def bank_line(
    amount: str, text: str = "", *, on: date = DAY, account: BankAccount | None = None, **fields: Any
) -> BankLine:
    """One waiting line of a read file on that day."""
    home = account or bank_account()
    number = next(_prints)
    file, _ = BankFile.objects.get_or_create(
        digest="f" * 64, defaults={"name": "tests.xml", "size": 1, "format": "camt.053", "state": BankFile.State.READ}
    )
    statement, _ = BankStatement.objects.get_or_create(file=file, account=home)
    return BankLine.objects.create(
        account=home, statement=statement, position=f"entry {number}", booked_on=on, value_on=on,
        amount=Decimal(amount), currency=home.currency, text=text, fingerprint=f"{number:064}", occurrence=1, **fields,
    )  # fmt: skip
