"""Turns a proposal into a suggestion: shares, what is left over or lacking, and the points with their reasons."""

from collections.abc import Sequence
from decimal import Decimal

from collections_app.lib.amount_writing import format_amount_with_code
from invoices.rules.matching.against import against, fits_another, of_bank
from invoices.rules.matching.combinations import MOST_ITEMS, combination, pair_exists
from invoices.rules.matching.facts import Line, Settings, amount_of, units
from invoices.rules.matching.index import Book, Index, Places
from invoices.rules.matching.named import Named
from invoices.rules.matching.payer import Senders
from invoices.rules.matching.points import STRONG, WHAT, Reason, reason
from invoices.rules.matching.proposals import Account, Proposal
from invoices.rules.matching.suggestion import MatchedShare, Suggestion

_DISAGREES = frozenset({"amount_part", "amount_more", "amount_late_discount"})


def scored(
    proposal: Proposal,
    line: Line,
    account: Account,
    wanted: Named,
    senders: Senders,
    index: Index,
    book: Book,
    settings: Settings,
) -> Suggestion:
    """The proposal as a suggestion. The line's amount is positive, and every place has something left."""
    places = proposal.places
    amount = units(line.amount)
    code, settled = _agreement(proposal, line, wanted, index, book, settings)
    shares, rest = _shares(places, [due for due, _ in settled], amount)
    lacking = sum(due for due, _ in settled) - sum(shares)
    discount = sum(discount for _, discount in settled)
    short = lacking + discount
    reasons = _what(places, wanted, index) + senders.reasons(proposal.customer_id)
    reasons.append(_amount_reason(code, line, short, rest, places))
    if code not in _DISAGREES and _is_only_one(places, account, amount, discount):
        reasons.append(reason("amount_only_one"))
    if code in ("amount_part", "amount_more"):
        reasons += fits_another(places, account, {amount, rest}, index)
    # Named and paid to the cent: what other words the text holds does not matter then.
    is_told = code in ("amount_exact", "amount_discount") and reasons[0].code in STRONG
    reasons += against(
        places, line, wanted, index, book, lacking=0 if code == "amount_tolerance" else lacking, is_told=is_told
    )
    kind = {
        "amount_discount": "early_payment_discount",
        "amount_late_discount": "late_discount",
        "amount_tolerance": "small_difference" if short else "",
        "amount_part": "deduction",
    }.get(code, "early_payment_discount" if discount else "")
    return Suggestion(
        customer_id=proposal.customer_id,
        shares=tuple(
            MatchedShare(index.items[place], amount_of(share))
            for place, share in zip(places, shares, strict=True)
            if share
        ),
        rest=amount_of(rest),
        short=amount_of(short),
        short_kind=kind,
        strength=sum(found.points for found in reasons),
        reasons=tuple(reasons),
    )


def on_account(line: Line, customer_id: int, senders: Senders, named: Named, index: Index, book: Book) -> Suggestion:
    """Money of this customer that no open item explains: all of it stays unapplied."""
    reasons = senders.reasons(customer_id)
    paid = [place for place in named.items if index.items[place].customer_id == customer_id and not book.left[place]]
    # Told, but nothing against it: money for what is paid already lies best unapplied with its payer.
    reasons += [reason("already_paid", index.items[place].number, points=0) for place in paid[:1]]
    reasons += [reason("other_number", number, points=0) for number in named.unknown[:1]]
    reasons += of_bank(line)
    return Suggestion(
        customer_id, (), line.amount, Decimal(0), "", sum(found.points for found in reasons), tuple(reasons)
    )


def _agreement(
    proposal: Proposal, line: Line, wanted: Named, index: Index, book: Book, settings: Settings
) -> tuple[str, list[tuple[int, int]]]:
    """The AMOUNT code, and per item what this line is to pay of it and the discount it may keep."""
    places, amount = proposal.places, units(line.amount)
    whole = [(book.left[place], 0) for place in places]
    open_sum = sum(due for due, _ in whole)
    if open_sum == amount:
        named = all(place in wanted.items or place in wanted.between for place in places) or len(places) == 1
        return ("amount_exact" if named else proposal.amount_code), whole
    in_time = [index.discount[place] if index.has_discount(place, line.received_on) else 0 for place in places]
    if any(in_time):
        if open_sum - sum(in_time) == amount:
            return "amount_discount", _less(whole, in_time)
        if len(places) > 1 and (some := _some_discounts(open_sum - amount, in_time)):
            return "amount_discount", _less(whole, some)
    tolerance = settings.tolerance(line.currency)
    if -units(tolerance.over) <= open_sum - amount <= units(tolerance.under):
        return "amount_tolerance", whole
    stated = [index.discount[place] for place in places]
    if any(stated) and open_sum - sum(stated) == amount:
        return "amount_late_discount", _less(whole, stated)
    return ("amount_part" if amount < open_sum else "amount_more"), whole


def _less(whole: list[tuple[int, int]], discounts: Sequence[int]) -> list[tuple[int, int]]:
    return [(due - discount, discount) for (due, _), discount in zip(whole, discounts, strict=True)]


def _some_discounts(missing: int, in_time: Sequence[int]) -> list[int] | None:
    """The only choice of two or more discounts that explains what is missing, or one that does so alone."""
    if in_time.count(missing) == 1:
        return [discount if discount == missing else 0 for discount in in_time]
    found = combination(in_time, missing)
    if found.places is None:
        return None
    return [discount if place in found.places else 0 for place, discount in enumerate(in_time)]


def _shares(places: Places, dues: Sequence[int], amount: int) -> tuple[list[int], int]:
    """The money over the items in order, each up to what is due; and what no item takes."""
    shares = []
    for due in dues:
        share = min(due, amount)
        shares.append(share)
        amount -= share
    return shares, amount


def _what(places: Places, wanted: Named, index: Index) -> list[Reason]:
    """How well the items are named: a chain is as strong as its weakest link; nothing if one is not named at all."""
    codes = [wanted.items.get(place) or wanted.between.get(place) for place in places]
    if not codes or None in codes:
        return []
    weakest = min((code for code in codes if code), key=lambda code: WHAT[code])
    numbers = list(dict.fromkeys(index.items[place].number for place in places))
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    return [reason(weakest, ", ".join(numbers[:3]) + more)]


def _amount_reason(code: str, line: Line, short: int, rest: int, places: Places) -> Reason:
    if code in ("amount_oldest", "amount_combination"):
        return reason(code, str(len(places)))
    if code == "amount_more":
        return reason(code, format_amount_with_code(amount_of(rest), line.currency))
    return reason(code, format_amount_with_code(amount_of(short or rest), line.currency))


def _is_only_one(places: Places, account: Account, amount: int, discount: int) -> bool:
    """Whether nothing else of the customer comes to the same amount: no other item, no pair beside it, no other sum."""
    if discount:  # compared are the full amounts, so that a discount hides no rival
        amount += discount
    others = [left for place, left in zip(account.places, account.amounts, strict=True) if place not in places]
    if amount in others or (discount and amount - discount in others):
        return False
    if len(places) == 1:
        return not pair_exists(account.amounts, amount)
    if len(account.amounts) > MOST_ITEMS:
        return len(others) == 0
    return not combination(account.amounts, amount).several
