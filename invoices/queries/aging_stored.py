"""The trend of months from the daily snapshots where they were stored, and from the ledger where not. A stored day is
as it was known that day: what was recorded later with an earlier date is not in it, and its documents are found with
`AgingScope.stored`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, conditions_of, seen_tables
from invoices.queries.aging_trend import aging_trend
from invoices.rules.aging import Basis, Credits
from invoices.rules.buckets import BUCKETS, DEFAULT

_NOTHING = (Decimal(0),) * len(BUCKETS)
Sums = tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The bucket sums per currency and day, as in `aging_trend`, and which of the days come from snapshots."""

    currencies: Mapping[str, Mapping[date, Sums]]
    stored: frozenset[date]


def aging_history(scope: AgingScope, days: Sequence[date], *, known: Mapping[date, Mapping[str, Sums]]) -> History:
    """The history on these ascending days, by due date or document date, credits by their own date, default buckets.

    `known` are days whose sums per currency the caller has already. Snapshots answer only for what they hold: aged by
    due date, with the knowledge of the day."""
    open_days = [day for day in days if day not in known]
    stored = _stored_days(scope, open_days) if _can_be_stored(scope) else frozenset()
    parts: dict[date, Mapping[str, Sums]] = {**known, **_sums(scope, sorted(stored))}
    computed = [day for day in open_days if day not in stored]
    trend = aging_trend(scope, computed) if computed else {}
    codes = sorted({*trend, *(code for sums in parts.values() for code in sums)})
    found = {
        code: {day: trend[code][day] if day in computed and code in trend else parts.get(day, {}).get(code, _NOTHING)
               for day in days}
        for code in codes
    }  # fmt: skip
    return History(found, stored)


def _can_be_stored(scope: AgingScope) -> bool:
    plain = scope.basis is Basis.DUE and scope.credits is Credits.OWN and scope.buckets == DEFAULT
    return plain and scope.known_by is None and scope.known_on is None and not scope.stored


def _stored_days(scope: AgingScope, days: Sequence[date]) -> frozenset[date]:
    """Those of the days that are stored for every legal entity that had a document by then."""
    some = "e.id = ANY(%(entities)s)" if scope.entity_ids is not None else "true"
    had = " OR ".join(
        f"EXISTS (SELECT FROM {table} AS doc WHERE doc.entity_id = e.id AND doc.{on} <= asked.day)"
        for table, on in (
            ("invoices_invoice", "issued_on"),
            ("invoices_creditnote", "issued_on"),
            ("invoices_payment", "received_on"),
        )
    )
    stored = "EXISTS (SELECT FROM invoices_agingsnapshot AS s WHERE s.as_of = asked.day AND s.entity_id = e.id)"
    # Whether it had a document is looked up only where there is no snapshot.
    sql = f"""SELECT asked.day FROM unnest(%(days)s::date[]) AS asked (day) CROSS JOIN customers_legalentity AS e
        WHERE {some} GROUP BY asked.day
        HAVING bool_or({stored}) AND bool_and({stored} OR NOT ({had}))"""  # noqa: S608
    return frozenset(row[0] for row in rows_of(sql, {"days": list(days), "entities": list(scope.entity_ids or ())}))


def _sums(scope: AgingScope, days: Sequence[date]) -> dict[date, dict[str, Sums]]:
    if not days:
        return {}
    seen, params = seen_tables(scope)
    columns = ", ".join(f"SUM(doc.{bucket.column})" for bucket in BUCKETS)
    conditions = " AND ".join(["doc.as_of = ANY(%(days)s)", *conditions_of(scope)])
    sql = f"""WITH {", ".join(seen)} SELECT doc.as_of, doc.currency, {columns}
        FROM invoices_agingsnapshot AS doc WHERE {conditions} GROUP BY doc.as_of, doc.currency"""  # noqa: S608
    found: dict[date, dict[str, Sums]] = {day: {} for day in days}
    for day, currency, *sums in rows_of(sql, {**params, "as_of": scope.as_of, "days": list(days)}):
        found[day][currency] = tuple(sums)
    return found
