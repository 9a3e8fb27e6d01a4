"""What a line might pay: for each customer in question a few sets of items whose sum is worth comparing with the
amount. Only proposes; how good a proposal is, is judged elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.rules.matching.combinations import MOST_ITEMS, combination
from invoices.rules.matching.facts import Line, units
from invoices.rules.matching.index import Book, Index, Places
from invoices.rules.matching.named import Named

_MOST_SAME_AMOUNT = 6
_MOST_OPEN = 400


@dataclass(frozen=True, slots=True)
class Proposal:
    """Items of one customer, oldest first, and the code of the AMOUNT reason under which they were chosen."""

    customer_id: int
    places: Places
    amount_code: str


class Account:
    """What one customer has open in the line's currency and legal entity, oldest first."""

    def __init__(self, customer_id: int, line: Line, index: Index, book: Book) -> None:
        self.customer_id = customer_id
        self.places: Places = tuple(
            place
            for place in index.of_customer(customer_id)[:_MOST_OPEN]
            if book.left[place] > 0
            and index.items[place].currency == line.currency
            and line.entity_id in (None, index.items[place].entity_id)
        )
        self.amounts = [book.left[place] for place in self.places]
        self._index = index

    def overdue(self, on: date) -> Places:
        """Those whose due date is past on that day."""
        return tuple(place for place in self.places if self._index.items[place].due_on < on)


def proposals(line: Line, account: Account, wanted: Named, index: Index, book: Book) -> Iterator[Proposal]:
    """The sets of items to look at for this customer, in no order. `wanted` holds the items the line names, slips
    included."""
    yield from _of_named(account, wanted)
    amount = units(line.amount)
    yield from _of_amount(line, account, amount, index, book)
    yield from _of_sums(line, account, amount, index)


def _of_named(account: Account, wanted: Named) -> Iterator[Proposal]:
    named = tuple(place for place in account.places if place in wanted.items)
    if not named:
        return
    yield Proposal(account.customer_id, named, "amount_exact")
    between = tuple(place for place in account.places if place in wanted.items or place in wanted.between)
    if len(between) > len(named):
        yield Proposal(account.customer_id, between, "amount_exact")
    # The weaker readings may be wrong: the strongest alone is another possibility.
    by_number = tuple(place for place in named if wanted.items[place] in ("reference", "number", "advice"))
    if by_number and len(by_number) < len(named):
        yield Proposal(account.customer_id, by_number, "amount_exact")


def _of_amount(line: Line, account: Account, amount: int, index: Index, book: Book) -> Iterator[Proposal]:
    tolerance = line.amount * Decimal("0.05")
    found = 0
    for place, left in zip(account.places, account.amounts, strict=True):
        if left == amount or (index.has_discount(place, line.received_on) and left - index.discount[place] == amount):
            yield Proposal(account.customer_id, (place,), "amount_exact")
            found += 1
            if found == _MOST_SAME_AMOUNT:
                return
    if not found and len(account.places) == 1 and abs(account.amounts[0] - amount) <= units(tolerance):
        yield Proposal(account.customer_id, account.places, "amount_exact")


def _of_sums(line: Line, account: Account, amount: int, index: Index) -> Iterator[Proposal]:
    if len(account.places) < 2:
        return
    if sum(account.amounts) == amount:
        yield Proposal(account.customer_id, account.places, "amount_all_open")
    overdue = account.overdue(line.received_on)
    known = dict(zip(account.places, account.amounts, strict=True))
    if 1 < len(overdue) < len(account.places) and sum(known[place] for place in overdue) == amount:
        yield Proposal(account.customer_id, overdue, "amount_all_overdue")
    total = 0
    for count, part in enumerate(account.amounts, start=1):
        total += part
        if total == amount and 1 < count < len(account.places):
            yield Proposal(account.customer_id, account.places[:count], "amount_oldest")
        if total >= amount:
            break
    if len(account.places) <= MOST_ITEMS:
        found = combination(account.amounts, amount)
        if found.places is not None:
            places = tuple(account.places[place] for place in found.places)
            yield Proposal(account.customer_id, places, "amount_combination")
    discounted = sum(index.discount[place] for place in account.places if index.has_discount(place, line.received_on))
    if discounted and sum(account.amounts) - discounted == amount:
        yield Proposal(account.customer_id, account.places, "amount_all_open")
