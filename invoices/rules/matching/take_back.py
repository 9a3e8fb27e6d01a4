"""Lines that take money out: which payment they take back, if any. A fee or a supplier's bill takes back none, and
stays without a suggestion."""

from collections.abc import Iterable
from decimal import Decimal

from invoices.rules.bank_lines import plain_id
from invoices.rules.matching.facts import Line, PaymentFact, Settings, units
from invoices.rules.matching.names import folded_name
from invoices.rules.matching.points import Reason, reason
from invoices.rules.matching.reading import read_line
from invoices.rules.matching.suggestion import Suggestion

_MOST = 5
_MOST_LOOKED_AT = 50


class PaymentIndex:
    """Payments that may still be taken back, by their ids and amounts."""

    def __init__(self, payments: Iterable[PaymentFact] = ()) -> None:
        self._by_id: dict[str, list[PaymentFact]] = {}
        self._by_amount: dict[tuple[str, int], list[PaymentFact]] = {}
        for payment in payments:
            for given in _ids(payment):
                self._by_id.setdefault(given, []).append(payment)
            self._by_amount.setdefault((payment.currency, units(payment.amount)), []).append(payment)

    def candidates(self, line: Line) -> list[PaymentFact]:
        """Payments received by then that share an id or the amount with the line, the newest first."""
        found: dict[int, PaymentFact] = {}
        for given in _ids(line):
            found.update({payment.id: payment for payment in self._by_id.get(given, ())})
        for payment in self._by_amount.get((line.currency, units(-line.amount)), ())[-_MOST_LOOKED_AT:]:
            found.setdefault(payment.id, payment)
        fitting = [
            payment
            for payment in found.values()
            if payment.received_on <= line.received_on
            and payment.currency == line.currency
            and payment.amount >= -line.amount
            and line.entity_id in (None, payment.entity_id)
        ]
        return sorted(fitting, key=lambda payment: (payment.received_on, payment.id), reverse=True)


def taken_back(line: Line, payments: PaymentIndex, gone: frozenset[int] = frozenset()) -> list[Suggestion]:
    """The payments that a line of negative amount may take back, the likeliest first; `gone` are those that an earlier
    line took. Without an id, the amount alone suggests nothing unless account, name or number agree too."""
    words = set(read_line(line).words)
    found = []
    for payment in payments.candidates(line):
        if payment.id in gone:
            continue
        reasons = _reasons(line, payment, words)
        if len(reasons) < 2:
            continue
        strength = sum(part.points for part in reasons)
        found.append(
            Suggestion(
                payment.customer_id, (), line.amount, Decimal(0), "", strength, tuple(reasons), takes_back=payment.id
            )
        )
    return sorted(found, key=lambda suggestion: -suggestion.strength)[:_MOST]


def is_certain(suggestions: list[Suggestion], settings: Settings) -> bool:
    """Whether the first may post by itself: an id and the amount agree, and no other payment comes near."""
    if not suggestions or suggestions[0].score < settings.certain:
        return False
    first = suggestions[0]
    has_id = bool(first.codes & {"same_end_to_end_id", "same_bank_reference"})
    rival = suggestions[1].strength if len(suggestions) > 1 else 0
    return has_id and "takes_back_amount" in first.codes and first.strength - rival >= settings.margin


def _reasons(line: Line, payment: PaymentFact, words: set[str]) -> list[Reason]:
    reasons = []
    if _same_id(line.end_to_end_id, payment.end_to_end_id):
        reasons.append(reason("same_end_to_end_id"))
    elif _same_id(line.bank_reference, payment.bank_reference):
        reasons.append(reason("same_bank_reference"))
    reasons.append(reason("takes_back_amount" if payment.amount == -line.amount else "takes_back_part"))
    if line.account and line.account == payment.account:
        reasons.append(reason("takes_back_account"))
    if line.name and folded_name(line.name) == folded_name(payment.name):
        reasons.append(reason("takes_back_name"))
    named = {word for word in words if any(sign.isdigit() for sign in word) and len(word) >= 4}
    if payment.text and named & set(payment.text.upper().replace("-", " ").split()):
        reasons.append(reason("takes_back_number"))
    return reasons


def _ids(one: Line | PaymentFact) -> set[str]:
    """The ids that name something; not the words that banks write for none."""
    return {plain_id(one.end_to_end_id), plain_id(one.bank_reference)} - {""}


def _same_id(one: str, other: str) -> bool:
    return bool(plain_id(one)) and plain_id(one) == plain_id(other)
