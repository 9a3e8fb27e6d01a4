"""What disputes cost and where they come from: by reason, root cause, owner, customer and month (F37, F47). One
currency at a time; days are calendar days from opening to closing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet

from invoices.models import DisputeCase
from invoices.rules.disputes import REPEATS_FROM

SHOWN_CUSTOMERS = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The cases that share a code: how many, their money, how many ended, in how many days (None before any did), and
    the money given up, which is what was credited or adjusted."""

    code: Any
    cases: int
    amount: Decimal
    closed: int
    days: Decimal | None
    given_up: Decimal
    closed_amount: Decimal

    @property
    def given_up_percent(self) -> Decimal | None:
        """The share of the money of closed cases that was given up; None before any closed."""
        return (self.given_up * 100 / self.closed_amount).quantize(Decimal(1)) if self.closed_amount else None


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one currency over the cases opened in a period, both days inclusive."""

    whole: Group
    open_now: int
    open_amount: Decimal
    late: int
    by_reason: Sequence[Group]
    by_cause: Sequence[Group]
    by_owner: Sequence[Group]
    by_customer: Sequence[Group]
    months: Sequence[tuple[date, int, int]]


# The money of a case: of each of its invoices what was disputed last. Whoever sees the customers sees the cases.
_CASES = """
WITH latest AS (
    SELECT DISTINCT ON (d.case_id, d.invoice_id) d.case_id, d.amount
    FROM invoices_dispute d WHERE d.case_id IS NOT NULL AND d.currency = %(currency)s
    ORDER BY d.case_id, d.invoice_id, d.id DESC
), cases AS (
    SELECT c.id, c.reason, c.root_cause, c.owner_id, c.customer_id, c.stage, c.outcome, c.opened_on, c.closed_on,
           c.answer_by, COALESCE((SELECT SUM(l.amount) FROM latest l WHERE l.case_id = c.id), 0) AS amount
    FROM invoices_disputecase c WHERE c.currency = %(currency)s AND c.id IN ({scope})
)
"""
_GROUPS = """
, told AS (SELECT *, closed_on - opened_on AS days FROM cases WHERE opened_on BETWEEN %(since)s AND %(until)s)
SELECT GROUPING(reason, root_cause, owner_id, customer_id), reason, root_cause, owner_id, customer_id, COUNT(*),
       SUM(amount), COUNT(closed_on),
       (percentile_disc(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE closed_on IS NOT NULL))::numeric,
       COALESCE(SUM(amount) FILTER (WHERE outcome IN ('credited', 'adjusted')), 0),
       COALESCE(SUM(amount) FILTER (WHERE closed_on IS NOT NULL), 0)
FROM told GROUP BY GROUPING SETS ((), (reason), (root_cause), (owner_id), (customer_id))
HAVING GROUPING(customer_id) = 1 OR COUNT(*) >= %(repeats)s
ORDER BY SUM(amount) DESC NULLS LAST, COUNT(*) DESC, 2, 3, 4, 5
"""
_NOW = """
SELECT COUNT(*), COALESCE(SUM(amount), 0), COUNT(*) FILTER (WHERE answer_by < %(until)s)
FROM cases WHERE stage <> 'closed'
"""
_MONTHS = """
SELECT month::date,
       (SELECT COUNT(*) FROM cases WHERE date_trunc('month', opened_on) = month),
       (SELECT COUNT(*) FROM cases WHERE date_trunc('month', closed_on) = month)
FROM generate_series(date_trunc('month', %(since)s::date), %(until)s::date, interval '1 month') month ORDER BY 1
"""
_WHOLE, _REASON, _CAUSE, _OWNER, _CUSTOMER = 0b1111, 0b0111, 0b1011, 0b1101, 0b1110


def dispute_figures(cases: QuerySet[DisputeCase], *, currency: str, since: date, until: date) -> Figures:
    """The figures of the cases in this currency; "now" and "late" are as of `until`. Three statements."""
    scope, named = _scope(cases)
    asked = {**named, "currency": currency, "since": since, "until": until, "repeats": REPEATS_FROM}
    start = _CASES.format(scope=scope)
    grouped: dict[int, list[Group]] = {}
    for which, *codes, count, amount, closed, days, given, closed_amount in _rows(start + _GROUPS, asked):
        code = next((code for code in codes if code is not None), None)
        grouped.setdefault(which, []).append(
            Group(code, count, amount or Decimal(0), closed, days, given, closed_amount)
        )
    opened, open_amount, late = _rows(start + _NOW, asked)[0]
    nothing = Group(None, 0, Decimal(0), 0, None, Decimal(0), Decimal(0))
    return Figures(
        whole=grouped.get(_WHOLE, [nothing])[0],
        open_now=opened,
        open_amount=open_amount,
        late=late,
        by_reason=grouped.get(_REASON, []),
        by_cause=grouped.get(_CAUSE, []),
        by_owner=grouped.get(_OWNER, []),
        by_customer=grouped.get(_CUSTOMER, [])[:SHOWN_CUSTOMERS],
        months=[(month, came, went) for month, came, went in _rows(start + _MONTHS, asked)],
    )


def _scope(cases: QuerySet[DisputeCase]) -> tuple[str, dict[str, Any]]:
    """The ids of the cases as a subquery with named parameters; of nobody's cases, an empty one."""
    try:
        scope, params = cases.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 WHERE false", {}
    named = {}
    for place, value in enumerate(params):
        scope = scope.replace("%s", f"%(scope{place})s", 1)
        named[f"scope{place}"] = value
    return scope, named


def currencies(cases: QuerySet[DisputeCase]) -> list[str]:
    """The currencies of the cases, that of the most cases first."""
    counted = cases.order_by().values("currency").annotate(cases=Count("pk")).order_by("-cases", "currency")
    return [row["currency"] for row in counted]


def _rows(sql: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
