"""From the staging tables into the ledger: customers, documents, and how documents were settled, each by set.

Runs inside the importing transaction after `import_stage.check`. Must not decide what is good: the check did."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from collections_app.audit.record import Fact
from invoices.rules.settlement import Settled, Settlement, settle
from invoices.services.import_copy import NULL, copy_lines

_WANTED_CUSTOMERS = """
    m.number IN (SELECT r.customer FROM import_rows r JOIN import_checked k USING (line)
                 WHERE k.state = 'new' AND k.customer_id IS NULL)
"""
_TERMS = f"""
INSERT INTO customers_paymentterms (code, name, kind, days)
SELECT DISTINCT ON (m.terms_code) m.terms_code, m.terms_name, 'net', %s FROM import_customers m
WHERE m.terms_code <> '' AND {_WANTED_CUSTOMERS} ORDER BY m.terms_code
ON CONFLICT (code) DO NOTHING
"""  # noqa: S608 (constants of this file)
_CUSTOMERS = f"""
INSERT INTO customers_customer (number, name, entity_id, kind, currency, language, country, holiday_region, time_zone,
    address, vat_id, terms_id, risk_class, autopay, is_related_party, tags)
SELECT m.number, COALESCE(NULLIF(m.name, ''), m.number), m.entity_id, 'business', m.currency, m.language, m.country,
    '', '', m.address, '', t.id, m.risk_class, false, false, '{{}}'
FROM import_customers m LEFT JOIN customers_paymentterms t ON t.code = NULLIF(m.terms_code, '')
WHERE {_WANTED_CUSTOMERS}
"""  # noqa: S608
# The file is the master of a customer's name, country and risk class; what people maintain here is left alone.
_CHANGED_CUSTOMERS = """
WITH changed AS (
    SELECT c.id, c.name AS old_name, c.country AS old_country, c.risk_class AS old_risk,
        COALESCE(NULLIF(m.name, ''), c.name) AS name, COALESCE(NULLIF(m.country, ''), c.country) AS country,
        COALESCE(NULLIF(m.risk_class, ''), c.risk_class) AS risk_class
    FROM customers_customer c JOIN import_customers m ON m.number = c.number
    WHERE c.entity_id = ANY(%s) AND (
        (m.name <> '' AND m.name <> c.name) OR (m.country <> '' AND m.country <> c.country)
        OR (m.risk_class <> '' AND m.risk_class <> c.risk_class))
    ORDER BY c.id FOR NO KEY UPDATE OF c
)
UPDATE customers_customer c SET name = n.name, country = n.country, risk_class = n.risk_class
FROM changed n WHERE n.id = c.id
RETURNING c.id, n.old_name, n.name, n.old_country, n.country, n.old_risk, n.risk_class
"""
_CONTACTS = """
INSERT INTO customers_contact (customer_id, name, part, email, phone, language, health, is_primary)
SELECT c.id, c.name, 'payables', m.email, '', '', 'ok', true
FROM import_customers m JOIN customers_customer c ON c.number = m.number
WHERE m.email <> '' AND c.entity_id = ANY(%s)
  AND NOT EXISTS (SELECT 1 FROM customers_contact o WHERE o.customer_id = c.id)
"""
# Identities are taken now, so that settlements can name documents that are about to be written.
_IDENTIFY = """
UPDATE import_checked k
SET customer_id = c.id, document_id = nextval(CASE WHEN r.is_credit THEN %s ELSE %s END::regclass)
FROM import_rows r JOIN customers_customer c ON c.number = r.customer
WHERE r.line = k.line AND k.state = 'new'
"""
_INVOICES = """
INSERT INTO invoices_invoice (id, entity_id, customer_id, kind, number, po_number, status, issued_on, due_on,
    due_on_assumed, currency, total, tax_total, discount_percent, discount_until, text, import_batch_id, recorded_at)
SELECT k.document_id, r.entity_id, k.customer_id, r.kind, r.number, r.po_number, 'issued', r.issued_on, r.due_on,
    r.due_on_assumed, r.currency, r.amount, r.tax_total, r.discount_percent, r.discount_until, r.text, %s, %s
FROM import_rows r JOIN import_checked k USING (line) WHERE k.state = 'new' AND NOT r.is_credit
"""
_CREDIT_NOTES = """
INSERT INTO invoices_creditnote (id, entity_id, customer_id, number, status, issued_on, due_on, currency, total,
    tax_total, text, import_batch_id, recorded_at)
SELECT k.document_id, r.entity_id, k.customer_id, r.number, 'issued', r.issued_on, r.due_on, r.currency, r.amount,
    r.tax_total, r.text, %s, %s
FROM import_rows r JOIN import_checked k USING (line) WHERE k.state = 'new' AND r.is_credit
"""
_LOCK_KNOWN = """
WITH known AS MATERIALIZED (
    SELECT DISTINCT customer_id FROM import_checked WHERE state = 'known' AND to_settle > 0
)
SELECT c.id FROM known JOIN customers_customer c ON c.id = known.customer_id ORDER BY c.id FOR NO KEY UPDATE OF c
"""
# Rows of this transaction are unknown to the planner, and autovacuum may meanwhile have counted none: without fresh
# figures it scans a table per row.
_MANY = 1_000
_TO_SETTLE = """
SELECT r.entity_id, k.customer_id, r.currency, r.settled_on, k.document_id, k.to_settle, r.is_credit,
    GREATEST(r.issued_on, k.freed_on)
FROM import_rows r JOIN import_checked k USING (line)
WHERE k.state IN ('new', 'known') AND k.to_settle > 0 AND r.settled_on IS NOT NULL
ORDER BY r.entity_id, k.customer_id, r.currency, r.settled_on, r.due_on, r.line
"""
_TOUCHED = "SELECT DISTINCT customer_id FROM import_checked WHERE state = 'new' OR (state = 'known' AND to_settle > 0)"

_Group = tuple[int, int, str, date]


def merge_customers(*, terms_days: int, entity_ids: list[int]) -> list[Fact]:
    """What changed about customers known before, for the log; new ones, their terms and contacts are written too."""
    with connection.cursor() as cursor:
        cursor.execute(_TERMS, [terms_days])
        cursor.execute(_CUSTOMERS)
        _refresh_figures("customers_customer", cursor.rowcount)
        cursor.execute(_CHANGED_CUSTOMERS, [entity_ids])
        facts = [_fact(row) for row in cursor.fetchall()]
        cursor.execute(_CONTACTS, [entity_ids])
    return facts


def merge_documents(*, batch_id: int, at: datetime) -> None:
    """Nothing; afterwards every new document is issued, recorded at `at`."""
    with connection.cursor() as cursor:
        cursor.execute(_IDENTIFY, ["invoices_creditnote_id_seq", "invoices_invoice_id_seq"])
        cursor.execute("ANALYZE import_checked")
        cursor.execute(_INVOICES, [batch_id, at])
        _refresh_figures("invoices_invoice", cursor.rowcount)
        cursor.execute(_CREDIT_NOTES, [batch_id, at])
        _refresh_figures("invoices_creditnote", cursor.rowcount)


def merge_settlements(*, batch_id: int, at: datetime) -> None:
    """Nothing; afterwards what the file calls settled is allocated: credits against invoices of the same customer,
    currency and day, one payment or one refund per day for the rest. Effective on that day, but not before both
    documents were issued, nor before what settled them earlier was taken back (A2)."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_KNOWN)
        cursor.execute(_TO_SETTLE)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    settlements = [
        (group, settle([Settled(row[4], row[5], row[6]) for row in members]))
        for group, members in groupby(rows, key=itemgetter(0, 1, 2, 3))
    ]
    payments = _reserved("invoices_payment_id_seq", sum(1 for _, each in settlements if each.paid))
    refunds = _reserved("invoices_refund_id_seq", sum(1 for _, each in settlements if each.refunded))
    numbered = [
        (group, each, next(payments) if each.paid else 0, next(refunds) if each.refunded else 0)
        for group, each in settlements
    ]
    not_before = {(row[6], row[4]): row[7] for row in rows if row[7] > row[3]}
    tail = f"{batch_id}\t{at.isoformat()}"
    copy_lines(
        "COPY invoices_payment (id, entity_id, customer_id, currency, amount, received_on, method, reference, "
        "import_batch_id, recorded_at) FROM STDIN",
        (f"{payment}\t{_start(group)}\t{each.paid:f}\t{group[3]}\tother\tCleared in the imported file\t{tail}\n"
         for group, each, payment, _ in numbered if payment),
    )  # fmt: skip
    copy_lines(
        "COPY invoices_refund (id, entity_id, customer_id, currency, amount, paid_on, reference, import_batch_id, "
        "recorded_at) FROM STDIN",
        (f"{refund}\t{_start(group)}\t{each.refunded:f}\t{group[3]}\tCleared in the imported file\t{tail}\n"
         for group, each, _, refund in numbered if refund),
    )  # fmt: skip
    _refresh_figures("invoices_payment", len(numbered))
    _copy_allocations(numbered, not_before, at)


def touched_customers() -> list[int]:
    """The customers whose ledger this import changed."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED)
        return [row[0] for row in cursor.fetchall()]


def _copy_allocations(
    numbered: list[tuple[_Group, Settlement, int, int]], not_before: Mapping[tuple[bool, int], date], at: datetime
) -> None:
    """Nothing; the allocations are written. The law of allocations joins whole sets: planned for an empty table, as
    after an import that was rolled back, it would compare every row with every other. A new look at the table makes
    its plan be made anew, before for a large set and afterwards for small ones."""
    _refresh_figures("invoices_allocation", len(numbered))
    copy_lines(
        "COPY invoices_allocation (customer_id, currency, effective_on, recorded_at, reason, payment_id, "
        "credit_note_id, invoice_id, refund_id, amount) FROM STDIN",
        _allocation_lines(numbered, not_before, at),
    )
    _refresh_figures("invoices_allocation", len(numbered))


def _allocation_lines(
    numbered: list[tuple[_Group, Settlement, int, int]], not_before: Mapping[tuple[bool, int], date], at: datetime
) -> Iterator[str]:
    """One line per allocation. `not_before` holds, by (is credit, id), the documents that were issued, or freed of what
    settled them earlier, after the day on which the file says they were settled."""
    moment = at.isoformat()
    for (_, customer, currency, on), settlement, payment, refund in numbered:
        for credit_id, invoice_id, amount in settlement.shares:
            day = max(on, *(not_before.get(end, on) for end in ((True, credit_id or 0), (False, invoice_id or 0))))
            start = f"{customer}\t{currency}\t{day}\t{moment}\tCleared in the imported file\t"
            source = f"{payment}\t{NULL}" if credit_id is None else f"{NULL}\t{credit_id}"
            target = f"{NULL}\t{refund}" if invoice_id is None else f"{invoice_id}\t{NULL}"
            yield f"{start}{source}\t{target}\t{amount:f}\n"


def _start(group: _Group) -> str:
    return f"{group[0]}\t{group[1]}\t{group[2]}"


def _reserved(sequence: str, count: int) -> Iterator[int]:
    """That many fresh identities, in ascending order."""
    if not count:
        return iter(())
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return iter([row[0] for row in cursor.fetchall()])


def _refresh_figures(table: str, written: int) -> None:
    if written >= _MANY:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {table}")


def _fact(row: tuple[Any, ...]) -> Fact:
    customer_id, *values = row
    pairs = zip(("name", "country", "risk_class"), zip(values[::2], values[1::2], strict=True), strict=True)
    changes = {name: [old, new] for name, (old, new) in pairs if old != new}
    return Fact("customers.customer", customer_id, customer_id, changes)
