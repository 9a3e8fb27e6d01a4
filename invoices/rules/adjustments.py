"""When a posting needs a second person, and which small differences settle by themselves. Pure; reads nothing."""

from decimal import Decimal

# Kinds that forgive a debt because somebody decided so. Differences and discounts are bounded by their own rules.
FORGIVING = frozenset({"write_off", "settlement", "other", "exchange_difference", "waiver"})
WAIVER = "waiver"  # of a fee or interest document; the limit is the one of the person's role
# A rest after an exchange larger than this share of what the exchanged money paid is no matter of rates.
EXCHANGE_DIFFERENCE_PERCENT = Decimal(5)

_ZERO = Decimal(0)


def needs_second_person(
    *, kind: str, amount: Decimal, limit: Decimal | None, forgiven_before: Decimal = Decimal(0)
) -> bool:
    """Whether a posting of this kind waits for approval: when it forgives more than `limit`, in the currency of all
    three amounts. Without a limit (no rules for the currency) every one waits.

    `forgiven_before` is what was forgiven of the same invoices without approval and still stands: a large amount does
    not become small by being posted in parts."""
    return kind in FORGIVING and amount + forgiven_before > (limit or _ZERO)


def is_small(rest: Decimal, tolerance: Decimal) -> bool:
    """Whether a rest above zero is small enough to settle by itself; the tolerance is inclusive, 0 means never."""
    return _ZERO < rest <= tolerance


def exchange_difference_limit(paid_by_exchange: Decimal) -> Decimal:
    """The largest rest, positive and unrounded, that may be written off as an exchange difference of an invoice on
    which this much exchanged money was put."""
    return paid_by_exchange * EXCHANGE_DIFFERENCE_PERCENT / 100
