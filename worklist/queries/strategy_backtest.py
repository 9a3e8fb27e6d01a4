"""What today's order and the one to come would have been worth on days of our own past, with the facts of those days.
Reads only.

Facts are those dated up to the day: postings by their effective date, promises, disputes and contacts by theirs, the
members of segments of that day. What became of the money is read from the postings since."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Min

from invoices.models import Invoice
from worklist.queries.strategy_scores import BothOrders, in_reference, place_rank
from worklist.rules.strategy_past import Past, order_worth, summed_up

MONTHS = 6
KNOWN_AFTER_DAYS = 61  # so that what was due within a month had another month to become late
MOST_CUSTOMERS = 20_000  # beyond that, every second, third, … account stands for the others
CHUNK = 5000

# Per account and currency, of the documents open on the day: what stayed open for 30 days after its due date, and what
# was overdue and did not come within a week. A merged account's documents are its holder's.
_OUTCOME = """
SELECT COALESCE(c.merged_into_id, c.id), doc.currency,
       SUM(GREATEST(doc.late, 0)) FILTER (WHERE doc.due_on + 30 < %(today)s),
       SUM(GREATEST(doc.waiting, 0)) FILTER (WHERE doc.due_on < %(on)s)
FROM (
    SELECT i.customer_id, i.currency, i.due_on,
           i.total - COALESCE(SUM(a.amount) FILTER (WHERE a.effective_on <= %(on)s), 0) AS open,
           i.total - COALESCE(SUM(a.amount) FILTER (
               WHERE a.effective_on <= GREATEST(%(on)s, i.due_on + 30)), 0) AS late,
           i.total - COALESCE(SUM(a.amount) FILTER (WHERE a.effective_on <= %(on)s::date + 7), 0) AS waiting
    FROM invoices_invoice i LEFT JOIN invoices_allocation a ON a.invoice_id = i.id
    WHERE i.status = 'issued' AND i.issued_on <= %(on)s
      AND i.customer_id IN (SELECT id FROM customers_customer WHERE id = ANY(%(ids)s) OR merged_into_id = ANY(%(ids)s))
    GROUP BY i.id
) AS doc JOIN customers_customer c ON c.id = doc.customer_id
WHERE doc.open > 0 GROUP BY 1, 2
"""


def strategy_backtest(orders: BothOrders, *, today: date) -> dict[str, Any]:
    """Both orders on the first of up to six months, as plain values: `days` with what each order was worth, `average`,
    `accounts` looked at and `one_in` of how many. Without a past there are no days."""
    everybody = orders.customers()
    one_in = -(-len(everybody) // MOST_CUSTOMERS) or 1
    looked_at = everybody[::one_in]
    days = [found for day in past_days(today) if (found := _one_day(orders, looked_at, day, today))]
    effect = orders.version.rule.get("effects", {}).get("call")
    return {
        "days": days, "average": summed_up(days), "accounts": len(looked_at), "one_in": one_in, "effect": effect,
    }  # fmt: skip


def past_days(today: date) -> list[date]:
    """The first of each of the latest months whose outcome is known, oldest first; none before the first invoice."""
    first = Invoice.objects.filter(status=Invoice.Status.ISSUED).aggregate(first=Min("issued_on"))["first"]
    day = (today - timedelta(days=KNOWN_AFTER_DAYS)).replace(day=1)
    found: list[date] = []
    while first is not None and len(found) < MONTHS and day > first:
        found.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return found[::-1]


def _one_day(orders: BothOrders, customer_ids: Sequence[int], on: date, today: date) -> dict[str, Any] | None:
    """What both orders were worth on the day; None when nobody with open items was late afterwards."""
    rows: list[Past] = []
    for start in range(0, len(customer_ids), CHUNK):
        chunk = customer_ids[start : start + CHUNK]
        late = _outcome(chunk, on, today)
        for both in orders.scores(chunk, on=on):
            facts = both.placed.facts
            if facts.exposures:
                money = late.get(facts.customer_id, (Decimal(0), Decimal(0)))
                rows.append(
                    Past(
                        facts.customer_id,
                        place_rank(both.now, on),
                        place_rank(both.then, on),
                        both.then.minutes,
                        *money,
                    )
                )
    if not any(row.late for row in rows):
        return None
    return {
        "on": on.isoformat(),
        "accounts": len(rows),
        "late": str(sum((row.late for row in rows), Decimal(0)).quantize(Decimal("0.01"))),
        "now": order_worth(rows, lambda row: row.now),
        "then": order_worth(rows, lambda row: row.then),
    }


def _outcome(customer_ids: Sequence[int], on: date, today: date) -> Mapping[int, tuple[Decimal, Decimal]]:
    """Late and waiting money of each account, in reference currency at the rate of the day."""
    found: dict[int, tuple[Decimal, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_OUTCOME, {"ids": list(customer_ids), "on": on, "today": today})
        for pk, currency, late, waiting in cursor.fetchall():
            before = found.get(pk, (Decimal(0), Decimal(0)))
            found[pk] = (
                before[0] + in_reference(late or Decimal(0), currency, on),
                before[1] + in_reference(waiting or Decimal(0), currency, on),
            )
    return found
