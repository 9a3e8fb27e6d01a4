"""A bank file whose truth is known: payments of the demo's open items in the kinds and shares that real statements
have, each with what it pays or that a person must decide. Pure, and the same for the same world and seed.

A person must decide where the line itself does not say enough, whoever reads it: unknown payers, an amount alone, names
that fit several customers, the second of two equal payments, money back without an id, fees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from random import Random

from collections_app.demo.bank_noise import Words, as_bank_writes, iban, in_bank_lines, listed
from collections_app.lib.money import round_amount
from invoices.bank_formats.contract import Entry
from invoices.rules.matching import OpenItem, PaymentFact

# How many of a thousand lines are of each kind: most say what they pay, as in the statements of a business that prints
# references on its invoices and has known its payers for years.
SHARES = {
    "number": 305, "rf_reference": 195, "many_to_one": 90, "loose_number": 80, "known_account": 65, "everything": 25,
    "short_pay": 40, "early_discount": 45, "overpaid": 30, "order_only": 30, "typo": 40, "third_party": 12,
    "returned": 14, "equal_pair": 4, "amount_only": 5, "similar_names": 5, "unknown_payer": 6, "returned_without_id": 3,
    "bank_fee": 4, "own_transfer": 3,
}  # fmt: skip
_IN_GROUP = 30  # one customer of so many is paid for by another


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer as its bank shows it. `paid_by` is another customer of its group that pays, from its own account."""

    id: int
    number: str
    name: str
    language: str
    country: str
    bank_name: str
    account: str
    paid_by: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """One account's open items and the payers behind them, as of a day. `regular` are those who paid often enough to be
    known by account and name; `payments` came before and may come back."""

    on: date
    own_account: str
    currency: str
    items: tuple[OpenItem, ...]
    payers: dict[int, Payer]
    regular: frozenset[int]
    payments: tuple[PaymentFact, ...]


@dataclass(frozen=True, slots=True)
class TrueLine:
    """An entry with its truth: the shares by invoice id with what stays unapplied, or the payment it takes back; both
    empty when a person must decide."""

    kind: str
    entry: Entry
    shares: tuple[tuple[int, Decimal], ...] = ()
    rest: Decimal = Decimal(0)
    takes_back: int | None = None
    pair: int | None = None  # of two equal payments, the invoice of both

    @property
    def waits(self) -> bool:
        """Whether only a person can decide."""
        return not self.shares and self.takes_back is None


def in_groups(payers: dict[int, Payer]) -> dict[int, Payer]:
    """The payers, of whom a few are paid for by the one before them."""
    found, before = dict(payers), None
    for place, (pk, by) in enumerate(sorted(payers.items())):
        if before is not None and place % _IN_GROUP == 0:
            found[pk] = replace(by, bank_name=before.bank_name, account=before.account, paid_by=before.id)
        before = by
    return found


def payer(pk: int, number: str, name: str, language: str, country: str, *, seed: int) -> Payer:
    """The customer with a bank account and the name as its bank writes it, the same for the same seed."""
    random = Random(f"{seed} {pk}")
    return Payer(
        pk, number, name, language, country, as_bank_writes(name, random), iban(country, 10**9 + pk * 7919 + seed % 997)
    )


class Maker:
    """Makes the lines of one world; each open item is paid once at most, but for the pairs that are meant."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(f"{seed} {world.own_account} {world.currency}")
        self.free = {item.id: item for item in world.items}
        self.of_customer: dict[int, list[OpenItem]] = {}
        for item in world.items:
            self.of_customer.setdefault(item.customer_id, []).append(item)
        self.untouched = set(self.of_customer)
        self.payments = [payment for payment in world.payments if payment.end_to_end_id]
        self.random.shuffle(self.payments)
        self.made = 0

    def take(self, *, wanted: Callable[[OpenItem], bool] = lambda item: True, fresh: bool = False) -> OpenItem | None:
        """An unpaid item, of a customer without any line yet if `fresh`."""
        choices = [
            item for item in self.free.values() if wanted(item) and (not fresh or item.customer_id in self.untouched)
        ]
        return self._paid(self.random.choice(choices)) if choices else None

    def take_several(self) -> list[OpenItem]:
        """Two to five unpaid items of one customer; empty when nobody has as many."""
        unpaid = [[item for item in items if item.id in self.free] for items in self.of_customer.values()]
        choices = [items for items in unpaid if len(items) > 1]
        if not choices:
            return []
        items = self.random.choice(choices)
        count = min(len(items), self.random.choice((2, 2, 2, 3, 3, 4, 5)))
        return [self._paid(item) for item in self.random.sample(items, count)]

    def take_all(self) -> list[OpenItem]:
        """Everything that a customer without any line yet owes, two items at least."""
        choices = sorted(pk for pk in self.untouched if len(self.of_customer[pk]) > 1)
        return [self._paid(item) for item in self.of_customer[self.random.choice(choices)]] if choices else []

    def _paid(self, item: OpenItem) -> OpenItem:
        del self.free[item.id]
        self.untouched.discard(item.customer_id)
        return item

    def is_torn(self, by: Payer) -> bool:
        """Whether the account says too little: it is another customer's, and that one pays for itself too or nobody was
        seen paying from it."""
        return by.paid_by is not None and (by.paid_by in self.world.regular or by.id not in self.world.regular)

    def words(self, items: Sequence[OpenItem], number: str = "", missing: Decimal = Decimal(0)) -> Words:
        """What the payer of these items may write."""
        first = items[0]
        day = first.issued_on or first.due_on
        return Words(
            number=number or listed([item.number for item in items], self.random),
            customer=self.world.payers[first.customer_id].number,
            order=first.po_number,
            amount=f"{sum(item.open_amount for item in items):.2f}".replace(".", ","),
            missing=f"{missing:.2f}",
            day=f"{day:%d.%m.%Y}",
            own=f"{self.random.randint(4_500_000, 99_999_999)}",
        )

    def entry(
        self, amount: Decimal, text: str, by: Payer | None, *, reference: str = "", end_to_end_id: str = "",
        name: str | None = None, account: str | None = None, is_reversal: bool = False,
    ) -> Entry:  # fmt: skip
        """The bank's entry, some days after the world's day."""
        self.made += 1
        day = self.world.on + timedelta(days=self.random.randint(1, 3))
        known_account = by.account if by and self.random.random() > 0.03 else ""
        return Entry(
            position=f"entry {self.made}",
            booked_on=day,
            value_on=day,
            amount=round_amount(amount, self.world.currency),
            currency=self.world.currency,
            counterparty_name=(by.bank_name if by else "") if name is None else name,
            counterparty_account=known_account if account is None else account,
            reference=reference,
            text=" ".join(in_bank_lines(text, self.random).split()),
            end_to_end_id=end_to_end_id or self._end_to_end_id(),
            bank_reference=f"{self.world.currency}{self.world.on:%y%m%d}{self.made:05}",
            is_reversal=is_reversal,
        )

    def _end_to_end_id(self) -> str:
        return "NOTPROVIDED" if self.random.random() < 0.6 else f"{self.random.randint(10**7, 10**10)}"


def is_told_by_amount(chosen: OpenItem, items: Sequence[OpenItem]) -> bool:
    """Whether no other item, and no sum of up to four of them, comes to what is paid: then the amount alone tells."""
    if len(items) > 12:
        return False
    sums = [
        sum((item.open_amount for item in some), Decimal(0))
        for size in range(1, min(4, len(items)) + 1)
        for some in combinations(items, size)
    ]
    return sums.count(chosen.open_amount) == 1


def scaled(count: int) -> dict[str, int]:
    """How many lines of each kind make about `count` lines; of a few lines the rare kinds have none."""
    return {kind: round(count * share / 1000) for kind, share in SHARES.items()}
