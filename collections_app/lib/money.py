"""Money: an exact amount with its currency, splitting and per-currency totals.

Must not touch floats or convert currencies by itself, and must not decide anything about invoices. Reading,
writing and rounding live in files of their own; their functions are offered here too, so that one import does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from collections_app.lib.amount_reading import detect_decimal_mark, parse_amount
from collections_app.lib.amount_writing import format_amount, format_amount_with_code
from collections_app.lib.currencies import is_currency, quantum
from collections_app.lib.errors import BadInput, quoted
from collections_app.lib.rounding import EXACT, refuse_inexact, round_amount

__all__ = [
    "MAX_AMOUNT",
    "Money",
    "Totals",
    "detect_decimal_mark",
    "format_amount",
    "format_amount_with_code",
    "is_currency",
    "parse_amount",
    "quantum",
    "round_amount",
    "split",
]

# The largest value of numeric(19,4), the column every amount is stored in.
MAX_AMOUNT = Decimal("999999999999999.9999")


def split(amount: Decimal, currency: str, weights: Sequence[Decimal | int]) -> tuple[Decimal, ...]:
    """The amount in parts proportional to the weights, each rounded, summing exactly; one part per weight.

    The last part that has a weight takes the rest. No part has the opposite sign or exceeds what is left, and a weight
    of 0 gets 0. Refuses (BadInput) surplus digits in the amount, no weights, negative weights and weights adding to 0.
    """
    rest = Money(amount, currency).amount
    shares = [_weight(weight) for weight in weights]
    whole = _sum(shares)
    if not whole:
        raise BadInput("An amount can only be split if at least one part has a weight above 0.", code="no_weights")
    last = max(index for index, share in enumerate(shares) if share)
    parts: list[Decimal] = []
    for index, share in enumerate(shares):
        part = round_amount(EXACT.divide(EXACT.multiply(amount, share), whole), currency)
        # Many halves rounded up would overdraw (0.02 in four): nobody gets more than what is left.
        part = rest if index == last or part.copy_abs() > rest.copy_abs() else part
        rest = EXACT.subtract(rest, part)
        parts.append(part)
    return tuple(parts)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount with its currency. Sums and comparisons across currencies are refused (BadInput).

    `==` is the exception: amounts in two currencies are simply unequal, so money can be a dictionary key.
    The amount must be a Decimal in whole smallest units; trailing zeros (10.0000 EUR) are dropped, -0 becomes 0.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        exact = round_amount(self.amount, self.currency)
        if exact != self.amount:
            raise BadInput(
                f"{quoted(self.amount)} has more decimals than {self.currency} allows. "
                f"Round it to multiples of {quantum(self.currency)} first.",
                code="surplus_digits",
            )
        object.__setattr__(self, "amount", exact)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in this currency."""
        return cls(Decimal(0), currency)

    def __add__(self, other: object) -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(EXACT.add(self.amount, self._comparable(other)), self.currency)

    def __sub__(self, other: object) -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money(EXACT.subtract(self.amount, self._comparable(other)), self.currency)

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def __abs__(self) -> "Money":
        return Money(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._comparable(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._comparable(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._comparable(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._comparable(other)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _comparable(self, other: object) -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money can only be compared with Money, not with {type(other).__name__}.")
        if other.currency != self.currency:
            raise BadInput(
                f"{self} and {other} are in different currencies. Convert one of them at a named rate and date first.",
                code="mixed_currencies",
            )
        return other.amount


class Totals(Mapping[str, Money]):
    """Sums per currency: a read-only mapping code -> Money, in order of code, without currencies that add up to zero.

    It cannot be summed across currencies: its values are Money, which refuses, and `only()` refuses more than one.
    """

    __slots__ = ("_sums",)

    def __init__(self, moneys: Iterable[Money] = ()) -> None:
        sums: dict[str, Decimal] = {}
        for money in moneys:
            sums[money.currency] = EXACT.add(sums.get(money.currency, Decimal(0)), money.amount)
        self._sums = {currency: Money(amount, currency) for currency, amount in sorted(sums.items()) if amount}

    def __getitem__(self, currency: str) -> Money:
        return self._sums[currency]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sums)

    def __len__(self) -> int:
        return len(self._sums)

    def __add__(self, other: "Totals | Money") -> "Totals":
        added = [other] if isinstance(other, Money) else other.values()
        return Totals([*self.values(), *added])

    def __sub__(self, other: "Totals | Money") -> "Totals":
        taken = [other] if isinstance(other, Money) else other.values()
        return Totals([*self.values(), *(-money for money in taken)])

    def __repr__(self) -> str:
        return f"Totals({', '.join(map(str, self.values()))})"

    def of(self, currency: str) -> Money:
        """The sum in this currency; zero if there is none."""
        return self._sums.get(currency) or Money.zero(currency)

    def only(self) -> Money:
        """The sum, if there is exactly one currency; else BadInput, for a sum over currencies has no meaning."""
        if len(self._sums) != 1:
            raise BadInput(
                f"There is no single total over {len(self._sums)} currencies. Show one total per currency.",
                code="mixed_currencies",
            )
        return next(iter(self._sums.values()))


def _weight(weight: Decimal | int) -> Decimal:
    share = Decimal(weight) if isinstance(weight, int) else weight
    refuse_inexact(share)
    if share < 0:
        raise BadInput(f"{quoted(weight)} is negative. A part's weight must be 0 or more.", code="negative_weight")
    return share


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total
