"""The SQL that every aging is made of: the open items of a scope, as of a day. One place, so that a cell and the list
behind it cannot disagree. It only builds text and parameters; `aging*.py` beside it run them.

Allocations are added up once per document, in one pass over the table, whatever the number of customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from customers.models import Customer
from invoices.rules.aging import BUCKETS, Bucket


@dataclass(frozen=True, slots=True)
class AgingScope:
    """Which items count. `as_of` is inclusive; None in any other field means "all".

    `customers` is the set the reader may see, narrowed by filters. `known_by` leaves out what was recorded later: the
    aging as it was known at that moment, where `as_of` alone says how it is known today (D50)."""

    as_of: date
    entity_ids: tuple[int, ...] | None = None
    customers: QuerySet[Customer] | None = None
    currency: str | None = None
    known_by: datetime | None = None


def bucket_condition(bucket: Bucket, days: str = "days") -> str:
    """A condition on the days late that is true inside the bucket."""
    limits = []
    if bucket.first is not None:
        limits.append(f"{days} >= {bucket.first}")
    if bucket.last is not None:
        limits.append(f"{days} <= {bucket.last}")
    return " AND ".join(limits)


def bucket_sums(amount: str = "open", days: str = "days") -> str:
    """One summed column per bucket, named like the snapshot's."""
    return ", ".join(
        f"COALESCE(SUM({amount}) FILTER (WHERE {bucket_condition(bucket, days)}), 0) AS {bucket.column}"
        for bucket in BUCKETS
    )


def open_items(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """A WITH clause that ends with the table `item`, one row per open document, and its parameters.

    Columns: kind, id, entity_id, customer_id, currency, number, document_on, aged_on, assumed, days (late), amount
    (positive), open (signed), disputed (0 or more). Zero items are left out."""
    seen, params = seen_table(scope)
    with_tables = [
        *([seen] if seen else []),
        *(_used(name, scope) for name in ("invoice", "credit_note", "payment")),
        _DISPUTED,
        f"item AS ({' UNION ALL '.join(_branch(source, scope) for source in _SOURCES)})",
    ]
    params["as_of"] = scope.as_of
    return f"WITH {', '.join(with_tables)}", params


@dataclass(frozen=True, slots=True)
class _Source:
    kind: str
    table: str
    columns: Mapping[str, str]
    sign: str
    status: bool


_SOURCES = (
    _Source(
        "invoice",
        "invoices_invoice",
        {
            "number": "doc.number",
            "on": "issued_on",
            "aged": "due_on",
            "assumed": "doc.due_on_assumed",
            "amount": "total",
        },
        "",
        True,
    ),
    _Source(
        "credit_note",
        "invoices_creditnote",
        {"number": "doc.number", "on": "issued_on", "aged": "due_on", "assumed": "false", "amount": "total"},
        "-",
        True,
    ),
    _Source(
        "payment",
        "invoices_payment",
        {"number": "doc.reference", "on": "received_on", "aged": "received_on", "assumed": "false", "amount": "amount"},
        "-",
        False,
    ),
)

_DISPUTED = """disputed AS (
    SELECT invoice_id AS id, SUM(amount) AS amount FROM invoices_dispute
    WHERE opened_on <= %(as_of)s AND (closed_on IS NULL OR closed_on > %(as_of)s) GROUP BY invoice_id)"""


def seen_table(scope: AgingScope) -> tuple[str, dict[str, Any]]:
    """The visible customers as a WITH table `seen` ('' when all are) and the parameters of `conditions_of`."""
    params: dict[str, Any] = {
        "entities": list(scope.entity_ids or ()),
        "currency": scope.currency,
        "known_by": scope.known_by,
    }
    if scope.customers is None or not scope.customers.query.where:
        return "", params
    try:
        sql, given = scope.customers.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        sql, given = "SELECT 0 WHERE false", ()
    named = {f"seen_{place}": value for place, value in enumerate(given)}
    text = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in named)
    return f"seen (id) AS MATERIALIZED ({text})", params | named


def _used(name: str, scope: AgingScope) -> str:
    conditions = [f"{name}_id IS NOT NULL", "effective_on <= %(as_of)s", *conditions_of(scope, entity=False)]
    return (
        f"used_{name} AS (SELECT {name}_id AS id, SUM(amount) AS amount FROM invoices_allocation AS doc "  # noqa: S608
        f"WHERE {' AND '.join(conditions)} GROUP BY {name}_id)"
    )


def _branch(source: _Source, scope: AgingScope) -> str:
    column = source.columns
    amount = f"doc.{column['amount']}"
    left = f"({amount} - COALESCE(used.amount, 0))"
    conditions = [f"doc.{column['on']} <= %(as_of)s", f"{amount} IS DISTINCT FROM used.amount", *conditions_of(scope)]
    if source.status:
        conditions.append("doc.status = 'issued'")
    is_invoice = source.kind == "invoice"
    return (
        f"SELECT '{source.kind}' AS kind, doc.id, doc.entity_id, doc.customer_id, doc.currency, "  # noqa: S608
        f"{column['number']} AS number, doc.{column['on']} AS document_on, doc.{column['aged']} AS aged_on, "
        f"{column['assumed']} AS assumed, %(as_of)s::date - doc.{column['aged']} AS days, {amount} AS amount, "
        f"{source.sign}{left} AS open, "
        f"{f'LEAST(COALESCE(disputed.amount, 0), {left})' if is_invoice else '0::numeric'} AS disputed "
        f"FROM {source.table} AS doc LEFT JOIN used_{source.kind} AS used ON used.id = doc.id "
        f"{'LEFT JOIN disputed ON disputed.id = doc.id ' if is_invoice else ''}"
        f"WHERE {' AND '.join(conditions)}"
    )


def conditions_of(scope: AgingScope, *, entity: bool = True) -> list[str]:
    """Conditions on a table called `doc`: documents, or allocations, which name no entity."""
    conditions = []
    if scope.customers is not None and scope.customers.query.where:
        conditions.append("doc.customer_id IN (SELECT id FROM seen)")
    if scope.currency is not None:
        conditions.append("doc.currency = %(currency)s")
    if scope.known_by is not None:
        conditions.append("doc.recorded_at <= %(known_by)s")
    if entity and scope.entity_ids is not None:
        conditions.append("doc.entity_id = ANY(%(entities)s)")
    return conditions
