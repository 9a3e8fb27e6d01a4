"""The aging dashboard's table: customers, or groups of them, by buckets, a part at a time, with totals per currency.
One statement for the totals and the shown rows together, so that they are of one moment and cannot disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from invoices.queries.aging import Amounts, amounts_of, measures, rows_of
from invoices.queries.aging_sql import AgingScope, account_sums
from invoices.rules.buckets import BucketSet

DEFAULT_SORT = "-overdue"


@dataclass(frozen=True, slots=True)
class Grouping:
    """What the lines of a matrix are: the word in addresses, and over `per` with its customer `c` the SQL of the key,
    label and note of a line, and the joins they need. Attributes of customers are those of today."""

    word: str
    key: str
    label: str
    note: str = "''"
    joins: str = ""


_PARENT = "JOIN customers_customer AS g ON g.id = COALESCE(c.parent_id, c.id)"
_ENTITY = "JOIN customers_legalentity AS e ON e.id = per.entity_id"
_PERSON = "LEFT JOIN accounts_user AS u ON u.id = c.collector_id"
# A customer in several segments counts in the first of them by rank, as for policies.
_SEGMENT = """LEFT JOIN LATERAL (
    SELECT s.id, s.name FROM customers_segmentmember AS m JOIN customers_segment AS s ON s.id = m.segment_id
    WHERE m.customer_id = c.id AND m.until IS NULL AND s.is_active ORDER BY s.rank, s.code LIMIT 1) AS s ON true"""
_NAME = "COALESCE(NULLIF(TRIM(u.first_name || ' ' || u.last_name), ''), u.username, '')"
_TAGS = "COALESCE((SELECT string_agg(tag, ', ' ORDER BY tag) FROM unnest(c.tags) AS tag), '')"
_TAG_LIST = "COALESCE((SELECT jsonb_agg(tag ORDER BY tag) FROM unnest(c.tags) AS tag), '[]')::text"
GROUPINGS: Mapping[str, Grouping] = {
    found.word: found
    for found in (
        Grouping("customer", "c.id::text", "c.name", "c.number"),
        Grouping("group", "g.id::text", "g.name", "g.number", _PARENT),
        Grouping("entity", "e.code", "e.name", "e.code", _ENTITY),
        Grouping("collector", "COALESCE(u.id::text, '')", _NAME, joins=_PERSON),
        Grouping("kind", "c.kind", "c.kind"),
        Grouping("risk", "c.risk_class", "c.risk_class"),
        Grouping("tags", _TAG_LIST, _TAGS),
        Grouping("country", "c.country", "c.country"),
        Grouping("segment", "COALESCE(s.id::text, '')", "COALESCE(s.name, '')", joins=_SEGMENT),
    )
}
BY_CUSTOMER = GROUPINGS["customer"]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One line in one currency. `key` is the customer's id, the collector's, … as text, '' where there is none."""

    key: str
    number: str
    name: str
    customers: int
    amounts: Amounts

    @property
    def customer_id(self) -> int:
        """The customer, in a matrix by customer."""
        return int(self.key)


@dataclass(frozen=True, slots=True)
class CurrencyMatrix:
    """Everything open in one currency: the totals of all lines, how many lines and customers there are, some lines."""

    currency: str
    totals: Amounts
    customers: int
    lines: int
    rows: Sequence[MatrixRow]


def sorts(buckets: BucketSet) -> Mapping[str, str]:
    """What the lines can be sorted by: the word in addresses, and SQL. '-' in front turns it round."""
    late = " + ".join(bucket.column for bucket in buckets.overdue)
    collectable = "total - credits - disputed - on_plan - promised"
    named = {"overdue": late, "collectable": collectable, "customer": "name"}
    plain = ("total", "credits", "disputed", "on_plan", "promised")
    return {**named, **dict(zip(plain, plain, strict=True)), **{b.key: b.column for b in buckets.all}}


def aging_matrix(
    scope: AgingScope,
    *,
    by: Grouping = BY_CUSTOMER,
    sort: str = DEFAULT_SORT,
    offset: int = 0,
    size: int | None = 50,
) -> list[CurrencyMatrix]:
    """One matrix per currency, in order of code, each with its totals and the lines after `offset`; all with size=None.

    `sort` is a key of `sorts`, '-' in front for the largest first; KeyError for anything else."""
    matrices: list[CurrencyMatrix] = []
    rows: list[MatrixRow] = []
    for kind, currency, key, number, name, customers, lines, *found in _placed(scope, by, sort, offset, size):
        amounts = amounts_of(tuple(found), scope.buckets)
        if kind == 0:
            rows = []
            matrices.append(CurrencyMatrix(currency, amounts, customers, lines, rows))
        else:
            rows.append(MatrixRow(key, number, name, customers, amounts))
    return matrices


def _placed(scope: AgingScope, by: Grouping, sort: str, offset: int, size: int | None) -> Iterator[tuple[Any, ...]]:
    with_sums, params = account_sums(scope)
    direction = "DESC" if sort.startswith("-") else "ASC"
    order = f"{sorts(scope.buckets)[sort.removeprefix('-')]} {direction}, total DESC, key"
    columns = measures(scope)
    sums = ", ".join(f"SUM({column}) AS {column}" for column in columns[:-1]) + ", SUM(documents)::bigint AS documents"
    sql = f"""{with_sums},
        line AS (
            SELECT per.currency, {by.key} AS key, MIN({by.note}) AS number, MIN({by.label}) AS name,
                   COUNT(DISTINCT per.customer_id) AS customers, {sums}
            FROM per JOIN customers_customer AS c ON c.id = per.customer_id {by.joins} GROUP BY 1, 2),
        placed AS (SELECT line.*, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY {order}) AS place FROM line),
        whole AS (SELECT currency, COUNT(DISTINCT customer_id) AS customers, {sums} FROM per GROUP BY currency)
        SELECT 0 AS kind, currency, '' AS key, '', '', customers,
               (SELECT COUNT(*) FROM line WHERE line.currency = whole.currency), {", ".join(columns)}, 0 AS place
        FROM whole
        UNION ALL
        SELECT 1, currency, key, number, name, customers, 0, {", ".join(columns)}, place
        FROM placed WHERE place > %(offset)s AND (%(size)s::int IS NULL OR place <= %(offset)s + %(size)s)
        ORDER BY currency, kind, place"""  # noqa: S608 (only constants of ours are put in)
    for row in rows_of(sql, {**params, "offset": offset, "size": size}):
        yield row[:-1]
