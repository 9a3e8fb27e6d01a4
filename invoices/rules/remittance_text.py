"""Reads a remittance advice written as text, as in mails and PDFs: lines that begin with a number, then amounts."""

import re
from collections.abc import Sequence
from decimal import Decimal

from collections_app.lib.amount_reading import parse_amount
from collections_app.lib.currencies import is_currency
from collections_app.lib.errors import BadInput
from invoices.rules.remittance import MAX_ROWS, TOTALS, Advice, AdviceItem, AdviceProblem, checked, common_mark

_OTHER_NUMBERS = re.compile(
    r"\b(?:check|cheque|scheck|trace|account|konto|iban|bic|batch|lockbox|claim|phone|tel|fax|vat|ust|tax|page|seite)\b",
    re.I,
)
_AMOUNT = re.compile(r"(?<![\w.,/-])[-−(]?\d{1,3}(?:[.,' ]?\d{3})*[.,]\d{2}\)?-?(?![\w,/])")
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")
_NUMBER = re.compile(r"(?<![\w.,/-])(?=[\w./-]*\d{3})[A-Za-z]{0,6}[\w/-]*\d[\w/-]*")
_CURRENCY = re.compile(r"\b([A-Z]{3})\b")


def advice_of_text(text: str, *, currency: str) -> Advice:
    """The advice in lines of text: a number, then what it comes to, what was kept back, and what was paid.

    The currency is the only one that the text names, else the given one. Raises BadInput as `advice_of_table`."""
    lines = text.splitlines()[:MAX_ROWS]
    told = {code for line in lines for code in _CURRENCY.findall(line) if is_currency(code)}
    money = told.pop() if len(told) == 1 else currency
    mark = common_mark(found for line in lines for found in _amounts(line))
    items: list[AdviceItem] = []
    problems: list[AdviceProblem] = []
    totals: list[Decimal] = []
    for place, line in enumerate(lines, start=1):
        position = f"line {place}"
        try:
            amounts = [parse_amount(found, decimal_mark=mark, currency=money) for found in _amounts(line)]
            number = _number_before_amounts(line)
            if number and amounts:
                paid, kept = _paid_and_kept(amounts)
                items.append(AdviceItem(position, number, paid, kept, _words(line, number)))
            elif amounts and any(word in TOTALS for word in re.findall(r"[a-z]+", line.lower())):
                totals.append(amounts[-1])
        except BadInput as error:
            problems.append(AdviceProblem(position, error.sentence))
    return checked(Advice(money, tuple(items), tuple(problems)), totals)


def _paid_and_kept(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """One amount is what was paid; of two a negative one was kept back, else the second was paid; of three, the first
    less the second must be the third."""
    if len(amounts) == 1:
        return amounts[0], Decimal(0)
    first, last = amounts[0], amounts[-1]
    if len(amounts) == 2 and last < 0 < first:
        return first + last, -last
    if len(amounts) == 2 and first / 2 <= last <= first:
        return last, first - last
    if len(amounts) == 3 and first - abs(amounts[1]) == last:
        return last, abs(amounts[1])
    raise BadInput("The amounts of this line can be read in two ways. Enter it by hand.", code="unclear_amounts")


def _number_before_amounts(line: str) -> str:
    """The number that the line begins with, but for three words; '' for lines about checks, accounts and claims."""
    first = _AMOUNT.search(line)
    if first is None or _OTHER_NUMBERS.search(line):
        return ""
    before = _DAY.sub(" ", line[: first.start()])
    found = _NUMBER.search(before)
    if found is None or len(before[: found.start()].split()) > 3:
        return ""
    return found[0].strip("./-")[:60]


def _amounts(line: str) -> list[str]:
    return [found.replace("−", "-") for found in _AMOUNT.findall(_DAY.sub(" ", line))]


def _words(line: str, number: str) -> str:
    rest = _AMOUNT.sub(" ", line).replace(number, " ", 1)
    return " ".join(word for word in rest.split() if any(sign.isalpha() for sign in word))[:200]
