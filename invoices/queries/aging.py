"""Agings by set: who owes how much in which bucket, for any day. Each function is one statement, for one customer or
for a million alike. Amounts are signed: credits and unapplied cash are negative, and shown as the scope's mode says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from invoices.queries.aging_sql import AgingScope, account_sums
from invoices.rules.aging import Credits
from invoices.rules.buckets import BUCKETS, DEFAULT, Bucket, BucketSet

# The measures of `per`, behind the buckets.
MEASURES = ("total", "credits", "disputed", "on_plan", "promised", "documents")


class Amounts(NamedTuple):  # a hundred thousand of them are made at once, and tuples are made fastest
    """The sums of the buckets of `bucket_set`, in one currency, with what they are made of.

    `credits` is open credit and unapplied cash, 0 or negative, already within `total` in every mode. `documents` counts
    documents with something open."""

    buckets: tuple[Decimal, ...]
    total: Decimal
    credits: Decimal
    disputed: Decimal
    on_plan: Decimal
    promised: Decimal
    documents: int
    bucket_set: BucketSet = DEFAULT

    def of(self, bucket: Bucket) -> Decimal:
        """The sum in one bucket, signed."""
        return self.buckets[self.bucket_set.all.index(bucket)]

    @property
    def collectable(self) -> Decimal:
        """What of the claims is neither disputed nor on a plan nor promised; credits do not lower it."""
        return self.total - self.credits - self.disputed - self.on_plan - self.promised

    @property
    def overdue(self) -> Decimal:
        """The sum of everything one day late or more, signed."""
        return sum(self.buckets[1:], Decimal(0))

    @property
    def very_late(self) -> Decimal:
        """The sum of the buckets beyond `bucket_set.very_late_days`, signed."""
        return sum((self.of(bucket) for bucket in self.bucket_set.very_late), Decimal(0))

    @property
    def by_key(self) -> Mapping[str, Decimal]:
        """The sums by bucket key: 'not_due' to '120+'."""
        return {bucket.key: amount for bucket, amount in zip(self.bucket_set.all, self.buckets, strict=True)}


class CustomerAging(NamedTuple):
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
    with_sums, params = account_sums(scope)
    sql = f"{with_sums} SELECT entity_id, customer_id, currency, {', '.join(measures(scope))} FROM per"  # noqa: S608
    buckets = scope.buckets
    return [CustomerAging(row[0], row[1], row[2], amounts_of(row[3:], buckets)) for row in rows_of(sql, params)]


def aging_totals(scope: AgingScope) -> AgingTotals:
    """The totals of the day per currency; never over currencies (I12)."""
    with_sums, params = account_sums(scope)
    sums = ", ".join(f"SUM({column})" for column in measures(scope))
    sql = (
        f"{with_sums} SELECT GROUPING(currency), currency, COUNT(DISTINCT customer_id), {sums}::bigint "  # noqa: S608
        "FROM per GROUP BY GROUPING SETS ((currency), ()) ORDER BY 1, 2"
    )
    *rows, everything = list(rows_of(sql, params))
    found = {row[1]: amounts_of(row[3:], scope.buckets) for row in rows}
    return AgingTotals(found, documents=everything[-1] or 0, customers=everything[2])


def snapshot_select(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """A SELECT of the snapshot's columns from `as_of` to `documents`, for INSERT … SELECT, and its parameters."""
    with_sums, params = account_sums(scope)
    columns = ", ".join([*(bucket.column for bucket in BUCKETS), "total", "disputed", "documents"])
    sql = f"{with_sums} SELECT %(as_of)s::date, entity_id, customer_id, currency, {columns} FROM per"  # noqa: S608
    return sql, params


def measures(scope: AgingScope) -> list[str]:
    """The columns of `per` that `amounts_of` reads, in its order."""
    return [*(bucket.column for bucket in scope.buckets.all), *MEASURES]


def amounts_of(row: tuple[Any, ...], buckets: BucketSet) -> Amounts:
    """Amounts from the measures of a row: the buckets, then MEASURES."""
    width = len(buckets.bounds) + 2
    total, credits, disputed, on_plan, promised, documents = row[width:]
    return Amounts(row[:width], total, credits, disputed, on_plan, promised, documents, buckets)


def beside_buckets(scope: AgingScope, amounts: Amounts) -> Decimal:
    """What of the total lies outside the buckets in the scope's mode: the credits in the mode "column", else 0."""
    return amounts.credits if scope.credits is Credits.COLUMN else Decimal(0)


def rows_of(sql: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, read as they are needed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, dict(params))
        yield from cursor.fetchall()
