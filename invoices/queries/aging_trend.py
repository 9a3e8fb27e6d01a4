"""Totals per bucket on several days at once, in one pass over the ledger, however many days are asked.

Every posting belongs to the first asked day that sees it. Postings are added up by that day and by due date; the small
table that is left is then read once per asked day. The result is exactly that of an aging of each day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, bucket_sums, conditions_of, seen_table
from invoices.rules.aging import BUCKETS

Trend = Mapping[str, Mapping[date, tuple[Decimal, ...]]]


def month_ends(as_of: date, count: int = 12) -> list[date]:
    """`as_of` and the ends of the months before it, `count` days in all, oldest first."""
    days = [as_of]
    while len(days) < count:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def aging_trend(scope: AgingScope, days: Sequence[date]) -> Trend:
    """The six bucket sums per currency and day, signed; every currency has every day, zeros where nothing was open.

    `days` ascend; `scope.as_of` is not looked at."""
    seen, params = seen_table(scope)
    postings = " UNION ALL ".join(_postings(scope))
    sql = f"""WITH {f"{seen}, " if seen else ""}
        posting AS ({postings}),
        sums AS (
            SELECT currency, aged_on, width_bucket(posted_on - 1, %(days)s::date[]) AS slot, SUM(amount) AS amount
            FROM posting GROUP BY 1, 2, 3),
        asked AS (SELECT day, place - 1 AS place FROM UNNEST(%(days)s::date[]) WITH ORDINALITY AS a (day, place))
        SELECT currency, day, {bucket_sums("amount", "(day - aged_on)")}
        FROM asked CROSS JOIN sums WHERE slot <= place GROUP BY currency, day"""  # noqa: S608 (only constants of ours)
    found: dict[str, dict[date, tuple[Decimal, ...]]] = {}
    for currency, day, *buckets in rows_of(sql, {**params, "days": list(days), "last": days[-1]}):
        found.setdefault(currency, {})[day] = tuple(buckets)
    nothing = (Decimal(0),) * len(BUCKETS)
    return {currency: {day: found[currency].get(day, nothing) for day in days} for currency in sorted(found)}


def _postings(scope: AgingScope) -> list[str]:
    """Every movement of an open amount: documents on their day, allocations once both they and the document count."""
    parts = []
    for name, table, amount, document_on, aged_on, sign in (
        ("invoice", "invoices_invoice", "total", "issued_on", "due_on", ""),
        ("credit_note", "invoices_creditnote", "total", "issued_on", "due_on", "-"),
        ("payment", "invoices_payment", "amount", "received_on", "received_on", "-"),
    ):
        counts = [f"doc.{document_on} <= %(last)s", *conditions_of(scope)]
        if name != "payment":
            counts.append("doc.status = 'issued'")
        back = "" if sign else "-"
        used = ["used.effective_on <= %(last)s", *counts]
        if scope.known_by is not None:
            used.append("used.recorded_at <= %(known_by)s")
        parts.append(
            f"SELECT doc.currency, doc.{aged_on} AS aged_on, doc.{document_on} AS posted_on, "  # noqa: S608
            f"{sign}doc.{amount} AS amount FROM {table} AS doc WHERE {' AND '.join(counts)}"
        )
        parts.append(
            f"SELECT doc.currency, doc.{aged_on}, GREATEST(used.effective_on, doc.{document_on}), "  # noqa: S608
            f"{back}used.amount FROM invoices_allocation AS used JOIN {table} AS doc ON doc.id = used.{name}_id "
            f"WHERE {' AND '.join(used)}"
        )
    return parts
