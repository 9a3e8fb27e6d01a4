"""What matching is told: bank lines, open items, customers, who paid for whom before, and the settings.

Amounts are Decimals with a currency beside them. Inside the package they are counted in ten-thousandths as whole
numbers, the grain of numeric(19,4): exact, and fast to add by the thousand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

_GRAIN = 4


def units(amount: Decimal) -> int:
    """The amount in ten-thousandths, exactly."""
    return int(amount.scaleb(_GRAIN))


def amount_of(count: int) -> Decimal:
    """The amount of so many ten-thousandths."""
    return Decimal(count).scaleb(-_GRAIN)


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One row of a remittance advice that came for a line: the number as the payer wrote it, what was paid for it and
    what was kept back. Amounts positive, in the line's currency."""

    number: str
    amount: Decimal
    deduction: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One bank line. `amount` is signed: positive came in. `entity_id` is the legal entity whose account it is."""

    id: int
    received_on: date
    amount: Decimal
    currency: str
    entity_id: int | None = None
    name: str = ""
    account: str = ""
    reference: str = ""
    text: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    is_reversal: bool = False
    is_own_account: bool = False  # it came from one of our own accounts: a transfer, no payer
    advice: tuple[AdviceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One claim: an invoice without instalments, or one instalment. `open_amount` positive.

    `discount` is what the payer may keep back when the money is there by `discount_until` (inclusive)."""

    id: int
    customer_id: int
    number: str
    due_on: date
    open_amount: Decimal
    currency: str
    entity_id: int | None = None
    instalment_id: int | None = None
    issued_on: date | None = None
    po_number: str = ""
    discount: Decimal = Decimal(0)
    discount_until: date | None = None
    references: tuple[str, ...] = ()  # structured ones beyond those made of the number


@dataclass(frozen=True, slots=True)
class CustomerFact:
    """A customer as far as a bank line can name it."""

    id: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A payment that a later bank line may take back. `amount` positive."""

    id: int
    customer_id: int
    amount: Decimal
    currency: str
    received_on: date
    entity_id: int | None = None
    account: str = ""
    name: str = ""
    end_to_end_id: str = ""
    bank_reference: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Payers:
    """Who paid for whom before: account or folded name -> customer id -> number of confirmed matches."""

    accounts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    names: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much too little (`under`) or too much (`over`) still settles an item, in one currency; both 0 or more."""

    under: Decimal = Decimal(0)
    over: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Settings:
    """`certain` points and a lead of `margin` points over every other possibility let a match post by itself."""

    certain: int = 90
    margin: int = 15
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)

    def tolerance(self, currency: str) -> Tolerance:
        """The tolerance of the currency; none when it has none."""
        return self.tolerances.get(currency, Tolerance())
