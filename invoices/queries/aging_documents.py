"""The documents behind one cell of an aging. They come from the same table `item` as the cell, so they add up to it; in
the credit mode "oldest" together with one netting line per currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from invoices.queries.aging import rows_of
from invoices.queries.aging_sql import AgingScope, account_sums, bucket_condition, open_items
from invoices.rules.aging import Credits
from invoices.rules.buckets import Bucket

_ZERO = Decimal(0)
_COLLECTABLE = "open - COALESCE(disputed, 0) - COALESCE(on_plan, 0) - COALESCE(promised, 0)"
# Which documents a part is made of: the word in addresses, and a condition on the table `item`.
PARTS = {
    "disputed": "disputed > 0",
    "on_plan": "on_plan > 0",
    "promised": "promised > 0",
    "collectable": f"NOT is_credit AND {_COLLECTABLE} > 0",
    "credits": "is_credit",
}


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """One open document, or one open instalment. `open` is signed (credits and payments negative), `amount` is what it
    was made out for. `collectable` is 0 for credits."""

    kind: str  # invoice, credit_note or payment
    id: int
    position: int | None  # of an instalment
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
    on_plan: Decimal
    promised: Decimal
    collectable: Decimal


@dataclass(frozen=True, slots=True)
class DocumentSum:
    """What all chosen documents of one currency add up to, shown or not. `netted` is 0 or negative: credits of the same
    customers taken off these buckets; `open` includes it."""

    currency: str
    open: Decimal = _ZERO
    disputed: Decimal = _ZERO
    on_plan: Decimal = _ZERO
    promised: Decimal = _ZERO
    collectable: Decimal = _ZERO
    documents: int = 0
    netted: Decimal = _ZERO

    def of(self, part: str) -> Decimal:
        """The sum of one part ('disputed', …); what is open for any other word."""
        found: Decimal = getattr(self, part, self.open) if part in PARTS else self.open
        return found


@dataclass(frozen=True, slots=True)
class OpenDocuments:
    """One page of documents, most days late first, and the sums of them all."""

    rows: Sequence[OpenDocument]
    sums: Sequence[DocumentSum]


def documents_behind(
    scope: AgingScope, *, buckets: Sequence[Bucket] = (), part: str = "", offset: int = 0, size: int | None = 50
) -> OpenDocuments:
    """The open documents of the scope in any of the buckets (all of them if none is named), with their exact sums.

    `part` narrows to a key of PARTS; KeyError for any other word but ''."""
    nets = bool(buckets) and scope.credits is Credits.OLDEST
    with_items, params = account_sums(scope) if nets else open_items(scope)
    conditions = ["true"]
    if buckets:
        conditions.append(f"({' OR '.join(f'({bucket_condition(bucket)})' for bucket in buckets)})")
        conditions += ["NOT is_credit"] if scope.credits is not Credits.OWN and part != "credits" else []
    if part:
        conditions.append(PARTS[part])
    split = "COALESCE(disputed, 0) AS disputed, COALESCE(on_plan, 0) AS on_plan, COALESCE(promised, 0) AS promised"
    collectable = f"CASE WHEN is_credit THEN 0 ELSE {_COLLECTABLE} END AS collectable"
    net = " + ".join(bucket.column for bucket in buckets)
    cells = f"cell AS (SELECT currency, SUM({net}) AS amount FROM per GROUP BY currency)," if nets else ""  # noqa: S608
    whole = "FROM cell FULL JOIN summed USING (currency)" if nets else "FROM summed"
    sql = f"""{with_items},
        chosen AS MATERIALIZED (
            SELECT kind, id, position, is_first, number, customer_id, currency, document_on, aged_on, assumed, days,
                   amount, open, {split}, {collectable} FROM item WHERE {" AND ".join(conditions)}),
        summed AS (
            SELECT currency, COUNT(*) AS documents, SUM(open) AS open, SUM(disputed) AS disputed,
                   SUM(on_plan) AS on_plan, SUM(promised) AS promised, SUM(collectable) AS collectable
            FROM chosen GROUP BY currency),
        {cells}
        page AS (
            SELECT * FROM chosen ORDER BY days DESC, open DESC, kind, id, position OFFSET %(offset)s LIMIT %(size)s)
        SELECT NULL AS kind, documents, NULL::int AS position, NULL, NULL::bigint, NULL, currency, NULL::date,
               NULL::date, NULL::boolean, NULL::int AS days, {"cell.amount" if nets else "NULL::numeric"} AS amount,
               open, disputed, on_plan, promised, collectable, NULL::bigint AS id
        {whole}
        UNION ALL
        SELECT p.kind, p.id, p.position, p.number, p.customer_id, c.name, p.currency, p.document_on, p.aged_on,
               p.assumed, p.days, p.amount, p.open, p.disputed, p.on_plan, p.promised, p.collectable, p.id
        FROM page AS p JOIN customers_customer AS c ON c.id = p.customer_id
        ORDER BY days DESC, open DESC, kind, id, position"""  # noqa: S608 (only constants of ours are put in)
    rows: list[OpenDocument] = []
    sums: list[DocumentSum] = []
    for *row, _ in rows_of(sql, {**params, "offset": offset, "size": size}):
        if row[0] is None:
            sums.append(_sum(row, nets=nets and not part))
        else:
            rows.append(OpenDocument(*row))
    sums = [found for found in sums if found.documents or found.netted]
    return OpenDocuments(rows, sorted(sums, key=lambda found: found.currency))


def _sum(row: Sequence[Any], *, nets: bool) -> DocumentSum:
    """From a row of sums. With a cell of netted credits, what the documents do not explain of it is the netting."""
    documents, currency, cell = row[1], row[6], row[11] or _ZERO
    gross, disputed, on_plan, promised, collectable = (amount or _ZERO for amount in row[12:17])
    netted = cell - gross if nets else _ZERO
    return DocumentSum(
        currency, gross + netted, disputed, on_plan, promised, collectable, documents=documents or 0, netted=netted
    )
