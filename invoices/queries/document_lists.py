"""What each list of documents consists of: the documents a person may see, narrowed by what is asked, with what was
open or left of them at the end of a day. It only builds; `invoices.queries.ledger_list` runs it.

What is open of an invoice comes from `claims_sql`, like everywhere. An invoice with instalments is one row: its next
due day is that of the earliest instalment still open, its final one that of the last."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from invoices.models import Adjustment, CreditNote, Invoice, Payment, Refund
from invoices.queries.claims_sql import claim_tables
from invoices.queries.ledger_list import NOTHING, LedgerList, chosen_table

_PARTIES = {
    "customer_id": "customer_id", "customer": "customer__name", "customer_number": "customer__number",
    "entity": "entity__code", "currency": "currency",
}  # fmt: skip

INVOICE_STATES: Mapping[str, str] = {
    "": "true",
    "open": "rolled.open > 0",
    "overdue": "rolled.next_due < %(as_of)s",
    "paid": "rolled.open IS NULL",
    "disputed": "rolled.disputed > 0",
    "promised": "rolled.promised > 0",
    "on_plan": "rolled.on_plan > 0",
}
_STATE = """CASE WHEN rolled.open IS NULL THEN 'paid' WHEN rolled.next_due < %(as_of)s THEN 'overdue'
    WHEN rolled.open < chosen.whole THEN 'part_paid' ELSE 'open' END"""


def invoice_list(
    invoices: QuerySet[Invoice],
    *,
    as_of: date,
    state: str = "",
    due_from: date | None = None,
    due_to: date | None = None,
) -> LedgerList:
    """Issued invoices; `state` is a key of INVOICE_STATES, the due days, inclusive, are those of the next due part.

    Columns: id, number, po_number, kind, the parties, issued_on, due_on (next), final_due_on, parts (0 without
    instalments), whole, open, disputed, promised, on_plan, state."""
    columns = {
        "id": "pk", "number": "number", "po_number": "po_number", "kind": "kind", **_PARTIES,
        "issued_on": "issued_on", "due": "due_on", "whole": "total",
    }  # fmt: skip
    issued = invoices.filter(status=Invoice.Status.ISSUED, issued_on__lte=as_of)
    table = chosen_table("chosen", columns, issued)
    if table is None:
        return NOTHING
    chosen, params = table
    claims = claim_tables(
        where=["doc.id IN (SELECT id FROM chosen)"],
        used_where=["used.invoice_id IN (SELECT id FROM chosen)"],
    )
    conditions = [INVOICE_STATES[state]]
    if due_from is not None:
        conditions.append("COALESCE(rolled.next_due, chosen.due) >= %(due_from)s")
    if due_to is not None:
        conditions.append("COALESCE(rolled.next_due, chosen.due) <= %(due_to)s")
    found = f"""found AS MATERIALIZED (
        SELECT chosen.id, number, po_number, kind, customer_id, customer, customer_number, entity, chosen.currency,
               issued_on, COALESCE(rolled.next_due, chosen.due) AS due_on, COALESCE(last.due_on, chosen.due) AS
               final_due_on, COALESCE(last.parts, 0) AS parts, whole, COALESCE(rolled.open, 0) AS open,
               COALESCE(rolled.disputed, 0) AS disputed, COALESCE(rolled.promised, 0) AS promised,
               COALESCE(rolled.on_plan, 0) AS on_plan, {_STATE} AS state
        FROM chosen
        LEFT JOIN (SELECT invoice_id, SUM(open) AS open, MIN(due_on) AS next_due, SUM(disputed) AS disputed,
                          SUM(promised) AS promised, SUM(on_plan) AS on_plan
                   FROM claim GROUP BY invoice_id) AS rolled ON rolled.invoice_id = chosen.id
        LEFT JOIN (SELECT invoice_id, MAX(due_on) AS due_on, COUNT(*) AS parts FROM invoices_instalment
                   GROUP BY invoice_id) AS last ON last.invoice_id = chosen.id
        WHERE {" AND ".join(conditions)})"""  # noqa: S608 (only constants of ours)
    given = {**params, "as_of": as_of, "due_from": due_from, "due_to": due_to}
    return LedgerList([chosen, *claims, found], given)


def credit_note_list(notes: QuerySet[CreditNote], *, as_of: date, state: str = "") -> LedgerList:
    """Issued credit notes; `state` 'open' or 'used' or all. `open` is what is left of them.

    Columns: id, number, corrects, corrects_id, the parties, issued_on, whole, open."""
    issued = notes.filter(status=Invoice.Status.ISSUED, issued_on__lte=as_of)
    issued = issued.annotate(corrected=Coalesce("corrects__number", Value("")))
    columns = {"number": "number", "corrects": "corrected", "corrects_id": "corrects_id",
               "issued_on": "issued_on", "whole": "total"}  # fmt: skip
    return _sources(issued, "credit_note", columns, as_of=as_of, left=True, state=state)


def payment_list(payments: QuerySet[Payment], *, as_of: date, state: str = "") -> LedgerList:
    """Payments received by the day; `state` 'open' (something unapplied) or 'used' or all.

    Columns: id, received_on, method, reference, the parties, whole, open (what is unapplied)."""
    columns = {"received_on": "received_on", "method": "method", "reference": "reference", "whole": "amount"}
    return _sources(payments.filter(received_on__lte=as_of), "payment", columns, as_of=as_of, left=True, state=state)


def adjustment_list(adjustments: QuerySet[Adjustment], *, as_of: date, state: str = "") -> LedgerList:
    """Adjustments in effect by the day; `state` 'open' (in force), 'used' (undone) or all. `open` is what is in force.

    Columns: id, effective_on, kind, reason, the parties, whole, open."""
    columns = {"effective_on": "effective_on", "kind": "kind", "reason": "reason", "whole": "amount"}
    posted = adjustments.filter(effective_on__lte=as_of)
    return _sources(posted, "adjustment", columns, as_of=as_of, left=False, state=state)


def refund_list(refunds: QuerySet[Refund], *, as_of: date, state: str = "") -> LedgerList:
    """Refunds paid by the day; `state` 'open' (in force), 'used' (undone) or all. `open` is what is in force.

    Columns: id, paid_on, kind, reference, the parties, whole, open."""
    columns = {"paid_on": "paid_on", "kind": "kind", "reference": "reference", "whole": "amount"}
    return _sources(refunds.filter(paid_on__lte=as_of), "refund", columns, as_of=as_of, left=False, state=state)


def within(rows: QuerySet[Any], field: str, least: Decimal | None, most: Decimal | None) -> QuerySet[Any]:
    """The rows whose amount lies between the two, both inclusive; None means no limit."""
    if least is not None:
        rows = rows.filter(**{f"{field}__gte": least})
    return rows if most is None else rows.filter(**{f"{field}__lte": most})


def _sources(
    rows: QuerySet[Any], side: str, columns: Mapping[str, str], *, as_of: date, left: bool, state: str
) -> LedgerList:
    """Documents with what is left of them or, where `left` is false, with what allocations make of them."""
    table = chosen_table("chosen", {"id": "pk", **columns, **_PARTIES}, rows)
    if table is None:
        return NOTHING
    chosen, params = table
    used = f"""used AS (SELECT {side}_id AS id, SUM(amount) AS amount FROM invoices_allocation
        WHERE {side}_id IN (SELECT id FROM chosen) AND effective_on <= %(as_of)s GROUP BY {side}_id)"""  # noqa: S608
    amount = "chosen.whole - COALESCE(used.amount, 0)" if left else "COALESCE(used.amount, 0)"
    names: Sequence[str] = ["id", *columns, *_PARTIES]
    condition = {"open": f"{amount} > 0", "used": f"{amount} = 0"}.get(state, "true")
    found = f"""found AS MATERIALIZED (SELECT {", ".join(f"chosen.{name}" for name in names)}, {amount} AS open
        FROM chosen LEFT JOIN used ON used.id = chosen.id WHERE {condition})"""  # noqa: S608
    return LedgerList([chosen, used, found], {**params, "as_of": as_of})
