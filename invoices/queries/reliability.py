"""How reliable customers' promises were, by set: one statement for a customer or for a hundred thousand, and one per
exchange rate that is needed. Decides nothing; the formula is `invoices.rules.reliability`."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from collections_app.lib.errors import Refusal
from collections_app.lib.rates import convert
from invoices.queries.rates import rate_on
from invoices.rules.reliability import WINDOW_DAYS, JudgedPromise, Reliability, reliability

# A promise that was judged again after its money was taken back stands with its present verdict, on its first day.
_SQL = """
SELECT COALESCE(c.merged_into_id, c.id), p.state, p.amount, p.kept_amount, p.closed_on, p.currency, e.currency
FROM invoices_promise p JOIN customers_customer c ON c.id = p.customer_id
JOIN customers_customer holder ON holder.id = COALESCE(c.merged_into_id, c.id)
JOIN customers_legalentity e ON e.id = holder.entity_id
WHERE p.state IN ('kept', 'partly_kept', 'broken') AND p.closed_on > %(after)s AND p.closed_on <= %(on)s
  AND (%(ids)s::bigint[] IS NULL OR c.id = ANY(%(ids)s) OR c.merged_into_id = ANY(%(ids)s))
ORDER BY p.id
"""


def reliability_of(customer_ids: Collection[int] | None, *, on: date) -> Mapping[int, Reliability]:
    """Per customer with a judged promise in the last 24 months how reliable the promises were at the end of `on`; None
    asks for everybody. Amounts count in the currency of the customer's legal entity, at the rate of the day."""
    asked = {"ids": None if customer_ids is None else list(customer_ids), "on": on,
             "after": on - timedelta(days=WINDOW_DAYS)}  # fmt: skip
    found: dict[int, list[JudgedPromise]] = defaultdict(list)
    rates: dict[tuple[str, str], Decimal | None] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, asked)
        for customer, state, amount, arrived, closed_on, currency, base in cursor.fetchall():
            if currency != base:
                rate = _rate(rates, currency, base, on)
                amount, arrived = (_in(figure, rate, base) for figure in (amount, arrived))
            found[customer].append(JudgedPromise(state, amount, arrived, closed_on))
    return {customer: reliability(promises, on) for customer, promises in found.items()}


def _in(amount: Decimal | None, rate: Decimal | None, base: str) -> Decimal | None:
    return None if amount is None or rate is None else convert(amount, rate, base)


def _rate(known: dict[tuple[str, str], Decimal | None], currency: str, base: str, on: date) -> Decimal | None:
    if (currency, base) not in known:
        try:
            known[currency, base] = rate_on(currency, base, on).rate
        except Refusal:
            known[currency, base] = None
    return known[currency, base]
