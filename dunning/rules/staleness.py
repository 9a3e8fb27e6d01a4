"""Whether what we know is new enough to remind anybody: a reminder of what was paid yesterday is worse than a late one.
Pure; wraps the decision, so that the run, the explanation and the last look hold back alike."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from collections_app.lib.calendars import is_business_day
from dunning.rules.facts import Decision

BANK, INVOICES = "Bank data", "Invoice data"


class Limits(NamedTuple):
    """How many working days old data may be; None: as old as it likes."""

    bank_days: int | None = None
    invoice_days: int | None = None

    @property
    def any(self) -> bool:
        """Whether anything is guarded at all."""
        return self.bank_days is not None or self.invoice_days is not None


def too_old(limits: Limits, *, bank_on: date | None, invoices_on: date | None, on: date, region: str) -> dict[str, Any]:
    """The facts about the source that is too old on the day `on`; empty where none is, or where there is none.

    The days are the newest that each source tells of. Yesterday's data are one working day old; a day on which nobody
    works in the region makes nothing older."""
    for source, newest, limit in (
        (BANK, bank_on, limits.bank_days),
        (INVOICES, invoices_on, limits.invoice_days),
    ):
        if newest is not None and limit is not None and working_days_since(newest, on, region) > limit:
            return {"source": source, "newest": newest, "limit": limit}
    return {}


def guarded(decision: Decision, stale: Mapping[int, Mapping[str, Any]]) -> Decision:
    """The decision, or "stale_data" instead of a notice that names an invoice of an entity whose data are too old.

    `stale` has the facts by entity id. Decisions against a notice stay as they are: only what would leave is held."""
    if not stale or not decision.proposes:
        return decision
    for asked in decision.items:
        facts = stale.get(asked.item.entity_id)
        if facts:
            return Decision("stale_data", facts)
    return decision


def working_days_since(newest: date, on: date, region: str) -> int:
    """How many working days lie after `newest`, up to and including `on`; 0 for today's and later data."""
    days = (newest + timedelta(days=n) for n in range(1, (on - newest).days + 1))
    return sum(1 for day in days if is_business_day(day, region))
