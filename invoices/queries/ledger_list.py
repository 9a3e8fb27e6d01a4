"""Lists of the ledger's documents: one page with the sums of everything that was found, in one statement, or all rows
for a file. `invoices.queries.document_lists` says what a list consists of; this file runs it."""

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from collections_app.lib.money import Money
from collections_app.web.pagination import KeysetPage, keyset_rows

Row = Any  # a named tuple of the columns that `computed` and `details` name


@dataclass(frozen=True, slots=True)
class LedgerList:
    """WITH tables, the last of which is `found` with the columns id, currency, whole, open, whatever else is `computed`
    and what one sorts by, none of it NULL; their parameters; and `details`: further columns, each an expression over
    the documents that `joined` brings to a table `page`."""

    tables: Sequence[str]
    params: Mapping[str, Any]
    computed: Sequence[str] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    joined: str = ""

    def shown(self, page: str) -> str:
        """SELECT of all columns for the rows of `page`, which is a FROM item of that name."""
        columns = [f"page.{name}" for name in self.computed] + [
            f"{sql} AS {name}" for name, sql in self.details.items()
        ]
        return f"SELECT {', '.join(columns)} FROM {page} {self.joined}"  # noqa: S608 (only constants of ours)


NOTHING = LedgerList((), {})  # what nobody may see needs no statement


@dataclass(frozen=True, slots=True)
class ListTotal:
    """What all found rows of one currency add up to: how many, what they were made out for, what is open or left."""

    currency: str
    n: int
    whole: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True)
class Listing:
    """One page and the sums of all pages, by currency."""

    page: KeysetPage[Row]
    totals: list[ListTotal]


def listing(found: LedgerList, asked: QueryDict, *, order: Sequence[str], size: int = 50) -> Listing:
    """The page that `?after=` or `?before=` asks for, in this order, and the sums of everything found."""
    totals: list[ListTotal] = []
    if found is NOTHING:
        return Listing(KeysetPage([], "", ""), totals)

    def fetch(direction: Sequence[str], mark: Sequence[Any] | None, limit: int) -> list[Row]:
        beyond, given = _beyond(direction, mark)
        order_by = _order_by(direction)
        sql = f"""WITH {", ".join(found.tables)},
            page AS (SELECT *, ROW_NUMBER() OVER (ORDER BY {order_by}) AS place FROM (
                SELECT * FROM found WHERE {beyond} ORDER BY {order_by} LIMIT {int(limit)}) AS beginning),
            sums AS (SELECT json_agg(per ORDER BY currency)::text AS totals FROM (SELECT currency, COUNT(*) AS n,
                SUM(whole) AS whole, SUM(open) AS open FROM found GROUP BY currency) AS per)
            SELECT sums.totals, shown.* FROM sums LEFT JOIN ({found.shown("page")}) AS shown ON true
            ORDER BY (SELECT place FROM page WHERE page.id = shown.id)"""  # noqa: S608 (only constants of ours)
        rows = list(_rows(sql, {**found.params, **given}))
        totals[:] = _totals(rows[0].totals if rows else None)
        return [row for row in rows if row.id is not None]

    page = keyset_rows(fetch, asked, order=order, size=size)
    return Listing(page, totals)


def all_rows(found: LedgerList, *, order: Sequence[str]) -> Iterator[Row]:
    """Every row found, in this order."""
    if found is NOTHING:
        return iter(())
    order_by = _order_by(f"page.{name}" if not name.startswith("-") else f"-page.{name[1:]}" for name in order)
    sql = f"WITH {', '.join(found.tables)} {found.shown('found AS page')} ORDER BY {order_by}"
    return _rows(sql, found.params)


def count_of(totals: Sequence[ListTotal]) -> int:
    """How many rows were found in all currencies."""
    return sum(total.n for total in totals)


def chosen_table(
    name: str, columns: Mapping[str, str], rows: QuerySet[Any], *, keep: bool
) -> tuple[str, dict[str, Any]] | None:
    """A WITH table of these rows and its parameters; None for a set that is known to be empty. `columns` names each
    column and the field it comes from. With `keep` it is computed once, else wherever it is read."""
    head = f"{name} ({', '.join(columns)}) AS {'' if keep else 'NOT '}MATERIALIZED"
    try:
        sql, given = rows.order_by().values_list(*columns.values()).query.sql_with_params()
    except EmptyResultSet:
        return None
    named = {f"{name}_{place}": value for place, value in enumerate(given)}
    text = sql.replace("%%", "%%%%") % tuple(f"%({key})s" for key in named)
    return f"{head} ({text})", named


def _beyond(direction: Sequence[str], mark: Sequence[Any] | None) -> tuple[str, dict[str, Any]]:
    """All columns of an order run the same way, so that one comparison of rows says what lies beyond."""
    if mark is None:
        return "true", {}
    names = ", ".join(name.lstrip("-") for name in direction)
    places = ", ".join(f"%(mark_{place})s" for place in range(len(mark)))
    sign = "<" if direction[0].startswith("-") else ">"
    return f"({names}) {sign} ({places})", {f"mark_{place}": value for place, value in enumerate(mark)}


def _order_by(direction: Iterable[str]) -> str:
    return ", ".join(f"{name.lstrip('-')} {'DESC' if name.startswith('-') else 'ASC'}" for name in direction)


def _rows(sql: str, params: Mapping[str, Any]) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        make = namedtuple("LedgerRow", [column.name for column in cursor.description])  # type: ignore[misc]
        while rows := cursor.fetchmany(2000):
            yield from map(make._make, rows)


def _totals(text: str | None) -> list[ListTotal]:
    told = json.loads(text, parse_float=Decimal) if text else []
    return [ListTotal(row["currency"], row["n"], *(_money(row[name], row["currency"]) for name in ("whole", "open")))
            for row in told]  # fmt: skip


def _money(amount: Any, currency: str) -> Decimal:
    return Money(Decimal(amount), currency).amount
