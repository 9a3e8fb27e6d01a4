"""Check digits for what payers type into their bank: creditor references and IBANs. Must not look up any bank."""

import re

from stdnum import iban
from stdnum.iso7064 import mod_97_10

from collections_app.lib.errors import BadInput, quoted

_LONGEST = 21


def rf_reference(text: str) -> str:
    """The ISO 11649 creditor reference of a customer or invoice number: 'INV-2026/17' becomes 'RF..INV202617'.

    Spaces and punctuation - / . _ # : are dropped, so numbers that differ only in these share a reference. Raises
    BadInput ('no_reference') for other characters and for more than 21 letters and digits: cutting would mix up
    two invoices.
    """
    bare = re.sub(r"[-\s/._#:]", "", text).upper()
    if not re.fullmatch(rf"[0-9A-Z]{{1,{_LONGEST}}}", bare):
        raise BadInput(
            f"{quoted(text)} cannot become a payment reference. Use 1 to {_LONGEST} letters from A to Z and digits.",
            code="no_reference",
        )
    return f"RF{mod_97_10.calc_check_digits(bare + 'RF')}{bare}"


def is_iban(text: str) -> bool:
    """Whether this is an IBAN with the right length, form and check digits for its country; spaces do not matter."""
    return text.isascii() and bool(iban.is_valid(text))


def format_iban(text: str) -> str:
    """The IBAN in capitals and groups of four, as printed on paper. Not an IBAN: BadInput 'not_an_iban'."""
    if not is_iban(text):
        raise BadInput(
            f"{quoted(text)} is not an IBAN. Compare it with the bank statement, digit by digit.", code="not_an_iban"
        )
    return str(iban.format(text))
