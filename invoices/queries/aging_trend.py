"""Totals per bucket on several days at once, in one pass over the ledger, however many days are asked.

Every posting belongs to the first asked day that sees it. Postings are added up by that day and by the day they are
aged by; the small table that is left is then read once per asked day. Invoices with instalments are asked for each day.
The result is exactly that of an aging of each day, for the customers as merged on the last one, credits by their own
date or left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, bucket_sums, conditions_of, seen_tables
from invoices.queries.claims_sql import TABLES, open_instalments
from invoices.rules.aging import Basis, Credits

Trend = Mapping[str, Mapping[date, tuple[Decimal, ...]]]


def month_ends(as_of: date, count: int = 12) -> list[date]:
    """`as_of` and the ends of the months before it, `count` days in all, oldest first."""
    days = [as_of]
    while len(days) < count:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def aging_trend(scope: AgingScope, days: Sequence[date]) -> Trend:
    """The bucket sums per currency and day, signed; every currency has every day, zeros where nothing was open.

    `days` ascend; `scope.as_of` is not looked at. In the credit mode "column" the sums are claims only; the mode
    "oldest" is answered as "own", for netting needs every customer of every day."""
    scope = replace(scope, as_of=days[-1])
    seen, params = seen_tables(scope)
    sql = f"""WITH {", ".join([*scope.knowledge.tables, *seen])},
        wanted_day AS (SELECT day, place - 1 AS place FROM UNNEST(%(days)s::date[]) WITH ORDINALITY AS a (day, place)),
        posting AS ({" UNION ALL ".join(_postings(scope))}),
        sums AS (
            SELECT currency, aged_on, width_bucket(posted_on - 1, %(days)s::date[]) AS slot, SUM(amount) AS amount
            FROM posting GROUP BY 1, 2, 3),
        found AS (
            SELECT currency, day, day - aged_on AS days, amount AS open
            FROM wanted_day AS asked CROSS JOIN sums WHERE slot <= place
            UNION ALL {_instalments(scope)})
        SELECT currency, day, {bucket_sums(scope.buckets)} FROM found GROUP BY currency, day"""  # noqa: S608
    found: dict[str, dict[date, tuple[Decimal, ...]]] = {}
    for currency, day, *buckets in rows_of(sql, {**params, "days": list(days), "as_of": days[-1]}):
        found.setdefault(currency, {})[day] = tuple(buckets)
    nothing = (Decimal(0),) * len(scope.buckets.all)
    return {currency: {day: found[currency].get(day, nothing) for day in days} for currency in sorted(found)}


_SOURCES = (
    ("invoice", "total", "issued_on", "due_on", ""),
    ("credit_note", "total", "issued_on", "due_on", "-"),
    ("payment", "amount", "received_on", "received_on", "-"),
)


def _postings(scope: AgingScope) -> Iterator[str]:
    """Every movement of an open amount: documents on their day, allocations once both they and the document count."""
    for name, amount, document_on, due_on, sign in _SOURCES[: 1 if scope.credits is Credits.COLUMN else 3]:
        aged_on = due_on if scope.basis is Basis.DUE else document_on
        counts = [f"doc.{document_on} <= %(as_of)s", *conditions_of(scope), *scope.knowledge.conditions("doc")]
        if name != "payment":
            counts.append("doc.status = 'issued'")
        if name == "invoice":
            counts.append("NOT EXISTS (SELECT FROM invoices_instalment AS i WHERE i.invoice_id = doc.id)")
        back = "" if sign else "-"
        used = ["used.effective_on <= %(as_of)s", *counts, *scope.knowledge.conditions("used")]
        cut = scope.knowledge.join("doc.entity_id")
        yield (
            f"SELECT doc.currency, doc.{aged_on} AS aged_on, doc.{document_on} AS posted_on, {sign}doc.{amount} "  # noqa: S608
            f"AS amount FROM {TABLES[name]} AS doc{cut} WHERE {' AND '.join(counts)}"
        )
        yield (
            f"SELECT doc.currency, doc.{aged_on}, GREATEST(used.effective_on, doc.{document_on}), {back}used.amount "  # noqa: S608
            f"FROM invoices_allocation AS used JOIN {TABLES[name]} AS doc ON doc.id = used.{name}_id{cut} "
            f"WHERE {' AND '.join(used)}"
        )


def _instalments(scope: AgingScope) -> str:
    counts = ["doc.status = 'issued'", "doc.issued_on <= part.day", *conditions_of(scope)]
    aged_on = "part.due_on" if scope.basis is Basis.DUE else "doc.issued_on"
    parts = open_instalments(knowledge=scope.knowledge, days="wanted_day")
    return (
        f"SELECT doc.currency, part.day, part.day - {aged_on}, part.open FROM ({parts}) AS part "  # noqa: S608
        f"JOIN invoices_invoice AS doc ON doc.id = part.invoice_id{scope.knowledge.join('doc.entity_id')} "
        f"WHERE {' AND '.join([*counts, *scope.knowledge.conditions('doc')])}"
    )
