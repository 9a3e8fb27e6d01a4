"""What each list of documents consists of: the documents a person may see, narrowed by what is asked, with what was
open or left of them at the end of a day. It only builds; `invoices.queries.ledger_list` runs it.

What is open of an invoice comes from `claims_sql`, like everywhere. An invoice with instalments is one row: its next
due day is that of the earliest instalment still open, its final one that of the last.

Sums over everything found need few columns, so `found` carries only those and what one sorts by; the others are looked
up for the rows of a page. `narrow` says that few documents are expected: only their allocations are then added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from invoices.models import Adjustment, CreditNote, Invoice, Payment, Refund
from invoices.queries.claims_sql import claim_tables
from invoices.queries.ledger_list import NOTHING, LedgerList, chosen_table

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
_PARTIES = {"customer": "customer.name", "customer_number": "customer.number", "entity": "entity.code"}
_NAMES = {"customer": "customer__name", "corrects": "corrected"}  # how a sort by another table's column is asked for


@dataclass(frozen=True, slots=True)
class Ask:
    """What every list takes: the day, the status, the columns it is sorted by, and whether few rows are expected."""

    as_of: date
    state: str = ""
    order: Sequence[str] = ("id",)
    narrow: bool = False

    def sorting(self, known: Sequence[str]) -> dict[str, str]:
        """The columns of the order that are not `known`, with the field each comes from."""
        names = [name.lstrip("-") for name in self.order]
        return {name: _NAMES.get(name, name) for name in names if name not in known}


def invoice_list(
    invoices: QuerySet[Invoice], ask: Ask, *, due_from: date | None = None, due_to: date | None = None
) -> LedgerList:
    """Issued invoices; the state is a key of INVOICE_STATES, the due days, inclusive, are those of the next due part.

    Columns: id, number, po_number, kind, the parties, currency, issued_on, due_on (next), final_due_on, parts (0
    without instalments), whole, open, disputed, promised, on_plan, state."""
    computed = (
        "id", "currency", "whole", "due_on", "final_due_on", "parts", "open", "disputed", "promised", "on_plan",
        "state",
    )  # fmt: skip
    extra = ask.sorting(computed)
    columns = {"id": "pk", "currency": "currency", "due": "due_on", "whole": "total", **extra}
    issued = invoices.filter(status=Invoice.Status.ISSUED, issued_on__lte=ask.as_of)
    table = chosen_table("chosen", columns, issued, keep=ask.narrow)
    if table is None:
        return NOTHING
    chosen, params = table
    claims = claim_tables(
        where=["doc.id IN (SELECT id FROM chosen)"] if ask.narrow else [],
        used_where=["used.invoice_id IN (SELECT id FROM chosen)"] if ask.narrow else [],
    )
    conditions = [INVOICE_STATES[ask.state]]
    if due_from is not None:
        conditions.append("COALESCE(rolled.next_due, chosen.due) >= %(due_from)s")
    if due_to is not None:
        conditions.append("COALESCE(rolled.next_due, chosen.due) <= %(due_to)s")
    found = f"""found AS MATERIALIZED (
        SELECT chosen.id, chosen.currency, whole, COALESCE(rolled.next_due, chosen.due) AS due_on,
               COALESCE(last.due_on, chosen.due) AS final_due_on, COALESCE(last.parts, 0) AS parts,
               COALESCE(rolled.open, 0) AS open, COALESCE(rolled.disputed, 0) AS disputed,
               COALESCE(rolled.promised, 0) AS promised, COALESCE(rolled.on_plan, 0) AS on_plan, {_STATE} AS state
               {_also(extra)}
        FROM chosen
        LEFT JOIN (SELECT invoice_id, SUM(open) AS open, MIN(due_on) AS next_due, SUM(disputed) AS disputed,
                          SUM(promised) AS promised, SUM(on_plan) AS on_plan
                   FROM claim GROUP BY invoice_id) AS rolled ON rolled.invoice_id = chosen.id
        LEFT JOIN (SELECT invoice_id, MAX(due_on) AS due_on, COUNT(*) AS parts FROM invoices_instalment
                   GROUP BY invoice_id) AS last ON last.invoice_id = chosen.id
        WHERE {" AND ".join(conditions)})"""  # noqa: S608 (only constants of ours)
    details = {"number": "doc.number", "po_number": "doc.po_number", "kind": "doc.kind", "issued_on": "doc.issued_on"}
    given = {**params, "as_of": ask.as_of, "due_from": due_from, "due_to": due_to}
    return LedgerList([chosen, *claims, found], given, computed, {**details, **_PARTIES}, _joined(Invoice))


def credit_note_list(notes: QuerySet[CreditNote], ask: Ask) -> LedgerList:
    """Issued credit notes; the state is 'open' (something left), 'used' or ''. `open` is what is left of them.

    Columns: id, number, corrects, corrects_id, the parties, currency, issued_on, whole, open."""
    issued = notes.filter(status=Invoice.Status.ISSUED, issued_on__lte=ask.as_of)
    issued = issued.annotate(corrected=Coalesce("corrects__number", Value("")))
    details = {"number": "doc.number", "issued_on": "doc.issued_on", "corrects_id": "doc.corrects_id",
               "corrects": "COALESCE(corrected.number, '')"}  # fmt: skip
    join = " LEFT JOIN invoices_invoice AS corrected ON corrected.id = doc.corrects_id"
    return _sources(issued, "credit_note", "total", details, ask, left=True, join=join)


def payment_list(payments: QuerySet[Payment], ask: Ask) -> LedgerList:
    """Payments received by the day; the state is 'open' (something unapplied), 'used' or ''. `open`: what is unapplied.

    Columns: id, received_on, method, reference, the parties, currency, whole, open."""
    details = {"received_on": "doc.received_on", "method": "doc.method", "reference": "doc.reference"}
    return _sources(payments.filter(received_on__lte=ask.as_of), "payment", "amount", details, ask, left=True)


def adjustment_list(adjustments: QuerySet[Adjustment], ask: Ask) -> LedgerList:
    """Adjustments in effect by the day; the state is 'open', 'used' (undone) or ''. `open` is what is in force.

    Columns: id, effective_on, kind, reason, the parties, currency, whole, open."""
    details = {"effective_on": "doc.effective_on", "kind": "doc.kind", "reason": "doc.reason"}
    posted = adjustments.filter(effective_on__lte=ask.as_of)
    return _sources(posted, "adjustment", "amount", details, ask, left=False)


def refund_list(refunds: QuerySet[Refund], ask: Ask) -> LedgerList:
    """Refunds paid by the day; the state is 'open', 'used' (undone) or ''. `open` is what is in force.

    Columns: id, paid_on, kind, reference, the parties, currency, whole, open."""
    details = {"paid_on": "doc.paid_on", "kind": "doc.kind", "reference": "doc.reference"}
    return _sources(refunds.filter(paid_on__lte=ask.as_of), "refund", "amount", details, ask, left=False)


def within(rows: QuerySet[Any], field: str, least: Decimal | None, most: Decimal | None) -> QuerySet[Any]:
    """The rows whose amount lies between the two, both inclusive; None means no limit."""
    if least is not None:
        rows = rows.filter(**{f"{field}__gte": least})
    return rows if most is None else rows.filter(**{f"{field}__lte": most})


def _sources(
    rows: QuerySet[Any], side: str, whole: str, details: Mapping[str, str], ask: Ask, *, left: bool, join: str = ""
) -> LedgerList:
    """Documents with what is left of them or, where `left` is false, with what allocations make of them."""
    computed = ("id", "currency", "whole", "open")
    extra = ask.sorting(computed)
    columns = {"id": "pk", "currency": "currency", "whole": whole, **extra}
    table = chosen_table("chosen", columns, rows, keep=ask.narrow)
    if table is None:
        return NOTHING
    chosen, params = table
    only = f"{side}_id {'IN (SELECT id FROM chosen)' if ask.narrow else 'IS NOT NULL'}"  # noqa: S608
    used = f"""used AS (SELECT {side}_id AS id, SUM(amount) AS amount FROM invoices_allocation
        WHERE {only} AND effective_on <= %(as_of)s GROUP BY {side}_id)"""  # noqa: S608
    amount = "chosen.whole - COALESCE(used.amount, 0)" if left else "COALESCE(used.amount, 0)"
    condition = {"open": f"{amount} > 0", "used": f"{amount} = 0"}.get(ask.state, "true")
    found = f"""found AS MATERIALIZED (SELECT chosen.id, currency, whole, {amount} AS open{_also(extra)}
        FROM chosen LEFT JOIN used ON used.id = chosen.id WHERE {condition})"""  # noqa: S608
    joined = _joined(rows.model) + join
    return LedgerList([chosen, used, found], {**params, "as_of": ask.as_of}, computed, {**details, **_PARTIES}, joined)


def _also(extra: Mapping[str, str]) -> str:
    """Further columns of `chosen`. Those one sorts by are never NULL, because NULL has no place in an order."""
    return "".join(f", chosen.{name}" for name in extra)


def _joined(model: Any) -> str:
    return f"""JOIN {model._meta.db_table} AS doc ON doc.id = page.id
        JOIN customers_customer AS customer ON customer.id = doc.customer_id
        JOIN customers_legalentity AS entity ON entity.id = doc.entity_id"""
