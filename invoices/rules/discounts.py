"""How much a payer may keep back for paying early. Pure; docs/algorithms/rounding.md has the worked table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.lib.rounding import EXACT, round_amount

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DiscountFacts:
    """One invoice and what came of it. Amounts in its currency, none negative; `until` is inclusive."""

    currency: str
    total: Decimal
    percent: Decimal
    until: date | None
    credited: Decimal = _ZERO  # credit notes put against it: nobody gets a discount on what was never owed
    paid_in_time: Decimal = _ZERO  # payments put against it with a value date up to `until`
    taken: Decimal = _ZERO  # discount given before
    open_amount: Decimal = _ZERO


def allowed_discount(facts: DiscountFacts) -> Decimal:
    """The discount that can be taken now: positive, or 0 when nothing was paid in time or nothing is left.

    Who paid all but the discount in time gets the percentage of the total (less credits). Who paid a part in time gets
    what belongs to that part: x paid settles x ÷ (1 − p), so x · p ÷ (100 − p). Rounded once, less what was given
    before, never more than is open."""
    if facts.until is None or not facts.percent or not facts.paid_in_time:
        return _ZERO
    owed = facts.total - facts.credited
    whole = round_amount(EXACT.divide(EXACT.multiply(owed, facts.percent), Decimal(100)), facts.currency)
    earned = whole
    if facts.paid_in_time < owed - whole:
        part = EXACT.divide(EXACT.multiply(facts.paid_in_time, facts.percent), 100 - facts.percent)
        earned = min(whole, round_amount(part, facts.currency))
    return max(_ZERO, min(earned - facts.taken, facts.open_amount))
