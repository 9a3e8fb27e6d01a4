"""What a remittance advice says: which invoice numbers were paid, with how much, and what was kept back. Pure: the
readers beside this file get cells or lines of text, and know no file and no invoice.

Strict like every reader of amounts: a row that could mean two things is a problem with its place, never a guess."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from collections_app.lib.amount_reading import DecimalMark, detect_decimal_mark
from collections_app.lib.errors import BadInput, quoted

MAX_ROWS = 5_000
TOTALS = ("total", "summe", "gesamt", "gesamtbetrag", "sum", "grandtotal", "totalpayment", "totaal")


@dataclass(frozen=True, slots=True)
class AdviceItem:
    """One document paid: `amount` is what was paid for it (negative: a credit taken), `deduction` what was kept back,
    0 or more."""

    position: str
    number: str
    amount: Decimal
    deduction: Decimal = Decimal(0)
    text: str = ""


@dataclass(frozen=True, slots=True)
class AdviceProblem:
    """A place that could not be read, with a sentence that tells what to do."""

    position: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What an advice says. `total` is the sum of the items; a different total stated in the file is a problem."""

    currency: str
    items: tuple[AdviceItem, ...]
    problems: tuple[AdviceProblem, ...]

    @property
    def total(self) -> Decimal:
        """What was paid in all."""
        return sum((item.amount for item in self.items), Decimal(0))


def common_mark(amounts: Iterable[str]) -> DecimalMark:
    """The decimal mark of all these amounts. Raises BadInput ('decimal_mark') when it cannot be told."""
    found = [amount for amount in amounts if amount]
    mark = detect_decimal_mark(found)
    if mark is None and found:
        raise BadInput(
            f"Amounts such as {quoted(found[0])} can be read in two ways. Save the advice with two decimals.",
            code="decimal_mark",
        )
    return mark or "."


def checked(advice: Advice, totals: Sequence[Decimal]) -> Advice:
    """The advice; with a problem when it states a total that its items do not come to."""
    if not totals or not advice.items or any(total == advice.total for total in totals):
        return advice
    sentence = (
        f"The advice states a total of {totals[-1]}, but the rows that could be read come to {advice.total}. "
        "Look for a missing row."
    )
    return Advice(advice.currency, advice.items, (*advice.problems, AdviceProblem("total", sentence)))
