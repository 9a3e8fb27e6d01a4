"""The open items by everything a payer may name them with. Built once, then every question is a dictionary look-up."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from invoices.rules.matching.facts import CustomerFact, OpenItem, Payers, units
from invoices.rules.matching.names import NameIndex
from invoices.rules.matching.numbers import digit_keys, is_year, lookalike_key, number_key, shape_of

Places = tuple[int, ...]
_K = TypeVar("_K")


class Index:
    """Open items, customers and payers of one moment. An item is known by its place in `items`.

    Nothing in it changes while lines are matched; what is taken meanwhile is counted in a `Book`."""

    def __init__(
        self,
        items: Sequence[OpenItem],
        customers: Iterable[CustomerFact],
        payers: Payers,
        settled: Mapping[int, Collection[str]] | None = None,
    ) -> None:
        """`settled` holds, per customer, the digits of invoices that are paid already: a number that is or resembles
        one of them is no evidence for another."""
        self.items = items
        self.settled_of = settled or {}
        self.payers = payers
        self.customers = {customer.id: customer for customer in customers}
        self.names = NameIndex(self.customers.values())
        self.open = [units(item.open_amount) for item in items]
        self.discount = [units(item.discount) for item in items]
        self.digits = [digit_keys(item.number) for item in items]
        self.customer_by_number = {number_key(c.number): c.id for c in self.customers.values() if len(c.number) >= 4}
        by_number: dict[str, list[int]] = {}
        by_digits: dict[str, list[int]] = {}
        by_po: dict[str, list[int]] = {}
        by_reference: dict[str, list[int]] = {}
        by_amount: dict[tuple[str, int], list[int]] = {}
        by_customer: dict[int, list[int]] = {}
        for place, item in enumerate(items):
            by_number.setdefault(lookalike_key(number_key(item.number)), []).append(place)
            for digits in self.digits[place]:
                by_digits.setdefault(digits, []).append(place)
            for key in _po_keys(item.po_number):
                by_po.setdefault(key, []).append(place)
            for reference in item.references:
                by_reference.setdefault(number_key(reference), []).append(place)
            by_amount.setdefault((item.currency, self.open[place]), []).append(place)
            if item.discount:
                by_amount.setdefault((item.currency, self.open[place] - self.discount[place]), []).append(place)
            by_customer.setdefault(item.customer_id, []).append(place)
        self._by_number, self._by_digits = _frozen(by_number), _frozen(by_digits)
        self._by_po, self._by_reference = _frozen(by_po), _frozen(by_reference)
        self._by_amount = _frozen(by_amount)
        oldest_first = {
            customer: tuple(sorted(places, key=lambda place: (items[place].due_on, items[place].id, place)))
            for customer, places in by_customer.items()
        }
        self._by_customer = oldest_first
        self._settled = _by_digits(self.settled_of)
        self._shapes = _shapes(items)

    def named(self, key: str) -> Places:
        """The items whose number has this key, look-alike letters and digits taken as the same."""
        return self._by_number.get(lookalike_key(key), ())

    def with_digits(self, digits: str) -> Places:
        """The items that these digits, without leading zeros, may name."""
        return self._by_digits.get(digits, ())

    def with_po(self, key: str) -> Places:
        """The items ordered under this purchase order."""
        return self._by_po.get(key, ())

    def with_reference(self, value: str) -> Places:
        """The items that were given this structured reference."""
        return self._by_reference.get(value, ())

    def with_amount(self, currency: str, amount: int) -> Places:
        """The items of which this much is open, before or after an early-payment discount."""
        return self._by_amount.get((currency, amount), ())

    def of_customer(self, customer_id: int) -> Places:
        """The customer's items, oldest due date first."""
        return self._by_customer.get(customer_id, ())

    def settled_customers(self, digits: str) -> frozenset[int]:
        """Those who had an invoice of these digits that is paid already."""
        return self._settled.get(digits, frozenset())

    def looks_like_ours(self, letters: str, digits: str) -> bool:
        """Whether letters and digits are nearly the form of our invoice numbers: as many digits, in or near a series of
        ours, or the same letters in any order with about as many digits."""
        value = int(digits)
        for (own, size), (low, high) in self._shapes.items():
            if size == len(digits) and low - (high - low) <= value <= high + (high - low):
                return True
            if own and sorted(letters) == sorted(own) and abs(len(digits) - size) <= 1:
                return True
        return False

    def has_discount(self, place: int, on: date) -> bool:
        """Whether the early-payment discount of the item may still be taken on that day."""
        until = self.items[place].discount_until
        return bool(self.discount[place]) and until is not None and on <= until


class Book:
    """What is left open of each item while the lines of one file are matched, one after the other."""

    def __init__(self, index: Index) -> None:
        self.left = list(index.open)
        self.touched: set[int] = set()  # customers

    def take(self, index: Index, place: int, amount: int) -> None:
        """Takes what a certain match puts against the item, with what it settles beside."""
        self.left[place] -= amount
        self.touched.add(index.items[place].customer_id)


def _po_keys(po_number: str) -> tuple[str, ...]:
    key = number_key(po_number)
    digits = "".join(sign for sign in key if sign.isdigit()).lstrip("0")
    keys = dict.fromkeys([key] if is_year(digits) else [key, digits])
    return tuple(key for key in keys if len(key) >= 4)


def _shapes(items: Sequence[OpenItem]) -> Mapping[tuple[str, int], tuple[int, int]]:
    """The forms of our numbers with the lowest and highest of each series."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for item in items:
        key = number_key(item.number)
        shape = shape_of(key)
        if shape is not None and 3 < shape[1] < 18:
            value = int(key[len(shape[0]) :])
            low, high = found.get(shape, (value, value))
            found[shape] = (min(low, value), max(high, value))
    return found


def _by_digits(settled: Mapping[int, Collection[str]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for customer, digits in settled.items():
        for each in digits:
            found.setdefault(each, set()).add(customer)
    return {each: frozenset(customers) for each, customers in found.items()}


def _frozen(lists: dict[_K, list[int]]) -> dict[_K, Places]:
    return {key: tuple(places) for key, places in lists.items()}
