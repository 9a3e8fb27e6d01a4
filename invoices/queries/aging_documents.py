"""The documents behind one cell of an aging. They come from the same table `item` as the cell, so they add up
to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, bucket_condition, open_items
from invoices.rules.aging import Bucket


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One open document. `open` is signed (credits and payments negative), `amount` is what it was made out for."""

    kind: str  # invoice, credit_note or payment
    id: int
    number: str
    customer_id: int
    customer: str
    currency: str
    document_on: date
    aged_on: date
    assumed: bool  # the due date is the document's date, because it came without one
    days: int
    amount: Decimal
    open: Decimal
    disputed: Decimal


@dataclass(frozen=True, slots=True)
class DocumentSum:
    """What all chosen documents of one currency add up to, shown or not."""

    currency: str
    open: Decimal
    disputed: Decimal
    documents: int


@dataclass(frozen=True, slots=True)
class OpenDocuments:
    """One page of documents, most days late first, and the sums of them all."""

    rows: Sequence[OpenDocument]
    sums: Sequence[DocumentSum]


def documents_behind(
    scope: AgingScope,
    *,
    buckets: Sequence[Bucket] = (),
    disputed_only: bool = False,
    credits_only: bool = False,
    offset: int = 0,
    size: int | None = 50,
) -> OpenDocuments:
    """The open documents of the scope in any of the buckets (all of them if none is named), with their exact sums."""
    with_items, params = open_items(scope)
    conditions = ["true"]
    if buckets:
        conditions.append(f"({' OR '.join(f'({bucket_condition(bucket)})' for bucket in buckets)})")
    if disputed_only:
        conditions.append("disputed > 0")
    if credits_only:
        conditions.append("open < 0")
    sql = f"""{with_items},
        chosen AS MATERIALIZED (SELECT * FROM item WHERE {" AND ".join(conditions)}),
        page AS (SELECT * FROM chosen ORDER BY days DESC, open DESC, kind, id OFFSET %(offset)s LIMIT %(size)s)
        SELECT NULL AS kind, NULL::bigint, NULL, NULL::bigint, NULL, currency, NULL::date, NULL::date, NULL::boolean,
               COUNT(*)::int AS days, NULL::numeric, SUM(open) AS open, SUM(disputed), NULL::bigint AS id
        FROM chosen GROUP BY currency
        UNION ALL
        SELECT p.kind, p.id, p.number, p.customer_id, c.name, p.currency, p.document_on, p.aged_on, p.assumed,
               p.days, p.amount, p.open, p.disputed, p.id
        FROM page AS p JOIN customers_customer AS c ON c.id = p.customer_id
        ORDER BY days DESC, open DESC, kind, id"""  # noqa: S608 (only constants of ours are put in)
    rows: list[OpenDocument] = []
    sums: list[DocumentSum] = []
    for *row, _ in rows_of(sql, {**params, "offset": offset, "size": size}):
        if row[0] is None:
            sums.append(DocumentSum(currency=row[5], open=row[11], disputed=row[12], documents=row[9]))
        else:
            rows.append(OpenDocument(*row))
    return OpenDocuments(rows, sorted(sums, key=lambda part: part.currency))
