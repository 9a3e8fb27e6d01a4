"""What speaks against a match. Some of it no number of points can outweigh (see `decide`)."""

from invoices.rules.matching.facts import Line
from invoices.rules.matching.index import Book, Index, Places
from invoices.rules.matching.named import Named
from invoices.rules.matching.points import STRONG, Reason, reason
from invoices.rules.matching.proposals import Account


def fits_another(places: Places, account: Account, amounts: set[int], index: Index) -> list[Reason]:
    """The reason when exactly one of these amounts is open on another item of the customer."""
    for place, left in zip(account.places, account.amounts, strict=True):
        if place not in places and left in amounts:
            return [reason("amount_fits_another", index.items[place].number)]
    return []


def against(
    places: Places, line: Line, wanted: Named, index: Index, book: Book, *, lacking: int, is_told: bool
) -> list[Reason]:
    """What the text, the days and the bank say against paying these places. `lacking` is what the money falls short by
    without a reason; `is_told` says that they are named outright and the amount agrees."""
    found = []
    chosen = {index.items[place].id for place in places}
    left_out = [
        place
        for place, code in wanted.items.items()
        if code in STRONG and place not in places and index.items[place].id not in chosen
    ]
    mine = {index.items[place].customer_id for place in places}
    if any(index.items[place].customer_id not in mine for place in left_out):
        found.append(reason("several_customers"))
    elif left_out and not book.left[left_out[0]]:
        found.append(reason("already_paid", index.items[left_out[0]].number))
    elif left_out:
        found.append(reason("number_left_out", index.items[left_out[0]].number))
    if wanted.is_on_account and not wanted.items:
        found.append(reason("says_on_account"))
    if wanted.unknown and not is_told:
        found.append(reason("other_number", wanted.unknown[0]))
    if lacking > 0 and len(chosen) > 1:
        found.append(reason("spread_is_a_choice"))
    late = [place for place in places if (issued := index.items[place].issued_on) and issued > line.received_on]
    if late:
        found.append(reason("issued_later", index.items[late[0]].number))
    return found + of_bank(line)


def of_bank(line: Line) -> list[Reason]:
    """What the kind of the booking says against it being a customer's payment."""
    found = [reason("reversal")] if line.is_reversal else []
    return [*found, reason("own_account")] if line.is_own_account else found
