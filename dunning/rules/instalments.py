"""How what pauses an invoice is shared among its instalments. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from dunning.rules.facts import NOTHING, Pause


def shared_out(pause: Pause, opens: Sequence[Decimal]) -> list[Pause]:
    """The pause of each instalment, oldest first as `opens` gives what is open of them.

    What is on hold lies on the oldest, what is disputed, on a plan, promised and under way follow in that order; none
    counts twice. That the invoice did not arrive, or a charge failed, holds for each."""
    parts = (pause.held, pause.disputed, pause.on_plan, pause.promised, pause.in_flight)
    found, begin = [], NOTHING
    for amount in opens:
        held, disputed, on_plan, promised, in_flight = _over(parts, begin, begin + amount)
        found.append(
            pause._replace(
                held=held,
                held_until=pause.held_until if held else None,
                disputed=disputed,
                on_plan=on_plan,
                promised=promised,
                promised_until=pause.promised_until if promised else None,
                in_flight=in_flight,
            )
        )
        begin += amount
    return found


def _over(parts: Sequence[Decimal], begin: Decimal, end: Decimal) -> list[Decimal]:
    """How much of each part lies between two points, the parts being laid one after the other from 0 on."""
    found, lower = [], NOTHING
    for part in parts:
        upper = lower + part
        found.append(max(NOTHING, min(upper, end) - max(lower, begin)))
        lower = upper
    return found
