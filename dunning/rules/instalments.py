"""How what pauses an invoice is shared among its instalments. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from dunning.rules.facts import Pause
from invoices.rules.claims import splits


def shared_out(pause: Pause, opens: Sequence[Decimal]) -> list[Pause]:
    """The pause of each instalment, oldest first as `opens` gives what is open of them.

    What is disputed lies on the oldest, what is promised follows, then what is under way; none counts twice. That the
    invoice did not arrive, or a charge failed, holds for each."""
    parts = splits(opens, disputed=pause.disputed, on_plan=pause.promised, promised=pause.in_flight)
    return [
        pause._replace(
            disputed=part.disputed,
            promised=part.on_plan,
            promised_until=pause.promised_until if part.on_plan else None,
            in_flight=part.promised,
        )
        for part in parts
    ]
