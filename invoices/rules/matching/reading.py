"""Reads what a bank line says: structured references, and the words among which invoice numbers may stand. Amounts,
days and account numbers are taken out first, for their digits name nothing."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from collections_app.lib.references import is_iban
from collections_app.lib.structured_references import StructuredReference, find_references, read_reference
from invoices.rules.matching.facts import Line

_LONGEST = 1000
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?\b")
_DAY = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:20)?[0-9]{2}|20[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])"
)
_MONEY = r"(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|€|\$|£)"
_AMOUNT = re.compile(
    rf"{_MONEY}\s?[0-9][0-9.,' ]*[0-9](?![0-9])|(?<![0-9A-Z])[0-9][0-9.,']*[.,][0-9]{{2}}\s?{_MONEY}"
    r"|(?<![0-9A-Z.,])[0-9]{1,3}(?:[.,'][0-9]{3})+[.,][0-9]{2}(?![0-9])|(?<![0-9A-Z.,])[0-9]{1,4}[.,][0-9]{2}(?![0-9.,])"
)
_PLAIN_AMOUNT = re.compile(r"(?<![0-9A-Z])[0-9]+[.,][0-9]{2}(?![0-9])")
_WORD = re.compile(r"[0-9A-Z]+")
_ON_ACCOUNT = re.compile(
    r"\b(?:ANZAHLUNG|VORAUSZAHLUNG|VORKASSE|VORAUSKASSE|AKONTO|ACONTO|A CONTO|ON ACCOUNT|DEPOSIT|PREPAYMENT|PROFORMA"
    r"|ACOMPTE|AANBETALING|FORSKUD)\b"
)
_BETWEEN = " | "  # parts what the line says in different places, so that no number is read across them
_NO_ID = frozenset({"NOTPROVIDED", "NONREF", "NICHT ANGEGEBEN"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says. `gaps[n]` is what stands between `words[n]` and the next one."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    references: tuple[StructuredReference, ...]

    @property
    def is_on_account(self) -> bool:
        """Whether the payer says that it pays in advance, or on account."""
        return bool(_ON_ACCOUNT.search(" ".join(self.words)))


def read_line(line: Line) -> Reading:
    """The references and words of the line's reference, text and end-to-end id, in capitals."""
    references = dict.fromkeys(read_reference(line.reference)) if line.reference else {}
    structured = bool(references)
    references.update(dict.fromkeys(find_references(line.text)))
    parts = ["" if structured and not line.reference.isdigit() else line.reference, line.text]
    if line.end_to_end_id.upper() not in _NO_ID:
        parts.append(line.end_to_end_id)
    text = _BETWEEN.join(part.upper()[:_LONGEST] for part in parts if part)
    text = _without_references(text, references)
    text = _without_amount(_AMOUNT.sub(_gap, _DAY.sub(_gap, _IBAN.sub(_gap_if_iban, text))), line.amount)
    matches = list(_WORD.finditer(text))
    gaps = [text[one.end() : other.start()] for one, other in pairwise(matches)]
    return Reading(tuple(match[0] for match in matches), (*gaps, ""), tuple(references))


def _without_references(text: str, references: dict[StructuredReference, None]) -> str:
    """References of the text that were understood; their digits would be read a second time."""
    for reference in references:
        if reference.kind in ("rf", "ogm", "qrr"):
            text = _without(text, reference.value)
    return text


def _without(text: str, value: str) -> str:
    """The text without the value, however it is spaced and punctuated there."""
    places = [place for place, sign in enumerate(text) if sign.isalnum()]
    start = "".join(text[place] for place in places).find(value)
    if start < 0 or not value:
        return text
    return text[: places[start]] + _BETWEEN + text[places[start + len(value) - 1] + 1 :]


def _without_amount(text: str, amount: Decimal) -> str:
    """The line's own amount, which banks and payers repeat without any sign of money."""
    whole = f"{abs(amount):.2f}"
    return _PLAIN_AMOUNT.sub(lambda found: _BETWEEN if found[0].replace(",", ".") == whole else found[0], text)


def _gap(_: re.Match[str]) -> str:
    return _BETWEEN


def _gap_if_iban(match: re.Match[str]) -> str:
    """Takes out account numbers only: 'NW40 1234 5678' has the form of one, but not its check digits."""
    words = match[0].split()
    for count in range(len(words), 0, -1):
        if is_iban("".join(words[:count])):
            return _BETWEEN + " ".join(words[count:])
    return match[0]
