"""What keeps invoices from being asked for, by set: disputes, promises, plans, holds, payments under way, deliveries.
Reads and puts together; the amounts are weighed by `dunning.rules.weigh`."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from dunning.queries import facts_sql as sql
from dunning.rules.facts import Pause
from dunning.rules.weigh import promise_pauses_until
from invoices.queries.plans import FROZEN
from invoices.rules.promises import last_day_in_time

_ALL_OF_IT = Decimal(10) ** 15  # more than any invoice: the whole of it is on hold

Rows = Callable[[str, Mapping[str, Any]], Iterable[tuple[Any, ...]]]


def pauses_of(rows: Rows, asked: Mapping[str, Any], region_of: Mapping[int, str]) -> dict[int, Pause]:
    """The pauses by invoice id of the set that `asked` names. `rows` runs a statement; `region_of` gives the holiday
    region of an invoice's customer, for a promise until a bank holiday lasts until the next working day and its grace
    beyond that (D51)."""
    as_of: date = asked["as_of"]
    found: dict[int, dict[str, Any]] = {}
    for invoice, amount in rows(sql.DISPUTES, asked):
        found.setdefault(invoice, {})["disputed"] = amount
    for invoice, customer, made_on, promised_on, grace, by_payer, level, amount in rows(sql.PROMISES, asked):
        until = promise_pauses_until(made_on=made_on, promised_on=promised_on, by_payer=by_payer, level=level)
        if until is not None:
            last_day = _promise_end(until, region_of[customer], grace)
            found.setdefault(invoice, {}).update(promised=amount, promised_until=last_day)
    for invoice, _, amount, _, _ in rows(FROZEN, asked):
        found.setdefault(invoice, {})["on_plan"] = amount
    for invoice, whole, amount, until, why in rows(sql.INVOICE_HOLDS, asked):
        held = _ALL_OF_IT if whole else amount
        found.setdefault(invoice, {}).update(held=held, held_until=until, held_why=why)
    for invoice, in_flight, failed in rows(sql.PAY_SESSIONS, asked):
        found.setdefault(invoice, {}).update(in_flight=in_flight, charge_failed=failed)
    for invoice, delivered, settled_at in rows(sql.INVOICE_MAILS, asked):
        day = _day_of(settled_at)
        known = day is not None and day <= as_of
        found.setdefault(invoice, {}).update(undelivered=not delivered, delivered_on=day if known else None)
    return {invoice: Pause(**parts) for invoice, parts in found.items()}


def _day_of(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@lru_cache(maxsize=4096)
def _promise_end(promised_on: date, region: str, grace: int) -> date:
    return last_day_in_time(promised_on, region, lag_days=grace)
