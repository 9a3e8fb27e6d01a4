"""Agings by set: who owes how much in which bucket, for any day. Each function is one statement, for one customer or
for a million alike. Amounts are signed: credits and unapplied cash are negative, in the bucket of their own date."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from invoices.queries.aging_sql import AgingScope, bucket_sums, open_items
from invoices.rules.aging import BUCKETS, OVER_90, OVERDUE, Bucket

_MEASURES = f"{bucket_sums()}, SUM(open) AS total, SUM(disputed) AS disputed, COUNT(*) AS documents"
_WIDTH = len(BUCKETS)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Six sums in the order of `BUCKETS`, in one currency, with the disputed part and the number of open documents."""

    buckets: tuple[Decimal, ...]
    total: Decimal
    disputed: Decimal
    documents: int

    def of(self, bucket: Bucket) -> Decimal:
        """The sum in one bucket, signed."""
        return self.buckets[BUCKETS.index(bucket)]

    @property
    def overdue(self) -> Decimal:
        """The sum of everything one day late or more, signed."""
        return sum((self.of(bucket) for bucket in OVERDUE), Decimal(0))

    @property
    def over_90(self) -> Decimal:
        """The sum of everything 91 days late or more, signed."""
        return sum((self.of(bucket) for bucket in OVER_90), Decimal(0))

    @property
    def by_key(self) -> Mapping[str, Decimal]:
        """The six sums by bucket key: 'not_due' to '120+'."""
        return {bucket.key: amount for bucket, amount in zip(BUCKETS, self.buckets, strict=True)}


@dataclass(frozen=True, slots=True)
class CustomerAging:
    """One customer's amounts with one legal entity in one currency."""

    entity_id: int
    customer_id: int
    currency: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class AgingTotals:
    """Amounts per currency, in order of code, and how many customers and documents are behind them all."""

    currencies: Mapping[str, Amounts]
    documents: int
    customers: int


def aging_of(scope: AgingScope) -> list[CustomerAging]:
    """One row per entity, customer and currency with something open on the day, in no particular order."""
    with_items, params = open_items(scope)
    sql = f"{with_items} SELECT entity_id, customer_id, currency, {_MEASURES} FROM item GROUP BY 1, 2, 3"  # noqa: S608
    return [CustomerAging(row[0], row[1], row[2], amounts_of(row[3:])) for row in rows_of(sql, params)]


def aging_totals(scope: AgingScope) -> AgingTotals:
    """The totals of the day per currency; never over currencies (I12)."""
    with_items, params = open_items(scope)
    sql = (
        f"{with_items} SELECT GROUPING(currency), currency, COUNT(DISTINCT customer_id), {_MEASURES} "  # noqa: S608
        "FROM item GROUP BY GROUPING SETS ((currency), ()) ORDER BY 1, 2"
    )
    *rows, everything = list(rows_of(sql, params))
    return AgingTotals({row[1]: amounts_of(row[3:]) for row in rows}, documents=everything[-1], customers=everything[2])


def snapshot_select(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """A SELECT of the snapshot's columns from `as_of` to `documents`, for INSERT … SELECT, and its parameters."""
    with_items, params = open_items(scope)
    sql = (
        f"{with_items} SELECT %(as_of)s::date, entity_id, customer_id, currency, {_MEASURES} "  # noqa: S608
        "FROM item GROUP BY entity_id, customer_id, currency"
    )
    return sql, params


def amounts_of(row: tuple[Any, ...]) -> Amounts:
    """Amounts from the measures of a row: six buckets, total, disputed, documents."""
    return Amounts(row[:_WIDTH], row[_WIDTH], row[_WIDTH + 1], row[_WIDTH + 2])


def rows_of(sql: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, read as they are needed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))
        yield from cursor.fetchall()
