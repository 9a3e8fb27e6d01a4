"""The aging dashboard's table: customers by buckets, a part at a time, with totals per currency. One statement for the
totals and the shown rows together, so that they are of one moment and cannot disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from invoices.queries.aging import Amounts, amounts_of, rows_of
from invoices.queries.aging_sql import AgingScope, bucket_sums, open_items
from invoices.rules.aging import BUCKETS, NOT_DUE

# What the rows can be sorted by: the word in addresses, and SQL over the table `per`. '-' in front turns it round.
SORTS: Mapping[str, str] = {
    "overdue": f"total - {NOT_DUE.column}",
    "total": "total",
    "disputed": "disputed",
    "customer": "name",
    **{bucket.key: bucket.column for bucket in BUCKETS},
}
DEFAULT_SORT = "-overdue"
_AMOUNTS = (*(bucket.column for bucket in BUCKETS), "total", "disputed")


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One customer's line in one currency."""

    customer_id: int
    number: str
    name: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class CurrencyMatrix:
    """Everything open in one currency: the totals of all customers, and some of their lines.

    `credits` is the part of the total that is open credit and unapplied cash: 0 or negative."""

    currency: str
    totals: Amounts
    credits: Decimal
    customers: int
    rows: Sequence[MatrixRow]


def aging_matrix(
    scope: AgingScope, *, sort: str = DEFAULT_SORT, offset: int = 0, size: int | None = 50
) -> list[CurrencyMatrix]:
    """One matrix per currency, in order of code, each with its totals and the rows after `offset`; all with size=None.

    `sort` is a key of SORTS, '-' in front for the largest first; KeyError for anything else."""
    matrices: list[CurrencyMatrix] = []
    rows: list[MatrixRow] = []
    for kind, currency, customer_id, number, name, customers, credits, *measures in _placed(scope, sort, offset, size):
        if kind == 0:
            rows = []
            matrices.append(CurrencyMatrix(currency, amounts_of(tuple(measures)), credits, customers, rows))
        else:
            rows.append(MatrixRow(customer_id, number, name, amounts_of(tuple(measures))))
    return matrices


def _placed(scope: AgingScope, sort: str, offset: int, size: int | None) -> Iterator[tuple[Any, ...]]:
    with_items, params = open_items(scope)
    direction = "DESC" if sort.startswith("-") else "ASC"
    order = f"{SORTS[sort.removeprefix('-')]} {direction}, total DESC, customer_id"
    sums = ", ".join(f"SUM({column})" for column in _AMOUNTS)
    sql = f"""{with_items},
        per AS (
            SELECT currency, customer_id, {bucket_sums()}, SUM(open) AS total, SUM(disputed) AS disputed,
                   COUNT(*) AS documents, COALESCE(SUM(open) FILTER (WHERE open < 0), 0) AS credits
            FROM item GROUP BY currency, customer_id),
        named AS (SELECT per.*, c.number, c.name FROM per JOIN customers_customer c ON c.id = per.customer_id),
        placed AS (SELECT named.*, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY {order}) AS place FROM named)
        SELECT 0 AS kind, currency, NULL::bigint, '', '', COUNT(*), SUM(credits), {sums}, SUM(documents)::bigint,
               0 AS place
        FROM per GROUP BY currency
        UNION ALL
        SELECT 1, currency, customer_id, number, name, 0, NULL::numeric, {", ".join(_AMOUNTS)}, documents, place
        FROM placed WHERE place > %(offset)s AND (%(size)s::int IS NULL OR place <= %(offset)s + %(size)s)
        ORDER BY currency, kind, place"""  # noqa: S608 (only constants of ours are put in)
    for row in rows_of(sql, {**params, "offset": offset, "size": size}):
        yield row[:-1]
