"""What each piece of evidence weighs, in one table, and the sentence it is shown with. docs/algorithms/matching.md
repeats the table and a test compares the two.

Three questions are asked: WHAT is paid (the best one counts), WHO pays (added up to a cap), and whether the AMOUNT
agrees (one answer). AGAINST takes points away."""

from collections.abc import Mapping
from dataclasses import dataclass

WHO_CAP = 45

WHAT: Mapping[str, int] = {
    "reference": 55,
    "number": 50,
    "advice": 50,
    "number_lookalike": 40,
    "number_digits": 40,
    "number_in_list": 40,
    "number_typo": 25,
    "po_number": 25,
    "number_truncated": 20,
}
# Names the item outright; the others only hint at it.
STRONG = frozenset({"reference", "number", "advice", "number_lookalike", "number_digits", "number_in_list"})
WHO: Mapping[str, int] = {
    "account": 35,
    "customer_number": 25,
    "name_learned": 20,
    "name_equal": 20,
    "number_settled": 15,
    "account_shared": 15,
    "name_similar": 10,
}
AMOUNT: Mapping[str, int] = {
    "amount_exact": 40,
    "amount_discount": 35,
    "amount_all_open": 30,
    "amount_all_overdue": 30,
    "amount_oldest": 30,
    "amount_tolerance": 30,
    "amount_combination": 25,
    "amount_late_discount": 10,
    "amount_part": 5,
    "amount_more": 5,
}
ONLY: Mapping[str, int] = {"amount_only_one": 15}
AGAINST: Mapping[str, int] = {
    "other_account": -30,
    "other_number": -30,
    "number_left_out": -30,
    "already_paid": -30,
    "amount_fits_another": -30,
    "says_on_account": -30,
    "several_customers": -30,
    "spread_is_a_choice": -25,
    "issued_later": -20,
    "reversal": -40,
    "own_account": -40,
}
TAKES_BACK: Mapping[str, int] = {
    "same_end_to_end_id": 50,
    "same_bank_reference": 50,
    "takes_back_amount": 40,
    "takes_back_account": 15,
    "takes_back_number": 15,
    "takes_back_name": 10,
    "takes_back_part": -20,
}
POINTS: Mapping[str, int] = {**WHAT, **WHO, **AMOUNT, **ONLY, **AGAINST, **TAKES_BACK}

_SENTENCES: Mapping[str, str] = {
    "reference": "The structured reference {detail} belongs to it.",
    "number": "The text names {detail}.",
    "advice": "The payer's remittance advice names {detail}.",
    "number_lookalike": "The text names {detail}, with letters and digits that look alike exchanged.",
    "number_digits": "The text names the digits of {detail}.",
    "number_in_list": "The text names {detail} within a list or range.",
    "number_typo": "The text names something one slip away from {detail}.",
    "po_number": "The text names the purchase order of {detail}.",
    "number_truncated": "The text names a part of {detail}.",
    "account": "Earlier payments from this account were for this customer.",
    "customer_number": "The text names the customer number {detail}.",
    "name_learned": "Earlier payments under this name were for this customer.",
    "name_equal": "The payer's name is this customer's.",
    "number_settled": "The text names an invoice that this customer has paid already.",
    "account_shared": "This account paid for this customer before, and for others too.",
    "name_similar": "The payer's name is similar to this customer's.",
    "amount_exact": "The amount is exactly what is open there.",
    "amount_discount": "The amount is what is open less the early-payment discount, in time.",
    "amount_all_open": "The amount is everything this customer has open.",
    "amount_all_overdue": "The amount is everything this customer has overdue.",
    "amount_oldest": "The amount is exactly the sum of this customer's {detail} oldest items.",
    "amount_tolerance": "The amount differs by less than the tolerance, {detail}.",
    "amount_combination": "The amount is the sum of {detail} of this customer's items.",
    "amount_late_discount": "The discount was taken too late, so {detail} stay open.",
    "amount_part": "The amount is less than what is open; {detail} stay open.",
    "amount_more": "The amount is more than what is open; {detail} stay unapplied.",
    "amount_only_one": "No other item, pair or sum of this customer comes to this amount.",
    "other_account": "This account paid only for other customers before.",
    "other_number": "The text also names {detail}, which is not open here.",
    "number_left_out": "The text also names {detail}.",
    "already_paid": "The text names {detail}, which an earlier line already pays.",
    "amount_fits_another": "The amount, or what is left of it, is exactly what is open on {detail}.",
    "says_on_account": "The text says that it is paid in advance or on account.",
    "several_customers": "The text names items of several customers.",
    "spread_is_a_choice": "The money does not cover all that is named, so somebody must say where it lacks.",
    "issued_later": "The money came before {detail} was issued.",
    "reversal": "The bank says that this takes back an earlier booking.",
    "own_account": "It came from one of our own accounts.",
    "same_end_to_end_id": "It carries the payer's id of that payment.",
    "same_bank_reference": "It carries the bank's id of that payment.",
    "takes_back_amount": "The amount is exactly that of the payment.",
    "takes_back_account": "It goes to the account that paid.",
    "takes_back_number": "It names what that payment named.",
    "takes_back_name": "It goes to the name that paid.",
    "takes_back_part": "The amount is less than that of the payment.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: its code, its points (negative: against) and the sentence for people."""

    code: str
    points: int
    sentence: str


def reason(code: str, detail: str = "", *, points: int | None = None) -> Reason:
    """The reason with its points from the table (or fewer, where a cap applies) and its sentence."""
    return Reason(code, POINTS[code] if points is None else points, _SENTENCES[code].format(detail=detail))
