"""What a line was found to name, and how that changes when a certain customer is taken to be the sender."""

from dataclasses import dataclass, field

from invoices.rules.matching.index import Index, Places
from invoices.rules.matching.numbers import is_one_slip, is_part
from invoices.rules.matching.points import WHAT

_MOST_NAMED = 60
_MOST_TRIED = 200


@dataclass(slots=True)
class Named:
    """The items a line names, place -> code of the reason, and the numbers it names that were not found.

    `between` are those that a range may mean beside its ends; `customers` those whose own number is named."""

    items: dict[int, str] = field(default_factory=dict)
    between: dict[int, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    tokens: dict[str, Places] = field(default_factory=dict)  # digits as typed -> the items they were read as
    customers: set[int] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)  # customers that had invoices of a number the line names
    is_on_account: bool = False

    def add(self, places: Places, code: str) -> None:
        """Names the items; a better reason replaces a weaker one."""
        for place in places[:_MOST_NAMED]:
            if WHAT[code] > WHAT.get(self.items.get(place, ""), 0):
                self.items[place] = code


def seen_by(named: Named, index: Index, customer_id: int, *, is_sender: bool) -> Named:
    """The same line as it reads if this customer sent it: a number that names none of the customer's items may be one
    of them with one slip or in part. The first reading is then dropped.

    A number that names somebody else's item is read anew only for a customer that something else points at. One that
    is as near to an invoice which the customer has paid already is no evidence for an open one."""
    mine = index.of_customer(customer_id)[:_MOST_TRIED]
    seen = Named(dict(named.items), dict(named.between), list(named.unknown), {}, named.customers, named.settled)
    seen.is_on_account = named.is_on_account
    for token, places in named.tokens.items():
        if (places and not is_sender) or any(index.items[place].customer_id == customer_id for place in places):
            continue
        if any(_is_near(token, paid) for paid in index.settled_of.get(customer_id, ())):
            if token not in seen.unknown:
                seen.unknown.append(token)
            continue
        found = {place: code for place in mine if place not in named.items and (code := _slip(token, place, index))}
        if not found:
            continue
        for place in places:
            seen.items.pop(place, None)
        if token in seen.unknown:
            seen.unknown.remove(token)
        for place, code in found.items():
            seen.add((place,), code)
    return seen


def _is_near(token: str, paid: str) -> bool:
    return token == paid or is_one_slip(token, paid) or is_part(token, paid)


def _slip(token: str, place: int, index: Index) -> str:
    for digits in index.digits[place][:1]:
        if is_one_slip(token, digits):
            return "number_typo"
        if is_part(token, digits):
            return "number_truncated"
    return ""
